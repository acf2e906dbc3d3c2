// JSON read as strictly as jsontext.py reads it: bounded, and nothing that two readers could read in two ways.

import { fromUtf8 } from "./bytes.js";
import { Fault } from "./wrongs.js";

/** @typedef {Record<string, any>} Json an object */

const MAX_LENGTH = 4_000_000;
const MAX_DEPTH = 64;
const TOKEN = /"(?:[^"\\]|\\[^])*"|[[\]{}:,]|[^\s"[\]{}:,]+/g;
const LONG_NUMBER = /^-?\d{41,}$/;

/**
 * @param {string|Uint8Array} source
 * @returns {any} the value
 * @throws {Fault}
 */
export function parseJson(source) {
  if (source.length > MAX_LENGTH) throw new Fault("the text is too long");
  const text = typeof source === "string" ? source : fromUtf8(source).replace(/^\ufeff/, "");
  checkTokens(text);
  try {
    const value = JSON.parse(text, (_, item) => {
      if (item === Infinity || item === -Infinity) throw new Fault("a number is too large");
      return item;
    });
    if (/\\ud[89a-f]/i.test(text)) checkPairs(value);
    return value;
  } catch (error) {
    if (error instanceof Fault) throw error;
    throw new Fault("it is not usable as JSON");
  }
}

/**
 * @param {string|Uint8Array} source
 * @returns {Json}
 * @throws {Fault} where the value is no object, too
 */
export function parseObject(source) {
  const value = parseJson(source);
  if (!isObject(value)) throw new Fault("the JSON is not an object");
  return value;
}

/** @param {unknown} value @returns {value is Json} */
export function isObject(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The value as a list: JSON-LD lets one value stand for a set of one; an absent one gives none.
 * @param {any} value @returns {any[]} */
export const values = (value) => (value === undefined || value === null ? [] : Array.isArray(value) ? value : [value]);

/** Refuses what is nested too deep, a member that is there twice, and a number too long to be one.
 * @param {string} text */
function checkTokens(text) {
  /** @type {(Set<string>|null)[]} */
  const open = []; // for an object the names seen in it, null for a list
  let before = "";
  for (const [token] of text.matchAll(TOKEN)) {
    if (token === "{" || token === "[") {
      if (open.push(token === "{" ? new Set() : null) > MAX_DEPTH) throw new Fault("it is nested too deep");
    } else if (token === "}" || token === "]") {
      open.pop();
    } else if (token === ":") {
      checkName(before, open.at(-1));
    } else if (LONG_NUMBER.test(token)) {
      throw new Fault("a number is too long");
    }
    before = token;
  }
}

/**
 * @param {string} written
 * @param {Set<string>|null|undefined} names
 */
function checkName(written, names) {
  if (!names || !written.startsWith('"')) throw new Fault("it is not usable as JSON");
  const name = written.includes("\\") ? unescaped(written) : written.slice(1, -1);
  if (names.has(name)) throw new Fault("a member is there twice");
  names.add(name);
}

/** @param {string} written */
function unescaped(written) {
  try {
    return JSON.parse(written);
  } catch {
    throw new Fault("it is not usable as JSON");
  }
}

/** An escape may have made half of a surrogate pair; JSON.stringify escapes such halves again.
 * @param {any} value */
function checkPairs(value) {
  if (/(?:^|[^\\])(?:\\\\)*\\ud[89a-f]/i.test(JSON.stringify(value))) {
    throw new Fault("a string holds half of a surrogate pair");
  }
}
