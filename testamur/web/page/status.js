// Whether an issuer has revoked, suspended or replaced a record since (BSL §3.2, docs/status-notices.md).

import { fromBase64url, fromUtf8, inflate } from "./bytes.js";
import { SKEW } from "./evidence.js";
import { instantOf, parseInstant } from "./instants.js";
import { isObject } from "./json_text.js";
import { checkForm } from "./form.js";
import { checkProof } from "./proof.js";
import { openStatement } from "./statement.js";
import { readEntry } from "./status_entry.js";
import { readClaim, readTokenList } from "./token_list.js";
import { parseToken } from "./tokens.js";
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
  const claims = Object.hasOwn(a.claims, "status") ? [readClaim(a.claims.status)] : []; // of a token (TSL §6.2)
  if (!entries.length && !claims.length) return told("absent", phrase("It names no place where its status could be looked up"));
  if (entries.length > MAX_ENTRIES) throw new Fault("it has too many status entries");
  const checks = [];
  for (const entry of [...entries.map(readEntry), ...claims]) checks.push(await checkEntry(a, entry));
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
  const purpose = Object.hasOwn(PURPOSES, list.purpose) ? PURPOSES[list.purpose] : undefined;
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
  const url = entry.isClaim ? entry.url : entry.url.replace(/\.json$/, ".jwt"); // the same list, as a token
  const { body, fetched } = await a.evidence.get(url, MAX_TOKEN);
  const read = entry.isClaim ? readTokenList : readList;
  const list = await orDoubt(() => read(a, body, entry, UNUSABLE), UNUSABLE);
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

/** @param {Case} a @param {Uint8Array} body @param {Entry} entry */
async function readList(a, body, entry) {
  const document = await verified(a, parseToken(fromUtf8(body).trim()));
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
  return { isSet, purpose: entry.purpose, asOf, until: instantOf(document, "validUntil") };
}

/** Why a bit is set. @param {Case} a @param {Entry} entry */
async function openNotice(a, entry) {
  const listed = entry.url.replace(/\.token\.(jwt|cwt)$/, ".json"); // a token is another form of the same list
  const { body } = await a.evidence.get(listed.replace(/\.(json|jwt)$/, "") + ".notices.jwt", MAX_TOKEN);
  const claims = await openStatement(a, body, "testamur-notices+jwt", UNUSABLE);
  if (claims.list !== listed) throw new Doubt(UNUSABLE);
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
