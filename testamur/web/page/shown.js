// Words of strangers, made safe to show (display.py): what a reader could not see is spelled out.

const HIDDEN = /(?![\u200c\u200d\u0600-\u0605\u06dd\u070f\u0890\u0891\u08e2])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\u034f\u115f\u1160\u2800\u3164\uffa0]/gu;
const BLANKS = /[ \u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]{2,}/g;
const MAX_LENGTH = 500;

/**
 * @param {string} text
 * @returns {string} on one line, of a bearable length, with hidden characters written as \u202e
 */
export function shown(text) {
  const points = [...text.replace(BLANKS, " ")];
  const short = points.length > MAX_LENGTH ? [...points.slice(0, MAX_LENGTH - 1), "…"].join("") : points.join("");
  return short.replace(HIDDEN, spelled);
}

/** @param {string} character */
function spelled(character) {
  const code = character.codePointAt(0) ?? 0;
  return code > 0xffff ? `\\U${code.toString(16).padStart(8, "0")}` : `\\u${code.toString(16).padStart(4, "0")}`;
}
