// What every check is handed: the token, what it says, and where things are looked up (checks/case.py).

import { SKEW } from "./evidence.js";
import { fromEpoch, instantOf, parseInstant } from "./instants.js";

/** @typedef {import("./tokens.js").Token} Token */

const CLAIMS = ["iss", "sub", "aud", "exp", "nbf", "iat", "jti", "nonce", "proof"];

/** One token under question at one moment. */
export class Case {
  /** Why the issuer acted, one word of the notices; "" where it does not say. */
  notice = "";
  /** The lists that were looked at. @type {{url: string, asOf: Date, fetched: Date}[]} */
  lists = [];
  /** The key that signed, once the signature holds. @type {import("./trust_list.js").Method|null} */
  method = null;

  /**
   * @param {Token} token
   * @param {object} where
   * @param {Date} where.at
   * @param {import("./trust_list.js").TrustList} where.issuers
   * @param {import("./evidence.js").Fetching} where.evidence
   * @param {boolean} [isEvidence] a status list, which a key for status may sign
   */
  constructor(token, { at, issuers, evidence }, isEvidence = false) {
    this.token = token;
    this.at = at;
    this.issuers = issuers;
    this.evidence = evidence;
    this.isEvidence = isEvidence;
    /** What the record says, without the claims that speak of the token. @type {Record<string, any>} */
    this.claims = Object.fromEntries(Object.entries(token.claims).filter(([name]) => !CLAIMS.includes(name)));
  }

  /** The same question asked of a list. @param {Token} token */
  ofEvidence(token) {
    return new Case(token, this, true);
  }

  /** Who must have signed; "" where it names nobody. */
  get author() {
    return identifier(this.claims.issuer);
  }

  /** @returns {string[]} */
  get types() {
    const types = this.claims.type;
    return (Array.isArray(types) ? types : [types]).filter((type) => typeof type === "string");
  }

  /** When the token says it was made. @returns {Date|null} */
  get created() {
    return claimTime(this.token.claims, "iat");
  }

  /** @returns {Date|null} */
  get validFrom() {
    return instantOf(this.claims, "validFrom");
  }

  /** @returns {Date|null} */
  get validUntil() {
    return instantOf(this.claims, "validUntil");
  }

  /** When it was signed: as the token says, else from when it is valid. */
  get signedAt() {
    return (this.method && this.created) ?? this.validFrom;
  }

  /** Whether a moment lies further ahead than clocks differ. @param {Date} moment */
  isAhead(moment) {
    return Number(moment) - Number(this.at) > SKEW;
  }

  /** Whether a moment lies further back than clocks differ. @param {Date} moment */
  hasPassed(moment) {
    return Number(this.at) - Number(moment) > SKEW;
  }
}

/** The instant of a claim. @param {Record<string, any>} claims @param {string} name @returns {Date|null} */
export function claimTime(claims, name) {
  if (!Object.hasOwn(claims, name)) return null;
  return typeof claims[name] === "string" ? parseInstant(claims[name]) : fromEpoch(claims[name]);
}

/** The id of a member written as a text or as an object; "" where it has none. @param {any} value @returns {string} */
export function identifier(value) {
  const id = typeof value === "object" ? value?.id : value;
  return typeof id === "string" ? id : "";
}
