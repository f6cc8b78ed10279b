/**
 * Uploading, made comfortable: files dropped anywhere or chosen, one request each, three at a time, every one
 * with its own row. The plain form beneath works without any of this.
 */
import { showDocument } from "./documents.js";
import { UploadRow } from "./upload-row.js";
import { sendFile, Stopped } from "./sending.js";
import { part } from "./rows.js";

const AT_ONCE = 3;
const MEGABYTE = 1024 * 1024;

/** @typedef {{file: File, category: string, row: UploadRow, stop: AbortController}} Upload */

/** @type {Upload[]} */
const waiting = [];
/** @type {Set<Upload>} */
const under = new Set();
/** @type {Map<string, UploadRow>} the rows of what is being learned, by the document's id */
const learning = new Map();

const form = /** @type {HTMLFormElement} */ (document.querySelector("[data-upload]"));
const input = /** @type {HTMLInputElement} */ (part(form, "input[type='file']"));
const panel = part(document, "[data-uploads]");
const list = part(document, "[data-upload-rows]");
const veil = part(document, "[data-dropveil]");
const clear = part(document, "[data-clear]");
const kinds = (form.dataset.accepted || "").split(",");

enhance();
bindDrop();
document.addEventListener("document:settled", (event) => {
  const shown = /** @type {CustomEvent<import("./standing.js").Shown>} */ (event).detail;
  learning.get(shown.id)?.settled(shown);
  learning.delete(shown.id);
});
addEventListener("beforeunload", (event) => {
  if (under.size || waiting.length) event.preventDefault();
});

function enhance() {
  form.classList.add("drop--live");
  // Fingers cannot drop anything.
  if (matchMedia("(hover: hover)").matches) part(form, "[data-upload-title]").textContent = "Drop files anywhere, or choose them";
  part(form, "[data-upload-label]").textContent = "Choose files";
  part(form, "[data-upload-label]").className = "btn";
  input.classList.add("sr-only");
  input.required = false;
  part(form, "[data-upload-go]").hidden = true;
  input.addEventListener("change", () => {
    take(Array.from(input.files || []));
    input.value = "";
  });
  form.addEventListener("submit", (event) => {
    // Enter in the category's field: what was meant is to choose files.
    event.preventDefault();
    input.click();
  });
  clear.addEventListener("click", clearDone);
}

function bindDrop() {
  let depth = 0;
  /** @param {DragEvent} event */
  const hasFiles = (event) => event.dataTransfer?.types.includes("Files") && !document.querySelector("dialog[open]");
  document.addEventListener("dragenter", (event) => {
    if (hasFiles(event)) veil.hidden = ++depth < 1;
  });
  document.addEventListener("dragleave", (event) => {
    if (hasFiles(event)) veil.hidden = --depth < 1;
  });
  document.addEventListener("dragover", (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    if (event.dataTransfer) event.dataTransfer.dropEffect = "copy";
  });
  document.addEventListener("drop", (event) => {
    depth = 0;
    veil.hidden = true;
    if (!hasFiles(event)) return;
    event.preventDefault();
    take(dropped(/** @type {DataTransfer} */ (event.dataTransfer)));
  });
}

/**
 * The files of a drop. A folder comes along as a file that cannot be read: it is named and refused.
 * @param {DataTransfer} data
 */
function dropped(data) {
  const folders = new Set(Array.from(data.items).map((item) => item.webkitGetAsEntry?.()).filter((entry) => entry?.isDirectory).map((entry) => entry?.name));
  return Array.from(data.files).filter((file) => {
    if (!folders.has(file.name) || file.type) return true;
    newRow(file).refuse("This is a folder. Please drop the files that are in it.");
    return false;
  });
}

/** @param {File[]} files */
function take(files) {
  const category = /** @type {HTMLInputElement} */ (part(form, "[name='category']")).value.trim();
  for (const file of files) {
    const row = newRow(file);
    const problem = problemOf(file);
    if (problem) row.refuse(problem);
    else queue({ file, category, row, stop: new AbortController() });
  }
  next();
}

/** @param {File} file */
function newRow(file) {
  panel.hidden = false;
  clear.hidden = false;
  return new UploadRow(list, file);
}

/**
 * What can be said before anything is sent.
 * @param {File} file
 */
function problemOf(file) {
  const ending = file.name.toLowerCase().match(/\.[^.]+$/)?.[0] || "";
  const most = Number(form.dataset.mostMegabytes);
  if (!kinds.includes(ending)) return `This kind of file cannot be read. Please upload ${form.dataset.kinds}.`;
  if (file.size > most * MEGABYTE) return `This is larger than ${most} MB. Please split it.`;
  return file.size ? "" : "This file is empty.";
}

/** @param {Upload} upload */
function queue(upload) {
  waiting.push(upload);
  upload.row.wait(() => cancel(upload));
}

function next() {
  while (under.size < AT_ONCE) {
    const upload = waiting.shift();
    if (!upload) return;
    under.add(upload);
    void send(upload);
  }
}

/** @param {Upload} upload */
async function send(upload) {
  const { file, category, row, stop } = upload;
  try {
    const taken = await sendFile("/api/documents", file, category, (share) => row.progress(share), stop.signal);
    row.taken(taken.outcome, taken.document);
    learning.set(taken.document.id, row);
    showDocument(taken.document);
    say(`${row.name}: ${row.words}`);
  } catch (error) {
    const again = () => retry(upload);
    if (error instanceof Stopped) row.stopped(again);
    else row.fail(error, again);
    say(`${row.name}: ${row.words}`);
  } finally {
    under.delete(upload);
    next();
  }
}

/** @param {Upload} upload */
function cancel(upload) {
  const place = waiting.indexOf(upload);
  if (place < 0) return upload.stop.abort();
  waiting.splice(place, 1);
  upload.row.stopped(() => retry(upload));
}

/** @param {Upload} upload */
function retry(upload) {
  upload.stop = new AbortController();
  queue(upload);
  next();
}

function clearDone() {
  for (const row of list.querySelectorAll("[data-done='yes']")) row.remove();
  const isEmpty = !list.children.length;
  panel.hidden = isEmpty;
  if (isEmpty) input.focus();
}

/** @param {string} text */
function say(text) {
  part(document, "[data-upload-said]").textContent = text;
}
