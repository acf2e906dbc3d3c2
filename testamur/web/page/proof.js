// Whether the issuer signed this, with a key that was allowed to (checks/proof.py, proofs/vc_jwt.py).

import { claimTime, identifier } from "./case.js";
import { doubtAbout } from "./compromise.js";
import { checkHeader, checkKind, checkSignature, mediaName } from "./tokens.js";
import { didOf, findMethod } from "./trust_list.js";
import { Doubt, Fault, phrase } from "./wrongs.js";

/** @typedef {import("./case.js").Case} Case */

/**
 * Passes only if a key of the issuer, listed for assertions, made the signature and it holds.
 * @param {Case} a
 * @returns {Promise<import("./answer.js").Check>}
 */
export async function checkProof(a) {
  const doubt = await open(a);
  if (!a.author) throw new Fault("it names no issuer, so nobody could have signed it");
  const signer = a.method?.controller ?? didOf(keyUrl(a));
  if (signer !== a.author) throw new Fault(phrase("it is signed by {signer}, not by {issuer}"), { signer, issuer: a.author });
  if (a.created && a.isAhead(a.created)) throw new Fault(phrase("the signature is dated {day}, in the future"), { day: a.created });
  if (doubt) throw doubt;
  const method = /** @type {import("./trust_list.js").Method} */ (a.method);
  if (method.use === "status" && !a.isEvidence) throw new Fault("its key may sign status lists only, not a record");
  const until = claimTime(a.token.claims, "exp");
  if (until && until <= a.at) return told("failed", phrase("The signature was good until {day}"), { day: until }, "expired");
  const disbelief = method.revoked && (await doubtAbout(a, method.revoked));
  if (disbelief) throw disbelief;
  const parts = { issuer: a.author, algorithm: a.token.header.alg };
  if (!a.created) return told("passed", phrase("Signed by {issuer} ({algorithm})"), parts);
  return told("passed", phrase("Signed by {issuer} on {day} ({algorithm})"), { ...parts, day: a.created });
}

/** Looks at the signature; returns what keeps it from being checked, throws what is wrong with it.
 * @param {Case} a @returns {Promise<Doubt|null>} */
async function open(a) {
  try {
    const created = a.created;
    claimTime(a.token.claims, "exp");
    checkHeader(a.token);
    checkKind(a.token);
    checkShape(a);
    const url = keyUrl(a);
    if (!url) throw new Fault("the header names no key (kid)");
    const method = findMethod(a.issuers, url, created ?? a.validFrom);
    await checkSignature(a.token, method.key);
    a.method = method;
    return null;
  } catch (error) {
    if (error instanceof Doubt) return error;
    throw error;
  }
}

/** The address of the key that `kid` names: a URL, or the fragment of one in the issuer's document. @param {Case} a */
function keyUrl({ token, author }) {
  const kid = typeof token.header.kid === "string" ? token.header.kid : "";
  if (!kid || kid.includes(":")) return kid;
  return author ? `${author}#${kid.replace(/^#/, "")}` : "";
}

/** Refuses a token of another kind, and one whose claims contradict its record (VC-JOSE §3.1). @param {Case} a */
function checkShape(a) {
  const { header, claims } = a.token;
  if (!["vc", ""].includes(mediaName(header, "cty"))) throw new Fault("the token is of another kind");
  for (const name of ["vc", "vp"]) {
    if (Object.hasOwn(claims, name)) throw new Fault("the claim {name} belongs to older tokens", { name });
  }
  same(claims, "iss", a.author);
  same(claims, "sub", identifier(a.claims.credentialSubject));
  same(claims, "jti", identifier(a.claims));
  const notBefore = claimTime(claims, "nbf");
  const first = a.validFrom;
  if (notBefore && (!first || notBefore > first)) throw new Doubt("the token says it is valid later than its record");
}

/** @param {Record<string, any>} claims @param {string} name @param {string} member */
function same(claims, name, member) {
  const said = claims[name] ?? "";
  if (typeof said !== "string" || (said && member && said !== member)) throw new Fault("the claim {name} contradicts the record", { name });
}

/**
 * @param {import("./answer.js").Outcome} outcome @param {string} message @param {import("./wrongs.js").Parts} parts
 * @param {import("./answer.js").Headline} [headline]
 * @returns {import("./answer.js").Check}
 */
const told = (outcome, message, parts, headline) => ({ name: "proof", outcome, message, parts, headline });
