// The words of the scripts, in the language of the page; the same catalogues as the pages have.

/** @type {Record<string, string>} */
let catalogue = {};
let tag = "en";

/** Speaks the language of the page from now on. @param {string} lang */
export async function hears(lang) {
  tag = lang;
  const language = lang.split("-")[0];
  if (language === "en") return;
  const answer = await fetch(`/words/${language}.json`).catch(() => null);
  catalogue = answer?.ok ? await answer.json() : {};
}

/**
 * A message in the language of the page.
 * @param {string} message in English, with {names}
 * @param {Record<string, string|number>} [parts]
 */
export function say(message, parts = {}) {
  const told = catalogue[message] || message;
  return told.replace(/\{(\w+)\}/g, (whole, name) => (name in parts ? part(parts[name]) : whole));
}

/** @param {string|number} value */
function part(value) {
  return typeof value === "number" ? new Intl.NumberFormat(tag).format(value) : `\u2068${value}\u2069`;
}
