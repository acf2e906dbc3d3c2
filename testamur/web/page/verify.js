// A token becomes a report: every question asked, always in the same order (checks/table.py, verifying.py).

import { headlineOf, worst } from "./answer.js";
import { Case } from "./case.js";
import { holdsUnread } from "./clr.js";
import { factsOf } from "./facts.js";
import { checkForm } from "./form.js";
import { checkProof } from "./proof.js";
import { checkStatus } from "./status.js";
import { parseToken } from "./tokens.js";
import { vouches } from "./trust_list.js";
import { Doubt, Fault, phrase } from "./wrongs.js";

/** @typedef {import("./answer.js").Check} Check */
/**
 * @typedef {object} Report
 * @property {import("./answer.js").Headline} headline
 * @property {Check[]} checks
 * @property {import("./facts.js").Facts} facts
 * @property {Record<string, any>} claims
 * @property {boolean} isProved the issuer's signature holds, so that the facts are the issuer's words
 * @property {string} listedAs the issuer's name as the list has it, "" where nobody vouches
 * @property {string} notice why the issuer acted, one word of the notices
 * @property {Date|null} asOf the day of the oldest status list that was looked at
 * @property {Date|null} listFetched when that list was fetched
 * @property {{message: string, parts: import("./wrongs.js").Parts}[]} doubts that are not the record's
 * @property {Record<string, any>} header
 */

/** @type {{name: Check["name"], ask: (a: Case) => Check|Promise<Check>, needsProof?: boolean}[]} */
const QUESTIONS = [
  { name: "form", ask: checkForm },
  { name: "proof", ask: checkProof },
  { name: "dates", ask: checkDates },
  { name: "status", ask: checkStatus, needsProof: true },
  { name: "issuer", ask: checkIssuer, needsProof: true },
];

/**
 * @param {string} text a compact JWS
 * @param {object} where
 * @param {Date} where.at
 * @param {import("./trust_list.js").TrustList} where.issuers
 * @param {import("./evidence.js").Fetching} where.evidence
 * @param {Report["doubts"]} [where.doubts] what is already known to speak against an answer
 * @returns {Promise<Report>}
 * @throws {Fault} where it is no token at all
 */
export async function verify(text, { at, issuers, evidence, doubts = [] }) {
  const a = new Case(parseToken(text), { at, issuers, evidence });
  /** @type {Check[]} */
  const checks = [];
  for (const question of QUESTIONS) checks.push(await answer(question, a, checks));
  const own = headlineOf(checks);
  const unread = holdsUnread(a.claims) ? [{ message: phrase("records of this kind are not read on this page"), parts: {} }] : [];
  const doubted = [...doubts, ...unread];
  const list = a.lists.reduce((oldest, each) => (oldest && oldest.asOf < each.asOf ? oldest : each), a.lists[0]);
  return {
    headline: doubted.length ? worst([own, "cannot_tell"]) : own,
    checks,
    facts: factsOf(a.claims),
    claims: a.claims,
    isProved: checks[1].outcome === "passed",
    listedAs: checks[4].outcome === "passed" ? (issuers.get(a.author)?.name ?? "") : "",
    notice: a.notice,
    asOf: list?.asOf ?? null,
    listFetched: list?.fetched ?? null,
    doubts: doubted,
    header: a.token.header,
  };
}

/** A defect of the record fails, what could not be found out is unknown, anything else is a bug.
 * @param {typeof QUESTIONS[number]} question @param {Case} a @param {Check[]} before @returns {Promise<Check>} */
async function answer({ name, ask, needsProof }, a, before) {
  if (needsProof && before.some((check) => check.name === "proof" && check.outcome === "failed")) {
    return { name, outcome: "skipped", message: phrase("Not looked at, since the signature does not hold"), parts: {} };
  }
  try {
    return await ask(a);
  } catch (error) {
    if (!(error instanceof Doubt || error instanceof Fault)) throw error;
    return { name, outcome: error instanceof Doubt ? "unknown" : "failed", message: error.message, parts: error.parts };
  }
}

/** Whether it is within the time its issuer gave it (VCDM §4.9). @param {Case} a @returns {Check} */
function checkDates(a) {
  const [start, end] = [a.validFrom, a.validUntil];
  const told = (/** @type {import("./answer.js").Outcome} */ outcome, /** @type {string} */ message, day = start) =>
    /** @type {Check} */ ({ name: "dates", outcome, message, parts: { ...(day && { day }), ...(start && { start }), ...(end && { end }) } });
  if (!start && !end) return told("absent", phrase("It names no day from which or until which it is valid"));
  if (start && end && end < start) throw new Fault("it ends before it begins");
  if (start && a.isAhead(start)) return { ...told("failed", phrase("It is valid from {day} only"), start), headline: "not_yet_valid" };
  if (end && a.hasPassed(end)) return { ...told("failed", phrase("It was valid until {day}"), end), headline: "expired" };
  if (start && end) return told("passed", phrase("Valid since {start}, until {end}"));
  return start ? told("passed", phrase("Valid since {start}, without an end")) : told("passed", phrase("Valid today, until {end}"));
}

/** Whether the list of this page vouches for the issuer. @param {Case} a @returns {Check} */
function checkIssuer(a) {
  const issuer = a.issuers.get(a.author);
  if (issuer && vouches(issuer, a.types, a.signedAt ?? a.at)) {
    const parts = { issuer: a.author, name: issuer.name };
    return { name: "issuer", outcome: "passed", message: phrase("The list of this page knows {issuer} as {name}"), parts };
  }
  const parts = { issuer: a.author };
  const message = a.author ? phrase("{issuer} is not on the list of this page") : "It names no issuer";
  return { name: "issuer", outcome: "unknown", message, parts, headline: "issuer_unlisted" };
}
