// The words an answer is made of, and how one headline follows from the checks (checks/answer.py, checks/report.py).

/** @typedef {"passed"|"failed"|"unknown"|"absent"|"skipped"} Outcome */
/**
 * @typedef {"genuine"|"issuer_unlisted"|"cannot_tell"|"not_yet_valid"|"expired"|"suspended"|"revoked"|"replaced"|
 *   "not_genuine"} Headline
 */
/**
 * @typedef {object} Check
 * @property {"form"|"proof"|"dates"|"status"|"issuer"} name
 * @property {Outcome} outcome
 * @property {string} message a sentence with {names}, no full stop
 * @property {import("./wrongs.js").Parts} parts
 * @property {Headline} [headline] the one it asks for, if it is not the usual one
 */

/** From the best to the worst. @type {Headline[]} */
export const HEADLINES = [
  "genuine",
  "issuer_unlisted",
  "cannot_tell",
  "not_yet_valid",
  "expired",
  "suspended",
  "revoked",
  "replaced",
  "not_genuine",
];

const REQUIRED = ["form", "proof", "dates", "status", "issuer"];
const MAY_BE_ABSENT = ["dates", "status"];

/**
 * The headline that outweighs the others.
 * @param {Headline[]} headlines
 * @returns {Headline}
 */
export function worst(headlines) {
  return HEADLINES[Math.max(...headlines.map((headline) => HEADLINES.indexOf(headline)))] ?? "cannot_tell";
}

/**
 * The answer that follows from the checks.
 * @param {Check[]} checks
 * @returns {Headline}
 */
export function headlineOf(checks) {
  const outcome = (/** @type {string} */ name) => checks.find((check) => check.name === name)?.outcome ?? "skipped";
  const failed = checks.filter((check) => check.outcome === "failed");
  if (failed.some((check) => !check.headline)) return "not_genuine";
  if (["form", "proof"].some((name) => ["unknown", "skipped"].includes(outcome(name)))) return "cannot_tell";
  if (failed.length) return worst(failed.flatMap((check) => check.headline ?? []));
  const answered = (/** @type {string} */ name) =>
    outcome(name) === "passed" || (outcome(name) === "absent" && MAY_BE_ABSENT.includes(name));
  const unanswered = REQUIRED.filter((name) => !answered(name));
  const issuer = checks.find((check) => check.name === "issuer");
  if (unanswered.join() === "issuer" && issuer?.headline === "issuer_unlisted") return "issuer_unlisted";
  return unanswered.length ? "cannot_tell" : "genuine";
}
