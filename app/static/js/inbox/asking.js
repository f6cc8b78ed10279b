/** Small dialogs that ask for one thing: a moment, another conversation, a name. */
import { call } from "../api.js";
import { h } from "../../../../widget/dom.js";
import { words } from "./loading.js";
import { nameOf } from "./people.js";

/**
 * @param {string} title
 * @param {Node[]} inside
 * @param {string} yes
 * @returns {Promise<boolean>}
 */
export function askWith(title, inside, yes) {
  const dialog = h(
    "dialog.dialog",
    { "aria-label": title },
    // Enter presses a form's first button that submits: that has to be the one which does it.
    h("form", { method: "dialog" }, h("div.dialog__body", {}, h("h2", {}, title), ...inside), h("div.dialog__foot", {}, h("button.btn btn--quiet", { onclick: () => dialog.close("no") }, "Cancel"), h("button.btn", { type: "submit", value: "yes" }, yes))),
  );
  document.body.append(dialog);
  const back = /** @type {HTMLElement | null} */ (document.activeElement);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      back?.focus?.({ preventScroll: true });
      resolve(dialog.returnValue === "yes");
    });
  });
}

/** @param {string} label @param {Record<string, any>} props @param {string} [hint] */
export function labelled(label, props, hint) {
  const field = h("input.input", props);
  return { field, node: h("label.field", {}, h("span.field__label", {}, label), field, hint && h("span.field__hint", {}, hint)) };
}

/** A time to come, in the clock of whoever chooses it. @param {HTMLElement} _anchor @returns {Promise<Date | null>} */
export async function chooseMoment(_anchor) {
  const soon = new Date(Date.now() + 3_600_000);
  const local = new Date(soon.getTime() - soon.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
  const { field, node } = labelled("When it comes back", { type: "datetime-local", value: local, required: true }, "By the clock of this device.");
  field.addEventListener("input", () => field.setCustomValidity(new Date(field.value).getTime() <= Date.now() ? "Please choose a moment that is still to come." : ""));
  if (!(await askWith("Snooze until", [node], "Snooze"))) return null;
  const at = new Date(field.value);
  return Number.isNaN(at.getTime()) || at.getTime() <= Date.now() ? null : at;
}

/** The conversation that this one goes into. @param {import("./types.js").Whole} one @returns {Promise<string | null>} */
export async function chooseTarget(one) {
  let chosen = "";
  const list = h("div.choices", { role: "radiogroup", "aria-label": "Conversations" });
  const { field, node } = labelled("Number, name or words", { type: "search", autocomplete: "off" }, `All of #${one.number} is then read there; this one is closed and points to it.`);
  const fill = async () => {
    const typed = field.value.trim();
    const query = new URLSearchParams(typed ? { q: typed.replace(/^#/, "") } : one.contact ? { contact_id: one.contact.id } : {});
    const { items, problem } = await call("GET", `/api/conversations?limit=12&${query}`).catch((error) => ({ items: [], problem: words(error) }));
    const others = items.filter((/** @type {any} */ each) => each.id !== one.id && each.status === "open");
    list.replaceChildren(...others.map((/** @type {any} */ each) => h("label.choice", {}, h("input", { type: "radio", name: "into", value: each.id, required: true, onchange: () => (chosen = each.id) }), h("span", {}, h("strong", {}, `#${each.number} `), h("bdi", {}, nameOf(each)), h("small", { dir: "auto" }, each.preview)))));
    if (!others.length) list.replaceChildren(h("p.muted", {}, problem || (typed ? "No other conversation fits." : "They have no other that is open. Look for one above.")));
  };
  let timer = /** @type {any} */ (0);
  field.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
    if (event.key !== "Enter" && event.key !== "ArrowDown") return;
    event.preventDefault();
    list.querySelector("input")?.focus();
  });
  field.addEventListener("input", () => {
    clearTimeout(timer);
    chosen = "";
    timer = setTimeout(() => void fill(), 250);
  });
  void fill();
  return (await askWith(`Merge #${one.number} into`, [node, list], "Merge")) && chosen ? chosen : null;
}
