// Compressed points of P-256 and P-384 as WebCrypto takes them (SEC 1 §2.3.4): few browsers read the short form.

import { concat, fromNumber, toNumber } from "./bytes.js";
import { Fault } from "./wrongs.js";

/** The prime and the coefficient b of y² = x³ - 3x + b (FIPS 186-5, SP 800-186 §3.2.1). Both primes are 3 modulo 4.
 * @type {Record<string, {prime: bigint, b: bigint, size: number}>} */
const CURVES = {
  "P-256": {
    prime: 2n ** 256n - 2n ** 224n + 2n ** 192n + 2n ** 96n - 1n,
    b: 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn,
    size: 32,
  },
  "P-384": {
    prime: 2n ** 384n - 2n ** 128n - 2n ** 96n + 2n ** 32n - 1n,
    b: 0xb3312fa7e23ee7e4988e056be3f82d19181d9c6efe8141120314088f5013875ac656398d8a2ed19d2a85c8edd3ec2aefn,
    size: 48,
  },
};

/**
 * @param {string} name of the curve
 * @param {Uint8Array} point 02 or 03 and x
 * @returns {Uint8Array} 04, x and y
 * @throws {Fault} where it is no point of the curve
 */
export function decompress(name, point) {
  const { prime, b, size } = CURVES[name];
  const x = toNumber(point.subarray(1));
  if (point.length !== size + 1 || (point[0] !== 2 && point[0] !== 3) || x >= prime) {
    throw new Fault("this is no point of its curve");
  }
  const square = (((x * x - 3n) * x + b) % prime + prime) % prime;
  const root = power(square, (prime + 1n) / 4n, prime);
  if ((root * root) % prime !== square) throw new Fault("this is no point of its curve");
  const y = (root & 1n) === BigInt(point[0] & 1) ? root : prime - root;
  return concat(Uint8Array.of(4), padded(x, size), padded(y, size));
}

/** @param {bigint} base @param {bigint} exponent @param {bigint} modulus */
function power(base, exponent, modulus) {
  let result = 1n;
  for (let rest = exponent, factor = base; rest; rest >>= 1n, factor = (factor * factor) % modulus) {
    if (rest & 1n) result = (result * factor) % modulus;
  }
  return result;
}

/** @param {bigint} number @param {number} size */
function padded(number, size) {
  const bytes = fromNumber(number);
  return concat(new Uint8Array(size - bytes.length), bytes);
}
