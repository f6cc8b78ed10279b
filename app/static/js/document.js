/** One document: it follows what happens to it, shows more of its passages, and is edited. */
import { ApiError, call } from "./api.js";
import { bindFacts } from "./facts.js";
import { bindOpens } from "./opens.js";
import { part } from "./rows.js";
import { isBusy, write, writeStanding } from "./standing.js";
import { writeTimes } from "./times.js";
import { sayError } from "./toast.js";
import { Watch } from "./watch.js";

/** @typedef {import("./standing.js").Shown} Shown */
/** @typedef {{ordinal: number, text: string, headings: string[], page_from: number | null, page_to: number | null, kind: string}} Passage */

const AT_ONCE = 200;
const one = part(document, "[data-one]");
const list = part(document, "[data-passage-list]");
const more = part(document, "[data-passages-more]");
const watch = new Watch(look);

bindOpens();
bindFacts();
more.querySelector("a")?.addEventListener("click", (event) => {
  event.preventDefault();
  void addPassages().catch(sayError);
});
for (const button of one.querySelectorAll("[data-again]")) {
  button.addEventListener("api:done", (event) => {
    show(/** @type {CustomEvent} */ (event).detail);
    watch.start();
  });
}
if (isBusy({ status: part(one, ".standing").dataset.standing || "" })) watch.start();
addEventListener("hashchange", () => void reach());
void reach();

async function look() {
  const shown = await call("GET", `/api/documents/${one.dataset.one}`);
  show(shown);
  return isBusy(shown);
}

/** @param {Shown} shown */
function show(shown) {
  writeStanding(part(one, ".standing"), shown);
  write(part(one, "[data-pages]"), String(shown.pages_total || "–"));
  write(part(one, "[data-passages]"), String(shown.passages_total || "–"));
  write(part(one, "[data-cited]"), String(shown.times_cited));
  const older = shown.live_version && shown.live_version !== shown.version;
  write(part(one, "[data-version-words]"), `${shown.version}${older ? `; version ${shown.live_version} answers` : ""}`);
  showLearned(shown.learned_at);
  showFailure(shown);
  showWarnings(shown);
  if (String(shown.live_version) !== one.dataset.version) {
    one.dataset.version = String(shown.live_version);
    void startPassagesAnew().catch(sayError);
  }
}

/** @param {string | null} at */
function showLearned(at) {
  const place = part(one, "[data-learned]");
  if (!at) return;
  const time = place.querySelector("time") || document.createElement("time");
  time.dateTime = at;
  if (!time.isConnected) place.replaceChildren(time);
  writeTimes(place);
}

/** @param {Shown} shown */
function showFailure(shown) {
  const box = part(one, "[data-failure]");
  const failed = shown.status === "failed";
  if (!failed && box.contains(document.activeElement)) part(one, "#doc-title").focus();
  box.hidden = !failed;
  write(part(box, "[data-error]"), shown.error);
  part(box, "[data-still]").hidden = !shown.live_version;
}

/** @param {Shown} shown */
function showWarnings(shown) {
  part(one, "[data-warnings]").hidden = !shown.warnings.length;
  part(one, "[data-warning-list]").replaceChildren(...shown.warnings.map(({ page, message }) => {
    const line = document.createElement("li");
    if (page) line.append(Object.assign(document.createElement("strong"), { textContent: `Page ${page}:` }), " ");
    line.append(message);
    return line;
  }));
}

/** A new version answers now: its passages take the place of the old ones. */
async function startPassagesAnew() {
  list.replaceChildren();
  list.dataset.last = "-1";
  await addPassages();
  part(one, "[data-passages-empty]").hidden = list.children.length > 0;
}

async function addPassages() {
  const link = part(more, "a");
  if (link.getAttribute("aria-busy") === "true") return;
  link.setAttribute("aria-busy", "true");
  try {
    const query = new URLSearchParams({ after: list.dataset.last || "-1", limit: String(AT_ONCE) });
    /** @type {{items: Passage[]}} */
    const { items } = await call("GET", `/api/documents/${one.dataset.one}/passages?${query}`);
    list.append(...items.map(passageItem));
    list.dataset.last = String(items.at(-1)?.ordinal ?? list.dataset.last);
    more.hidden = items.length < AT_ONCE;
  } finally {
    link.removeAttribute("aria-busy");
  }
}

/** @param {Passage} passage */
function passageItem(passage) {
  const template = /** @type {HTMLTemplateElement} */ (document.querySelector("template[data-passage-row]"));
  const item = /** @type {HTMLElement} */ (/** @type {Element} */ (template.content.firstElementChild).cloneNode(true));
  const number = /** @type {HTMLAnchorElement} */ (part(item, "[data-number]"));
  const page = part(item, "[data-page]");
  item.id = `p-${passage.ordinal}`;
  item.dataset.kind = passage.kind;
  number.hash = item.id;
  number.textContent = String(passage.ordinal + 1);
  number.setAttribute("aria-label", `Link to passage ${passage.ordinal + 1}`);
  part(item, "[data-path]").textContent = passage.headings.join(" › ");
  part(item, "[data-text]").textContent = passage.text;
  page.hidden = !passage.page_from;
  page.textContent = passage.page_to && passage.page_to !== passage.page_from ? `Page ${passage.page_from}–${passage.page_to}` : `Page ${passage.page_from}`;
  return item;
}

/** A link to a passage further down than what is shown: load until it is there. */
async function reach() {
  const ordinal = Number(location.hash.match(/^#p-(\d+)$/)?.[1] ?? -1);
  if (ordinal < 0 || document.getElementById(`p-${ordinal}`)) return;
  try {
    while (!more.hidden && Number(list.dataset.last) < ordinal) await addPassages();
  } catch (error) {
    if (error instanceof ApiError) sayError(error);
  }
  document.getElementById(`p-${ordinal}`)?.scrollIntoView();
}
