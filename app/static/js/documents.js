/** The register of documents: rows that follow what happens, and ways to add what is not a file. */
import { call } from "./api.js";
import { bindOpens } from "./opens.js";
import { bindMore, part } from "./rows.js";
import { isBusy, sizeWords, write, writeStanding } from "./standing.js";
import { writeTimes } from "./times.js";
import { toast } from "./toast.js";
import { Watch } from "./watch.js";

/** @typedef {import("./standing.js").Shown} Shown */

/** Beyond the newest hundred, this many busy rows are asked for one by one. */
const ONE_BY_ONE = 6;
/** @type {Record<string, string>} */
const OUTCOMES = {
  added: "is being learned.",
  replaced: "is being learned anew; the text before answers meanwhile.",
  duplicate: "is known already, word for word.",
  relabelled: "is known already, word for word. Only what is said about it was changed.",
};

/** What was just given and has no row here, since the list is narrowed: followed all the same. */
const followed = new Set();
const rows = part(document, "[data-rows]");
const watch = new Watch(look);

bindOpens();
bindMore(fill);
document.querySelector("a[data-more]")?.addEventListener("click", (event) => event.preventDefault());
for (const form of document.querySelectorAll("form[data-adds]")) form.addEventListener("api:done", added);
rows.addEventListener("api:done", acted);
count();
if (busyIds().length) watch.start();

/**
 * Shows a document that was just given: in its row if it has one, else in a new one on top.
 * @param {Shown} shown
 */
export function showDocument(shown) {
  const known = rowOf(shown.id);
  if (known) fill(known, shown);
  else if (!rows.dataset.narrowed) insert(shown);
  else if (isBusy(shown)) followed.add(shown.id);
  count();
  if (isBusy(shown)) watch.start();
}

/** Shows what has come in by itself: the newest documents that have no row yet. */
export async function showNewest() {
  if (rows.dataset.narrowed) return;
  const page = await call("GET", "/api/documents?limit=50");
  const first = /** @type {HTMLElement | null} */ (rows.firstElementChild);
  const known = page.items.findIndex((/** @type {Shown} */ item) => rowOf(item.id));
  const fresh = known < 0 && first ? page.items : page.items.slice(0, known < 0 ? undefined : known);
  for (const item of fresh.reverse()) showDocument(item);
}

/**
 * What became of something given, as a sentence.
 * @param {string} outcome
 * @param {Shown} shown
 */
export function outcomeWords(outcome, shown) {
  return `“${shown.title}” ${OUTCOMES[outcome] || "was taken."}`;
}

/** @param {Shown} shown */
function insert(shown) {
  const template = /** @type {HTMLTemplateElement} */ (document.querySelector("template[data-row]"));
  const row = /** @type {HTMLElement} */ (/** @type {Element} */ (template.content.firstElementChild).cloneNode(true));
  fill(row, shown);
  rows.prepend(row);
}

/**
 * Writes a document into its row; what is the same stays untouched, so that focus and selection survive.
 * @param {HTMLElement} row
 * @param {Shown} shown
 */
function fill(row, shown) {
  row.dataset.document = shown.id;
  const title = /** @type {HTMLAnchorElement} */ (part(row, "[data-title]"));
  title.href = `/dashboard/documents/${shown.id}`;
  write(title.firstElementChild, shown.title);
  write(part(row, "[data-origin]"), origin(shown));
  write(part(row, "[data-category]"), shown.category || "–");
  write(part(row, "[data-passages]"), String(shown.passages_total));
  write(part(row, "[data-cited]"), String(shown.times_cited));
  writeStanding(part(row, ".standing"), shown);
  for (const icon of row.querySelectorAll("[data-source-icon]")) {
    if (/** @type {HTMLElement} */ (icon).dataset.sourceIcon !== shown.source) icon.remove();
  }
  const time = /** @type {HTMLTimeElement} */ (part(row, "[data-changed] time"));
  time.dateTime = shown.updated_at;
  writeTimes(part(row, "[data-changed]"));
  nameButtons(row, shown);
}

/**
 * @param {HTMLElement} row
 * @param {Shown} shown
 */
function nameButtons(row, shown) {
  const retry = /** @type {HTMLElement | null} */ (row.querySelector("[data-retry]"));
  const remove = /** @type {HTMLElement | null} */ (row.querySelector("[data-delete]"));
  if (!retry || !remove) return;
  if (shown.status !== "failed" && document.activeElement === retry) part(row, "[data-title]").focus();
  retry.hidden = shown.status !== "failed";
  retry.dataset.api = `POST /api/documents/${shown.id}/retry`;
  retry.setAttribute("aria-label", `Retry “${shown.title}”`);
  remove.dataset.api = `DELETE /api/documents/${shown.id}`;
  remove.dataset.toast = `“${shown.title}” is deleted.`;
  remove.dataset.confirm = `Delete “${shown.title}”?`;
  remove.setAttribute("aria-label", `Delete “${shown.title}”`);
}

/** @param {Shown} shown */
function origin(shown) {
  if (shown.source === "file") return `${shown.file_name} · ${sizeWords(shown.size_bytes)}`;
  if (shown.source === "page") return shown.source_url || "";
  return shown.source === "question" ? "Question with answer" : "Typed text";
}

/** One look at whatever is under way. */
async function look() {
  const waiting = new Set([...busyIds(), ...followed]);
  const page = await call("GET", "/api/documents?limit=100");
  for (const shown of page.items) {
    if (waiting.delete(shown.id)) settle(shown);
  }
  for (const id of Array.from(waiting).slice(0, ONE_BY_ONE)) await lookAt(id);
  count();
  return busyIds().length > 0 || followed.size > 0;
}

/** @param {string} id */
async function lookAt(id) {
  try {
    settle(await call("GET", `/api/documents/${id}`));
  } catch (error) {
    // Somebody else deleted it meanwhile.
    if (/** @type {{status?: number}} */ (error).status !== 404) return;
    rowOf(id)?.remove();
    followed.delete(id);
  }
}

/** @param {Shown} shown */
function settle(shown) {
  const row = rowOf(shown.id);
  if (row) fill(row, shown);
  if (!isBusy(shown)) {
    followed.delete(shown.id);
    document.dispatchEvent(new CustomEvent("document:settled", { detail: shown }));
  }
  if (shown.status === "ready") say(`“${shown.title}” is ready.`);
  if (shown.status === "failed") say(`“${shown.title}” could not be learned. ${shown.error}`);
}

/** @param {string} text */
function say(text) {
  part(document, "[data-said]").textContent = text;
}

/** @param {Event} event */
function added(event) {
  const form = /** @type {HTMLFormElement} */ (event.target);
  /** @type {{items: {outcome: string, document: Shown}[], sitemap: object | null}} */
  const { items, sitemap } = /** @type {CustomEvent} */ (event).detail;
  event.preventDefault();
  form.closest("dialog")?.close();
  form.reset();
  for (const item of Array.from(items).reverse()) showDocument(item.document);
  if (sitemap) document.dispatchEvent(new CustomEvent("sitemap:given", { detail: sitemap }));
  toast(sitemap ? "The sitemap is being taken in." : outcomeWords(items[0].outcome, items[0].document));
}

/** @param {Event} event */
function acted(event) {
  const button = /** @type {HTMLElement} */ (event.target);
  const row = /** @type {HTMLElement} */ (button.closest("[data-document]"));
  const shown = /** @type {CustomEvent} */ (event).detail;
  if (shown) return showDocument(shown);
  const next = /** @type {HTMLElement | null} */ (row.nextElementSibling || row.previousElementSibling);
  row.remove();
  count();
  (next ? part(next, "[data-title]") : part(document, "#list-title")).focus();
}

/** Keeps the number in the heading, and shows the register or the words for an empty one. */
function count() {
  const number = rows.children.length;
  const place = part(document, "[data-count]");
  const more = place.dataset.moreExist && document.querySelector("[data-more]") ? "+" : "";
  write(place, `${number}${more}`);
  part(document, "[data-table]").hidden = number === 0;
  part(document, "[data-empty]").hidden = number > 0;
  const busy = busyIds().length;
  const note = part(document, "[data-busy]");
  note.hidden = busy === 0;
  write(note, `${busy} being learned`);
}

function busyIds() {
  const found = rows.querySelectorAll("[data-document]:has(.standing:is([data-standing='queued'], [data-standing='reading'], [data-standing='embedding']))");
  return Array.from(found, (row) => /** @type {HTMLElement} */ (row).dataset.document || "");
}

/**
 * @param {string} id
 * @returns {HTMLElement | null}
 */
function rowOf(id) {
  return rows.querySelector(`[data-document="${CSS.escape(id)}"]`);
}
