// Whether it is a whole and well-made record: what of the rules of VCDM 2.0 a reader relies on (credentials/vcdm.py).
// JSON-LD terms and the schema of Open Badges are not looked at on this page; see docs/static-verifier.md.

import { instantOf } from "./instants.js";
import { isObject, values } from "./json_text.js";
import { readEntry } from "./status_entry.js";
import { checkKind } from "./tokens.js";
import { Fault, phrase } from "./wrongs.js";

const V1 = "https://www.w3.org/2018/credentials/v1";
const V2 = "https://www.w3.org/ns/credentials/v2";
const BADGES = ["OpenBadgeCredential", "AchievementCredential"];
const BADGE_CONTEXT = /^https:\/\/purl\.imsglobal\.org\/spec\/ob\/v3p0\/context(-3\.\d\.\d)*\.json$/;
const ADDRESS = /^(?!https?:(?!\/\/[^/?#]))[A-Za-z][A-Za-z0-9+.-]*:[^\s<>"{}|\\^`\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]+$/i;

/** @param {import("./case.js").Case} a @returns {import("./answer.js").Check} @throws {Fault} */
export function checkForm(a) {
  const { claims, token, types } = a;
  checkKind(token);
  for (const name of ["vc", "vp"]) if (Object.hasOwn(claims, name)) throw broken(name);
  if (types.includes("VerifiablePresentation") || !types.includes("VerifiableCredential")) throw broken("type");
  if (values(claims.type).some((type) => typeof type !== "string" || !type || /\s/.test(type))) throw broken("type");
  checkContexts(claims["@context"]);
  if (Object.hasOwn(claims, "id") && !isAddress(claims.id)) throw broken("id");
  if (!isAddress(isObject(claims.issuer) ? claims.issuer.id : claims.issuer)) throw broken("issuer");
  checkDays(claims);
  const subjects = values(claims.credentialSubject);
  if (!subjects.length || !subjects.every((subject) => isObject(subject) && Object.keys(subject).length)) {
    throw broken("credentialSubject");
  }
  if (types.some((type) => BADGES.includes(type))) checkBadge(claims, subjects);
  checkStatuses(values(claims.credentialStatus));
  return { name: "form", outcome: "passed", message: phrase("A well-formed record ({format})"), parts: { format: "vc+jwt" } };
}

/** What Open Badges 3.0 asks of the record itself (OB §B.1). @param {Record<string, any>} claims @param {any[]} subjects */
function checkBadge(claims, subjects) {
  const [, second] = claims["@context"];
  if (typeof second !== "string" || !BADGE_CONTEXT.test(second)) throw broken("@context");
  for (const name of ["id", "validFrom"]) if (!Object.hasOwn(claims, name)) throw broken(name);
  instantOf(claims, "awardedDate");
  if (subjects.length > 1) throw broken("credentialSubject");
}

/** @param {Record<string, any>} claims */
function checkDays(claims) {
  for (const name of ["issuanceDate", "expirationDate"]) if (Object.hasOwn(claims, name)) throw broken(name);
  const [start, end] = [instantOf(claims, "validFrom"), instantOf(claims, "validUntil")];
  if (start && end && end < start) throw broken("validUntil");
}

/** Entries are objects, and of a kind we know they keep its rules. @param {any[]} entries */
function checkStatuses(entries) {
  for (const entry of entries) {
    if (!isObject(entry)) throw broken("credentialStatus");
    try {
      readEntry(entry);
    } catch (error) {
      if (error instanceof Fault) throw error;
    }
  }
}

/** @param {any} contexts */
function checkContexts(contexts) {
  if (!Array.isArray(contexts) || contexts[0] !== V2) throw broken("@context");
  for (const context of contexts) {
    if (context === V1 || !(isObject(context) || isAddress(context))) throw broken("@context");
  }
}

/** @param {any} value */
const isAddress = (value) => typeof value === "string" && ADDRESS.test(value);

/** @param {string} name */
const broken = (name) => new Fault("a rule is broken: {name} is missing or wrong", { name });
