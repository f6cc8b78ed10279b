/**
 * Finding a conversation by what was said, by whom, or by its number. What is found stands in the place of the list.
 *
 * @import { Desk } from "./desk.js"
 * @import { Found, State } from "./types.js"
 */
import { call } from "../api.js";
import { h } from "../../../../widget/dom.js";
import { icon } from "./icons.js";
import { words } from "./loading.js";
import { face, nameOf } from "./people.js";
import { short } from "./when.js";

const PAUSE = 220;
/** @type {Record<string, string>} */
const BY = { contact: "by the person", number: "by its number", ticket: "by its ticket", note: "in a note", message: "" };

/** @param {{desk: Desk, open: (id: string, at: {seq: number, words: string[]} | null) => void}} parts */
export function createSearch({ desk, open }) {
  const field = /** @type {HTMLInputElement} */ (document.getElementById("search"));
  const finder = /** @type {HTMLFormElement} */ (document.getElementById("finder"));
  const pile = /** @type {HTMLElement} */ (document.getElementById("pile"));
  const box = h("div.found", { role: "region", "aria-label": "What was found", "aria-live": "polite", hidden: true });
  pile.append(box);
  let timer = /** @type {any} */ (0);
  let turn = 0;
  let drawn = /** @type {unknown} */ (null);

  const ask = async (/** @type {string | null} */ cursor = null) => {
    const q = field.value.trim();
    const mine = ++turn;
    if (!q) return desk.tell({ type: "found", found: null });
    const before = cursor ? desk.state.found?.items || [] : [];
    desk.tell({ type: "found", found: { q, items: before, cursor: null, status: "loading", problem: "" } });
    try {
      const said = await call("GET", `/api/conversations/search?${new URLSearchParams({ q, limit: "40", ...(cursor && { cursor }) })}`);
      if (mine === turn) desk.tell({ type: "found", found: { q, items: [...before, ...said.items], cursor: said.next_cursor, status: "ready", problem: "" } });
    } catch (error) {
      if (mine === turn) desk.tell({ type: "found", found: { q, items: before, cursor: null, status: "failed", problem: words(error) } });
    }
  };

  const leave = () => {
    field.value = "";
    void ask();
  };

  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => void ask(), field.value.trim() ? PAUSE : 0);
  });
  field.addEventListener("keydown", (event) => {
    const links = /** @type {HTMLElement[]} */ ([...box.querySelectorAll("a")]);
    if (event.key === "Escape") {
      event.stopPropagation();
      leave();
      field.blur();
    } else if (event.key === "ArrowDown" && links.length) {
      event.preventDefault();
      links[0].focus();
    }
  });
  box.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
    const links = /** @type {HTMLElement[]} */ ([...box.querySelectorAll("a")]);
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const at = links.indexOf(/** @type {HTMLElement} */ (document.activeElement));
    if (event.key === "Escape") leave();
    if (!step || at < 0) return;
    event.preventDefault();
    event.stopPropagation();
    (links[at + step] || (step < 0 ? field : links[at])).focus();
  });
  finder.addEventListener("submit", (event) => {
    event.preventDefault();
    clearTimeout(timer);
    void ask();
  });

  desk.shows((state) => {
    pile.classList.toggle("pile--found", Boolean(state.found));
    box.hidden = !state.found;
    const made = state.found && `${state.found.status} ${state.found.items.length} ${state.found.q}`;
    if (made !== drawn && state.found) box.replaceChildren(...contents(state));
    drawn = made;
    // Not drawn anew for this: the arrow keys go on from the one that was opened.
    for (const link of box.querySelectorAll(".found__one")) link.setAttribute("aria-current", String(link.getAttribute("data-id") === state.openId));
  });

  /** @param {State} state */
  function contents({ found }) {
    if (!found) return [];
    const { items, status, problem, cursor } = found;
    if (status === "failed") return [h("div.trouble", { role: "alert" }, h("p", {}, problem), h("button.btn btn--quiet", { onclick: () => void ask() }, "Try again"))];
    const head = status === "loading" && !items.length ? "Looking…" : items.length ? `${items.length}${cursor ? "+" : ""} found` : "";
    const none = status === "ready" && !items.length && h("div.nothing nothing--list", {}, h("span.nothing__mark", {}, icon("search", 24)), h("h3", {}, "Nothing was found"), h("p", {}, "Perhaps it was said in other words. A part of a word is enough, and so is a number."));
    return [head && h("p.found__count", {}, head), none, h("ul.found__list", {}, ...items.map(item)), cursor && h("button.btn btn--quiet found__more", { onclick: () => void ask(cursor) }, "More")].filter(Boolean).map((one) => /** @type {Node} */ (one));
  }

  /** @param {Found} found */
  function item({ conversation: one, match, snippet, seq }) {
    const pieces = snippet.length ? snippet.map((piece) => (piece.is_marked ? h("mark", {}, piece.text) : piece.text)) : [one.preview];
    const link = h(
      "a.found__one",
      { href: `/dashboard/inbox/${one.id}`, "data-id": one.id, onclick: (/** @type {MouseEvent} */ event) => {
        if (event.ctrlKey || event.metaKey) return;
        event.preventDefault();
        open(one.id, seq === null ? null : { seq, words: snippet.filter((piece) => piece.is_marked).map((piece) => piece.text) });
      } },
      face({ id: one.contact?.id || one.id, name: nameOf(one) }, "small"),
      h("span.found__text", {}, h("span.found__top", {}, h("bdi.row__name", {}, nameOf(one)), h("span.row__number", {}, `#${one.number}`), BY[match] && h("span.mark", {}, BY[match]), h("time.row__time", { datetime: one.last_event_at }, short(one.last_event_at, Date.now()))), h("span.found__snippet", { dir: "auto" }, ...pieces)),
    );
    return h("li", {}, link);
  }

  return { focus: () => field.focus(), leave };
}
