/** "Older…" under a log: fetches the next page and adds a copy of the row template for each item. */
import { call } from "./api.js";
import { writeTimes } from "./times.js";
import { sayError, toast } from "./toast.js";

/**
 * @param {(row: HTMLElement, item: any) => void} fill writes one item into a fresh row
 */
export function bindMore(fill) {
  const button = /** @type {HTMLButtonElement | null} */ (document.querySelector("[data-more]"));
  button?.addEventListener("click", () => void more(button, fill));
}

/**
 * @param {ParentNode} row
 * @param {string} selector
 * @returns {HTMLElement}
 */
export function part(row, selector) {
  return /** @type {HTMLElement} */ (row.querySelector(selector));
}

/**
 * @param {HTMLButtonElement} button
 * @param {(row: HTMLElement, item: any) => void} fill
 */
async function more(button, fill) {
  if (button.getAttribute("aria-busy") === "true") return;
  button.setAttribute("aria-busy", "true");
  try {
    const address = new URL(button.dataset.more || "", location.origin);
    address.searchParams.set("cursor", button.dataset.cursor || "");
    const page = await call("GET", address.pathname + address.search);
    append(page.items, fill);
    if (page.next_cursor) button.dataset.cursor = page.next_cursor;
    else finish(button);
  } catch (error) {
    sayError(error);
  } finally {
    button.removeAttribute("aria-busy");
  }
}

/**
 * @param {any[]} items
 * @param {(row: HTMLElement, item: any) => void} fill
 */
function append(items, fill) {
  const rows = part(document, "[data-rows]");
  const template = /** @type {HTMLTemplateElement} */ (document.querySelector("template[data-row]"));
  for (const item of items) {
    const row = /** @type {HTMLElement} */ (/** @type {Element} */ (template.content.firstElementChild).cloneNode(true));
    fill(row, item);
    writeTimes(row);
    rows.append(row);
  }
}

/** @param {HTMLButtonElement} button */
function finish(button) {
  button.parentElement?.remove();
  toast("That was the oldest entry.");
}
