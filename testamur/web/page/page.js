// The verifier page: what it was opened with, its own scanner, and the answer.

import { Checking } from "./checking.js";
import { make, show } from "./elements.js";
import { take, taken } from "./fragment.js";
import { keepLanguage, preferredLanguage, say, speak } from "./say.js";
import { photoButton, scannerView } from "./scanner_view.js";
import { reportView } from "./report_view.js";
import { Fault } from "./wrongs.js";

/**
 * @typedef {object} Site what `publish` wrote into the page
 * @property {string} name of who runs it
 * @property {string} base the path of the folder above Q
 * @property {string[]} lists addresses of its own status lists
 * @property {string[]} origins of everybody on its list of issuers
 * @property {Record<string, string>} languages by their tag, each named in itself
 * @property {number} max_age_days
 */

/** @type {Site} */
const site = JSON.parse(document.body.dataset.site ?? "{}");
const checking = new Checking(site);
/** Counts the codes that were given: an answer that comes after the next code is no longer shown. */
let codes = 0;
/** Shows the present view again, in another language. @type {() => void} */
let again = home;

async function start() {
  await speak(preferredLanguage(Object.keys(site.languages)));
  frame();
  addEventListener("hashchange", () => void opened(take()));
  if (!opened(taken)) home();
  registerWorker();
  await checking.prefetch();
}

/** Answers what a paper's own address led here with; false where it was none, as with the link to the answer.
 * @param {string} text */
function opened(text) {
  if (!/\d/.test(text)) return false;
  void answer(text, true);
  return true;
}

/** What stands above and below every view. */
function frame() {
  const chosen = make("select", { "aria-label": say("Language"), change: () => void changeLanguage(chosen.value) });
  for (const [tag, name] of Object.entries(site.languages)) chosen.append(new Option(name, tag));
  chosen.value = document.documentElement.lang;
  document.title = `${say("Check a diploma")} – ${site.name}`;
  const place = make("small", null, make("bdi", null, location.host));
  document.querySelector("body > header")?.replaceChildren(
    make("img", { src: new URL("./icons/shield.svg", import.meta.url).href, alt: "" }),
    make("p", null, make("bdi", null, site.name), place),
    ...(chosen.length > 1 ? [chosen] : []),
  );
  document.querySelector("body > footer")?.replaceChildren(
    make("p", null, say("Everything is checked on this device. Nothing about the diploma is sent anywhere.")),
    make("p", null, make("a", { href: `${site.base}/` }, say("More about the records of {name}", { name: site.name }))),
  );
  const skip = document.querySelector('a[href="#main"]');
  if (skip) skip.textContent = say("Skip to the content");
}

/** @param {string} tag */
async function changeLanguage(tag) {
  keepLanguage(tag);
  await speak(tag);
  frame();
  again();
}

function home() {
  again = home;
  show(
    make("h1", null, say("Check a diploma")),
    make("p", null, say("Scan the code on the paper. In a moment you know whether it is genuine, who issued it, and whether it still stands.")),
    buttons(say("Scan a paper")),
    make(
      "section",
      null,
      make("h2", null, say("Before you rely on an answer")),
      make("p", null, say("A forged paper can lead to a forged page. Make sure that the address is one you know: {host}", { host: location.host })),
      make("p", null, say("Best of all, open this page yourself, keep it among your bookmarks, and scan papers from here. It also works without a network once it was opened.")),
    ),
  );
}

/** @param {string} scan */
function buttons(scan) {
  const camera = make("button", { type: "button", "data-main": true, click: scanner }, scan);
  return make("menu", null, make("li", null, camera), make("li", null, photoButton(found, notFound)));
}

function scanner() {
  again = home;
  scannerView(found, home);
}

/** @param {string} text */
const found = (text) => void answer(text, false);

function notFound() {
  again = notFound;
  show(
    make("h1", null, say("No code was found in the picture")),
    make("p", null, say("Take the photo from straight above, in good light, with the whole code sharp and filling half of the picture.")),
    buttons(say("Scan with the camera")),
  );
}

/**
 * @param {string} text of a code
 * @param {boolean} wasLed whether a paper's own address led here
 */
async function answer(text, wasLed) {
  const code = ++codes;
  performance.mark("code found");
  again = busy;
  busy();
  const view = await answered(text, wasLed);
  if (code !== codes) return;
  again = view;
  again();
  performance.measure("answer", "code found");
}

function busy() {
  show(make("h1", null, say("Check a diploma")), make("p", { role: "status", "data-busy": true }, say("Checking …")));
}

/** The view of what was found. @param {string} text @param {boolean} wasLed @returns {Promise<() => void>} */
async function answered(text, wasLed) {
  try {
    const report = await checking.check(text);
    return () => show(reportView(report, { aside: wasLed ? led() : null, menu: buttons(say("Scan the next paper")) }));
  } catch (error) {
    if (error instanceof Fault) return unreadable;
    console.error(error);
    return notWhole;
  }
}

/** A forged paper can lead to a forged page, so a page that a paper led to says how to be sure. */
function led() {
  const text = say("A paper led you to this page, at {host}. If you do not know this address, open the page of the school or ministry yourself and scan the paper there.", { host: location.host });
  return make("aside", null, make("p", null, text));
}

function unreadable() {
  show(
    make("h1", null, say("This is not the code of a diploma")),
    make("p", null, say("The code was read, but it holds no record that could be checked. Scan the code that stands beside the words about checking, and make sure that the whole of it is seen.")),
    buttons(say("Scan again")),
  );
}

/** Something of the page itself is missing; nothing is said of the paper. */
function notWhole() {
  show(make("h1", null, say("We cannot tell")), make("p", null, say("This page could not be loaded whole. Load it again.")), buttons(say("Scan again")));
}

/** The page and its lists stay on this device for the next time, with or without a network. */
function registerWorker() {
  const url = `${site.base}/verifier-worker.js`;
  const types = /** @type {any} */ (globalThis).trustedTypes;
  const policy = types?.createPolicy("testamur", { createScriptURL: (/** @type {string} */ asked) => (asked === url ? asked : "") });
  navigator.serviceWorker?.register(policy?.createScriptURL(url) ?? url, { scope: `${site.base}/Q` }).catch(() => {});
}

await start();
