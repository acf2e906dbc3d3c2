// Instants as times.py reads them: XSD dateTimeStamp, always with a zone; and the NumericDate of tokens.

import { Fault } from "./wrongs.js";

const STAMP = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,18}))?(Z|[+-]\d\d:\d\d)$/;
const LAST_SECOND = 253402300800;
const NO_INSTANT = "{value} is not a date and time with a zone";

export const MINUTE = 60_000;
export const DAY = 86_400_000;

/**
 * @param {unknown} text such as 2026-07-01T00:00:00Z
 * @returns {Date}
 * @throws {Fault}
 */
export function parseInstant(text) {
  const match = typeof text === "string" ? STAMP.exec(text) : null;
  const value = JSON.stringify(text)?.slice(0, 60) ?? "";
  if (!match) throw new Fault(NO_INSTANT, { value });
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map(Number);
  const moment = new Date(0);
  moment.setUTCFullYear(year, month - 1, day);
  moment.setUTCHours(hour, minute, second, Number((match[7] ?? "0").slice(0, 3).padEnd(3, "0")));
  const real = year > 0 && moment.getUTCMonth() === month - 1 && moment.getUTCDate() === day;
  if (!real || hour > 23 || minute > 59 || second > 59) throw new Fault(NO_INSTANT, { value });
  return new Date(moment.getTime() - offset(match[8], value));
}

/** @param {string} zone @param {string} value */
function offset(zone, value) {
  if (zone === "Z") return 0;
  const [hours, minutes] = zone.slice(1).split(":").map(Number);
  if (hours > 14 || minutes > 59) throw new Fault(NO_INSTANT, { value });
  return (zone.startsWith("-") ? -1 : 1) * (hours * 60 + minutes) * MINUTE;
}

/**
 * @param {unknown} seconds since 1970 (RFC 7519 §2)
 * @returns {Date}
 * @throws {Fault}
 */
export function fromEpoch(seconds) {
  if (typeof seconds !== "number" || !(seconds >= 0 && seconds < LAST_SECOND)) {
    throw new Fault("{value} is not a time in seconds", { value: JSON.stringify(seconds)?.slice(0, 40) ?? "" });
  }
  return new Date(Math.floor(seconds * 1000));
}

/**
 * @param {Record<string, any>} members
 * @param {...string} names
 * @returns {Date|null} the instant of the first member that is there
 * @throws {Fault}
 */
export function instantOf(members, ...names) {
  const name = names.find((each) => Object.hasOwn(members, each));
  return name === undefined ? null : parseInstant(members[name]);
}
