/**
 * The views at the left, with how many lie in each; on a small screen the same as a menu above the list.
 *
 * @import { Desk } from "./desk.js"
 * @import { Sort, State, View } from "./types.js"
 */
import { h } from "../../../../widget/dom.js";
import { icon } from "./icons.js";
import { openMenu } from "./menus.js";
import { VIEWS } from "./store.js";

const MOST = 999;
/** @type {Record<Sort, string>} */
export const SORTS = { newest: "Newest", oldest: "Oldest", waiting: "Waiting longest", priority: "Priority", deadline: "Next deadline" };

/** @param {{desk: Desk, look: (view: View) => unknown, manage: (anchor: HTMLElement) => void}} parts */
export function createViews({ desk, look, manage }) {
  const get = (/** @type {string} */ id) => /** @type {HTMLElement} */ (document.getElementById(id));
  const [nav, kept, name, short, count, sort, sortName, choose] = ["views", "kept-views", "view-name", "view-name-short", "view-count", "sort", "sort-name", "choose-view"].map(get);
  let keptDrawn = /** @type {unknown} */ (null);

  nav.addEventListener("click", (event) => {
    const item = /** @type {HTMLElement | null} */ (/** @type {Element} */ (event.target).closest("[data-view]"));
    if (!item || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const view = find(desk.state, item.dataset.view || "");
    if (view) look(view);
  });
  choose.addEventListener("click", () => openMenu(choose, "Views", [...VIEWS, ...desk.state.views].map((view) => ({ text: view.name, checked: view.key === desk.state.view.key, hint: numberOf(desk.state, view), run: () => look(view) }))));
  sort.addEventListener("click", () => openMenu(sort, "Sort by", Object.entries(SORTS).map(([key, text]) => ({ text, checked: desk.state.view.sort === key, run: () => look({ ...desk.state.view, sort: /** @type {Sort} */ (key) }) }))));
  get("view-more").addEventListener("click", () => manage(get("view-more")));

  desk.shows((state) => {
    name.textContent = short.textContent = state.view.name;
    count.textContent = numberOf(state, state.view);
    sortName.textContent = SORTS[state.view.sort];
    if (keptDrawn !== state.views) {
      keptDrawn = state.views;
      kept.hidden = !state.views.length;
      kept.replaceChildren(...group("Yours", state.views.filter((one) => !one.shared)), ...group("Shared", state.views.filter((one) => one.shared)));
    }
    for (const item of /** @type {NodeListOf<HTMLElement>} */ (nav.querySelectorAll("[data-view]"))) {
      const view = find(state, item.dataset.view || "");
      item.setAttribute("aria-current", String(view?.key === state.view.key));
      const number = view ? numberOf(state, view) : "";
      const box = /** @type {HTMLElement} */ (item.querySelector(".views__count"));
      if (box.textContent !== number) box.textContent = number;
    }
  });
}

/** @param {State} state @param {string} key */
export function find(state, key) {
  return [...VIEWS, ...state.views].find((one) => one.key === key);
}

/** @param {State} state @param {View} view */
function numberOf({ counts }, view) {
  const number = counts && (view.id ? counts.views?.[view.id] : counts[view.key]);
  if (!number) return "";
  return number >= MOST ? `${MOST}+` : String(number);
}

/** @param {string} title @param {View[]} views */
function group(title, views) {
  if (!views.length) return [];
  const items = views.map((view) => h("li", {}, h("a.views__item", { href: `?view=${view.key}`, "data-view": view.key }, icon(view.shared ? "team" : "view"), h("span.views__name", { dir: "auto" }, view.name), h("span.views__count"))));
  return [h("p.views__title", {}, title), h("ul.views__list", {}, ...items)];
}
