/** Tickets: filters that work at once, cards that can be dragged, moments in the organization's own zone. */
import { call } from "./api.js";
import { showError } from "./form-errors.js";
import { wallIn } from "./hours-words.js";
import { bindOpens } from "./opens.js";
import { keep, sayError } from "./toast.js";

for (const control of document.querySelectorAll("[data-submits]")) {
  control.addEventListener("change", () => /** @type {HTMLSelectElement} */ (control).form?.requestSubmit());
}
bindOpens();
bindBoard();
bindForm();

/** Dragging is a short cut for the menu of each card, which works with every device. */
function bindBoard() {
  /** @type {HTMLElement | null} */
  let moving = null;
  for (const card of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-ticket]"))) {
    card.draggable = true;
    card.addEventListener("dragstart", (event) => {
      moving = card;
      card.classList.add("is-moving");
      event.dataTransfer?.setData("text/plain", `#${card.dataset.number}`);
    });
    card.addEventListener("dragend", () => {
      card.classList.remove("is-moving");
      moving = null;
    });
  }
  for (const column of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-status]"))) {
    column.addEventListener("dragover", (event) => {
      if (!moving) return;
      event.preventDefault();
      column.classList.add("is-over");
    });
    column.addEventListener("dragleave", (event) => {
      if (!column.contains(/** @type {Node | null} */ (event.relatedTarget))) column.classList.remove("is-over");
    });
    column.addEventListener("drop", (event) => {
      event.preventDefault();
      column.classList.remove("is-over");
      if (moving && !column.contains(moving)) void move(moving, column);
    });
  }
}

/**
 * Shown at once, and taken back where the server refuses.
 * @param {HTMLElement} card
 * @param {HTMLElement} column
 */
async function move(card, column) {
  const before = card.parentElement;
  const next = card.nextSibling;
  column.querySelector("ul")?.prepend(card);
  try {
    await call("PATCH", `/api/tickets/${card.dataset.ticket}`, { status: column.dataset.status });
    keep(`Ticket ${card.dataset.number} has been moved.`);
    location.reload();
  } catch (error) {
    before?.insertBefore(card, next);
    sayError(error);
  }
}

/** A field of the browser knows no zone, the server wants one: what is sent is written anew. */
function bindForm() {
  const form = /** @type {HTMLFormElement | null} */ (document.querySelector("[data-ticket-form]"));
  if (!form) return;
  const due = /** @type {HTMLInputElement} */ (form.elements.namedItem("due_at"));
  const { zone = "UTC", moment } = due.dataset;
  const was = moment ? clock(zone, new Date(moment)) : "";
  due.value = was;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    event.stopImmediatePropagation();
    void save(form, due.value === was ? undefined : due.value && momentOf(zone, due.value).toISOString());
  }, { capture: true });
}

/**
 * @param {HTMLFormElement} form
 * @param {string | undefined} due
 */
async function save(form, due) {
  const said = Object.fromEntries(new FormData(form));
  /** @type {Record<string, unknown>} */
  const body = { ...said, assignee_id: said.assignee_id || null };
  delete body.due_at;
  if (due !== undefined) body.due_at = due || null;
  try {
    await call("PATCH", form.dataset.api?.split(" ")[1] || "", body);
    keep(form.dataset.toast || "");
    location.reload();
  } catch (error) {
    showError(form, error);
  }
}

/** What the organization's clock shows, as the field wants it. @param {string} zone @param {Date} at */
function clock(zone, at) {
  const { date, minute } = wallIn(zone, at);
  const two = (/** @type {number} */ number) => String(number).padStart(2, "0");
  return `${date}T${two(Math.floor(minute / 60))}:${two(minute % 60)}`;
}

/** When its clock shows this. Twice, since the first guess may lie beyond a change of the clocks. @param {string} zone @param {string} shown */
function momentOf(zone, shown) {
  const wanted = Date.parse(`${shown}Z`);
  let guess = wanted;
  for (let time = 0; time < 2; time += 1) guess += wanted - Date.parse(`${clock(zone, new Date(guess))}Z`);
  return new Date(guess);
}
