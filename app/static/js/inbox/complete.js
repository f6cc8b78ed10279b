/**
 * Suggestions under the cursor of a text field: `/` for ready-made replies, `@` for colleagues. The field keeps the
 * focus; arrow keys choose, Enter or Tab takes, Escape leaves.
 *
 * @typedef {{id: string, title: string, detail?: string, text?: string, node?: Node, take: () => unknown}} Choice
 * @typedef {{mark: string, find: (typed: string, at: {from: number, to: number}) => Choice[] | Promise<Choice[]>, none: (typed: string) => string}} Source
 *   `none` says in words that nothing was found
 */
import { h } from "../../../../widget/dom.js";

const MOST = 30;

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
  let isLooking = false;
  /** Enter was pressed before there was anything to take. */
  let isWanted = false;
  let isTaking = false;

  const close = () => {
    turn++;
    choices = [];
    isLooking = isWanted = false;
    box.hidden = true;
    box.replaceChildren();
    field.removeAttribute("aria-activedescendant");
  };

  const look = async () => {
    const mine = ++turn;
    const marks = sources().map((source) => ({ source, place: typedAfter(field.value, field.selectionStart, source.mark) }));
    // What was typed last is meant: "@Ada Moore /thanks" asks for a reply.
    const { source, place } = marks.sort((a, b) => (b.place?.from ?? -1) - (a.place?.from ?? -1))[0];
    if (!place || field.selectionStart !== field.selectionEnd) return close();
    isLooking = true;
    const found = await source.find(place.typed, place);
    if (mine !== turn) return;
    isLooking = false;
    choices = found.slice(0, MOST);
    at = 0;
    if (choices.length && isWanted) void take(choices[0]);
    else if (choices.length) show();
    // Whoever has gone on writing wanted no help.
    else if (/\s/.test(place.typed)) close();
    else say(source.none(place.typed));
    isWanted = false;
  };

  /** @param {string} words */
  const say = (words) => {
    field.removeAttribute("aria-activedescendant");
    box.hidden = false;
    box.replaceChildren(h("div.complete__none", { role: "option", "aria-disabled": "true", "aria-selected": "false" }, words));
  };

  const show = () => {
    box.hidden = false;
    box.replaceChildren(...choices.map((one, index) => h("div.complete__one", { role: "option", id: `complete-${index}`, "aria-selected": String(index === at), onpointerdown: (/** @type {Event} */ event) => press(event, one) }, one.node, h("span.complete__words", {}, h("span.complete__title", {}, one.title), one.detail && h("span.complete__detail", { dir: "auto" }, one.detail), one.text && h("span.complete__text", { dir: "auto" }, one.text)))));
    field.setAttribute("aria-activedescendant", `complete-${at}`);
    box.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" });
  };

  /** @param {Event} event @param {Choice} one */
  const press = (event, one) => {
    // The field must keep the focus, and with it the cursor.
    event.preventDefault();
    void take(one);
  };

  /** @param {Choice} one */
  const take = async (one) => {
    close();
    isTaking = true;
    try {
      await one.take();
    } finally {
      isTaking = false;
    }
  };

  field.addEventListener("input", () => void look());
  field.addEventListener("click", () => void look());
  field.addEventListener("blur", close);
  return {
    close,
    /** What was chosen is not there yet: whatever stands in the field is not meant to be sent. */
    get isBusy() {
      return isTaking;
    },
    /** Whether it was for the suggestions. @param {KeyboardEvent} event */
    key(event) {
      if (isLooking && event.key === "Enter" && !event.shiftKey) {
        isWanted = true;
        event.preventDefault();
        return true;
      }
      if (box.hidden) return false;
      if (!choices.length && event.key !== "Escape") return false;
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (step) {
        at = (at + step + choices.length) % choices.length;
        show();
      } else if (event.key === "Enter" || event.key === "Tab") void take(choices[at]);
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
