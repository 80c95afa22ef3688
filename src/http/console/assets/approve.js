// Approving: hash every file that is listed, compute the challenge from the list that is shown, and
// only if it is what the service asks for, ask the passkey to sign it.
import { encode, note, onSubmit, post } from "./page.js";
import { get, supported } from "./passkey.js";
import { sealPassphrase, sealPrf } from "./envelope.js";

const form = document.getElementById("setujui");
const secret = document.getElementById("sandi");
const field = document.getElementById("kata-sandi");
const path = `/console/approvals/${form.dataset.approval}`;

const unhex = (text) => Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16));
const hex = (octets) => [...new Uint8Array(octets)].map((one) => one.toString(16).padStart(2, "0")).join("");
const sha256 = (octets) => crypto.subtle.digest("SHA-256", octets);

// Deterministic CBOR (RFC 8949 4.2), as much of it as the challenge needs.
function head(major, argument) {
  const type = major << 5;
  if (argument < 24) return [type | argument];
  const [code, size] = argument < 0x100 ? [24, 1] : argument < 0x10000 ? [25, 2] : [26, 4];
  const octets = [];
  for (let shift = 8 * (size - 1); shift >= 0; shift -= 8) octets.push((argument >>> shift) & 0xff);
  return [type | code, ...octets];
}
const bytes = (octets) => [...head(2, octets.length), ...octets];

/** The challenge of the list as this page shows it. */
async function challengeOf(entries) {
  const { key, certificate, nonce, expires } = form.dataset;
  const list = entries.flatMap(({ dataset }) => [
    ...head(4, 3),
    ...bytes(unhex(dataset.document.replaceAll("-", ""))),
    ...bytes(unhex(dataset.sha256)),
    ...bytes(unhex(dataset.digest)),
  ]);
  const cbor = [
    ...head(5, 4),
    ...head(0, 1), ...bytes(unhex(key)),
    ...head(0, 2), ...bytes(unhex(certificate)),
    ...head(0, 3), ...head(0, Number(expires)),
    ...head(0, 4), ...head(4, entries.length), ...list,
  ];
  const tag = new TextEncoder().encode("absah approval v1\n");
  return new Uint8Array(await sha256(Uint8Array.from([...tag, ...unhex(nonce), ...cbor])));
}

/** Whether every file that is listed has the hash that is listed. */
async function filesAreListed(entries) {
  for (const { dataset } of entries) {
    const answer = await fetch(`${path}/files/${dataset.document}`, { credentials: "same-origin" });
    if (!answer.ok || hex(await sha256(await answer.arrayBuffer())) !== dataset.sha256) return false;
  }
  return true;
}

onSubmit(form, async () => {
  if (!supported()) return note("unsupported");
  note("checking");
  const entries = [...document.querySelectorAll("[data-document]")];
  if (!(await filesAreListed(entries))) return note("differs");
  const challenge = await challengeOf(entries);
  const { options, envelope } = await post(`${path}/options`, {});
  if (encode(challenge) !== options.challenge) return note("differs");
  note(null);
  const { answer, prf } = await get(options, challenge);
  note("signing");
  const typed = field.value;
  if (!prf && !typed) {
    secret.hidden = false;
    return note("needs-passphrase");
  }
  const sealed = typed ? await sealPassphrase(envelope, typed) : await sealPrf(envelope, prf);
  prf?.fill(0);
  try {
    await post(path, { answer, secret: sealed });
  } catch (error) {
    if (error.reason === "needs-passphrase") secret.hidden = false;
    throw error;
  }
  field.value = "";
  location.assign(path);
});
