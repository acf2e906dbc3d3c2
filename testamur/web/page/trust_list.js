// The list of issuers this site vouches for, with their keys (docs/trust-file.md), and finding a key in it.

import { parseInstant } from "./instants.js";
import { isObject, parseObject } from "./json_text.js";
import { readMultikey } from "./keys.js";
import { Doubt, Fault, phrase } from "./wrongs.js";

/**
 * @typedef {object} Method a key and what it may do
 * @property {string} id
 * @property {string} controller
 * @property {import("./keys.js").PublicKey} key
 * @property {Date|null} expires
 * @property {Date|null} revoked
 * @property {string} use "status": it signs lists and no records
 */
/**
 * @typedef {object} Issuer
 * @property {string} id
 * @property {string} name as this site knows it
 * @property {Date|null} fetched
 * @property {string} url
 * @property {string} digests
 * @property {Date|null} from
 * @property {Date|null} until
 * @property {string[]} types
 * @property {Map<string, Record<string, any>>} methods by their ids, as written
 */
/** @typedef {Map<string, Issuer>} TrustList */

const ISSUER = ["id", "name", "fetched", "url", "digests", "from", "until", "types", "method"];
const METHOD = ["id", "multikey", "purposes", "use", "expires", "revoked"];
const URL_TEXT = /^[!$&-;=?-Z_a-z~%#]{1,4096}$/;
const DID = /^did:[a-z0-9]+:(?:(?:[A-Za-z0-9._-]|%[0-9A-Fa-f]{2})*:)*(?:[A-Za-z0-9._-]|%[0-9A-Fa-f]{2})+$/;

/**
 * @param {string|Uint8Array} text
 * @returns {TrustList}
 * @throws {Fault} for a member it does not know, too: it may be a limit, and a limit not understood is not kept
 */
export function readTrustList(text) {
  const members = parseObject(text);
  only(members, ["issuer"]);
  const issuers = list(members.issuer).map(readIssuer);
  const found = new Map(issuers.map((issuer) => [issuer.id, issuer]));
  if (found.size !== issuers.length) throw unusable();
  return found;
}

/** @param {any} item @returns {Issuer} */
function readIssuer(item) {
  only(item, ISSUER);
  const methods = list(item.method);
  for (const method of methods) only(method, METHOD);
  if (!methods.every(({ use = "" }) => ["", "status"].includes(use))) throw unusable();
  return {
    id: text(item.id),
    name: text(item.name),
    fetched: instant(item.fetched),
    url: item.url === undefined ? "" : text(item.url),
    digests: item.digests === undefined ? "" : text(item.digests),
    from: instant(item.from),
    until: instant(item.until),
    types: list(item.types).map(text),
    methods: new Map(methods.map((method) => [text(method.id), method])),
  };
}

/**
 * The key that a token names, allowed for assertions at a time (CID §3.3); a compromised one comes with its date.
 * @param {TrustList} issuers
 * @param {string} url
 * @param {Date|null} at when it signed
 * @returns {Method}
 * @throws {Fault} @throws {Doubt}
 */
export function findMethod(issuers, url, at) {
  const controller = controllerOf(url);
  const issuer = issuers.get(controller);
  const isBare = issuer?.methods.size === 0 && !controller.startsWith("did:key:");
  if (isBare) throw new Doubt("the list of this page has no keys of {issuer}", { issuer: controller });
  const method = issuer?.methods.size ? listed(issuer, url, at) : derived(controller, url);
  const ends = [method.expires, method.revoked].filter((moment) => moment !== null);
  if (!ends.length) return method;
  const day = new Date(Math.min(...ends.map(Number)));
  if (!at) throw new Doubt("its key was in use until {day}, and the signature does not say when it was made", { day });
  if (at >= day) throw new Fault(phrase("its key was in use until {day} and signed on {signed}"), { day, signed: at });
  return method;
}

/** @param {Issuer} issuer @param {string} url @param {Date|null} at @returns {Method} */
function listed(issuer, url, at) {
  const written = issuer.methods.get(url);
  const purposes = written?.purposes ?? ["assertionMethod"];
  if (!written || !purposes.includes("assertionMethod")) {
    const newer = at === null || issuer.fetched === null || at >= issuer.fetched;
    if (!newer) throw new Fault("the key that signed is none of this issuer's");
    if (issuer.fetched === null) throw new Doubt("the key that signed is not on the list");
    throw new Doubt(phrase("the key that signed is not on the list of {day}; it may be newer"), { day: issuer.fetched });
  }
  const [expires, revoked] = [instant(written.expires), instant(written.revoked)];
  return { id: url, controller: issuer.id, key: readMultikey(text(written.multikey)), expires, revoked, use: written.use ?? "" };
}

/** The key that a did:key consists of. Of other DIDs nothing is fetched: this page asks nobody about a stranger.
 * @param {string} did @param {string} url @returns {Method} */
function derived(did, url) {
  const unknown = phrase("{issuer} is not on the list of this page, and its keys are not known here");
  if (!did.startsWith("did:key:")) throw new Doubt(unknown, { issuer: did });
  const multikey = did.slice("did:key:".length).replace(/^(?:1|1\.1):/, "");
  const key = readMultikey(multikey);
  if (url !== `${did}#${multikey}`) throw new Fault("the key that signed is none of this issuer's");
  return { id: url, controller: did, key, expires: null, revoked: null, use: "" };
}

/**
 * Whether the entry speaks for records of these types made at this time; a limit that cannot be checked is not met.
 * @param {Issuer} issuer @param {string[]} types @param {Date|null} at
 */
export function vouches(issuer, types, at) {
  if (issuer.types.length && !issuer.types.some((type) => types.includes(type))) return false;
  if (!at) return !issuer.from && !issuer.until;
  return (!issuer.from || issuer.from <= at) && (!issuer.until || at < issuer.until);
}

/**
 * The controller a DID URL or an https key address belongs to.
 * @param {string} url
 * @throws {Fault}
 */
export function controllerOf(url) {
  const [controller, fragment, more] = url.split("#");
  const named = DID.test(controller) || (controller.startsWith("https://") && controller.length > 8);
  if (!URL_TEXT.test(url) || !fragment || more !== undefined || !named) {
    throw new Fault("{value} is not the address of a key", { value: url.slice(0, 80) });
  }
  return controller;
}

/** The controller that the name of a key speaks of, whether or not it is a whole address. @param {string} url */
export function didOf(url) {
  const did = url.startsWith("https://") ? url.split("#")[0] : url.split(/[/?#]/)[0];
  if (!DID.test(did) && !did.startsWith("https://")) throw new Fault("{value} is not the address of a key", { value: url.slice(0, 80) });
  return did;
}

/** @param {any} item @param {string[]} known */
function only(item, known) {
  if (!isObject(item) || !Object.keys(item).every((name) => known.includes(name))) throw unusable();
}

/** @param {any} value @returns {any[]} */
function list(value) {
  if (value === undefined) return [];
  if (!Array.isArray(value)) throw unusable();
  return value;
}

/** @param {any} value @returns {string} */
function text(value) {
  if (typeof value !== "string" || !value) throw unusable();
  return value;
}

/** @param {any} value */
const instant = (value) => (value === undefined ? null : parseInstant(value));
const unusable = () => new Fault("the list of issuers is not usable");
