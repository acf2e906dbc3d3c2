// From the text of a code to a report, with what the page has at hand: vocabulary, list of issuers, status lists.

import { openDigests } from "./compromise.js";
import { bestDecoder } from "./decoders.js";
import { Evidence, SKEW } from "./evidence.js";
import { DAY } from "./instants.js";
import { decode } from "./paper_code.js";
import { readTrustList } from "./trust_list.js";
import { verify } from "./verify.js";
import { Doubt, Fault, phrase } from "./wrongs.js";

/** @typedef {import("./verify.js").Report} Report */

const MAX_TRUST = 4_000_000;
const MAX_LIST = 4_000_000;
const MAX_PREFETCHED = 24;

/** Everything a check needs, fetched once. */
export class Checking {
  /** @param {import("./page.js").Site} site */
  constructor(site) {
    const origins = new Set([...site.origins, location.origin]);
    this.site = site;
    this.evidence = new Evidence({ origins, maxAge: site.max_age_days * DAY });
    this.vocabulary = this.#vocabulary();
    this.vocabulary.catch(() => {}); // said when it is needed
  }

  /**
   * @param {string} text the address in a code, or its digits
   * @returns {Promise<Report>}
   * @throws {Fault} where it is no code of a record
   */
  async check(text) {
    const token = await decode(text, await this.vocabulary);
    const { issuers, doubts } = await this.#issuers();
    const [now, newest] = [new Date(), newestOf(issuers)];
    const isBehind = Number(newest) - Number(now) > SKEW;
    if (isBehind) doubts.push({ message: phrase("the clock of this device is behind: it has a list of {day}"), parts: { day: newest } });
    const at = isBehind ? newest : now; // it is that day at least, so what was signed before is not called forged
    return verify(token, { at, issuers, evidence: this.evidence, doubts });
  }

  /** Fetches what the next paper will need, so that it can be checked without a network. */
  async prefetch() {
    const { issuers } = await this.#issuers();
    const names = this.site.lists.slice(0, MAX_PREFETCHED).flatMap((url) => [`${url}.jwt`, `${url}.notices.jwt`]);
    for (const url of names) await this.evidence.get(url, MAX_LIST).catch(() => {});
    const connection = /** @type {any} */ (navigator).connection;
    if (connection?.saveData) return;
    for (const issuer of issuers.values()) if (needsDigests(issuer)) await this.#digests(issuer.id, issuers);
    await bestDecoder();
  }

  /** @param {string} author @param {import("./trust_list.js").TrustList} issuers */
  async #digests(author, issuers) {
    await openDigests({ author, issuers, evidence: this.evidence, at: new Date() }).catch(() => {});
  }

  /** The issuers this page vouches for; where the list is not at hand or too old, nobody, and why. */
  async #issuers() {
    /** @type {Report["doubts"]} */
    const doubts = [];
    try {
      const url = new URL("./trust.json", import.meta.url).href;
      const { body } = await this.evidence.get(url, MAX_TRUST);
      return { issuers: readTrustList(body), doubts };
    } catch (error) {
      if (!(error instanceof Doubt || error instanceof Fault)) throw error;
      doubts.push({ message: phrase("the list of issuers is not at hand; connect to the internet and try again"), parts: {} });
      return { issuers: new Map(), doubts };
    }
  }

  async #vocabulary() {
    const answer = await fetch(new URL("./vocabulary_1.bin", import.meta.url));
    if (!answer.ok) throw new Error("the vocabulary of paper codes is missing");
    return new Uint8Array(await answer.arrayBuffer());
  }
}

/** When the list of issuers was made. @param {import("./trust_list.js").TrustList} issuers */
function newestOf(issuers) {
  return new Date(Math.max(0, ...[...issuers.values()].map(({ fetched }) => Number(fetched))));
}

/** Whether this site's records may be signed by a compromised key, so that its list of what was signed is asked for.
 * @param {import("./trust_list.js").Issuer} issuer */
function needsDigests({ methods, digests }) {
  return digests.startsWith(`${location.origin}/`) && [...methods.values()].some(({ revoked }) => revoked);
}
