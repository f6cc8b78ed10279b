/** The list of days that are different. */
import { createSpans, fresh, part } from "./hours-spans.js";

/** @import { Holiday } from "./hours-words.js" */

const MOST = 200;

/**
 * @param {HTMLElement} list
 * @param {HTMLButtonElement} more
 * @param {HTMLElement} none
 * @param {() => void} changed
 */
export function createHolidays(list, more, none, changed) {
  const template = /** @type {HTMLTemplateElement} */ (document.getElementById("row-holiday"));
  /** @type {Map<Element, ReturnType<typeof createSpans>>} */
  const hours = new Map();
  more.addEventListener("click", () => {
    add({ date: "", name: "", spans: [] });
    part(/** @type {Element} */ (list.lastElementChild), "[data-holiday-date]").focus();
    changed();
  });

  /** @param {Holiday} holiday */
  function add(holiday) {
    const line = /** @type {HTMLElement} */ (/** @type {Element} */ (template.content.firstElementChild).cloneNode(true));
    const date = /** @type {HTMLInputElement} */ (part(line, "[data-holiday-date]"));
    const name = /** @type {HTMLInputElement} */ (part(line, "[data-holiday-name]"));
    [date.value, name.value] = [holiday.date, holiday.name];
    const spoken = () => name.value.trim() || date.value || "this holiday";
    const spans = createSpans(line, { name: spoken, next: () => "the next day", changed });
    part(line, ".field__error").id = `${fresh("holiday")}-error`;
    part(line, "[data-holiday-remove]").addEventListener("click", () => leave(line));
    line.addEventListener("input", () => {
      rename();
      spans.settle();
      changed();
    });
    hours.set(line, spans);
    list.append(line);
    spans.write(holiday.spans);
    rename();
    settle();

    function rename() {
      part(line, "legend").textContent = spoken();
      part(line, "[data-span-add]").setAttribute("aria-label", `Add hours on ${spoken()}`);
      part(line, "[data-holiday-remove]").setAttribute("aria-label", `Remove ${spoken()}`);
    }
  }

  /** @param {Element} line */
  function leave(line) {
    const other = line.nextElementSibling || line.previousElementSibling;
    hours.delete(line);
    line.remove();
    settle();
    /** @type {HTMLElement} */ (other?.querySelector("input") || more).focus();
    changed();
  }

  /** What is wrong is told by place, so each line knows its own. */
  function settle() {
    [...list.children].forEach((line, place) => line.setAttribute("data-field", `holidays-${place}`));
    none.hidden = list.children.length > 0;
    more.disabled = list.children.length >= MOST;
  }

  return {
    /** @returns {Holiday[]} */
    read: () =>
      [...list.children].map((line) => ({
        date: /** @type {HTMLInputElement} */ (part(line, "[data-holiday-date]")).value,
        name: /** @type {HTMLInputElement} */ (part(line, "[data-holiday-name]")).value.trim(),
        spans: hours.get(line)?.read() || [],
      })),
    /** @param {Holiday[]} holidays */
    write(holidays) {
      list.replaceChildren();
      hours.clear();
      for (const holiday of holidays) add(holiday);
      settle();
    },
  };
}
