/**
 * Suggestions under the cursor of a text field: `/` for ready-made replies, `@` for colleagues. The field keeps the
 * focus; arrow keys choose, Enter or Tab takes, Escape leaves.
 *
 * @typedef {{id: string, title: string, detail?: string, node?: Node, take: () => void}} Choice
 * @typedef {{mark: string, find: (typed: string, at: {from: number, to: number}) => Choice[] | Promise<Choice[]>}} Source
 */
import { h } from "../../../../widget/dom.js";

const MOST = 8;

/**
 * What stands between the mark and the cursor, where the mark begins a word.
 * @param {string} text
 * @param {number} cursor
 * @param {string} mark
 * @returns {{typed: string, from: number, to: number} | null}
 */
export function typedAfter(text, cursor, mark) {
  const before = text.slice(0, cursor);
  const from = before.lastIndexOf(mark);
  if (from < 0 || (from > 0 && !/\s/.test(before[from - 1]))) return null;
  const typed = before.slice(from + 1);
  return /\n/.test(typed) || typed.length > 40 || /\s{2}|^\s/.test(typed) ? null : { typed, from, to: cursor };
}

/**
 * @param {HTMLTextAreaElement} field
 * @param {HTMLElement} box where the suggestions are shown
 * @param {() => Source[]} sources
 */
export function bindCompletion(field, box, sources) {
  /** @type {Choice[]} */
  let choices = [];
  let at = 0;
  let turn = 0;

  const close = () => {
    turn++;
    choices = [];
    box.hidden = true;
    field.removeAttribute("aria-activedescendant");
  };

  const look = async () => {
    const mine = ++turn;
    for (const { mark, find } of sources()) {
      const found = typedAfter(field.value, field.selectionStart, mark);
      if (!found) continue;
      const next = await find(found.typed, found);
      if (mine !== turn) return;
      choices = next.slice(0, MOST);
      at = 0;
      if (choices.length) return show();
    }
    if (mine === turn) close();
  };

  const show = () => {
    box.hidden = false;
    box.replaceChildren(...choices.map((one, index) => h("div.complete__one", { role: "option", id: `complete-${index}`, "aria-selected": String(index === at), onpointerdown: (/** @type {Event} */ event) => press(event, one) }, one.node, h("span.complete__title", {}, one.title), one.detail && h("span.complete__detail", {}, one.detail))));
    field.setAttribute("aria-activedescendant", `complete-${at}`);
    box.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" });
  };

  /** @param {Event} event @param {Choice} one */
  const press = (event, one) => {
    // The field must keep the focus, and with it the cursor.
    event.preventDefault();
    take(one);
  };

  /** @param {Choice} one */
  const take = (one) => {
    close();
    one.take();
  };

  field.addEventListener("input", () => void look());
  field.addEventListener("click", () => void look());
  field.addEventListener("blur", close);
  return {
    close,
    /** Whether it was for the suggestions. @param {KeyboardEvent} event */
    key(event) {
      if (!choices.length) return false;
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (step) {
        at = (at + step + choices.length) % choices.length;
        show();
      } else if (event.key === "Enter" || event.key === "Tab") take(choices[at]);
      else if (event.key === "Escape") close();
      else return false;
      event.preventDefault();
      event.stopPropagation();
      return true;
    },
  };
}

/** Writes over a part of the field; one can take it back with Ctrl-Z. @param {HTMLTextAreaElement} field @param {string} text @param {{from: number, to: number}} place */
export function write(field, text, { from, to }) {
  field.focus();
  field.setSelectionRange(from, to);
  // It is deprecated and has no successor: whatever else changes the value empties the browser's undo.
  if (!document.execCommand("insertText", false, text)) field.setRangeText(text, from, to, "end");
  field.dispatchEvent(new Event("input", { bubbles: true }));
}
