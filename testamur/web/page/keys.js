// Public keys written as Multikey, and the signatures they check: with WebCrypto, Ed25519 otherwise where it is lacking.

import { fromBase58 } from "./bytes.js";
import { decompress } from "./curves.js";
import { Doubt, Fault, phrase } from "./wrongs.js";

/** @typedef {{algorithm: "Ed25519"|"P-256"|"P-384", raw: Uint8Array}} PublicKey */

/** What a header may say, and the kind of key each needs (RFC 7518 §3.1, RFC 8037 §3.1, RFC 9864 §2).
 * @type {Record<string, PublicKey["algorithm"]>} */
export const ALGORITHMS = {
  EdDSA: "Ed25519",
  Ed25519: "Ed25519",
  ES256: "P-256",
  ESP256: "P-256",
  ES384: "P-384",
  ESP384: "P-384",
};

/** By the two bytes before a public key (CID §2.2.2).
 * @type {Record<string, PublicKey["algorithm"]>} */
const PREFIXES = { "237,1": "Ed25519", "128,36": "P-256", "129,36": "P-384" };
const HASHES = { "P-256": "SHA-256", "P-384": "SHA-384" };
const SIGNATURE_SIZES = { Ed25519: 64, "P-256": 64, "P-384": 96 };

/**
 * @param {string} text z, base58btc of two bytes and the key
 * @returns {PublicKey}
 * @throws {Fault} where it is none @throws {Doubt} for a kind of key that is not used here
 */
export function readMultikey(text) {
  if (!text.startsWith("z")) throw new Fault("this is not a Multikey, which begins with z");
  const data = fromBase58(text.slice(1));
  const algorithm = PREFIXES[`${data[0]},${data[1]}`];
  if (!algorithm) throw new Doubt("keys of this kind are not supported here");
  const raw = data.subarray(2);
  if (algorithm !== "Ed25519") return { algorithm, raw: decompress(algorithm, raw) };
  if (raw.length !== 32) throw new Fault("the key has a wrong length");
  return { algorithm, raw };
}

/**
 * Whether a signature holds.
 * @param {PublicKey} key
 * @param {Uint8Array} signature of ECDSA r and s, one after the other
 * @param {Uint8Array} data
 * @returns {Promise<boolean>}
 * @throws {Doubt} where this browser cannot check it
 */
export async function holds(key, signature, data) {
  if (signature.length !== SIGNATURE_SIZES[key.algorithm]) return false;
  if (key.algorithm === "Ed25519") return holdsEd25519(key.raw, signature, data);
  const curve = { name: "ECDSA", namedCurve: key.algorithm };
  const imported = await crypto.subtle.importKey("raw", source(key.raw), curve, false, ["verify"]);
  const how = { name: "ECDSA", hash: HASHES[key.algorithm] };
  return crypto.subtle.verify(how, imported, source(signature), source(data));
}

/** @param {Uint8Array} raw @param {Uint8Array} signature @param {Uint8Array} data */
async function holdsEd25519(raw, signature, data) {
  const imported = await crypto.subtle.importKey("raw", source(raw), { name: "Ed25519" }, false, ["verify"]).catch(() => null);
  if (imported) return crypto.subtle.verify({ name: "Ed25519" }, imported, source(signature), source(data));
  const noble = await import("./parts/noble-ed25519.js").catch(() => {
    throw new Doubt(phrase("this browser cannot check signatures of this kind; a newer one can"));
  });
  return noble.verifyAsync(signature, data, raw, { zip215: false });
}

/** @param {Uint8Array} bytes @returns {BufferSource} */
const source = (bytes) => /** @type {BufferSource} */ (bytes);
