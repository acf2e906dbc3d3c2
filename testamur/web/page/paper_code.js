// The printed code: from the address a QR code holds, or its digits alone, to the token (docs/paper-code.md).

import { concat, fromNumber, fromUtf8, inflate, toBase64url, toUtf8 } from "./bytes.js";
import { parseObject } from "./json_text.js";
import { unpack } from "./packing.js";
import { Fault } from "./wrongs.js";

const MAX_DIGITS = 4_200;
const MAX_TEXT = 65_536;
const ADDRESS = /^(?:https:\/\/[a-z0-9.:[\]-]{1,260}\/q#)?([1-9][0-9]*)$/i;
const KEY_NAME = /^[A-Za-z0-9._~-]{1,80}$/;

/** By the first byte: how long the signature is. Both kinds have the first vocabulary.
 * @type {Record<number, number>} */
const SIGNATURES = { 1: 64, 2: 96 };

/** Headers that are not written out, by their number.
 * @type {Record<number, (key: string) => string>} */
const HEADERS = {};
for (const [place, algorithm] of ["EdDSA", "Ed25519", "ES256", "ES384"].entries()) {
  const start = `{"alg":"${algorithm}","kid":"`;
  HEADERS[1 + 2 * place] = (key) => `${start}${key}","typ":"vc+jwt","form":"extract"}`;
  HEADERS[2 + 2 * place] = (key) => `${start}${key}","typ":"vc+jwt"}`;
}

/** Whether a text has the look of a paper code, at whatever host; nothing is read yet.
 * @param {string} text */
export function isPaperCode(text) {
  return text.length <= MAX_DIGITS + 280 && (ADDRESS.exec(text)?.[1].length ?? MAX_DIGITS + 1) <= MAX_DIGITS;
}

/**
 * @param {string} text the address at any host, or the digits alone
 * @param {Uint8Array} vocabulary the bytes of vocabulary_1.bin
 * @returns {Promise<string>} the token, to the letter
 * @throws {Fault}
 */
export async function decode(text, vocabulary) {
  const digits = isPaperCode(text) ? ADDRESS.exec(text)?.[1] : undefined;
  if (!digits) throw new Fault("this is not the text of a paper code");
  const packed = fromNumber(BigInt(digits));
  const end = 2 + (SIGNATURES[packed[0]] ?? Infinity);
  if (end === Infinity) throw new Fault("this kind of paper code is not known to this version");
  if (packed.length <= end + packed[1]) throw new Fault("the paper code is cut short");
  const values = packed.subarray(end, end + packed[1]);
  const said = await inflateAfter(vocabulary, packed.subarray(end + packed[1]));
  const mark = said.indexOf(0);
  if (mark < 0) throw new Fault("the paper code holds no header");
  const payload = unpack(said.subarray(mark + 1), values);
  const header = longHeader(fromUtf8(said.subarray(0, mark)), payload);
  const signature = await unmask(packed.subarray(2, end), concat(packed.subarray(0, 2), packed.subarray(end)));
  return [toUtf8(header), toUtf8(payload), signature].map(toBase64url).join(".");
}

/** The stream's own bytes: the vocabulary goes before them as a stored block, and is dropped again.
 * @param {Uint8Array} vocabulary @param {Uint8Array} stream */
async function inflateAfter(vocabulary, stream) {
  const size = vocabulary.length;
  const stored = Uint8Array.of(0, size & 255, size >> 8, ~size & 255, (~size >> 8) & 255);
  const whole = await inflate("deflate-raw", concat(stored, vocabulary, stream), size + MAX_TEXT);
  return whole.subarray(size);
}

/** The signature without the digest of all other bytes that lies over its first 64.
 * @param {Uint8Array} masked @param {Uint8Array} beside */
async function unmask(masked, beside) {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-512", /** @type {BufferSource} */ (beside)));
  return masked.map((byte, place) => byte ^ (digest[place] ?? 0));
}

/** @param {string} header @param {string} payload */
function longHeader(header, payload) {
  if (header.startsWith("{")) return header;
  const complete = HEADERS[header.codePointAt(0) ?? 0];
  const name = header.slice(1);
  if (!complete || !KEY_NAME.test(name)) throw new Fault("the paper code's header is not known to this version");
  const issuer = parseObject(payload).issuer;
  const id = typeof issuer === "object" ? issuer?.id : issuer;
  return complete(`${escaped(typeof id === "string" ? id : "")}#${name}`);
}

/** A text as JSON writes it in ASCII, without the quotes.
 * @param {string} text */
function escaped(text) {
  const hex = (/** @type {string} */ unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
  return JSON.stringify(text).slice(1, -1).replace(/[^ -~]/g, hex);
}
