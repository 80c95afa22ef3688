// The authenticator: the service's options in, what the authenticator answers out. Octets travel
// in base64url. A PRF output never leaves with the rest: it is handed to the caller apart.
import { decode, encode, post } from "./page.js";

export const supported = () => Boolean(window.PublicKeyCredential && navigator.credentials);

const named = (list) => (list ?? []).map((one) => ({ type: "public-key", id: decode(one) }));

/** Asks for a new passkey. */
export async function create(options) {
  const made = await navigator.credentials.create({
    publicKey: {
      rp: options.rp,
      user: { id: decode(options.user.id), name: options.user.name, displayName: options.user.name },
      challenge: decode(options.challenge),
      pubKeyCredParams: options.algorithms.map((alg) => ({ type: "public-key", alg })),
      excludeCredentials: named(options.exclude),
      authenticatorSelection: { residentKey: "required", requireResidentKey: true, userVerification: "required" },
      attestation: "none",
      timeout: options.timeout,
      extensions: { prf: {} },
    },
  });
  return {
    id: encode(made.rawId),
    client_data: encode(made.response.clientDataJSON),
    attestation: encode(made.response.attestationObject),
  };
}

/** Asks a passkey to answer. Gives the answer, and the PRF output where there is one. */
export async function get(options, challenge = decode(options.challenge)) {
  const publicKey = {
    rpId: options.rp_id,
    challenge,
    allowCredentials: named(options.allow),
    userVerification: "required",
    timeout: options.timeout,
  };
  if (options.prf) publicKey.extensions = { prf: { eval: { first: decode(options.prf) } } };
  const used = await navigator.credentials.get({ publicKey });
  const prf = used.getClientExtensionResults().prf?.results?.first;
  const user = used.response.userHandle;
  const answer = {
    id: encode(used.rawId),
    client_data: encode(used.response.clientDataJSON),
    authenticator_data: encode(used.response.authenticatorData),
    signature: encode(used.response.signature),
    user: user?.byteLength ? encode(user) : null,
  };
  return { answer, prf: prf ? new Uint8Array(prf) : null };
}

/** Makes a call; where it asks for a proof first, gives it and makes the call again. */
export async function proven(call) {
  try {
    return await call();
  } catch (error) {
    if (error.reason !== "proof") throw error;
  }
  const { ceremony, options } = await post("/console/proof/options", {});
  const { answer } = await get(options);
  await post("/console/proof", { ceremony, answer });
  return call();
}
