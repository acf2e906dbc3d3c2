// The camera of the start page. Where the browser cannot read a code, squares of the picture are read by our server.

import { bestDecoder } from "/web/decoders.js";
import { openCamera, scanVideo } from "/web/scanner.js";
import { say } from "./words.js";

/** @typedef {import("../../web/page/scanner.js").Decode} Decode */

const PAUSE = 350; // milliseconds between two frames for the server
const RECORD = /^(?:https?:\/\/[^\/\s]{1,255}\/q#)?\d{20,8000}$/i;

const WRONGS = {
  denied: () => say("The camera may not be used here. Allow it in the browser, or give a photo below."),
  missing: () => say("No camera was found. Give a photo below."),
  busy: () => say("The camera is in use elsewhere. Close the other program, or give a photo below."),
  unsupported: () => say("This browser gives no camera to this page. Give a photo below."),
};

/** Offers the camera where there may be one. @param {HTMLFormElement} form takes the text that is found */
export function startCamera(form) {
  const part = /** @type {HTMLElement} */ (document.querySelector("[data-scan]"));
  const find = (/** @type {string} */ name) => /** @type {HTMLElement} */ (part.querySelector(name));
  const [start, stop, view, told] = ["[data-start]", "[data-stop]", "[data-camera]", "[data-status]"].map(find);
  const video = /** @type {HTMLVideoElement} */ (view.querySelector("video"));
  if (!navigator.mediaDevices?.getUserMedia) return;
  part.hidden = false;
  /** @type {AbortController|undefined} */
  let running;

  start.addEventListener("click", async () => {
    running = new AbortController();
    const { signal } = running;
    show(true);
    told.textContent = say("Hold the code inside the frame.");
    try {
      const close = await openCamera(video);
      signal.addEventListener("abort", close);
      const decode = (await bestDecoder()) ?? atServer();
      const late = setTimeout(() => {
        told.textContent = say("Go closer or further away until the code is sharp, and avoid shadows.");
      }, 8000);
      const text = await scanVideo(video, decode, { accept: (found) => RECORD.test(found.trim()), refused, signal });
      clearTimeout(late);
      if (text) give(text);
    } catch (error) {
      const name = /** @type {keyof typeof WRONGS} */ (error instanceof Error ? error.name : "");
      told.textContent = (WRONGS[name] ?? WRONGS.busy)();
      show(false);
    }
  });
  stop.addEventListener("click", () => {
    end();
    told.textContent = "";
  });
  addEventListener("pagehide", end);

  function refused() {
    told.textContent = say("This is another kind of code. Look for the code of the diploma.");
  }

  /** @param {string} text */
  function give(text) {
    end();
    told.textContent = say("Checking …");
    const field = /** @type {HTMLTextAreaElement} */ (form.elements.namedItem("text"));
    field.value = text;
    form.submit();
  }

  function end() {
    running?.abort();
    show(false);
  }

  /** @param {boolean} on */
  function show(on) {
    view.hidden = stop.hidden = !on;
    start.hidden = on;
    if (on) stop.querySelector("button")?.focus();
  }
}

/** Reads a picture at our server, which forgets it. @returns {Decode} */
function atServer() {
  return async (canvas) => {
    await new Promise((done) => setTimeout(done, PAUSE));
    const frame = await new Promise((/** @type {(blob: Blob|null) => void} */ done) => canvas.toBlob(done, "image/jpeg", 0.8));
    if (!frame) return "";
    const answer = await fetch("/frame", { method: "POST", body: frame, headers: { "content-type": "image/jpeg" } }).catch(() => null);
    if (answer?.status === 429) await new Promise((done) => setTimeout(done, 1000 * Number(answer.headers.get("retry-after") ?? 5)));
    return answer?.ok ? (await answer.json()).text : "";
  };
}
