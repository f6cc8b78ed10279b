/**
 * Narrowing a view, and keeping what one has made of it under a name, for oneself or for all.
 *
 * @import { Desk } from "./desk.js"
 * @import { Filters, View } from "./types.js"
 */
import { call } from "../api.js";
import { ask } from "../dialog.js";
import { sayError, toast } from "../toast.js";
import { h } from "../../../../widget/dom.js";
import { askWith, labelled } from "./asking.js";
import { icon } from "./icons.js";
import { asView } from "./loading.js";
import { openMenu } from "./menus.js";
import { VIEWS } from "./store.js";

/** @param {{desk: Desk, look: (view: View) => unknown, count: () => unknown}} parts */
export function createKeeping({ desk, look, count }) {
  const chips = /** @type {HTMLElement} */ (document.getElementById("filters"));

  /** @param {Partial<Filters>} change */
  const narrow = (change) => {
    const { view } = desk.state;
    const filters = Object.fromEntries(Object.entries({ ...view.filters, ...change }).filter(([, value]) => value !== undefined));
    void look({ ...view, filters });
  };

  /** @param {HTMLElement} anchor */
  const manage = async (anchor) => {
    const { view } = desk.state;
    const { filters } = view;
    const tags = await call("GET", "/api/tags").then(({ items }) => items.slice(0, 8), () => []);
    openMenu(anchor, "Narrow and keep", [
      { title: "Only those that" },
      { text: "wait for an answer", checked: filters.waiting === true, run: () => narrow({ waiting: filters.waiting ? undefined : true }) },
      { text: "are urgent", checked: filters.priority === "urgent", run: () => narrow({ priority: filters.priority === "urgent" ? undefined : "urgent" }) },
      { text: "have high priority", checked: filters.priority === "high", run: () => narrow({ priority: filters.priority === "high" ? undefined : "high" }) },
      ...tags.map((/** @type {{name: string}} */ { name }) => ({ text: `are tagged ${name}`, checked: filters.tag === name, run: () => narrow({ tag: filters.tag === name ? undefined : name }) })),
      { title: "This view" },
      ...(view.id && isChanged(view, desk.state.views) ? [{ text: `Keep “${view.name}” like this`, icon: "check", run: () => void change(view, { filters: view.filters, sort: view.sort }) }] : []),
      { text: view.id ? "Keep it as another one…" : "Keep it under a name…", icon: "plus", run: () => void keep() },
      ...(view.id ? [{ text: "Rename or share…", icon: "pencil", run: () => void rename(view) }, { text: "Forget it…", icon: "trash", bad: true, run: () => void forget(view) }] : []),
      { text: "Save the list as a table", icon: "download", run: () => location.assign(`/api/conversations/export.csv?${new URLSearchParams(Object.entries(filters).map(([key, value]) => [key, String(value)]))}`) },
    ], { search: "" });
  };

  const keep = async () => {
    const { view } = desk.state;
    const given = await askName("Keep this view", "Keep", { name: "", shared: false });
    if (!given) return;
    try {
      const kept = asView(await call("POST", "/api/inbox/views", { ...given, filters: view.filters, sort: view.sort }));
      desk.tell({ type: "views", views: inOrder([...desk.state.views, kept]) });
      void count();
      void look(kept);
    } catch (error) {
      sayError(error);
    }
  };

  /** @param {View} view */
  const rename = async (view) => {
    const given = await askName("Rename or share this view", "Save", { name: view.name, shared: Boolean(view.shared) });
    if (given) await change(view, given);
  };

  /** @param {View} view @param {Record<string, unknown>} what */
  const change = async (view, what) => {
    try {
      const kept = asView(await call("PATCH", `/api/inbox/views/${view.id}`, what));
      desk.tell({ type: "views", views: inOrder(desk.state.views.map((one) => (one.id === kept.id ? kept : one))) });
      toast("The view is saved.");
      void count();
      void look("filters" in what ? kept : { ...kept, filters: view.filters, sort: view.sort });
    } catch (error) {
      sayError(error);
    }
  };

  /** @param {View} view */
  const forget = async (view) => {
    if (!(await ask("Forget this view?", `${view.shared ? "It goes for everybody of the team. " : ""}The conversations in it stay where they are.`, "Forget"))) return;
    try {
      await call("DELETE", `/api/inbox/views/${view.id}`);
      desk.tell({ type: "views", views: desk.state.views.filter((one) => one.id !== view.id) });
      toast("It is forgotten.");
      void look(VIEWS[2]);
    } catch (error) {
      sayError(error);
    }
  };

  desk.shows(({ view, views }) => {
    const usual = [...VIEWS, ...views].find((one) => one.key === view.key)?.filters || {};
    const extra = Object.entries(view.filters).filter(([key, value]) => usual[/** @type {keyof Filters} */ (key)] !== value);
    const mark = JSON.stringify(extra);
    if (chips.dataset.mark === mark) return;
    chips.dataset.mark = mark;
    chips.hidden = !extra.length;
    chips.replaceChildren(...extra.map(([key, value]) => h("button.chip", { "aria-label": `Remove: ${wordOf(key, value)}`, onclick: () => narrow({ [key]: undefined }) }, wordOf(key, value), icon("close", 12))));
  });

  return { manage };
}

/** @param {string} title @param {string} yes @param {{name: string, shared: boolean}} now */
async function askName(title, yes, now) {
  const { field, node } = labelled("Name", { type: "text", maxlength: 60, required: true, value: now.name });
  const shared = h("input", { type: "checkbox", checked: now.shared });
  const share = h("label.check", {}, shared, h("span.check__title", {}, "For everybody of the team"));
  return (await askWith(title, [node, share], yes)) ? { name: field.value.trim(), shared: shared.checked } : null;
}

/** @param {View[]} views */
function inOrder(views) {
  return views.sort((a, b) => a.name.toLowerCase().localeCompare(b.name.toLowerCase()));
}

/** @param {View} view @param {View[]} views */
function isChanged(view, views) {
  const kept = views.find((one) => one.id === view.id);
  const plain = (/** @type {View} */ one) => JSON.stringify([Object.entries(one.filters).filter(([, value]) => value != null).sort(), one.sort]);
  return Boolean(kept) && plain(/** @type {View} */ (kept)) !== plain(view);
}

/** @param {string} key @param {unknown} value */
function wordOf(key, value) {
  if (key === "waiting") return "waiting";
  return key === "tag" ? `tagged ${value}` : String(value);
}
