// Elements made without HTML text, so that no word of a stranger is ever read as markup.

/** @typedef {Node|string|null|undefined|false} Child */

/**
 * @template {keyof HTMLElementTagNameMap} Name
 * @param {Name} name
 * @param {Record<string, string|boolean|EventListener>|null} members attributes; functions become listeners
 * @param {...Child} children
 * @returns {HTMLElementTagNameMap[Name]}
 */
export function make(name, members, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(members ?? {})) {
    if (typeof value === "function") element.addEventListener(key, value);
    else if (value === true) element.setAttribute(key, "");
    else if (value !== false) element.setAttribute(key, value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined && child !== false && child !== ""));
  return element;
}

/** Words of a stranger, apart from the sentence around them. @param {string} text */
export const foreign = (text) => make("bdi", null, text);

/** Names and values; pairs without a value are left out. @param {...[string, Child]} pairs */
export function facts(...pairs) {
  const told = pairs.filter(([, value]) => value);
  return make("dl", null, ...told.flatMap(([name, value]) => [make("dt", null, name), make("dd", null, value)]));
}

/**
 * Shows a view in place of the last one, and leads a screen reader to its heading.
 * @param {...Child} children
 */
export function show(...children) {
  const main = /** @type {HTMLElement} */ (document.querySelector("main"));
  main.replaceChildren(...make("div", null, ...children).childNodes);
  const heading = main.querySelector("h1");
  if (!heading) return;
  heading.tabIndex = -1;
  heading.focus({ preventScroll: true });
  scrollTo(0, 0);
}
