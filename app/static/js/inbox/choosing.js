/**
 * Several conversations at once: choosing them, and what is done with all of them.
 *
 * @import { Doing } from "./acts.js"
 * @import { Desk } from "./desk.js"
 * @import { Verbs } from "./verbs.js"
 */
import { h } from "../../../../widget/dom.js";
import { icon } from "./icons.js";
import { openMenu } from "./menus.js";

/** @param {{desk: Desk, verbs: Verbs, doing: Doing}} parts */
export function createChoosing({ desk, verbs, doing }) {
  const bar = /** @type {HTMLElement} */ (document.getElementById("bulk"));
  let anchorId = "";
  const count = h("strong.bulk__count");
  const button = (/** @type {string} */ sign, /** @type {string} */ text, /** @type {(node: HTMLElement) => void} */ run, menu = true) => {
    const node = h("button.tool", { "aria-label": text, title: text, "aria-haspopup": menu ? "menu" : null, "aria-expanded": menu ? "false" : null, onclick: () => run(node) }, icon(sign), h("span.tool__text", {}, text));
    return node;
  };
  const change = async (/** @type {Record<string, unknown>} */ what) => {
    const failed = await verbs.bulk(desk.state.selected, what);
    desk.tell({ type: "select", ids: failed });
  };
  const chooseTag = (/** @type {HTMLElement} */ node) => {
    const { selected, cases } = desk.state;
    const isOnAll = (/** @type {string} */ name) => selected.every((id) => cases[id]?.tags?.includes(name));
    doing.openTags(node, (name) => (isOnAll(name) ? { text: name, icon: "check", run: () => void change({ remove_tags: [name] }) } : { text: name, icon: "tag", run: () => void change({ add_tags: [name] }) }));
  };
  bar.append(
    h("button.tool tool--icon", { "aria-label": "Choose none", title: "Choose none ( Esc )", onclick: () => clear() }, icon("close")),
    count,
    button("person", "Assign", (node) => openMenu(node, "Assign to", doing.peopleFor("", (who) => change({ assignee_id: who })))),
    button("clock", "Snooze", (node) => openMenu(node, "Snooze", doing.momentsFor(null, node, (until) => change({ snoozed_until: until?.toISOString() ?? null })))),
    button("flag", "Priority", (node) => openMenu(node, "Priority", ["urgent", "high", "medium", "low"].map((level) => ({ text: level[0].toUpperCase() + level.slice(1), icon: "flag", run: () => change({ priority: level }) })))),
    button("tag", "Tag", chooseTag),
    button("closed", "Close", () => change({ status: desk.state.view.filters.status === "closed" ? "open" : "closed" }), false),
  );
  desk.shows(({ selected, view }) => {
    bar.hidden = !selected.length;
    count.textContent = String(selected.length);
    const last = /** @type {HTMLElement} */ (bar.lastElementChild);
    const text = view.filters.status === "closed" ? "Reopen" : "Close";
    if (last.title !== text) {
      last.title = text;
      last.setAttribute("aria-label", text);
      /** @type {HTMLElement} */ (last.querySelector(".tool__text")).textContent = text;
    }
  });

  function clear() {
    if (!desk.state.selected.length) return false;
    desk.tell({ type: "select", ids: [] });
    return true;
  }

  return {
    clear,
    /** @param {string} id @param {{range?: boolean}} [how] */
    choose(id, { range } = {}) {
      const { selected, pile } = desk.state;
      const [from, to] = [pile.ids.indexOf(anchorId), pile.ids.indexOf(id)];
      if (range && from >= 0 && to >= 0) {
        const between = pile.ids.slice(Math.min(from, to), Math.max(from, to) + 1);
        desk.tell({ type: "select", ids: [...new Set([...selected, ...between])] });
      } else {
        desk.tell({ type: "select", ids: selected.includes(id) ? selected.filter((one) => one !== id) : [...selected, id] });
      }
      anchorId = id;
    },
  };
}
