/**
 * Menus beside a button: arrow keys, letters to find an entry by, and the focus goes back where it was. They stand in
 * the top layer, so nothing cuts them off.
 *
 * @typedef {{text: string, run?: () => void, icon?: string, node?: Node, hint?: string, key?: string, checked?: boolean, bad?: boolean, title?: never}
 *   | {title: string}} Entry
 */
import { h } from "../../../../widget/dom.js";
import { icon } from "./icons.js";

const MANY = 9;

/**
 * @param {HTMLElement} anchor what it opens beside
 * @param {string} label
 * @param {Entry[]} entries
 * @param {{search?: string, other?: (typed: string) => Entry | null, none?: string}} [options] `none` is said where there is
 *   nothing to choose from yet
 */
export function openMenu(anchor, label, entries, { search, other, none } = {}) {
  document.querySelector(".menu--inbox")?.remove();
  const list = h("div.menu__list", { role: "menu", "aria-label": label });
  const wants = search ?? (entries.length > MANY ? "Find" : "");
  const field = wants ? h("input.input menu__find", { type: "text", placeholder: wants, "aria-label": wants, autocomplete: "off" }) : null;
  const box = h("div.menu menu--inbox", { popover: "auto" }, field, list);
  const back = /** @type {HTMLElement | null} */ (document.activeElement);
  let isChosen = false;

  const fill = (typed = "") => {
    const wanted = typed.trim().toLowerCase();
    const fitting = entries.filter((one) => !wanted || ("text" in one && one.text && one.text.toLowerCase().includes(wanted)));
    const extra = wanted && other ? other(typed.trim()) : null;
    list.replaceChildren(...[...fitting, ...(extra ? [extra] : [])].map((one) => entryOf(one, choose)));
    if (!list.childElementCount) list.append(h("p.menu__none", {}, (!wanted && none) || "Nothing fits."));
  };
  /** @param {() => void} run */
  const choose = (run) => {
    isChosen = true;
    box.hidePopover();
    run();
  };

  fill();
  field?.addEventListener("input", () => fill(field.value));
  // Closed by Escape it keeps the focus for a moment: a key that is pressed then is the page's already.
  box.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => box.matches(":popover-open") && move(event, list, field));
  box.addEventListener("toggle", (/** @type {any} */ { newState }) => {
    anchor.setAttribute("aria-expanded", String(newState === "open"));
    if (newState === "open") return;
    box.remove();
    // It is told of late: whoever has opened another one meanwhile is to stay in that.
    if (document.querySelector(".menu--inbox")) return;
    if (!isChosen || document.activeElement === document.body) (back?.isConnected ? back : anchor).focus({ preventScroll: true });
  });
  // Inside a dialog's top layer only what belongs to the dialog can be used.
  (anchor.closest("dialog, main") || document.body).append(box);
  box.showPopover();
  place(box, anchor);
  (field || list.querySelector("[aria-checked=true]") || list.querySelector("button"))?.focus();

  return {
    /** Others have come meanwhile: whoever types goes on typing. @param {Entry[]} more */
    renew(more) {
      entries = more;
      if (box.isConnected && field) fill(field.value);
    },
  };
}

/** @param {Entry} entry @param {(run: () => void) => void} choose */
function entryOf(entry, choose) {
  if ("title" in entry && entry.title) return h("p.menu__title", { role: "presentation" }, entry.title);
  const { text, run, icon: sign, node, hint, key, checked, bad } = /** @type {Exclude<Entry, {title: string}>} */ (entry);
  const isChoice = checked !== undefined;
  return h(
    `button.menu__item${bad ? " menu__item--bad" : ""}`,
    { role: isChoice ? "menuitemradio" : "menuitem", "aria-checked": isChoice ? String(checked) : null, tabindex: -1, onclick: () => choose(run || (() => {})) },
    node || (sign && icon(sign)),
    h("span.menu__text", {}, text, hint && h("small", {}, hint)),
    isChoice && checked && icon("check", 16),
    key && h("kbd.key", {}, key),
  );
}

/** @param {KeyboardEvent} event @param {HTMLElement} list @param {HTMLInputElement | null} field */
function move(event, list, field) {
  const items = /** @type {HTMLElement[]} */ ([...list.querySelectorAll("button")]);
  const at = items.indexOf(/** @type {HTMLElement} */ (document.activeElement));
  event.stopPropagation();
  if (event.key === "Enter" && event.target === field) {
    event.preventDefault();
    items[0]?.click();
    return;
  }
  if (event.key === "Tab") return /** @type {any} */ (list.parentElement).hidePopover();
  const next = { ArrowDown: at + 1, ArrowUp: at < 0 ? items.length - 1 : at - 1, Home: field ? NaN : 0, End: field ? NaN : items.length - 1 }[event.key];
  if (next !== undefined && !Number.isNaN(next)) {
    event.preventDefault();
    if (next < 0 && field) field.focus();
    else items[(next + items.length) % items.length]?.focus();
  } else if (!field && event.key.length === 1 && !event.ctrlKey && !event.metaKey) {
    const letter = event.key.toLowerCase();
    [...items.slice(at + 1), ...items].find((one) => one.textContent?.trim().toLowerCase().startsWith(letter))?.focus();
  }
}

/** Below its button where there is room, else above. @param {HTMLElement} box @param {HTMLElement} anchor */
function place(box, anchor) {
  const { top, bottom, left, right } = anchor.getBoundingClientRect();
  const { offsetHeight: height, offsetWidth: width } = box;
  const room = innerHeight - bottom;
  const above = room < height + 12 && top > room;
  box.style.top = `${above ? Math.max(8, top - height - 6) : Math.min(bottom + 6, Math.max(8, innerHeight - height - 8))}px`;
  const wished = left + width > innerWidth - 8 ? right - width : left;
  box.style.left = `${Math.min(Math.max(8, wished), Math.max(8, innerWidth - width - 8))}px`;
  box.style.right = "auto";
}
