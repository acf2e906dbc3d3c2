// Token status lists, which the `status` claim of a token names (TSL §5, §6; status/list_token.py, status/packed.py).
// Lists as JWT are read; a host that answers with a CWT leaves the status unknown.

import { fromBase64url, fromUtf8, inflate } from "./bytes.js";
import { fromEpoch } from "./instants.js";
import { isObject } from "./json_text.js";
import { MAX_INDEX, isListAddress } from "./status_entry.js";
import { checkSignature, parseToken } from "./tokens.js";
import { findMethod } from "./trust_list.js";
import { Doubt, Fault } from "./wrongs.js";

/** @typedef {import("./status_entry.js").Entry} Entry */

const MAX_PACKED = 3_000_000;
const BITS = [1, 2, 4, 8];
const PURPOSES = ["revocation", "revocation", "suspension"]; // of the values 0, 1 and 2; others are nobody's to guess (TSL §7.1)

/**
 * Where the `status` claim says to look (TSL §6.2).
 * @param {any} claim
 * @returns {Entry}
 * @throws {Fault} where it breaks the rules @throws {Doubt} for a kind that is not read here
 */
export function readClaim(claim) {
  if (!isObject(claim) || !Object.keys(claim).length) throw malformed();
  const listed = claim.status_list ?? null;
  if (listed === null) throw new Doubt("its kind of status is not supported on this page");
  const good = isObject(listed) && Number.isInteger(listed.idx) && listed.idx >= 0 && listed.idx <= MAX_INDEX && isListAddress(listed.uri);
  if (!good) throw malformed();
  return { purpose: "", index: listed.idx, url: listed.uri, isClaim: true };
}

/**
 * What a list token by the issuer of the record says of an entry.
 * @param {import("./case.js").Case} a @param {Uint8Array} body @param {Entry} entry @param {string} unusable
 */
export async function readTokenList(a, body, entry, unusable) {
  const token = parseToken(fromUtf8(body).trim());
  const { header, claims } = token;
  const { sub, iat, exp, ttl = 1, status_list: listed } = claims;
  const right =
    ["statuslist+jwt", "application/statuslist+jwt"].includes(header.typ) && sub === entry.url && typeof ttl === "number" && ttl > 0 && isObject(listed);
  if (!right) throw new Doubt(unusable);
  const asOf = fromEpoch(iat);
  const kid = String(header.kid ?? "");
  const method = findMethod(a.issuers, kid.includes(":") ? kid : `${a.author}#${kid.replace(/^#/, "")}`, asOf);
  if (method.controller !== a.author || method.revoked !== null) throw new Doubt(unusable);
  await checkSignature(token, method.key);
  const value = await valueAt(/** @type {Record<string, any>} */ (listed), entry.index, unusable);
  return { isSet: value !== 0, purpose: PURPOSES[value] ?? "", asOf, until: exp === undefined ? null : fromEpoch(exp) };
}

/** The value at an index, packed from the least significant bit (TSL §4.1).
 * @param {Record<string, any>} listed @param {number} index @param {string} unusable */
async function valueAt({ bits, lst }, index, unusable) {
  if (!BITS.includes(bits) || typeof lst !== "string" || lst.length > MAX_PACKED) throw new Doubt(unusable);
  const values = await inflate("deflate", fromBase64url(lst), 4 * 1024 * 1024);
  const place = index * bits;
  if (place >= values.length * 8) throw new Doubt(unusable);
  return (values[Math.floor(place / 8)] >> (place % 8)) & ((1 << bits) - 1);
}

const malformed = () => new Fault("its status entry is malformed");
