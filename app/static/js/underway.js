/** What goes on beside the documents: sitemaps being taken in, and a move to another embedding model. */
import { call } from "./api.js";
import { showNewest } from "./documents.js";
import { part } from "./rows.js";
import { write } from "./standing.js";
import { Watch } from "./watch.js";

/**
 * @typedef {object} Sitemap
 * @property {string} id
 * @property {string} url
 * @property {"queued" | "listing" | "adding" | "done" | "failed"} status
 * @property {number} total
 * @property {number} done
 * @property {number} added
 * @property {number} renewed
 * @property {number} refused
 * @property {string} note
 * @property {string} error
 */
/** @typedef {{total: number, done: number, stopped: boolean, error: string}} Move */

const section = part(document, "[data-sitemaps]");
const rows = part(section, "[data-sitemap-rows]");
const box = part(document, "[data-move]");
const watch = new Watch(look);

document.addEventListener("sitemap:given", (event) => {
  show(/** @type {CustomEvent<Sitemap>} */ (event).detail);
  watch.start();
});
rows.addEventListener("api:done", acted);
box.addEventListener("api:done", (event) => {
  showMove(/** @type {CustomEvent<Move>} */ (event).detail);
  part(box, "[data-move-title]").focus();
  watch.start();
});
if (isUnderWay()) watch.start();

async function look() {
  if (rows.children.length) await lookAtSitemaps();
  if (!box.hidden) showMove((await call("GET", "/api/knowledge/move")).move);
  return isUnderWay();
}

async function lookAtSitemaps() {
  const before = dealtWith();
  /** @type {{items: Sitemap[]}} */
  const { items } = await call("GET", "/api/sitemaps");
  const known = new Set(items.map((item) => item.id));
  for (const row of Array.from(rows.children)) {
    // Somebody else put it aside.
    if (!known.has(/** @type {HTMLElement} */ (row).dataset.sitemap || "")) row.remove();
  }
  for (const item of items.reverse()) show(item);
  section.hidden = !rows.children.length;
  if (dealtWith() !== before) await showNewest();
}

/** @param {Sitemap} sitemap */
function show(sitemap) {
  let row = /** @type {HTMLElement | null} */ (rows.querySelector(`[data-sitemap="${CSS.escape(sitemap.id)}"]`));
  if (!row) {
    const template = /** @type {HTMLTemplateElement} */ (section.querySelector("template"));
    row = /** @type {HTMLElement} */ (/** @type {Element} */ (template.content.firstElementChild).cloneNode(true));
    rows.prepend(row);
    section.hidden = false;
  }
  const wasBusy = isBusy(row);
  fill(row, sitemap);
  if (wasBusy && !isBusy(row)) write(part(section, "[data-sitemaps-said]"), `${sitemap.url}: ${words(sitemap)}`);
}

/**
 * @param {HTMLElement} row
 * @param {Sitemap} sitemap
 */
function fill(row, sitemap) {
  Object.assign(row.dataset, { sitemap: sitemap.id, status: sitemap.status, done: String(sitemap.done) });
  write(part(row, "[data-sitemap-url]"), sitemap.url);
  write(part(row, "[data-sitemap-words]"), words(sitemap));
  const note = part(row, "[data-sitemap-note]");
  write(note, sitemap.note);
  note.hidden = !sitemap.note;
  const bar = /** @type {HTMLProgressElement} */ (part(row, "[data-sitemap-bar]"));
  bar.hidden = sitemap.status !== "adding";
  bar.max = sitemap.total || 1;
  bar.value = sitemap.done;
  fillButtons(row, sitemap);
}

/**
 * @param {HTMLElement} row
 * @param {Sitemap} sitemap
 */
function fillButtons(row, sitemap) {
  const retry = /** @type {HTMLElement | null} */ (row.querySelector("[data-sitemap-retry]"));
  const forget = /** @type {HTMLElement | null} */ (row.querySelector("[data-sitemap-forget]"));
  if (!retry || !forget) return;
  if (sitemap.status !== "failed" && document.activeElement === retry) forget.focus();
  retry.hidden = sitemap.status !== "failed";
  retry.dataset.api = `POST /api/sitemaps/${sitemap.id}/retry`;
  retry.setAttribute("aria-label", `Retry ${sitemap.url}`);
  forget.dataset.api = `DELETE /api/sitemaps/${sitemap.id}`;
  const deed = isBusy(row) ? "Stop" : "Put aside";
  write(forget, deed);
  forget.setAttribute("aria-label", `${deed} ${sitemap.url}`);
}

/** @param {Sitemap} sitemap */
function words(sitemap) {
  if (sitemap.error) return sitemap.error;
  if (sitemap.status === "queued") return "Waiting";
  if (sitemap.status === "listing") return "Fetching the sitemap";
  if (sitemap.status === "adding") return `Taking in page ${Math.min(sitemap.done + 1, sitemap.total)} of ${sitemap.total}`;
  const added = `${sitemap.added} ${sitemap.added === 1 ? "page" : "pages"} added`;
  return added + (sitemap.renewed ? `, ${sitemap.renewed} fetched again` : "") + (sitemap.refused ? `, ${sitemap.refused} left out` : "");
}

/** @param {Move | null} move */
function showMove(move) {
  const hadFocus = box.contains(document.activeElement);
  box.hidden = !move;
  if (!move) {
    if (hadFocus) part(document, "#list-title").focus();
    return;
  }
  box.classList.toggle("notice--bad", move.stopped);
  write(part(box, "[data-move-title]"), `Moving to another embedding model${move.stopped ? " has stopped" : ""}`);
  write(part(box, "[data-move-words]"), move.total ? `${move.done} of ${move.total} passages moved.` : "Beginning.");
  const bar = /** @type {HTMLProgressElement} */ (part(box, "[data-move-bar]"));
  bar.max = move.total || 1;
  bar.value = move.done;
  const error = part(box, "[data-move-error]");
  write(error, move.error);
  error.hidden = !move.error;
  const again = /** @type {HTMLElement | null} */ (box.querySelector("[data-move-again]"));
  if (again) again.hidden = !move.stopped;
}

/** @param {Event} event */
function acted(event) {
  const row = /** @type {HTMLElement} */ (/** @type {HTMLElement} */ (event.target).closest("[data-sitemap]"));
  /** @type {Sitemap | null} */
  const sitemap = /** @type {CustomEvent} */ (event).detail;
  if (sitemap) {
    fill(row, sitemap);
    watch.start();
    return;
  }
  row.remove();
  section.hidden = !rows.children.length;
  part(document, section.hidden ? "#list-title" : "#sitemaps-title").focus();
}

/** @param {Element} row */
function isBusy(row) {
  return ["queued", "listing", "adding"].includes(/** @type {HTMLElement} */ (row).dataset.status || "");
}

/** How many pages all of them have dealt with: when it changes, there are new documents to show. */
function dealtWith() {
  return Array.from(rows.children).reduce((sum, row) => sum + Number(/** @type {HTMLElement} */ (row).dataset.done || 0), 0);
}

function isUnderWay() {
  return Array.from(rows.children).some(isBusy) || (!box.hidden && !box.classList.contains("notice--bad"));
}
