// The facts a person compares with the paper, as credentials/facts.py and described.py find them.

import { identifier } from "./case.js";
import { isClr, leading } from "./clr.js";
import { isObject, values } from "./json_text.js";

/** @typedef {Record<string, any>} Json */
/**
 * @typedef {object} Facts what a record says in the words of its issuer; "" where it says nothing
 * @property {string} holder in native script
 * @property {string} holder_latin
 * @property {string} award
 * @property {string} result
 * @property {string} result_name
 * @property {string} awarded the day as written, 2026-07-01
 * @property {string} number
 * @property {string} issuer_name
 * @property {string} issuer
 * @property {string} id
 * @property {string} kind
 * @property {string} valid_until
 * @property {string} credits
 */

const DAY = /^\d{4}-\d\d-\d\d(?=T|$)/;
const BASE_TYPES = ["VerifiableCredential", "VerifiablePresentation"];
const OWN_GRAPHS = ["proof", "verifiableCredential"];

/** @param {Json} document @returns {Facts} */
export function factsOf(document) {
  const said = new Described(document);
  const subject = said.thing(document.credentialSubject);
  const main = leading(document, said);
  const isPart = Object.keys(main).length > 0;
  const told = isPart ? said.thing(main.credentialSubject) : subject;
  const achievement = isPart || !isClr(document) ? said.thing(told.achievement) : {};
  const [holder, latin] = holderOf(said, subject);
  const [result, resultName] = resultOf(said, told);
  return {
    holder,
    holder_latin: latin,
    award: awardOf(document, achievement, isPart) || degree(said, subject),
    result,
    result_name: resultName,
    awarded: day(document, "awardedDate", "validFrom", "issuanceDate"),
    number: words(told.licenseNumber),
    issuer_name: words(said.thing(document.issuer).name),
    issuer: identifier(document.issuer),
    id: identifier(document),
    kind: words(achievement.achievementType) || ownType(document),
    valid_until: day(document, "validUntil", "expirationDate"),
    credits: credits(told, achievement),
  };
}

/** The award, or the record's own name; of a record about a programme both: a transcript is no degree.
 * @param {Json} document @param {Json} achievement @param {boolean} isPart */
function awardOf(document, achievement, isPart) {
  const [own, named] = [words(document.name), words(achievement.name)];
  return isPart && own && named ? `${own}: ${named}` : named || own;
}

/** The things of a document by their ids, each with all that is said of it anywhere. */
class Described {
  /** @type {Map<string, Json[]>} */
  #things = new Map();

  /** @param {Json} document */
  constructor(document) {
    const apart = isClr(document) ? ["proof"] : OWN_GRAPHS; // what a learner record holds is its own word
    /** @type {any[]} */
    const waiting = [document];
    for (let value; waiting.length; ) {
      value = waiting.pop();
      if (Array.isArray(value)) waiting.push(...value);
      if (!isObject(value)) continue;
      if (typeof value.id === "string" && Object.keys(value).length > 1) {
        this.#things.set(value.id, [...(this.#things.get(value.id) ?? []), value]);
      }
      for (const [name, item] of Object.entries(value)) if (!apart.includes(name)) waiting.push(item);
    }
  }

  /** The one thing among the values of a member, {} where there is none. @param {any} value @returns {Json} */
  thing(value) {
    const found = this.things(value);
    return found.length > 1 ? found.reduce((least, each) => (spelling(each) < spelling(least) ? each : least)) : (found[0] ?? {});
  }

  /** Each thing among the values of a member. @param {any} value @returns {Json[]} */
  things(value) {
    return values(value).map((item) => this.#whole(item)).filter((thing) => Object.keys(thing).length);
  }

  /** @param {any} value @returns {Json} */
  #whole(value) {
    const id = identifier(value);
    const parts = (id && this.#things.get(id)) || [];
    if (parts.length < 2) return parts[0] ?? (isObject(value) ? value : {});
    /** @type {Json} */
    const whole = Object.create(null); // a stranger may name a member "constructor"
    for (const part of parts) {
      for (const [name, item] of Object.entries(part)) whole[name] = [...(whole[name] ?? []), ...values(item)];
    }
    return { ...whole, id };
  }
}

/** The name, and its Latin form if there is a second one; a hashed name is no name.
 * @param {Described} said @param {Json} subject */
function holderOf(said, subject) {
  const entries = said.things(subject.identifier);
  const own = entries.filter((entry) => words(entry.identityType) === "name" && isFalse(entry.hashed));
  const names = [...new Set(own.map((entry) => words(entry.identityHash)))].filter(Boolean).sort(byNativeness);
  const plain = words(subject.name) || ["givenName", "familyName"].map((name) => words(subject[name])).filter(Boolean).join(" ");
  return [names[0] || plain, names[1] ?? ""];
}

/** The result and what it is called; of several each one under its name.
 * @param {Described} said @param {Json} subject */
function resultOf(said, subject) {
  const told = said.things(subject.result).map((result) => {
    const ways = [words(result.value), words(said.thing(result.achievedLevel).name), words(result.status)];
    const rank = ways.findIndex(Boolean);
    return { rank, text: ways[rank] ?? "", name: words(said.thing(result.resultDescription).name) };
  });
  const keyed = new Map(told.filter(({ text }) => text).map((one) => [JSON.stringify([one.rank, one.text, one.name]), one]));
  const found = [...keyed.values()].sort((a, b) => a.rank - b.rank || compare(a.text, b.text) || compare(a.name, b.name));
  if (found.length > 1) return [found.map(({ text, name }) => (name ? `${name}: ${text}` : text)).join("; "), ""];
  return found.length ? [found[0].text, found[0].name] : ["", ""];
}

/** @param {Described} said @param {Json} subject */
function degree(said, subject) {
  return ["degree", "hasCredential"].map((name) => words(said.thing(subject[name]).name)).find(Boolean) ?? "";
}

/** The credits earned, else those the award is worth; of several all, in order.
 * @param {Json} subject @param {Json} achievement */
function credits(subject, achievement) {
  for (const value of [subject.creditsEarned, achievement.creditsAvailable]) {
    const numbers = [...new Set(values(value).filter((one) => typeof one === "number"))].sort((a, b) => a - b);
    if (numbers.length) return numbers.map((number) => String(Number(number.toPrecision(6)))).join("; ");
  }
  return "";
}

/** @param {Json} document @param {...string} names */
function day(document, ...names) {
  for (const name of names) {
    const texts = values(document[name]).filter((value) => typeof value === "string" && value).sort(compare);
    if (texts.length) return DAY.exec(texts[0])?.[0] ?? texts[0];
  }
  return "";
}

/** @param {Json} document */
function ownType(document) {
  const types = values(document.type).filter((type) => typeof type === "string");
  const own = types.map((type) => (type === "AchievementCredential" ? "OpenBadgeCredential" : type)).sort(compare);
  return own.find((type) => !BASE_TYPES.includes(type)) ?? "";
}

/** The words of a string or language object; of several those in native script. @param {any} value @returns {string} */
function words(value) {
  const texts = values(value).map((item) => (isObject(item) ? item["@value"] : item));
  return texts.filter((text) => typeof text === "string").sort(byNativeness)[0] ?? "";
}

/** Other scripts before Latin letters, and these before plain ASCII. @param {string} a @param {string} b */
const byNativeness = (a, b) => nativeness(a) - nativeness(b) || compare(a, b);

/** @param {string} text */
function nativeness(text) {
  if (!/[^\0-\x7f]/.test(text)) return 2;
  return /[^\P{L}\p{Script=Latin}]/u.test(text) ? 0 : 1;
}

/** @param {string} a @param {string} b */
const compare = (a, b) => (a < b ? -1 : Number(a > b));

/** @param {any} value */
const isFalse = (value) => values(value).length === 1 && values(value)[0] === false;

/** One text for all the ways in which a set of things may be written. @param {any} value @returns {string} */
function spelling(value) {
  if (isObject(value)) {
    const names = Object.keys(value).sort(compare);
    if (names.join() === "@value") return spelling(value["@value"]);
    return `{${names.map((name) => `${JSON.stringify(name)}:${spelling(value[name])}`).join(",")}}`;
  }
  if (!Array.isArray(value)) return JSON.stringify(value);
  const spelled = [...new Set(value.map(spelling))].sort(compare);
  return spelled.length > 1 ? `[${spelled.join(",")}]` : (spelled[0] ?? "null");
}
