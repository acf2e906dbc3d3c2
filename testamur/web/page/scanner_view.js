// The scanner on the page: the camera, what it sees, and a photo where there is no camera.

import { bestDecoder } from "./decoders.js";
import { make, show } from "./elements.js";
import { isPaperCode } from "./paper_code.js";
import { say } from "./say.js";
import { CameraError, openCamera, scanPhoto, scanVideo } from "./scanner.js";
import { phrase } from "./wrongs.js";

const PATIENCE = 12_000; // after which a hint is given

/** @type {Record<string, string>} */
const TROUBLES = {
  denied: phrase("The camera may not be used here. Allow it in the browser, or give a photo below."),
  missing: phrase("No camera was found. Give a photo below."),
  busy: phrase("The camera is in use elsewhere. Close the other program, or give a photo below."),
  unsupported: phrase("This browser gives no camera to this page. Give a photo below."),
  undecoded: phrase("This browser cannot read codes by itself. Open the camera app of your phone and point it at the code, or use another browser."),
};

/**
 * Shows the camera until a code is found.
 * @param {(text: string) => void} found
 * @param {() => void} back
 */
export async function scannerView(found, back) {
  const giveUp = new AbortController();
  const leave = () => {
    giveUp.abort();
    back();
  };
  const video = make("video", { playsinline: true, muted: true, "aria-label": say("What the camera sees") });
  const said = make("p", { role: "status" }, say("Hold the code inside the frame."));
  const stop = make("button", { type: "button", click: leave }, say("Stop"));
  const use = (/** @type {string} */ text) => {
    giveUp.abort();
    found(text);
  };
  const photo = photoButton(use, () => (said.textContent = say("No code was found in the picture")));
  const figure = make("figure", { "data-camera": true }, video);
  show(make("h1", null, say("Scan a paper")), figure, said, make("menu", null, make("li", null, photo), make("li", null, stop)));
  const hint = setTimeout(() => (said.textContent = say("Go closer or further away until the code is sharp, and avoid shadows.")), PATIENCE);
  try {
    const text = await scan(video, giveUp.signal, said);
    if (text) found(text);
  } catch (error) {
    if (!(error instanceof CameraError)) throw error;
    figure.hidden = true;
    said.textContent = say(TROUBLES[error.name]);
  } finally {
    clearTimeout(hint);
  }
}

/** @param {HTMLVideoElement} video @param {AbortSignal} signal @param {HTMLElement} said */
async function scan(video, signal, said) {
  const stop = await openCamera(video);
  try {
    const decode = await bestDecoder();
    if (!decode) {
      said.textContent = say(TROUBLES.undecoded);
      return "";
    }
    const refused = () => (said.textContent = say("This is another kind of code. Look for the code of the diploma."));
    return await scanVideo(video, decode, { accept: isPaperCode, refused, signal });
  } finally {
    stop();
  }
}

/**
 * A button that takes or chooses a photo.
 * @param {(text: string) => void} found
 * @param {() => void} notFound
 */
export function photoButton(found, notFound) {
  const input = make("input", { type: "file", accept: "image/*", change: () => void read() });
  async function read() {
    const file = input.files?.[0];
    const decode = file && (await bestDecoder());
    const text = decode ? await scanPhoto(file, decode) : "";
    input.value = "";
    if (text) found(text);
    else notFound();
  }
  return make("label", null, say("Choose a photo"), input);
}
