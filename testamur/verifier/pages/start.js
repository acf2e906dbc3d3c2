// The start page: the camera, dropped files, and many files at once. Without this script the form does its work.

import { manyFiles, wantsMany } from "./many.js";
import { hears } from "./words.js";
import { startCamera } from "./camera.js";

const form = /** @type {HTMLFormElement} */ (document.querySelector("[data-files]"));
const input = /** @type {HTMLInputElement} */ (form.elements.namedItem("file"));
const zone = /** @type {HTMLElement} */ (document.querySelector("[data-drop]"));

await hears(document.documentElement.lang);
startCamera(form);

/** @param {File[]} files */
function take(files) {
  if (!files.length) return;
  if (wantsMany(files)) manyFiles(files, form);
  else {
    const carried = new DataTransfer();
    for (const file of files) carried.items.add(file);
    input.files = carried.files;
    form.requestSubmit();
  }
}

input.addEventListener("change", () => take([...(input.files ?? [])]));

for (const name of ["dragenter", "dragover"]) {
  document.addEventListener(name, (event) => {
    event.preventDefault();
    zone.dataset.over = "";
  });
}
for (const name of ["dragleave", "drop"]) document.addEventListener(name, () => delete zone.dataset.over);
document.addEventListener("drop", async (event) => {
  event.preventDefault();
  take(await dropped(event.dataTransfer));
});

/**
 * The files that were dropped, those of folders among them.
 * @param {DataTransfer|null} carried
 * @returns {Promise<File[]>}
 */
async function dropped(carried) {
  const entries = [...(carried?.items ?? [])].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
  if (!entries.length) return [...(carried?.files ?? [])];
  return (await Promise.all(entries.map((entry) => within(/** @type {FileSystemEntry} */ (entry))))).flat();
}

/** @param {FileSystemEntry} entry @returns {Promise<File[]>} */
async function within(entry) {
  if (entry.name.startsWith(".")) return [];
  if (entry.isFile) {
    return new Promise((done) => /** @type {FileSystemFileEntry} */ (entry).file((file) => done([file]), () => done([])));
  }
  const reader = /** @type {FileSystemDirectoryEntry} */ (entry).createReader();
  const found = [];
  for (;;) {
    const some = await new Promise((done) => reader.readEntries(done, () => done([])));
    if (!some.length) break;
    found.push(...some);
  }
  return (await Promise.all(found.map(within))).flat();
}
