// What can be wrong, as errors.py has it: a fault speaks against a record, a doubt speaks neither way.

/** @typedef {Record<string, string|number|Date>} Parts what stands for the {names} in a message */

/** Marks a message for the catalogues (tools/words.py); it is said later. @param {string} message */
export const phrase = (message) => message;

/** Carries a sentence in English with the parts that are filled in, so that it can be said in any language. */
class Wrong extends Error {
  /**
   * @param {string} message a sentence with {names}, no full stop
   * @param {Parts} [parts]
   */
  constructor(message, parts = {}) {
    super(message);
    this.parts = parts;
  }
}

/** Something is malformed, or the answer is no. */
export class Fault extends Wrong {}

/** The question could not be answered; never to be read as yes or as no. */
export class Doubt extends Wrong {}

/**
 * The value of a function, or null where what it read is at fault.
 * @template T
 * @param {() => T} read
 * @returns {T|null}
 */
export function orNull(read) {
  try {
    return read();
  } catch (error) {
    if (error instanceof Wrong) return null;
    throw error;
  }
}

/**
 * The value of a function; what is at fault within is a doubt to whoever asks.
 * @template T
 * @param {() => T|Promise<T>} read
 * @param {string} message
 * @param {Parts} [parts]
 * @returns {Promise<T>}
 */
export async function orDoubt(read, message, parts = {}) {
  try {
    return await read();
  } catch (error) {
    if (error instanceof Doubt || !(error instanceof Wrong)) throw error;
    throw new Doubt(message, parts);
  }
}
