// The answer page: the headline first, then whose, what, from whom, how fresh, what to do, and every check.

import { facts, foreign, make } from "./elements.js";
import { canSay, day, say, sentence } from "./say.js";
import { shown } from "./shown.js";
import { phrase } from "./wrongs.js";

/** @typedef {import("./verify.js").Report} Report */

/** @type {Record<import("./answer.js").Headline, [title: string, opening: string, next: string]>} */
const TOLD = {
  genuine: [
    phrase("Genuine"),
    phrase("The issuer signed this, it stands, and the issuer is on the list of this page."),
    phrase("Compare the name, the award and the date above with the paper, and the name with the person's identity card. If they agree, you can rely on it."),
  ],
  issuer_unlisted: [
    phrase("Genuine, issuer not listed"),
    phrase("The signature holds, but nobody on the list of this page vouches for the issuer."),
    phrase("Find out who the issuer is: ask the ministry of education or the issuer itself, at an address you find on your own."),
  ],
  cannot_tell: [
    phrase("We cannot tell"),
    phrase("This could not be decided."),
    phrase("Do not reject it for this. Connect to the internet and scan again; if that does not help, ask the issuer."),
  ],
  not_yet_valid: [phrase("Not valid yet"), phrase("The issuer signed this, but it is not valid yet."), phrase("Wait for the day it becomes valid, or ask the issuer.")],
  expired: [phrase("Expired"), phrase("The issuer signed this, but it has expired."), phrase("Ask the holder for a renewed one.")],
  suspended: [phrase("Suspended"), phrase("The issuer signed this and has suspended it."), phrase("Do not rely on it for now; ask the issuer or check again later.")],
  revoked: [phrase("Revoked"), phrase("The issuer signed this and has revoked it."), phrase("Do not rely on it. Ask the holder, and the issuer if in doubt.")],
  replaced: [phrase("Replaced by a corrected copy"), phrase("The issuer signed this and has replaced it by another."), phrase("Ask the holder for the new copy and check that.")],
  not_genuine: [
    phrase("Not genuine"),
    phrase("Do not rely on this: it is not what it claims to be."),
    phrase("Ask the issuer, at an address you find on your own and not on the paper."),
  ],
};

/** Why the issuer acted, by the words of the notices (docs/status-notices.md). @type {Record<string, string>} */
const REASONS = {
  replaced: phrase("a corrected copy has taken its place; ask the holder for the new one"),
  issued_in_error: phrase("it was issued by mistake"),
  withdrawn: phrase("the issuer has taken back what it certifies"),
  lapsed: phrase("the right it certifies has come to an end"),
  key_compromised: phrase("the key that signed it is no longer safe; ask the holder for a new copy"),
  holder_request: phrase("its holder asked for it to be withdrawn"),
  under_review: phrase("the issuer is looking into it and has not decided yet"),
};

/** @type {Record<import("./answer.js").Check["name"], string>} */
const NAMES = { form: phrase("Form"), proof: phrase("Signature"), dates: phrase("Dates"), status: phrase("Status"), issuer: phrase("Issuer") };

/** @type {Record<import("./answer.js").Outcome, string>} */
const OUTCOMES = { passed: phrase("passed"), failed: phrase("failed"), unknown: phrase("not known"), absent: phrase("not given"), skipped: phrase("not looked at") };

/** What is said of a check where its own sentence has no translation. */
const IN_GENERAL = {
  form: { unknown: phrase("It could not be found out whether it is well made"), failed: phrase("It is not made as such a record must be") },
  proof: {
    unknown: phrase("The signature could not be checked"),
    failed: phrase("The signature does not hold, or was not made by the one who is said to have made it"),
  },
  dates: { unknown: phrase("Its dates could not be checked"), failed: phrase("Its dates contradict one another") },
  status: { unknown: phrase("Its status could not be looked up"), failed: phrase("What it says about its status is not well made") },
  issuer: { unknown: phrase("It could not be found out who vouches for the issuer"), failed: phrase("Who issued it could not be made out") },
};

/**
 * @param {Report} report
 * @param {{aside?: Node|null, menu?: Node|null}} [more] what is said right after the headline, and what can be done next
 */
export function reportView(report, { aside = null, menu = null } = {}) {
  const [title, opening, next] = TOLD[report.headline];
  return make(
    "article",
    { "data-headline": report.headline },
    make("header", null, make("h1", null, say(title)), make("p", null, say(opening), why(report))),
    aside,
    claims(report),
    section(say("How fresh is this?"), freshness(report)),
    section(say("What to do next"), make("p", null, say(next))),
    menu,
    section(say("What was checked"), make("ul", null, ...report.checks.map(check))),
    technical(report),
  );
}

/** What decided it, where the headline alone does not say. @param {Report} report */
function why({ headline, checks, doubts, notice }) {
  if (Object.hasOwn(REASONS, notice)) return ` ${sentence(REASONS[notice])}`;
  if (doubts.length && headline === "cannot_tell") return ` ${sentence(doubts[0].message, doubts[0].parts)}`;
  const asked = headline === "cannot_tell" ? ["unknown"] : headline === "not_genuine" ? ["failed"] : [];
  const found = checks.find((each) => asked.includes(each.outcome) && each.headline === undefined);
  return found ? ` ${told(found)}` : "";
}

/** @param {Report} report */
function claims(report) {
  const { facts: said, isProved } = report;
  const title = isProved ? say("What was signed") : say("What it claims, confirmed by no signature");
  const told = facts(
    [say("Name"), said.holder && make("strong", null, foreign(shown(said.holder)))],
    [say("Name in Latin letters"), said.holder_latin && foreign(shown(said.holder_latin))],
    [say("Award"), said.award && foreign(shown(said.award))],
    [said.result_name ? shown(said.result_name) : say("Result"), said.result && foreign(shown(said.result))],
    [say("Date"), said.awarded && written(said.awarded)],
    [say("Number"), said.number && foreign(shown(said.number))],
    [say("Valid until"), said.valid_until && written(said.valid_until)],
    [say("Issuer"), issuer(report)],
  );
  const compare = isProved && make("p", null, say("Compare with the paper and with the person's identity card."));
  return section(title, told, compare);
}

/** The name the list gives; the one the record claims is marked as a claim. @param {Report} report */
function issuer({ listedAs, facts: said }) {
  const id = make("small", null, foreign(shown(said.issuer)));
  if (listedAs) return make("span", null, make("strong", null, foreign(shown(listedAs))), make("br", null), id);
  const claimed = said.issuer_name && say("claims to be {name}", { name: said.issuer_name });
  return make("span", null, claimed, claimed ? make("br", null) : "", id);
}

/** @param {Report} report */
function freshness({ asOf, listFetched, checks, isProved }) {
  if (!isProved) return make("p", null, say("Nothing was looked up, since the signature does not hold."));
  const status = checks.find((each) => each.name === "status");
  if (status?.outcome === "absent") return make("p", null, sentence(status.message, status.parts));
  if (!asOf || !listFetched) return make("p", null, say("No list of the issuer was at hand."));
  return make("p", null, make("strong", null, sentence("Checked against the list of {day}", { day: asOf })), " ", fetched(listFetched));
}

/** @param {Date} moment */
function fetched(moment) {
  const today = day(moment) === day(new Date());
  return today ? say("It was fetched today.") : say("It was fetched on {day} and kept on this device.", { day: moment });
}

/** @param {import("./answer.js").Check} found */
function check(found) {
  const label = make("b", null, `${say(NAMES[found.name])} (${say(OUTCOMES[found.outcome])}): `);
  return make("li", { "data-outcome": found.outcome }, label, told(found));
}

/** The sentence of a check; where no translator has it, what the check says in general. @param {import("./answer.js").Check} found */
function told({ name, outcome, message, parts }) {
  const general = outcome === "unknown" || outcome === "failed" ? IN_GENERAL[name][outcome] : message;
  return canSay(message) ? sentence(message, parts) : sentence(general, parts);
}

/** @param {Report} report */
function technical({ claims: said, checks, header, facts: { id } }) {
  const code = (/** @type {any} */ text) => typeof text === "string" && text && make("code", { dir: "ltr" }, shown(text));
  const unsaid = checks.filter(({ message }) => !canSay(message)).map(({ name, message }) => `${name}: ${message}`);
  return make(
    "details",
    null,
    make("summary", null, say("Technical details")),
    header.form === "extract" && make("p", null, say("The code on paper holds an extract of the whole record.")),
    facts([say("Record"), code(id)], [say("Key"), code(header.kid)], [say("Algorithm"), code(header.alg)]),
    ...unsaid.map((text) => make("p", { lang: "en", dir: "ltr" }, shown(text))),
    make("pre", { dir: "ltr" }, JSON.stringify(said, null, 1).split("\n").map(indented).join("\n")),
  );
}

/** A line of JSON with its indentation, its words made safe to show. @param {string} line */
const indented = (line) => line.replace(/^( *)(.*)$/s, (_, blank, rest) => blank + shown(rest));

/** A day as written in the record, the way people here write it. @param {string} text */
function written(text) {
  const moment = /^\d{4}-\d\d-\d\d$/.test(text) ? new Date(`${text}T00:00:00Z`) : null;
  return moment && !Number.isNaN(moment.getTime()) ? make("time", { datetime: text }, day(moment)) : foreign(shown(text));
}

/** @param {string} title @param {...import("./elements.js").Child} children */
const section = (title, ...children) => make("section", null, make("h2", null, title), ...children);
