// Opens what lies behind a link: the key is in the fragment and never leaves this browser.

const NONCE = 12;
const status = /** @type {HTMLElement} */ (document.querySelector("[data-status]"));
const name = status.dataset.link ?? "";

open().then(show, (wrong) => {
  status.textContent = (wrong === "over" ? status.dataset.over : status.dataset.broken) ?? "";
});

async function open() {
  const key = fromBase64url(location.hash.slice(1));
  if (key.length !== 32) throw "broken";
  const answer = await fetch(`/s/${encodeURIComponent(name)}/content`, { cache: "no-store", credentials: "omit" });
  if (!answer.ok) throw "over";
  const sealed = new Uint8Array(await answer.arrayBuffer());
  const imported = await crypto.subtle.importKey("raw", key, "AES-GCM", false, ["decrypt"]);
  const how = { name: "AES-GCM", iv: sealed.subarray(0, NONCE), additionalData: new TextEncoder().encode(name) };
  return JSON.parse(new TextDecoder().decode(await crypto.subtle.decrypt(how, imported, sealed.subarray(NONCE))));
}

/** @param {any} copy */
function show(copy) {
  const title = /** @type {HTMLElement} */ (document.querySelector("[data-title]"));
  title.textContent = copy.award;
  const list = /** @type {HTMLElement} */ (document.querySelector("dl"));
  for (const [called, value] of [...copy.lines, ["Issuer", copy.issuer]]) list.append(element("dt", inWords(called)), element("dd", value));
  const file = /** @type {HTMLAnchorElement} */ (document.querySelector("[data-file]"));
  const bytes = Uint8Array.from(atob(copy.file.data), (letter) => letter.charCodeAt(0));
  file.href = URL.createObjectURL(new Blob([bytes], { type: "application/octet-stream" }));
  file.download = copy.file.name;
  status.textContent = "";
  for (const part of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-shown]"))) part.hidden = false;
}

/** @param {string} tag @param {string} text */
function element(tag, text) {
  const made = document.createElement(tag);
  const apart = document.createElement("bdi");
  apart.textContent = String(text);
  made.append(apart);
  return made;
}

/** What a part is called in the reader's language. @param {string} called */
function inWords(called) {
  return document.querySelector(`[data-name="${CSS.escape(called)}"]`)?.textContent ?? called;
}

/** @param {string} text */
function fromBase64url(text) {
  try {
    return Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));
  } catch {
    return new Uint8Array();
  }
}
