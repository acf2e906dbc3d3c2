// From a camera or a photo to the text of a QR code. What reads the picture is handed in (decoders.js).

/**
 * Reads one picture.
 * @callback Decode
 * @param {HTMLCanvasElement} canvas the picture, upright
 * @returns {Promise<string>} the text of the code in it, "" where there is none
 */

const MAX_SIDE = 1080; // of a camera's frame: more costs time and finds no more
const PHOTO_SIDES = [1600, 2600, 900]; // a photo is tried at these sizes: its code may be small, or blurred when large
const MAX_PHOTO = 40_000_000; // bytes

/** The camera cannot be used; `name` says why: "denied", "missing", "busy" or "unsupported". */
export class CameraError extends Error {
  /** @param {"denied"|"missing"|"busy"|"unsupported"} name */
  constructor(name) {
    super(name);
    this.name = name;
  }
}

/**
 * Shows the camera at the back in a video element.
 * @param {HTMLVideoElement} video
 * @returns {Promise<() => void>} ends it
 * @throws {CameraError}
 */
export async function openCamera(video) {
  if (!navigator.mediaDevices?.getUserMedia) throw new CameraError("unsupported");
  const wanted = { facingMode: { ideal: "environment" }, width: { ideal: 1920 }, height: { ideal: 1080 } };
  const stream = await navigator.mediaDevices.getUserMedia({ audio: false, video: wanted }).catch((error) => {
    throw new CameraError(reason(error));
  });
  const stop = () => {
    for (const track of stream.getTracks()) track.stop();
    video.srcObject = null;
  };
  video.muted = true;
  video.playsInline = true;
  video.srcObject = stream;
  await video.play().catch(() => {
    stop();
    throw new CameraError("busy");
  });
  return stop;
}

/** @param {unknown} error */
function reason(error) {
  const name = error instanceof Error || error instanceof DOMException ? error.name : "";
  if (name === "NotAllowedError" || name === "SecurityError") return "denied";
  return name === "NotFoundError" || name === "OverconstrainedError" ? "missing" : "busy";
}

/**
 * Looks at the centre square of one frame after the other until a code is found that `accept` wants.
 * @param {HTMLVideoElement} video
 * @param {Decode} decode
 * @param {{accept?: (text: string) => boolean, refused?: (text: string) => void, signal?: AbortSignal}} [options]
 * @returns {Promise<string>} its text, "" once it was given up by `signal`
 */
export async function scanVideo(video, decode, { accept = () => true, refused, signal } = {}) {
  const canvas = document.createElement("canvas");
  for (let frame = 0; !signal?.aborted; frame++) {
    if (video.videoWidth && !video.paused) {
      drawSquare(canvas, video, frame % 3 === 2 ? 0.6 : 1);
      const text = await decode(canvas);
      if (signal?.aborted) break;
      if (text && accept(text)) return text;
      if (text) refused?.(text);
    }
    await nextFrame(video);
  }
  return "";
}

/**
 * Looks at a photo, at several sizes.
 * @param {Blob} file
 * @param {Decode} decode
 * @returns {Promise<string>} the text of the code in it, "" where there is none or it is no picture
 */
export async function scanPhoto(file, decode) {
  if (file.size > MAX_PHOTO) return "";
  const picture = await createImageBitmap(file).catch(() => null);
  if (!picture) return "";
  try {
    const canvas = document.createElement("canvas");
    const largest = Math.max(picture.width, picture.height);
    for (const side of new Set(PHOTO_SIDES.map((each) => Math.min(each, largest)))) {
      drawWhole(canvas, picture, side / largest);
      const text = await decode(canvas);
      if (text) return text;
    }
    return "";
  } finally {
    picture.close();
  }
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {HTMLVideoElement} video
 * @param {number} part how much of the square is taken: a smaller part shows a far code larger
 */
function drawSquare(canvas, video, part) {
  const side = Math.min(video.videoWidth, video.videoHeight) * part;
  canvas.width = canvas.height = Math.min(Math.round(side), MAX_SIDE);
  const [left, top] = [(video.videoWidth - side) / 2, (video.videoHeight - side) / 2];
  pen(canvas).drawImage(video, left, top, side, side, 0, 0, canvas.width, canvas.height);
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {ImageBitmap} picture
 * @param {number} scale
 */
function drawWhole(canvas, picture, scale) {
  canvas.width = Math.max(1, Math.round(picture.width * scale));
  canvas.height = Math.max(1, Math.round(picture.height * scale));
  pen(canvas).drawImage(picture, 0, 0, canvas.width, canvas.height);
}

/** @param {HTMLCanvasElement} canvas */
function pen(canvas) {
  return /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d", { willReadFrequently: true }));
}

/** @param {HTMLVideoElement} video */
function nextFrame(video) {
  return new Promise((done) => {
    const late = setTimeout(done, 250); // a video that stands still calls nobody back
    const soon = () => {
      clearTimeout(late);
      done(undefined);
    };
    if ("requestVideoFrameCallback" in video) video.requestVideoFrameCallback(soon);
    else requestAnimationFrame(soon);
  });
}
