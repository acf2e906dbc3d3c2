// A key reported as compromised can back-date: only what its owner lists as signed is believed (checks/compromise.py).

import { toBase64url, toUtf8 } from "./bytes.js";
import { openStatement } from "./statement.js";
import { Doubt, orDoubt, phrase } from "./wrongs.js";

/** @typedef {import("./case.js").Case} Case */

const SIZE = 32; // of a SHA-256 digest
const MAX_STATEMENT = 16_000;
const MAX_DIGESTS = 32_000_000; // a million forms
const UNUSABLE = phrase("the signed list of digests is not usable");
const NOT_AMONG = phrase(
  "the key that signed it was reported as compromised on {day}, and it is not among the records its owner signed before",
);
const NOT_AT_HAND = phrase(
  "the key that signed it was reported as compromised on {day}, and the list of what its owner signed before is not at hand",
);

/**
 * Why a signature by a compromised key is not believed; null where the token is among what its owner signed.
 * @param {Case} a @param {Date} day on which the key was reported
 * @returns {Promise<Doubt|null>}
 */
export async function doubtAbout(a, day) {
  if (a.isEvidence) return new Doubt(phrase("the key that signed it was reported as compromised on {day}"), { day });
  try {
    const digests = await orDoubt(() => openDigests(a), UNUSABLE);
    const own = await sha256(toUtf8(a.token.text.trim()));
    return holds(digests, own) ? null : new Doubt(NOT_AMONG, { day });
  } catch (error) {
    if (!(error instanceof Doubt)) throw error;
    return new Doubt(NOT_AT_HAND, { day });
  }
}

/** The sorted digests that the issuer's statement speaks of.
 * @param {Pick<Case, "author"|"at"|"issuers"|"evidence">} a @returns {Promise<Uint8Array>} */
export async function openDigests(a) {
  const { body } = await a.evidence.get(a.issuers.get(a.author)?.digests ?? "", MAX_STATEMENT);
  const { url, sha256: digest, count } = await openStatement(a, body, "testamur-digests+jwt", UNUSABLE);
  const { body: rows } = await a.evidence.get(String(url), MAX_DIGESTS);
  const isWhole = toBase64url(await sha256(rows)) === digest && count * SIZE === rows.length;
  if (!isWhole || !rises(rows)) throw new Doubt(UNUSABLE);
  return rows;
}

/** @param {Uint8Array} data */
const sha256 = async (data) => new Uint8Array(await crypto.subtle.digest("SHA-256", /** @type {BufferSource} */ (data)));

/** Whether each row is greater than the one before, so that a search finds every one. @param {Uint8Array} rows */
function rises(rows) {
  for (let at = SIZE; at < rows.length; at += SIZE) if (order(rows, at, rows, at - SIZE) <= 0) return false;
  return true;
}

/** @param {Uint8Array} rows @param {Uint8Array} digest */
function holds(rows, digest) {
  let [low, high] = [0, rows.length / SIZE];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (order(rows, middle * SIZE, digest, 0) < 0) low = middle + 1;
    else high = middle;
  }
  return low * SIZE < rows.length && order(rows, low * SIZE, digest, 0) === 0;
}

/** Below zero where the first row comes before the other.
 * @param {Uint8Array} one @param {number} at @param {Uint8Array} other @param {number} there */
function order(one, at, other, there) {
  for (let n = 0; n < SIZE; n++) if (one[at + n] !== other[there + n]) return one[at + n] - other[there + n];
  return 0;
}
