// Where a record says that its status can be looked up (BSL §2.1).

import { Doubt, Fault } from "./wrongs.js";

/** @typedef {{purpose: string, index: number, url: string, isClaim?: boolean}} Entry the claim of a token names no purpose */

const MAX_URL = 2048;
export const MAX_INDEX = 2 ** 31;

/**
 * @param {Record<string, any>} entry
 * @returns {Entry}
 * @throws {Fault} where it breaks the rules of its kind @throws {Doubt} for a kind that is not read here
 */
export function readEntry(entry) {
  const types = Array.isArray(entry.type) ? entry.type : [entry.type];
  if (!types.length || !types.every((type) => typeof type === "string" && type)) throw new Fault("its status entry is malformed");
  if (!types.includes("BitstringStatusListEntry") || (entry.statusSize === undefined ? 1 : entry.statusSize) !== 1) {
    throw new Doubt("its kind of status is not supported on this page");
  }
  const { statusPurpose: purpose, statusListCredential: url, statusListIndex: written } = entry;
  const index = typeof written === "number" ? String(written) : written;
  const good =
    [purpose, index].every((text) => typeof text === "string" && text && text.length <= MAX_URL) &&
    isListAddress(url) &&
    /^\d{1,10}$/.test(index) &&
    Number(index) <= MAX_INDEX;
  if (!good) throw new Fault("its status entry is malformed");
  return { purpose, url, index: Number(index) };
}

/** @param {any} url */
export const isListAddress = (url) => typeof url === "string" && url.length <= MAX_URL && /^(https?:\/\/|did:)/.test(url);
