// The text of a paper code as short bytes, read back (docs/paper-code.md §4).

import { fromUtf8 } from "./bytes.js";
import { Fault } from "./wrongs.js";

const MAX_TEXT = 65_536;
const HOST = /^(?:[a-z0-9][a-z0-9.-]{2,252})?$/;
const [AGAIN, HOST_MARK, SCRIPT, FIRST_SLOT, LAST_SLOT] = [5, 7, 8, 16, 31];
const NUMBER = 4;

/** @param {number} seconds since 1970 */
const instant = (seconds) => new Date(seconds * 1000).toISOString().replace(".000Z", "Z");

/** @param {Uint8Array} bytes */
const whole = (bytes) => bytes.reduce((number, byte) => number * 256 + byte, 0);

/** @param {Uint8Array} bytes */
const uuid = (bytes) =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0"))
    .join("")
    .replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");

/** What each mark stands for: the bytes it takes from the values, and the text these give.
 * @type {Record<number, [number, (bytes: Uint8Array) => string]>} */
const MARKS = {
  1: [16, uuid],
  2: [2, (bytes) => instant(whole(bytes) * 86_400)],
  3: [4, (bytes) => instant(whole(bytes))],
  4: [3, (bytes) => String(whole(bytes))],
  6: [4, (bytes) => String(whole(bytes))],
};

/**
 * @param {Uint8Array} packed the host, a zero byte, and the marked text
 * @param {Uint8Array} values in reading order
 * @returns {string} the text
 * @throws {Fault} where a value is missing, left over or out of range
 */
export function unpack(packed, values) {
  const mark = packed.indexOf(0);
  const host = String.fromCharCode(...packed.subarray(0, Math.max(mark, 0)));
  if (mark < 0 || mark > 253 || !HOST.test(host)) throw broken();
  const reading = new Reading(host, values);
  for (const run of runs(packed.subarray(mark + 1))) reading.take(run);
  if (reading.rest.length) throw broken();
  return reading.text;
}

/** What was read so far, and what later marks may repeat. */
class Reading {
  text = "";
  number = "";
  script = 0;
  /** @type {number[]} */
  slots = [];

  /** @param {string} host @param {Uint8Array} values */
  constructor(host, values) {
    this.host = host;
    this.rest = values;
  }

  /** @param {Uint8Array} run */
  take(run) {
    const mark = run[0];
    if (mark >= 128) this.text += foreign(run, this.script);
    else if (mark >= 32) this.text += String.fromCharCode(...run);
    else if (mark === HOST_MARK && this.host) this.text += this.host;
    else if (mark === AGAIN && this.number) this.text += this.number;
    else if (mark === SCRIPT) this.slots.push((this.script = whole(this.value(2))));
    else if (mark >= FIRST_SLOT && mark <= LAST_SLOT && mark - FIRST_SLOT < this.slots.length) {
      this.script = this.slots[mark - FIRST_SLOT];
    } else this.mark(mark);
    if (this.text.length > MAX_TEXT) throw new Fault("it unpacks to too much");
  }

  /** @param {number} mark */
  mark(mark) {
    if (!(mark in MARKS)) throw broken();
    const [size, write] = MARKS[mark];
    const part = write(this.value(size));
    if (mark === NUMBER) this.number = part;
    this.text += part;
  }

  /** @param {number} size */
  value(size) {
    if (this.rest.length < size) throw broken();
    const taken = this.rest.subarray(0, size);
    this.rest = this.rest.subarray(size);
    return taken;
  }
}

/** ASCII, other characters, and single marks, in order.
 * @param {Uint8Array} bytes */
function* runs(bytes) {
  const kind = (/** @type {number} */ byte) => (byte < 32 ? 0 : byte < 128 ? 1 : 2);
  for (let start = 0, end = 0; start < bytes.length; start = end) {
    const first = kind(bytes[start]);
    for (end = start + 1; first && end < bytes.length && end - start < 4096 && kind(bytes[end]) === first; ) end++;
    yield bytes.subarray(start, end);
  }
}

/** Characters past ASCII: UTF-8 until a script is named, then one byte each.
 * @param {Uint8Array} run @param {number} script */
function foreign(run, script) {
  if (!script) return fromUtf8(run);
  const points = Array.from(run, (byte) => (script << 7) | (byte & 127));
  if (points.some((point) => point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff))) throw broken();
  return String.fromCodePoint(...points);
}

const broken = () => new Fault("the unpacked text is not one that a paper code holds");
