// What a learner record says of the whole it is about, and whether it holds what this page does not check
// (credentials/clr.py, credentials/clr_parts.py, checks/held.py).

import { identifier } from "./case.js";
import { isObject, values } from "./json_text.js";

/** @typedef {Record<string, any>} Json */

const MAX_HELD = 400;

/** @param {any} value @returns {Json[]} */
const objects = (value) => values(value).filter(isObject);

/** @param {any} value @returns {Json} */
const first = (value) => objects(value)[0] ?? {};

/** @param {Json} document */
export const isClr = (document) => values(document.type).includes("ClrCredential");

/**
 * What a learner record says of the whole that the rest of it is part of; {} where that is not one thing.
 * @param {Json} record
 * @param {{thing: (value: any) => Json, things: (value: any) => Json[]}} said
 * @returns {Json}
 */
export function leading(record, said) {
  if (!isClr(record)) return {};
  const main = wholes(record);
  const subject = said.thing(record.credentialSubject);
  const own = said.things(subject.verifiableCredential).filter((held) => isOwnWord(held, record));
  const found = main.size ? own.filter((held) => main.has(achievementId(held))) : own;
  return found.length === 1 ? found[0] : {};
}

/** The ids of the achievements that others are part of, and that are part of none themselves (CLR §B.5). @param {Json} record */
function wholes(record) {
  const parts = objects(first(record.credentialSubject).association).filter((item) =>
    ["isPartOf", "isChildOf"].includes(item.associationType),
  );
  const sources = parts.map((item) => item.sourceId);
  return new Set(parts.map((item) => item.targetId).filter((id) => typeof id === "string" && !sources.includes(id)));
}

/** @param {Json} held */
const achievementId = (held) => identifier(first(first(held.credentialSubject).achievement));

/** Whether the record's own issuer says it, without a signature of its own. @param {any} held @param {Json} record */
const isOwnWord = (held, record) =>
  isObject(held) && !objects(held.proof).length && identifier(held.issuer) !== "" && identifier(held.issuer) === identifier(record.issuer);

/**
 * Whether it holds more than its issuer's own word about its learner: the records of others are not read on this page.
 * @param {Json} record
 */
export function holdsUnread(record) {
  if (!isClr(record)) return false;
  const held = objects(record.credentialSubject).flatMap((subject) => values(subject.verifiableCredential));
  return held.length > MAX_HELD || !held.every((item) => isOwnWord(item, record) && isAboutLearner(item, record));
}

/** By id or by an identifier that both have. @param {Json} held @param {Json} record */
function isAboutLearner(held, record) {
  const learner = first(record.credentialSubject);
  const [name, known] = [identifier(learner), identities(learner)];
  return objects(held.credentialSubject).some(
    (subject) => (name && identifier(subject) === name) || identities(subject).some((one) => known.includes(one)),
  );
}

/** @param {Json} subject */
function identities(subject) {
  const told = objects(subject.identifier).filter(({ identityHash }) => typeof identityHash === "string" && identityHash);
  return told.map(({ identityType, identityHash }) => JSON.stringify([identityType, normal(identityHash)]));
}

/** @param {string} text */
const normal = (text) => text.normalize("NFC").replace(/\s+/g, " ").trim().toLowerCase();
