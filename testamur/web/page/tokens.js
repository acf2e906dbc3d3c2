// Compact JSON Web Signatures (RFC 7515), read strictly; a key is never taken from where a header points.

import { fromBase64url, toUtf8 } from "./bytes.js";
import { parseObject } from "./json_text.js";
import { ALGORITHMS, holds } from "./keys.js";
import { Doubt, Fault, phrase } from "./wrongs.js";

/** @typedef {import("./keys.js").PublicKey} PublicKey */
/**
 * @typedef {object} Token
 * @property {Record<string, any>} header
 * @property {Record<string, any>} claims
 * @property {Uint8Array} signature
 * @property {Uint8Array} signed what the signature covers
 * @property {string} text
 */

const MAX_TOKEN = 4_000_000;
const MAX_HEADER = 16_384;
const NEVER = ["none", "HS256", "HS384", "HS512"]; // no signature, or one that whoever checks could make

/**
 * @param {string} text
 * @returns {Token} its parts; nothing is said of its truth
 * @throws {Fault}
 */
export function parseToken(text) {
  const parts = text.length <= MAX_TOKEN ? text.split(".", 4) : [];
  if (parts.length !== 3 || parts[0].length > MAX_HEADER) {
    throw new Fault("a compact JWS is three short parts with dots between");
  }
  const [header, payload, signature] = parts.map(fromBase64url);
  return {
    header: parseObject(header),
    claims: parseObject(payload),
    signature,
    signed: toUtf8(`${parts[0]}.${parts[1]}`),
    text,
  };
}

/** Refuses a header that asks to be read in another way, or names an algorithm that is not on the list.
 * @param {Token} token */
export function checkHeader({ header }) {
  for (const name of ["crit", "b64"]) {
    if (Object.hasOwn(header, name)) throw new Fault("the header asks for {name}, which is not accepted", { name });
  }
  const name = typeof header.alg === "string" ? header.alg : "";
  if (!name || NEVER.includes(name)) throw new Fault("alg {name} is never accepted", { name });
  if (!Object.hasOwn(ALGORITHMS, name)) throw new Doubt("alg {name} is not supported here", { name });
}

/** Whether it is a `vc+jwt`; this page reads no other kind, and says nothing of them. @param {Token} token */
export function checkKind({ header, claims }) {
  const kind = mediaName(header, "typ");
  const older = kind === "" && ["vc", "vp"].some((name) => Object.hasOwn(claims, name));
  if (older || !["vc+jwt", ""].includes(kind)) throw new Doubt(phrase("records of this kind are not read on this page"));
}

/** `typ` or `cty` in lower case without `application/`, "" where it is absent (RFC 7515 §4.1.9).
 * @param {Record<string, any>} header @param {string} name @returns {string} */
export function mediaName(header, name) {
  const value = header[name] ?? "";
  if (typeof value !== "string") throw new Fault("the header asks for {name}, which is not accepted", { name });
  return value.toLowerCase().replace(/^application\//, "");
}

/**
 * Returns if the signature holds under a key of the kind that `alg` names.
 * @param {Token} token
 * @param {PublicKey} key
 */
export async function checkSignature(token, key) {
  checkHeader(token);
  if (key.algorithm !== ALGORITHMS[token.header.alg]) {
    throw new Fault("alg {name} does not take this kind of key", { name: token.header.alg });
  }
  if (!(await holds(key, token.signature, token.signed))) throw new Fault(phrase("the signature does not hold"));
}
