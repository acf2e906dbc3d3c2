// Keeps the page on the device: its files from the store first, whole and of one version. `publish` writes the
// line above this one, with the digest of every file; lists and the list of issuers are the page's own affair.

/* global SHELL, BASE */
/** @typedef {{request: Request, waitUntil: (work: Promise<any>) => void, respondWith: (answer: Promise<Response>) => void}} Asked */

const worker = /** @type {any} */ (self);
const FILES = /** @type {Record<string, string>} */ (worker.SHELL); // digest by path below BASE
const HOME = `${worker.BASE}/Q/`;
const LATER = /^parts\/|^words\//; // kept when they are first used
const NAME = `testamur-page-${worker.VERSION}`;

worker.addEventListener("install", (/** @type {Asked} */ event) => event.waitUntil(install()));
worker.addEventListener("activate", (/** @type {Asked} */ event) => event.waitUntil(activate()));
worker.addEventListener("fetch", (/** @type {Asked} */ event) => {
  const path = shellPath(event.request);
  if (path !== null) event.respondWith(serve(path));
});

async function install() {
  const cache = await caches.open(NAME);
  const first = Object.keys(FILES).filter((path) => !LATER.test(path));
  await Promise.all(first.map((path) => keep(cache, path)));
  await worker.skipWaiting();
}

async function activate() {
  for (const name of await caches.keys()) {
    if (name.startsWith("testamur-page-") && name !== NAME) await caches.delete(name);
  }
  await worker.clients.claim();
}

/** The file of the shell that a request is for; null for everything else.
 * @param {Request} request */
function shellPath(request) {
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin) return null;
  if (pathname === HOME || pathname === HOME.slice(0, -1)) return "";
  const path = pathname.startsWith(HOME) ? pathname.slice(HOME.length) : null;
  return path !== null && Object.hasOwn(FILES, path) ? path : null;
}

/** @param {string} path */
async function serve(path) {
  const cache = await caches.open(NAME);
  return (await cache.match(HOME + path)) ?? keep(cache, path);
}

/** Fetches a file, holds it against its digest, and keeps it.
 * @param {Cache} cache @param {string} path @returns {Promise<Response>} */
async function keep(cache, path) {
  const answer = await fetch(HOME + path, { cache: "no-cache", integrity: FILES[path] });
  if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
  const { status, headers } = answer;
  const whole = new Response(await answer.blob(), { status, headers }); // of no redirect, which navigation refuses
  await cache.put(HOME + path, whole.clone());
  return whole;
}
