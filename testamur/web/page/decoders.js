// What reads a QR code in a picture: the browser itself where it can, else ZXing compiled to WebAssembly.

/** @typedef {import("./scanner.js").Decode} Decode */

/**
 * The best that is to be had here; null where nothing can read a picture and a server or a person must.
 * @returns {Promise<Decode|null>}
 */
export async function bestDecoder() {
  return (await nativeDecoder()) ?? (await wasmDecoder());
}

/**
 * The browser's own, where it knows QR codes.
 * @returns {Promise<Decode|null>}
 */
export async function nativeDecoder() {
  try {
    const Detector = /** @type {any} */ (globalThis).BarcodeDetector;
    if (!(await Detector?.getSupportedFormats())?.includes("qr_code")) return null;
    const detector = new Detector({ formats: ["qr_code"] });
    return async (canvas) => longest((await detector.detect(canvas)).map((/** @type {any} */ code) => code.rawValue));
  } catch {
    return null; // some browsers name it and then cannot
  }
}

/** @type {Promise<Decode|null>|undefined} */
let wasm;

/**
 * ZXing, fetched once from where this page lies; null where the page was built without it.
 * @returns {Promise<Decode|null>}
 */
export function wasmDecoder() {
  wasm ??= loadWasm().catch(() => {
    wasm = undefined; // the next attempt may have a network again
    return null;
  });
  return wasm;
}

/** @returns {Promise<Decode>} */
async function loadWasm() {
  const { prepareZXingModule, readBarcodes } = await import("./parts/zxing/reader/index.js");
  const locateFile = () => new URL("./parts/zxing/reader/zxing_reader.wasm", import.meta.url).href;
  await prepareZXingModule({ overrides: { locateFile }, fireImmediately: true });
  return async (canvas) => {
    const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
    const picture = pen.getImageData(0, 0, canvas.width, canvas.height);
    const found = await readBarcodes(picture, { formats: ["QRCode"], maxNumberOfSymbols: 4 });
    return longest(found.map((/** @type {any} */ code) => code.text));
  };
}

/**
 * Of several codes on a page the one that can hold a record.
 * @param {string[]} texts
 */
function longest(texts) {
  return texts.reduce((best, text) => (text && text.length > best.length ? text : best), "");
}
