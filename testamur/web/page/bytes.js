// Bytes to text and back, as strictly as encoding.py: no two texts stand for the same bytes.

import { Fault } from "./wrongs.js";

const BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
const MAX_BASE58 = 256; // no key here is longer
const CHUNK = 8190; // of bytes at a time: String.fromCharCode takes so many arguments, and three divides it

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const encoder = new TextEncoder();

/** @param {string} text @returns {Uint8Array} its UTF-8 */
export const toUtf8 = (text) => encoder.encode(text);

/**
 * @param {Uint8Array} bytes
 * @returns {string} the text whose UTF-8 they are
 * @throws {Fault}
 */
export function fromUtf8(bytes) {
  try {
    return utf8.decode(bytes);
  } catch {
    throw new Fault("the text is not UTF-8");
  }
}

/** @param {Uint8Array} bytes @returns {string} base64url without padding (RFC 4648 §5) */
export function toBase64url(bytes) {
  let text = "";
  for (let at = 0; at < bytes.length; at += CHUNK) text += btoa(String.fromCharCode(...bytes.subarray(at, at + CHUNK)));
  return text.replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

/**
 * @param {string} text unpadded, canonical base64url
 * @returns {Uint8Array}
 * @throws {Fault}
 */
export function fromBase64url(text) {
  if (!/^[A-Za-z0-9_-]*$/.test(text) || text.length % 4 === 1) throw new Fault("this is not base64url text");
  const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0));
  const left = bytes.length % 3;
  if (left && toBase64url(bytes.subarray(-left)).at(-1) !== text.at(-1)) {
    throw new Fault("this is not base64url text"); // its last bits are no part of the bytes
  }
  return bytes;
}

/**
 * @param {string} text base58btc
 * @returns {Uint8Array}
 * @throws {Fault}
 */
export function fromBase58(text) {
  if (text.length > MAX_BASE58) throw new Fault("the key is too long");
  let number = 0n;
  for (const character of text) {
    const value = BASE58.indexOf(character);
    if (value < 0) throw new Fault("this is not base58 text");
    number = number * 58n + BigInt(value);
  }
  const zeros = text.length - text.replace(/^1+/, "").length;
  const bytes = number ? fromNumber(number) : new Uint8Array();
  return concat(new Uint8Array(zeros), bytes);
}

/** @param {bigint} number @returns {Uint8Array} big-endian, without leading zeros; at least one byte */
export function fromNumber(number) {
  const hex = number.toString(16);
  const even = hex.length % 2 ? `0${hex}` : hex;
  return Uint8Array.from(even.match(/../g) ?? [], (pair) => parseInt(pair, 16));
}

/** @param {Uint8Array} bytes @returns {bigint} */
export function toNumber(bytes) {
  let hex = "0x0";
  for (const byte of bytes) hex += byte.toString(16).padStart(2, "0");
  return BigInt(hex);
}

/** @param {...Uint8Array} parts */
export function concat(...parts) {
  const whole = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/**
 * @param {"deflate"|"deflate-raw"|"gzip"} format
 * @param {Uint8Array} packed one whole stream, nothing after it
 * @param {number} limit
 * @returns {Promise<Uint8Array>} at most `limit` bytes
 * @throws {Fault} on damage, on anything left over, and past the limit
 */
export async function inflate(format, packed, limit) {
  const reader = new Blob([packed]).stream().pipeThrough(new DecompressionStream(format)).getReader();
  /** @type {Uint8Array[]} */
  const parts = [];
  for (let size = 0; ; ) {
    const { done, value } = await reader.read().catch(() => {
      throw new Fault("the compressed part is damaged");
    });
    if (done) return concat(...parts);
    size += value.length;
    if (size > limit) {
      reader.cancel().catch(() => {});
      throw new Fault("it unpacks to too much");
    }
    parts.push(value);
  }
}
