/**
 * Everything by its name: what can be done, where one can go, a conversation by its number or by what was said in it.
 *
 * @typedef {{text: string, icon: string, key?: string, hint?: string, run: () => void}} Command
 */
import { call } from "../api.js";
import { h } from "../../../../widget/dom.js";
import { icon } from "./icons.js";
import { nameOf } from "./people.js";

const MOST = 12;
const PAUSE = 200;

/**
 * Those whose words begin with what was typed, in the order in which they were given.
 * @param {Command[]} commands
 * @param {string} typed
 */
export function fitting(commands, typed) {
  const wanted = typed.toLowerCase().split(/\s+/).filter(Boolean);
  return commands.filter(({ text }) => {
    const words = text.toLowerCase().split(/[^\p{L}\p{N}]+/u);
    return wanted.every((one) => words.some((word) => word.startsWith(one)));
  });
}

/** @typedef {(id: string, at: {seq: number, words: string[]} | null) => void} Open */

/** @param {() => Command[]} commands @param {Open} open @param {Promise<unknown>} [more] after which there are more commands */
export function showPalette(commands, open, more) {
  const back = /** @type {HTMLElement | null} */ (document.activeElement);
  const field = h("input.palette__field", { type: "text", role: "combobox", "aria-expanded": "true", "aria-controls": "palette-list", "aria-label": "What do you want to do?", placeholder: "What do you want to do?", autocomplete: "off", spellcheck: "false" });
  const list = h("div.palette__list", { role: "listbox", id: "palette-list", "aria-label": "Commands" });
  const dialog = h("dialog.dialog palette", { "aria-label": "Commands" }, h("div.palette__top", {}, icon("search"), field), list);
  /** @type {Command[]} */
  let shown = [];
  let at = 0;
  let timer = /** @type {any} */ (0);
  let turn = 0;
  let chosen = /** @type {(() => void) | null} */ (null);

  const draw = () => {
    list.replaceChildren(...shown.map(({ text, icon: sign, key, hint }, index) => h("div.palette__one", { role: "option", id: `palette-${index}`, "aria-selected": String(index === at), onclick: () => take(index), onpointermove: () => index !== at && turnTo(index) }, icon(sign), h("span.palette__text", { dir: "auto" }, text, hint && h("small", {}, hint)), key && h("kbd.key", {}, key))));
    if (!shown.length) list.replaceChildren(h("p.menu__none", {}, "Nothing fits."));
    field.setAttribute("aria-activedescendant", `palette-${at}`);
  };
  /** @param {number} next */
  const turnTo = (next) => {
    at = next;
    [...list.children].forEach((one, index) => one.setAttribute("aria-selected", String(index === at)));
    field.setAttribute("aria-activedescendant", `palette-${at}`);
    list.children[at]?.scrollIntoView({ block: "nearest" });
  };
  /** @param {number} index */
  const take = (index) => {
    chosen = shown[index]?.run || null;
    dialog.close();
  };
  const look = () => {
    const typed = field.value.trim();
    shown = fitting(commands(), typed).slice(0, MOST);
    at = 0;
    draw();
    clearTimeout(timer);
    const mine = ++turn;
    if (typed.length < 2 && !/^#?\d/.test(typed)) return;
    timer = setTimeout(async () => {
      const found = await conversations(typed, open);
      if (mine !== turn) return;
      shown = [...(/^#?\d+$/.test(typed) ? found : []), ...shown, ...(/^#?\d+$/.test(typed) ? [] : found)].slice(0, MOST);
      draw();
    }, PAUSE);
  };

  field.addEventListener("input", look);
  field.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step && event.key !== "Enter") return;
    event.preventDefault();
    if (event.key === "Enter") take(at);
    else if (shown.length) turnTo((at + (step || 0) + shown.length) % shown.length);
  });
  dialog.addEventListener("click", (/** @type {Event} */ event) => event.target === dialog && dialog.close());
  dialog.addEventListener("close", () => {
    turn++;
    dialog.remove();
    back?.focus({ preventScroll: true });
    chosen?.();
  });
  document.body.append(dialog);
  look();
  dialog.showModal();
  field.focus();
  void more?.then(() => dialog.isConnected && field.value && look());
}

/** @param {string} typed @param {Open} open @returns {Promise<Command[]>} */
async function conversations(typed, open) {
  try {
    const { items } = await call("GET", `/api/conversations/search?${new URLSearchParams({ q: typed, limit: "6" })}`);
    return items.map((/** @type {any} */ { conversation: one, snippet, seq }) => ({ text: `#${one.number} ${nameOf(one)}`, icon: "conversations", hint: snippet.map((/** @type {any} */ piece) => piece.text).join("") || one.preview, run: () => open(one.id, seq ? { seq, words: snippet.filter((/** @type {any} */ piece) => piece.is_marked).map((/** @type {any} */ piece) => piece.text) } : null) }));
  } catch {
    return [];
  }
}
