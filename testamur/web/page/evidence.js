// Signed lists from the network, and the copies kept of them: network first, and never older than the policy allows.

import { DAY, MINUTE } from "./instants.js";
import { Doubt, phrase } from "./wrongs.js";

/** @typedef {{body: Uint8Array, fetched: Date}} Fetched */
/** @typedef {{get: (url: string, maxBytes: number) => Promise<Fetched>}} Fetching */
/**
 * @typedef {object} Shelf where copies are kept
 * @property {(url: string) => Promise<Fetched|null>} get
 * @property {(url: string, copy: Fetched) => Promise<void>} put
 */

const KEPT = "testamur-lists";
const TIMEOUT = 8_000;
const FRESH = 10 * MINUTE; // within which the next paper needs no new request
export const MAX_AGE = 30 * DAY;
export const SKEW = 5 * MINUTE;

/**
 * What is fetched from the allowed origins and no others, so that a paper makes nobody but them be asked.
 * @implements {Fetching}
 */
export class Evidence {
  /** @type {Map<string, Promise<Fetched>>} */
  #fresh = new Map();

  /**
   * @param {object} how
   * @param {Iterable<string>} how.origins
   * @param {Shelf} [how.shelf]
   * @param {typeof fetch} [how.fetch]
   * @param {() => Date} [how.now]
   * @param {number} [how.maxAge] in milliseconds
   */
  constructor({ origins, shelf = cacheShelf(), fetch = globalThis.fetch.bind(globalThis), now = () => new Date(), maxAge = MAX_AGE }) {
    this.origins = new Set(origins);
    this.shelf = shelf;
    this.fetch = fetch;
    this.now = now;
    this.maxAge = maxAge;
  }

  /**
   * @param {string} url
   * @param {number} maxBytes
   * @returns {Promise<Fetched>}
   * @throws {Doubt}
   */
  async get(url, maxBytes) {
    if (!this.allows(url)) throw new Doubt(phrase("{url} belongs to nobody on the list of this page"), { url: url.slice(0, 200) });
    const known = await this.#fresh.get(url)?.catch(() => null);
    if (known && this.#age(known) < FRESH) return known;
    const asked = this.#ask(url, maxBytes);
    this.#fresh.set(url, asked);
    const found = await asked;
    if (-this.#age(found) > SKEW) throw new Doubt(phrase("the clock of this device is behind: it has a list of {day}"), { day: found.fetched });
    if (this.#age(found) > this.maxAge) throw new Doubt(phrase("the copy at hand was fetched on {day}, too long ago"), { day: found.fetched });
    return found;
  }

  /** Whether an address may be asked at all. @param {string} url */
  allows(url) {
    return URL.canParse(url) && this.origins.has(new URL(url).origin);
  }

  /** @param {Fetched} copy */
  #age(copy) {
    return this.now().getTime() - copy.fetched.getTime();
  }

  /** @param {string} url @param {number} maxBytes @returns {Promise<Fetched>} */
  async #ask(url, maxBytes) {
    try {
      const copy = { body: await this.#body(url, maxBytes), fetched: this.now() };
      await this.shelf.put(url, copy).catch(() => {}); // a full or forbidden store keeps nothing, and that is all
      return copy;
    } catch (error) {
      const kept = await this.shelf.get(url).catch(() => null);
      if (kept) return kept;
      throw error instanceof Doubt ? error : new Doubt(phrase("{url} could not be reached"), { url: url.slice(0, 200) });
    }
  }

  /** @param {string} url @param {number} maxBytes */
  async #body(url, maxBytes) {
    const [cache, credentials, referrerPolicy] = /** @type {const} */ (["no-cache", "omit", "no-referrer"]);
    const signal = AbortSignal.timeout(TIMEOUT);
    const answer = await this.fetch(url, { cache, credentials, referrerPolicy, signal, redirect: "follow" });
    if (!answer.ok || !answer.body) throw new Doubt(phrase("{url} could not be reached"), { url: url.slice(0, 200) });
    return new Uint8Array(await new Response(answer.body.pipeThrough(atMost(maxBytes))).arrayBuffer());
  }
}

/** @param {number} limit of bytes @returns {TransformStream<Uint8Array, Uint8Array>} */
function atMost(limit) {
  let size = 0;
  return new TransformStream({
    transform(chunk, out) {
      size += chunk.length;
      if (size > limit) out.error(new Doubt("the list is too long"));
      else out.enqueue(chunk);
    },
  });
}

/** The browser's own store of answers; nothing is kept where there is none. @returns {Shelf} */
export function cacheShelf() {
  const open = () => caches.open(KEPT);
  return {
    async get(url) {
      const kept = await (await open()).match(url);
      const fetched = new Date(kept?.headers.get("x-fetched") ?? NaN);
      if (!kept || Number.isNaN(fetched.getTime())) return null;
      return { body: new Uint8Array(await kept.arrayBuffer()), fetched };
    },
    async put(url, { body, fetched }) {
      const headers = { "x-fetched": fetched.toISOString() };
      await (await open()).put(url, new Response(/** @type {BodyInit} */ (body), { headers }));
    },
  };
}
