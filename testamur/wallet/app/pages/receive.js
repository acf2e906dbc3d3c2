// The receive page: a code before the camera, files dropped or chosen.

import { bestDecoder } from "/web/decoders.js";
import { openCamera, scanVideo } from "/web/scanner.js";

const RECORD = /^(?:(?:https?:\/\/[^/\s]{1,255}\/q#)?\d{20,8000}$|openid-credential-offer:|haip-vci:|https:\/\/\S+credential_offer)/i;

const form = /** @type {HTMLFormElement} */ (document.querySelector("form[action='/receive']"));
const input = /** @type {HTMLInputElement} */ (form.querySelector("input[type=file]"));
const chosen = /** @type {HTMLElement} */ (form.querySelector("[data-chosen]"));
const zone = /** @type {HTMLElement} */ (form.querySelector("[data-drop]"));

input.addEventListener("change", tell);
zone.addEventListener("dragover", (event) => over(event, true));
zone.addEventListener("dragleave", (event) => over(event, false));
zone.addEventListener("drop", (event) => {
  over(event, false);
  if (!event.dataTransfer?.files.length) return;
  input.files = event.dataTransfer.files;
  tell();
});

function tell() {
  chosen.textContent = [...(input.files ?? [])].map((file) => file.name).join(", ");
}

/** @param {DragEvent} event @param {boolean} is */
function over(event, is) {
  event.preventDefault();
  zone.toggleAttribute("data-over", is);
}

const part = /** @type {HTMLElement} */ (document.querySelector("[data-scan]"));
if (navigator.mediaDevices?.getUserMedia) startCamera();

function startCamera() {
  const find = (/** @type {string} */ name) => /** @type {HTMLElement} */ (part.querySelector(name));
  const [start, stop, view, told] = ["[data-start]", "[data-stop]", "[data-camera]", "[data-status]"].map(find);
  const video = /** @type {HTMLVideoElement} */ (view.querySelector("video"));
  part.hidden = false;
  /** @type {AbortController|undefined} */
  let running;

  const end = () => {
    running?.abort();
    view.hidden = stop.hidden = true;
    start.hidden = false;
  };
  start.addEventListener("click", async () => {
    running = new AbortController();
    const { signal } = running;
    view.hidden = stop.hidden = false;
    start.hidden = true;
    told.textContent = told.dataset.hold ?? "";
    try {
      const close = await openCamera(video);
      signal.addEventListener("abort", close);
      const decode = await bestDecoder();
      if (!decode) throw new Error("no reader of codes");
      const accept = (/** @type {string} */ found) => RECORD.test(found.trim());
      const refused = () => (told.textContent = told.dataset.other ?? "");
      const text = await scanVideo(video, decode, { accept, refused, signal });
      if (text) give(text);
    } catch {
      end();
      told.textContent = told.dataset.none ?? "";
    }
  });
  stop.addEventListener("click", () => {
    end();
    told.textContent = "";
  });
  addEventListener("pagehide", end);

  /** @param {string} text */
  function give(text) {
    end();
    const field = /** @type {HTMLTextAreaElement} */ (form.elements.namedItem("text"));
    field.value = text;
    form.submit();
  }
}
