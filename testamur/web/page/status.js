// Whether an issuer has revoked, suspended or replaced a record since (BSL §3.2, docs/status-notices.md).

import { fromBase64url, fromUtf8, inflate } from "./bytes.js";
import { SKEW } from "./evidence.js";
import { fromEpoch, instantOf, parseInstant } from "./instants.js";
import { isObject } from "./json_text.js";
import { checkForm } from "./form.js";
import { checkProof } from "./proof.js";
import { readEntry } from "./status_entry.js";
import { checkSignature, parseToken } from "./tokens.js";
import { findMethod } from "./trust_list.js";
import { Doubt, Fault, orDoubt, phrase } from "./wrongs.js";

/** @typedef {import("./answer.js").Check} Check */
/** @typedef {import("./case.js").Case} Case */
/** @typedef {import("./status_entry.js").Entry} Entry */

const MAX_ENTRIES = 8;
const MAX_TOKEN = 4_000_000;
const LIST_SIZE = 131_072; // the least a list may have (BSL §6.1)
const MAX_UNPACKED = 4 * 1024 * 1024;
const INFORMATIVE = ["message", "refresh"];
const UNUSABLE = phrase("the status list is not usable");

/** @type {Record<string, {headline: import("./answer.js").Headline, clear: string, set: string, since: string}>} */
const PURPOSES = {
  revocation: {
    headline: "revoked",
    clear: phrase("Not revoked as of {day}"),
    set: phrase("The issuer revoked it as of {day}"),
    since: phrase("The issuer revoked it on {day}"),
  },
  suspension: {
    headline: "suspended",
    clear: phrase("Not suspended as of {day}"),
    set: phrase("The issuer suspended it as of {day}"),
    since: phrase("The issuer suspended it on {day}"),
  },
};
const CLEAR = phrase("Nothing is noted against it");

/** Looks up every entry; the worst of what they say is the answer. @param {Case} a @returns {Promise<Check>} */
export async function checkStatus(a) {
  const value = a.claims.credentialStatus ?? (Object.hasOwn(a.claims, "credentialStatus") ? [null] : []);
  const entries = Array.isArray(value) ? value : [value];
  if (!entries.every(isObject)) throw new Fault("its status entry is malformed");
  const claim = a.claims.status; // of a token status list (TSL §6.2), which this page does not read
  if (claim !== undefined && !isObject(claim)) throw new Fault("its status entry is malformed");
  if (!entries.length && !claim) return told("absent", phrase("It names no place where its status could be looked up"));
  if (entries.length > MAX_ENTRIES) throw new Fault("it has too many status entries");
  const checks = [];
  for (const entry of entries) checks.push(await checkEntry(a, readEntry(entry)));
  if (claim) checks.push(told("unknown", "its kind of status is not supported on this page"));
  const bad = ["failed", "unknown"].map((outcome) => checks.filter((check) => check.outcome === outcome)).find((found) => found.length);
  return bad ? bad.reduce(graver) : checks[0];
}

/** @param {Case} a @param {Entry} entry @returns {Promise<Check>} */
async function checkEntry(a, entry) {
  let list;
  try {
    list = await openList(a, entry);
  } catch (error) {
    if (!(error instanceof Doubt)) throw error;
    return { name: "status", outcome: "unknown", message: error.message, parts: error.parts };
  }
  const purpose = Object.hasOwn(PURPOSES, entry.purpose) ? PURPOSES[entry.purpose] : undefined;
  if (INFORMATIVE.includes(entry.purpose)) return told("passed", CLEAR);
  if (!list.isSet) return told("passed", purpose?.clear ?? CLEAR, { day: list.asOf });
  if (!purpose) throw new Doubt("its status has a purpose that is not known here");
  const notice = await openNotice(a, entry).catch(() => null); // not knowing why changes nothing
  const replaced = notice?.reason === "replaced" && purpose.headline === "revoked";
  a.notice = notice?.reason ?? "";
  const check = told("failed", notice ? purpose.since : purpose.set, { day: notice?.at ?? list.asOf });
  return { ...check, headline: replaced ? "replaced" : purpose.headline };
}

/** What a list says of an entry. @param {Case} a @param {Entry} entry */
async function openList(a, entry) {
  const url = entry.url.replace(/\.json$/, ".jwt"); // the same list, as a token
  const { body, fetched } = await a.evidence.get(url, MAX_TOKEN);
  const document = await orDoubt(async () => verified(a, parseToken(fromUtf8(body).trim())), UNUSABLE);
  const list = await orDoubt(() => readList(document, entry), UNUSABLE);
  a.lists.push({ url, asOf: list.asOf, fetched });
  if (Number(list.asOf) - Number(a.at) > SKEW) {
    throw new Doubt(phrase("the clock of this device is behind: it has a list of {day}"), { day: list.asOf });
  }
  if (list.until && list.until <= a.at) {
    throw new Doubt(phrase("the status list ended on {until}; it is of {day}"), { until: list.until, day: list.asOf });
  }
  return list;
}

/** The claims of a list that the issuer of the record has signed.
 * @param {Case} a @param {import("./tokens.js").Token} token */
async function verified(a, token) {
  const inner = a.ofEvidence(token);
  if (inner.author !== a.author) throw new Doubt(UNUSABLE);
  for (const check of [checkForm(inner), await checkProof(inner)]) {
    if (check.outcome !== "passed") throw new Doubt(UNUSABLE);
  }
  return inner.claims;
}

/** @param {Record<string, any>} document @param {Entry} entry */
async function readList(document, entry) {
  const subject = document.credentialSubject;
  const right =
    names(document.type).includes("BitstringStatusListCredential") &&
    isObject(subject) &&
    names(subject.type).includes("BitstringStatusList") &&
    (document.id ?? entry.url) === entry.url &&
    names(subject.statusPurpose).includes(entry.purpose) &&
    typeof subject.encodedList === "string" &&
    subject.encodedList.startsWith("u");
  if (!right) throw new Doubt(UNUSABLE);
  const bits = await inflate("gzip", fromBase64url(subject.encodedList.slice(1)), MAX_UNPACKED);
  if (bits.length * 8 < LIST_SIZE || entry.index >= bits.length * 8) throw new Doubt(UNUSABLE);
  const isSet = Boolean(bits[entry.index >> 3] & (0x80 >> (entry.index & 7)));
  const asOf = instantOf(document, "validFrom");
  if (!asOf) throw new Doubt(UNUSABLE);
  return { isSet, asOf, until: instantOf(document, "validUntil") };
}

/** Why a bit is set. @param {Case} a @param {Entry} entry */
async function openNotice(a, entry) {
  const { body } = await a.evidence.get(entry.url.replace(/\.(json|jwt)$/, "") + ".notices.jwt", MAX_TOKEN);
  const token = parseToken(fromUtf8(body).trim());
  const { header, claims } = token;
  const [issued, expires] = [fromEpoch(claims.iat), fromEpoch(claims.exp)];
  const method = findMethod(a.issuers, String(header.kid ?? ""), issued);
  const own = claims.iss === a.author && method.controller === a.author && method.revoked === null;
  const current = Number(issued) - Number(a.at) <= SKEW && expires > a.at;
  if (header.typ !== "testamur-notices+jwt" || !own || !current || claims.list !== entry.url) throw new Doubt(UNUSABLE);
  await checkSignature(token, method.key);
  const notice = Object.hasOwn(claims.notices, entry.index) ? claims.notices[entry.index] : null;
  return notice && { reason: String(notice.reason), at: parseInstant(notice.at) };
}

/** @param {Check} one @param {Check} other */
function graver(one, other) {
  const order = ["suspended", "revoked", "replaced"];
  return order.indexOf(other.headline ?? "") > order.indexOf(one.headline ?? "") ? other : one;
}

/** @param {any} value @returns {any[]} */
const names = (value) => (Array.isArray(value) ? value : [value]);

/** @param {import("./answer.js").Outcome} outcome @param {string} message @param {Record<string, any>} [parts] @returns {Check} */
const told = (outcome, message, parts = {}) => ({ name: "status", outcome, message, parts });
