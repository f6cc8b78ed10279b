/** The test questions: a question that nothing answers has no document; all are asked in a job that is watched. */
import { call } from "./api.js";
import { bindOpens } from "./opens.js";
import { part } from "./rows.js";
import { write } from "./standing.js";
import { keep, sayError, toast } from "./toast.js";
import { Watch } from "./watch.js";

/** @typedef {{id: string, status: string, done: number, total: number, error: string}} Asking */

const PAUSE = 250;
const OFFERED = 50;
const box = part(document, "[data-asking]");
const run = /** @type {HTMLElement | null} */ (document.querySelector("[data-run]"));
const watch = new Watch(look);

bindOpens();
for (const choice of document.querySelectorAll("[data-answered]")) choice.addEventListener("change", settle);
settle();
bindFinding();

const now = document.querySelector("dialog[data-open-now]");
if (now instanceof HTMLDialogElement) now.showModal();

run?.addEventListener("api:done", (event) => {
  show(/** @type {CustomEvent<Asking>} */ (event).detail);
  part(box, "[data-asking-words]").focus();
  watch.start();
});
if (box.dataset.asking) watch.start();

function settle() {
  const fields = /** @type {HTMLElement | null} */ (document.querySelector("[data-answer-fields]"));
  const chosen = /** @type {HTMLInputElement | null} */ (document.querySelector("[data-answered]:checked"));
  if (!fields || !chosen) return;
  fields.hidden = chosen.value === "no";
  for (const control of fields.querySelectorAll("select, textarea")) {
    /** @type {HTMLSelectElement | HTMLTextAreaElement} */ (control).disabled = fields.hidden;
  }
}

async function look() {
  /** @type {Asking} */
  const asking = await call("GET", `/api/knowledge/runs/${box.dataset.asking}`);
  if (asking.status === "done") {
    keep("All questions were asked.");
    location.reload();
    return false;
  }
  show(asking);
  return asking.status !== "failed";
}

/** @param {Asking} asking */
function show(asking) {
  const failed = asking.status === "failed";
  const hadFocus = box.contains(document.activeElement);
  box.dataset.asking = asking.id;
  box.hidden = failed;
  if (run) run.hidden = !failed;
  if (failed && hadFocus) run?.focus();
  if (failed) toast(asking.error, "bad");
  write(part(box, "[data-asking-words]"), `${asking.done} of ${asking.total} questions asked`);
  const bar = /** @type {HTMLProgressElement} */ (part(box, "[data-asking-bar]"));
  bar.max = asking.total || 1;
  bar.value = asking.done;
}

/** Where there are more documents than a list can show, typing brings those that fit. */
function bindFinding() {
  const input = /** @type {HTMLInputElement | null} */ (document.querySelector("[data-find-document]"));
  const select = /** @type {HTMLSelectElement | null} */ (document.querySelector("#f-document_id"));
  if (!input || !select) return;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  let turn = 0;
  const find = async () => {
    const mine = ++turn;
    const query = new URLSearchParams({ search: input.value.trim(), limit: String(OFFERED) });
    try {
      const page = await call("GET", `/api/documents?${query}`);
      // An answer that was overtaken by the next letter is not heard any more.
      if (mine === turn) offer(select, page.items, Boolean(page.next_cursor));
    } catch (error) {
      sayError(error);
    }
  };
  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => void find(), PAUSE);
  });
}

/**
 * @param {HTMLSelectElement} select
 * @param {{id: string, title: string}[]} documents
 * @param {boolean} more
 */
function offer(select, documents, more) {
  const chosen = select.selectedOptions[0];
  const kept = chosen?.value && !documents.some((each) => each.id === chosen.value) ? [chosen] : [];
  const fresh = documents.map((each) => new Option(each.title, each.id, false, each.id === chosen?.value));
  select.replaceChildren(new Option("Choose one", ""), ...kept, ...fresh);
  if (chosen) select.value = chosen.value;
  if (!chosen?.value && documents.length === 1) select.value = documents[0].id;
  const words = documents.length === 1 ? "One document fits." : `${documents.length}${more ? " or more" : ""} documents fit.`;
  write(document.querySelector("[data-found-documents]"), words);
}
