/**
 * The list: only the rows that can be seen are there, whatever the length. Rows are used again under their keys, the
 * next page is fetched before one gets there, and what one looks at stays in its place when others come in above.
 *
 * @import { Desk } from "./desk.js"
 * @import { State } from "./types.js"
 */
import { h } from "../../../../widget/dom.js";
import { emptyList } from "./nothing.js";
import { createRow } from "./row.js";
import { steady, windowOf } from "./virtual.js";

const AHEAD = 30;
const REFRESH = 30_000;

/**
 * @param {{
 *   desk: Desk,
 *   more: () => unknown,
 *   retry: () => unknown,
 *   open: (id: string) => void,
 *   select: (id: string, how: {range: boolean}) => void,
 * }} parts
 */
export function createList({ desk, more, retry, open, select }) {
  const scroll = /** @type {HTMLElement} */ (document.getElementById("scroll"));
  const rows = /** @type {HTMLElement} */ (document.getElementById("rows"));
  const note = /** @type {HTMLElement} */ (document.getElementById("pile-note"));
  const ghosts = [...note.childNodes];
  /** @type {Map<string, ReturnType<typeof createRow>>} */
  const shown = new Map();
  /** @type {ReturnType<typeof createRow>[]} */
  const spare = [];
  let ids = desk.state.pile.ids;
  let key = desk.state.pile.key;
  let rowHeight = 0;
  let said = "";

  const measure = () => (rowHeight = parseFloat(getComputedStyle(rows).getPropertyValue("--row-px")) || 92);

  /** @param {State} state */
  function show(state) {
    const { pile } = state;
    if (!rowHeight) measure();
    if (key !== pile.key) {
      scroll.scrollTop = 0;
      key = pile.key;
    } else if (ids !== pile.ids) {
      const top = steady({ top: scroll.scrollTop, rowHeight, before: ids, after: pile.ids });
      if (pile.ids.length * rowHeight > rows.offsetHeight) rows.style.height = `${pile.ids.length * rowHeight}px`;
      if (top !== scroll.scrollTop) scroll.scrollTop = top;
    }
    ids = pile.ids;
    rows.style.height = `${ids.length * rowHeight}px`;
    draw(state);
    tell(state);
  }

  /** @param {State} state */
  function draw(state) {
    const { from, to } = windowOf({ top: scroll.scrollTop, height: scroll.clientHeight, rowHeight, count: ids.length });
    const wanted = ids.slice(from, to);
    const wantedSet = new Set(wanted);
    const focused = document.activeElement?.closest?.(".row")?.getAttribute("data-id") || "";
    for (const [id, row] of shown) {
      // The row that has the focus stays, or the keyboard would lose its place.
      if (wantedSet.has(id) || (id === focused && ids.includes(id))) continue;
      shown.delete(id);
      row.node.hidden = true;
      spare.push(row);
    }
    const now = Date.now();
    wanted.forEach((id, index) => {
      const one = state.cases[id];
      if (!one) return;
      let row = shown.get(id);
      if (!row) {
        row = spare.pop() || createRow();
        row.node.hidden = false;
        if (!row.node.isConnected) rows.append(row.node);
        shown.set(id, row);
      }
      row.update(one, state, { at: from + index, count: ids.length, now });
    });
    if (state.pile.cursor && to > ids.length - AHEAD && state.pile.status === "ready") void more();
  }

  /** @param {State} state */
  function tell(state) {
    const { pile, view } = state;
    const what = pile.status === "failed" ? `failed ${pile.problem}` : pile.ids.length ? (pile.cursor ? "more" : "") : pile.status === "loading" ? "ghosts" : `nothing ${view.key}`;
    if (what === said) return;
    said = what;
    note.hidden = !what;
    rows.hidden = !pile.ids.length;
    if (what === "ghosts") note.replaceChildren(...ghosts);
    else if (what === "more") note.replaceChildren(h("p.pile__more", {}, "Loading more…"));
    else if (pile.status === "failed") note.replaceChildren(h("div.trouble", { role: "alert" }, h("p", {}, pile.problem), h("button.btn btn--quiet", { onclick: retry }, "Try again")));
    else note.replaceChildren(emptyList(view, state));
  }

  let isDue = false;
  scroll.addEventListener("scroll", () => {
    if (isDue) return;
    isDue = true;
    requestAnimationFrame(() => {
      isDue = false;
      draw(desk.state);
    });
  }, { passive: true });
  rows.addEventListener("click", (event) => click(/** @type {MouseEvent} */ (event)));

  /** @param {MouseEvent} event */
  function click(event) {
    const target = /** @type {Element} */ (event.target);
    const id = target.closest(".row")?.getAttribute("data-id");
    if (!id) return;
    if (target.matches("input")) return select(id, { range: event.shiftKey });
    if (!target.closest("a") || event.button || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    if (event.shiftKey) select(id, { range: true });
    else open(id);
  }

  addEventListener("resize", () => {
    measure();
    show(desk.state);
  });
  // Times pass also where nothing happens.
  setInterval(() => document.hidden || draw(desk.state), REFRESH);
  desk.shows(show);

  return {
    /** Brings a row into sight. @param {string} id @param {{focus?: boolean}} [how] */
    reveal(id, { focus } = {}) {
      const at = ids.indexOf(id);
      if (at < 0) return;
      const top = at * rowHeight;
      if (top < scroll.scrollTop) scroll.scrollTop = top;
      else if (top + rowHeight > scroll.scrollTop + scroll.clientHeight) scroll.scrollTop = top + rowHeight - scroll.clientHeight;
      draw(desk.state);
      if (focus) shown.get(id)?.node.querySelector("a")?.focus({ preventScroll: true });
    },
  };
}
