/**
 * The open widget: who one speaks with above, what was said in the middle, the pen below.
 *
 * @import { Room } from "./types.js"
 */
import { createComposer } from "./composer.js";
import { face, h, ICONS, iconButton } from "./dom.js";
import { home } from "./home.js";
import { direction, locale, t } from "./words.js";

/** @typedef {ReturnType<typeof createPanel>} Panel */

/** @param {Room} room */
export function createPanel(room) {
  const { config, isPage, close, name } = room;
  const composer = createComposer(room);
  const who = h("div.who");
  const banner = h("p.banner", { role: "status", hidden: true });
  const list = h("div.list");
  const body = h("div.body", { tabindex: 0, role: "group", "aria-label": t("messages") }, list);
  const stage = h("div.stage", {}, body, composer.element);
  const menu = iconButton(ICONS.more, t("menu"), async () => (await room.talk()).menu(menu));
  menu.ariaHasPopup = "menu";
  const element = h(
    "section.panel",
    { role: isPage ? "region" : "dialog", "aria-label": t("chat_with", { name: config.organization.name }), lang: locale(), dir: direction(), tabindex: -1, onkeydown: pressed },
    h("div.head", {}, who, menu, !isPage && iconButton(ICONS.close, t("close"), close)),
    banner,
    stage,
  );
  /** @type {Record<string, string>} */
  const drawn = {};
  showWho(t("assistant_line"));
  showHome(config.availability, 0);

  /** @param {string} line @param {string} [called] @param {string | null} [picture] @param {boolean} [isOn] */
  function showWho(line, called = name, picture = config.widget.logo_url, isOn = config.availability.people_online) {
    if (isNews("who", [line, called, picture, isOn])) who.replaceChildren(face(called, picture), h("div", {}, h("h2", { dir: "auto" }, called), h("p", {}, h(`i.dot ${isOn ? "on" : ""}`), line)));
  }

  /** @param {import("./types.js").Availability} availability @param {number} earlier */
  function showHome(availability, earlier) {
    if (isNews("home", [availability, earlier]) || !list.querySelector(".home")) list.replaceChildren(home(room, availability, earlier));
    element.classList.add("empty");
  }

  /** What is drawn anew without need flickers, and takes the focus away. @param {string} place @param {unknown[]} what */
  function isNews(place, what) {
    const before = drawn[place];
    return before !== (drawn[place] = JSON.stringify(what));
  }

  /** @param {KeyboardEvent} event */
  function pressed(event) {
    // What is typed here is none of the page's shortcuts.
    event.stopPropagation();
    if (event.key === "Escape") close();
    if (event.key === "Tab" && element.ariaModal) keepFocus(event);
  }

  /** On a phone there is nothing beside the panel, so the focus goes round in it. @param {KeyboardEvent} event */
  function keepFocus(event) {
    const stops = [...element.querySelectorAll("button:enabled,a[href],input,textarea,[tabindex='0']")].filter((one) => one.checkVisibility() && !one.closest("[inert]") && one.tabIndex >= 0);
    const here = stops.indexOf(event.composedPath()[0]);
    const next = event.shiftKey ? here <= 0 && stops.at(-1) : here === stops.length - 1 && stops[0];
    if (!next) return;
    event.preventDefault();
    next.focus();
  }

  return {
    element,
    who,
    banner,
    list,
    body,
    stage,
    menu,
    composer,
    showWho,
    showHome,
    focus() {
      // On a touch screen the keyboard would cover the greeting before it is read.
      if (matchMedia("(pointer: coarse)").matches) element.focus();
      else composer.text.focus();
    },
  };
}
