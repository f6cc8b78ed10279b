/**
 * Where one is: the view and the conversation that is open, in the address and in the browser's history.
 *
 * @import { Desk } from "./desk.js"
 * @import { Loading } from "./loading.js"
 * @import { View } from "./types.js"
 */
import { find } from "./views.js";
import { VIEWS } from "./store.js";

const BASE = "/dashboard/inbox";

/** @param {{desk: Desk, loading: Loading, panes: {show: (pane: "list" | "thread") => void}}} parts */
export function createPlaces({ desk, loading, panes }) {
  const address = () => {
    const { openId, view } = desk.state;
    return `${BASE}${openId ? `/${openId}` : ""}${view.key === "all" ? "" : `?view=${view.key}`}`;
  };

  /** @param {"pushState" | "replaceState"} how */
  const remember = (how) => {
    if (address() !== location.pathname + location.search) history[how]({ view: desk.state.view.key, id: desk.state.openId }, "", address());
  };

  /** @param {string} id @param {{seq: number, words: string[]} | null} [at] a message in it to go to */
  const open = (id, at = null) => {
    const how = desk.state.openId ? "replaceState" : "pushState";
    if (id !== desk.state.openId) loading.open(id);
    if (at || desk.state.goal) desk.tell({ type: "goal", goal: at && { id, ...at } });
    panes.show("thread");
    remember(how);
  };

  const back = () => {
    panes.show("list");
    loading.open(null);
    remember("pushState");
  };

  /** @param {View} view */
  const look = (view) => {
    const said = loading.look(view);
    remember("replaceState");
    return said;
  };

  /** @param {string | null} id @param {string} key */
  const goTo = (id, key) => {
    const view = find(desk.state, key) || VIEWS[2];
    if (view.key !== desk.state.view.key || !desk.state.pile.key) void loading.look(view);
    if (id !== desk.state.openId) loading.open(id);
    panes.show(id ? "thread" : "list");
  };

  const key = () => new URLSearchParams(location.search).get("view") || "all";
  addEventListener("popstate", () => goTo(location.pathname.slice(BASE.length + 1) || null, key()));
  desk.hears(({ type }) => {
    // A kept view is known a moment later than the address that names it.
    if (type === "views" && key() !== desk.state.view.key && find(desk.state, key())) void look(/** @type {View} */ (find(desk.state, key())));
  });

  /** @param {number} step */
  const step = (step) => {
    const { pile, here, openId } = desk.state;
    const at = pile.ids.indexOf(here || openId || "");
    const next = pile.ids[Math.max(0, Math.min(pile.ids.length - 1, at < 0 ? 0 : at + step))];
    if (next) desk.tell({ type: "here", id: next });
    return next || null;
  };

  return {
    open,
    back,
    look,
    step,
    /** @param {string | null} id */
    begin: (id) => goTo(id, key()),
    /** The one that is open is done with: the next one that waits in this view. */
    after() {
      const { pile, openId } = desk.state;
      const at = pile.ids.indexOf(openId || "");
      const next = pile.ids[at + 1] || pile.ids[at - 1];
      if (next && matchMedia("(min-width: 761px)").matches) open(next);
      else back();
    },
  };
}
