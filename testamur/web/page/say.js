// Every word of the page, in the reader's language: messages are English, catalogues are words/LANGUAGE.json.

import { shown } from "./shown.js";

/** @typedef {import("./wrongs.js").Parts} Parts */

const RIGHT_TO_LEFT = ["ar", "dv", "fa", "he", "ps", "sd", "ur", "yi"];
const SCRIPTS_TO_THE_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/;
const KEPT = "testamur-language";

let language = "en";
/** @type {Record<string, string>} */
let catalogue = {};

const isRightToLeft = () => RIGHT_TO_LEFT.includes(language);

/** Whether a message can be said in the reader's language. @param {string} message */
export const canSay = (message) => language === "en" || message in catalogue;

/**
 * The first language a reader prefers that there is: the one chosen here before, else those of the browser.
 * @param {string[]} available
 * @param {readonly string[]} [preferred]
 */
export function preferredLanguage(available, preferred = [kept(), ...navigator.languages]) {
  const wanted = preferred.flatMap((tag) => [tag, tag.split("-")[0]]);
  return wanted.find((tag) => available.includes(tag)) ?? "en";
}

/**
 * Speaks a language from now on; English where its catalogue is not to be had.
 * @param {string} wanted
 * @param {(url: string) => Promise<Response>} [get]
 */
export async function speak(wanted, get = fetch) {
  const url = new URL(`./words/${wanted}.json`, import.meta.url).href;
  const found = wanted === "en" ? {} : await get(url).then((answer) => (answer.ok ? answer.json() : null)).catch(() => null);
  [language, catalogue] = found ? [wanted, found] : ["en", {}];
  if (typeof document === "undefined") return;
  document.documentElement.lang = language;
  document.documentElement.dir = isRightToLeft() ? "rtl" : "ltr";
}

/** Remembers a choice on this device; where that is forbidden it holds until the page is closed. @param {string} chosen */
export function keepLanguage(chosen) {
  try {
    localStorage.setItem(KEPT, chosen);
  } catch {
    // a browser that keeps nothing is right to
  }
}

function kept() {
  try {
    return localStorage.getItem(KEPT) ?? "";
  } catch {
    return "";
  }
}

/**
 * A message in the reader's language, with its parts: days as people there write them, foreign words kept apart.
 * @param {string} message in English, with {names}
 * @param {Parts} [parts]
 */
export function say(message, parts = {}) {
  const text = catalogue[message] || message;
  return text.replace(/\{(\w+)\}/g, (whole, name) => (name in parts ? part(parts[name]) : whole));
}

/** A sentence: the message with a capital letter and a full stop. @param {string} message @param {Parts} [parts] */
export function sentence(message, parts) {
  const text = say(message, parts);
  const whole = text.charAt(0).toLocaleUpperCase(language) + text.slice(1);
  return /[.!?。؟।]$/.test(whole) ? whole : whole + (language === "hi" ? "।" : ".");
}

/** A day as people there write it. @param {Date} moment */
export function day(moment) {
  return new Intl.DateTimeFormat(locale(), { dateStyle: "long", timeZone: "UTC" }).format(moment);
}

/** @param {number} value */
export const number = (value) => new Intl.NumberFormat(locale()).format(value);

/** Arabic is written with the digits of the reader's own region, which Intl knows by the browser's tag. */
function locale() {
  const own = typeof navigator === "undefined" ? [] : navigator.languages;
  return own.find((tag) => tag.split("-")[0] === language) ?? language;
}

/** Words of another direction are isolated, so that they do not turn those around them (UAX #9 §2.4).
 * @param {string|number|Date} value */
function part(value) {
  if (value instanceof Date) return day(value);
  if (typeof value === "number") return number(value);
  const words = shown(value);
  return SCRIPTS_TO_THE_LEFT.test(words) === isRightToLeft() ? words : `\u2068${words}\u2069`;
}
