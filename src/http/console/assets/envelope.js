// Seals a secret for the service's key phase alone: HPKE (RFC 9180) in base mode, single shot, with
// P-256, HKDF-SHA256 and AES-128-GCM. The key it is sealed to serves one gesture.
import { decode, encode } from "./page.js";

const bytes = (text) => new TextEncoder().encode(text);
const KEM = Uint8Array.of(...bytes("KEM"), 0, 0x10);
const SUITE = Uint8Array.of(...bytes("HPKE"), 0, 0x10, 0, 1, 0, 1);
const EMPTY = new Uint8Array(0);

function join(...parts) {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

async function hmac(key, ...parts) {
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const imported = await crypto.subtle.importKey("raw", key, algorithm, false, ["sign"]);
  return new Uint8Array(await crypto.subtle.sign("HMAC", imported, join(...parts)));
}

const extract = (salt, suite, label, input) =>
  hmac(salt.length ? salt : new Uint8Array(32), bytes("HPKE-v1"), suite, bytes(label), input);

async function expand(key, suite, label, info, length) {
  const block = await hmac(key, Uint8Array.of(0, length), bytes("HPKE-v1"), suite, bytes(label), info, Uint8Array.of(1));
  return block.slice(0, length);
}

async function seal(to, purpose, secret) {
  const curve = { name: "ECDH", namedCurve: "P-256" };
  const ours = await crypto.subtle.generateKey(curve, false, ["deriveBits"]);
  const enc = new Uint8Array(await crypto.subtle.exportKey("raw", ours.publicKey));
  const theirs = await crypto.subtle.importKey("raw", to, curve, true, []);
  const shared = new Uint8Array(await crypto.subtle.deriveBits({ name: "ECDH", public: theirs }, ours.privateKey, 256));
  const encapsulated = await expand(
    await extract(EMPTY, KEM, "eae_prk", shared), KEM, "shared_secret", join(enc, to), 32,
  );
  const context = join(
    Uint8Array.of(0),
    await extract(EMPTY, SUITE, "psk_id_hash", EMPTY),
    await extract(EMPTY, SUITE, "info_hash", bytes(purpose)),
  );
  const main = await extract(encapsulated, SUITE, "secret", EMPTY);
  const raw = await expand(main, SUITE, "key", context, 16);
  const iv = await expand(main, SUITE, "base_nonce", context, 12);
  const key = await crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt"]);
  const ciphertext = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, secret);
  return { to: encode(to), enc: encode(enc), ciphertext: encode(ciphertext) };
}

/** A passkey's PRF output, for the service's eyes alone. */
export const sealPrf = (envelope, output) =>
  seal(decode(envelope.key), envelope.purpose, join(Uint8Array.of(1), output));

/** A passphrase, for the service's eyes alone. */
export const sealPassphrase = (envelope, text) =>
  seal(decode(envelope.key), envelope.purpose, join(Uint8Array.of(2), bytes(text)));
