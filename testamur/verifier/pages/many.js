// Many files at once: sent in small portions, answered one by one, kept in this page only.

import { say } from "./words.js";

const FEW = 8; // up to here the ordinary answer page shows each of them
const PORTION = 6;
const PORTION_BYTES = 20_000_000;
const ATTEMPTS = 6;

/** @typedef {{name: string, headline: string, title: string, who: string, error: string, slip: string}} Line */

/** Whether these are shown in a list with progress. @param {File[]} files */
export const wantsMany = (files) => files.length > FEW || files.some((file) => /\.zip$/i.test(file.name));

/**
 * Checks the files and shows the answers as they come.
 * @param {File[]} files
 * @param {HTMLFormElement} form
 */
export async function manyFiles(files, form) {
  const view = list(files.length);
  const main = /** @type {HTMLElement} */ (document.getElementById("main"));
  main.replaceChildren(...view.parts);
  /** @type {string[]} */
  const slips = [];
  let done = 0;
  for (const portion of portions(files)) {
    for await (const line of answers(portion, form.action)) {
      slips.push(line.slip);
      view.add(line);
    }
    done += portion.length;
    view.progress(done);
  }
  view.finish(slips);
}

/** @param {File[]} files */
function* portions(files) {
  /** @type {File[]} */
  let portion = [];
  let size = 0;
  for (const file of files) {
    if (portion.length && (portion.length === PORTION || size + file.size > PORTION_BYTES)) {
      yield portion;
      [portion, size] = [[], 0];
    }
    portion.push(file);
    size += file.size;
  }
  if (portion.length) yield portion;
}

/**
 * The answer for each file of a portion, as soon as it is there; what was not answered says so.
 * @param {File[]} portion
 * @param {string} action the address of the form, which names the language
 * @returns {AsyncGenerator<Line>}
 */
async function* answers(portion, action) {
  const url = new URL("/look" + new URL(action).search, location.href);
  const failed = say("It was not answered. Try it again, alone.");
  let count = 0;
  try {
    const answer = await sent(url, portion);
    if (!answer?.body) throw new Error("no answer");
    for await (const line of lines(answer.body)) {
      count += 1;
      yield JSON.parse(line);
    }
  } catch {
    // what is missing is told below
  }
  if (count) return;
  for (const file of portion) yield { name: file.name, headline: "cannot_tell", title: "", who: "", error: failed, slip: "" };
}

/** Sends a portion, and waits where it is told to. @param {URL} url @param {File[]} portion */
async function sent(url, portion) {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const body = new FormData();
    for (const file of portion) body.append("file", file, file.webkitRelativePath || file.name);
    const answer = await fetch(url, { method: "POST", body }).catch(() => null);
    if (answer?.ok) return answer;
    if (answer && answer.status !== 429 && answer.status < 500) return null;
    await new Promise((done) => setTimeout(done, 1000 * Number(answer?.headers.get("retry-after") ?? 2)));
  }
  return null;
}

/** @param {ReadableStream<Uint8Array>} stream */
async function* lines(stream) {
  const reader = stream.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { done, value } = await reader.read();
    const pieces = (rest + (value ?? "")).split("\n");
    rest = done ? "" : /** @type {string} */ (pieces.pop());
    yield* pieces.filter(Boolean);
    if (done) return;
  }
}

/** The list as it is shown. @param {number} total */
function list(total) {
  const title = make("h1", say("Answers for {count} files", { count: total }));
  title.tabIndex = -1;
  const bar = make("progress");
  bar.max = total;
  bar.setAttribute("aria-label", say("Files that were looked at"));
  const told = make("p");
  told.setAttribute("role", "status");
  const body = make("tbody");
  const head = make("tr", make("th", say("Answer")), make("th", say("Who and what")), make("th", say("File")));
  for (const cell of head.children) cell.setAttribute("scope", "col");
  const frame = make("figure", make("table", make("thead", head), body));
  frame.tabIndex = 0;
  const parts = [title, bar, told, frame];
  const kept = document.querySelector("template[data-keeping]"); // before the page is replaced
  /** @type {Map<string, number>} */
  const counts = new Map();
  const summary = () => [...counts].map(([name, count]) => say("{title}: {count}", { title: name, count })).join(" · ");
  return {
    parts,
    /** @param {Line} line */
    add(line) {
      const named = line.title || say("No record was found");
      counts.set(named, (counts.get(named) ?? 0) + 1);
      const answer = make("td", named);
      answer.dataset.headline = line.headline;
      body.append(make("tr", answer, make("td", make("bdi", line.who)), make("td", make("bdi", line.name))));
    },
    /** @param {number} done */
    progress(done) {
      bar.value = done;
      told.textContent = [say("{done} of {total} files", { done, total }), summary()].join(" · ");
    },
    /** @param {string[]} slips */
    finish(slips) {
      bar.remove();
      told.textContent = summary();
      const copy = /** @type {HTMLTemplateElement} */ (kept).content.cloneNode(true);
      const field = /** @type {HTMLInputElement} */ (/** @type {DocumentFragment} */ (copy).querySelector("[name=slips]"));
      field.value = slips.filter(Boolean).join("\n");
      document.getElementById("main")?.append(copy);
      title.focus();
    },
  };
}

/**
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} name
 * @param {...(Node|string)} children
 */
function make(name, ...children) {
  const element = document.createElement(name);
  element.append(...children);
  return element;
}
