// What the controller of a DID signs about its own records: notices, digests (did/statement.py).

import { fromUtf8 } from "./bytes.js";
import { SKEW } from "./evidence.js";
import { fromEpoch } from "./instants.js";
import { checkSignature, parseToken } from "./tokens.js";
import { findMethod } from "./trust_list.js";
import { Doubt } from "./wrongs.js";

/**
 * The claims of a statement by the issuer of the record. A compromised key proves nothing here: it could have made it today.
 * @param {Pick<import("./case.js").Case, "author"|"at"|"issuers">} a
 * @param {Uint8Array} body
 * @param {string} kind its `typ`
 * @param {string} unusable what is said where it is none
 * @returns {Promise<Record<string, any>>}
 */
export async function openStatement(a, body, kind, unusable) {
  const token = parseToken(fromUtf8(body).trim());
  const { header, claims } = token;
  const [issued, expires] = [fromEpoch(claims.iat), fromEpoch(claims.exp)];
  const method = findMethod(a.issuers, String(header.kid ?? ""), issued);
  const own = claims.iss === a.author && method.controller === a.author && method.revoked === null;
  const current = Number(issued) - Number(a.at) <= SKEW && expires > a.at;
  if (header.typ !== kind || !own || !current) throw new Doubt(unusable);
  await checkSignature(token, method.key);
  return claims;
}
