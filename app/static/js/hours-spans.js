/** The hours of one day: any number of spans, each of which may end on the next day. */
import { endsEarlier } from "./hours-words.js";

/** @import { Span } from "./hours-words.js" */

const MOST = 6;
const USUAL = { start: "09:00", end: "17:00", next_day: false };
let counted = 0;

/**
 * @param {HTMLElement} box holds the list, the word for none, and the button that adds
 * @param {{name: () => string, next: () => string, changed: () => void}} how what the day is called, and the next one
 */
export function createSpans(box, { name, next, changed }) {
  const list = part(box, "[data-spans]");
  const none = part(box, "[data-closed]");
  const more = /** @type {HTMLButtonElement} */ (part(box, "[data-span-add]"));
  const template = /** @type {HTMLTemplateElement} */ (document.getElementById("row-span"));
  more.addEventListener("click", () => {
    add(following());
    /** @type {HTMLElement} */ (list.lastElementChild?.querySelector("input"))?.focus();
    changed();
  });
  list.addEventListener("input", () => {
    settle();
    changed();
  });

  /** @param {Span} span */
  function add(span) {
    const line = /** @type {HTMLElement} */ (/** @type {Element} */ (template.content.firstElementChild).cloneNode(true));
    cell(line, "start").value = span.start;
    cell(line, "end").value = span.end;
    cell(line, "next_day").checked = span.next_day;
    part(line, "[data-span-remove]").addEventListener("click", () => {
      leave(line);
      changed();
    });
    list.append(line);
    settle();
  }

  /** Whoever removes a line with the keyboard goes on at the next. @param {HTMLElement} line */
  function leave(line) {
    const other = line.nextElementSibling || line.previousElementSibling;
    line.remove();
    settle();
    /** @type {HTMLElement} */ (other?.querySelector("input") || more).focus();
  }

  function settle() {
    const lines = /** @type {HTMLElement[]} */ ([...list.children]);
    for (const line of lines) {
      const span = spanOf(line);
      const [from, to] = [span.start || "the beginning", span.end || "the end"];
      line.setAttribute("aria-label", `${name()}, ${from} to ${to}`);
      cell(line, "start").setAttribute("aria-label", `${name()}, from`);
      cell(line, "end").setAttribute("aria-label", `${name()}, to`);
      part(line, "[data-span-remove]").setAttribute("aria-label", `Remove ${from} to ${to} on ${name()}`);
      const label = part(line, "[data-next-label]");
      label.hidden = !endsEarlier(span);
      if (label.hidden) cell(line, "next_day").checked = false;
      part(line, "[data-next-word]").textContent = `ends on ${next()}`;
    }
    none.hidden = lines.length > 0;
    more.disabled = lines.length >= MOST;
  }

  /** Some hours after the last ones, where the day has room for them. @returns {Span} */
  function following() {
    const last = read().at(-1);
    if (!last || last.next_day || !last.end || last.end >= "22:00" || last.end === "00:00") return last ? { start: "", end: "", next_day: false } : USUAL;
    const hour = Number(last.end.slice(0, 2)) + 1;
    const clock = (/** @type {number} */ one) => `${String(Math.min(one, 23)).padStart(2, "0")}:${last.end.slice(3)}`;
    return { start: clock(hour), end: clock(hour + 3), next_day: false };
  }

  const read = () => /** @type {HTMLElement[]} */ ([...list.children]).map(spanOf);
  return {
    read,
    settle,
    /** @param {Span[]} spans */
    write(spans) {
      list.replaceChildren();
      for (const span of spans) add(span);
      settle();
    },
  };
}

/** An id for what has to be pointed at. @param {string} name */
export function fresh(name) {
  counted += 1;
  return `${name}-${counted}`;
}

/** @param {ParentNode} box @param {string} selector */
export function part(box, selector) {
  return /** @type {HTMLElement} */ (box.querySelector(selector));
}

/** @param {HTMLElement} line @returns {Span} */
function spanOf(line) {
  return { start: cell(line, "start").value, end: cell(line, "end").value, next_day: cell(line, "next_day").checked };
}

/** @param {HTMLElement} line @param {keyof Span} name */
function cell(line, name) {
  return /** @type {HTMLInputElement} */ (part(line, `[data-cell="${name}"]`));
}
