/**
 * What is seldom wanted: other conversations, the sound, taking one's words along, ending, being forgotten.
 *
 * @import { Room } from "./types.js"
 */
import { fetchFile } from "./attachments.js";
import { isMuted, setMuted } from "./attention.js";
import { h, icon } from "./dom.js";
import { openPast } from "./past.js";
import { t } from "./words.js";

const NEW = "M12 20h8M15.5 4.5l4 4L8 20H4v-4z";
const PAST = "M4 12a8 8 0 1 0 2.5-5.800L4 8.5M4 4v4.5h4.5M12 8v4.5l3 1.5";
const SOUND = "M5 9.5v5h3.5L13 18V6L8.5 9.5zM16.5 9a4 4 0 0 1 0 6M19 6.5a8 8 0 0 1 0 11";
const SILENT = "M5 9.5v5h3.5L13 18V6L8.5 9.5zM17 9.5l4 5M21 9.5l-4 5";
const SAVE = "M12 4v11M7.5 11l4.5 4.5 4.5-4.5M5 20h14";
const MAIL = "M4 6h16v12H4zM4 7l8 6 8-6";
const END = "M9 4H5v16h4M15 8l4 4-4 4M19 12h-9";
const ERASE = "M5 7h14M10 4h4M7 7l1 13h8l1-13M10.5 11v5M13.5 11v5";

/**
 * @param {Room} room
 * @param {HTMLElement} button
 */
export function openMenu(room, button) {
  const panel = /** @type {HTMLElement} */ (button.closest(".panel"));
  const old = panel.querySelector(".menu");
  if (old) return old.dispatchEvent(new Event("leave"));
  const { conversation } = room.desk.state;
  const muted = isMuted(room.desk.keeping);
  const menu = h(
    "div.menu",
    { role: "menu", "aria-label": t("menu"), onkeydown: move, onleave: leave },
    entry(NEW, t("new"), () => room.desk.go(null)),
    entry(PAST, t("past"), () => openPast(room)),
    entry(muted ? SILENT : SOUND, t(muted ? "sound_on" : "sound_off"), () => setMuted(room.desk.keeping, !muted)),
    ...(conversation ? [h("hr", { role: "separator" }), entry(SAVE, t("transcript"), () => save(room)), entry(MAIL, t("transcript_mail"), () => mail(room))] : []),
    conversation?.status === "open" && entry(END, t("end"), () => confirm(room, "end")),
    h("hr", { role: "separator" }),
    entry(ERASE, t("erase"), () => confirm(room, "erase"), "bad"),
  );
  panel.append(menu);
  button.setAttribute("aria-expanded", "true");
  menu.querySelector("button")?.focus();
  const root = /** @type {ShadowRoot} */ (panel.getRootNode());
  root.addEventListener("pointerdown", outside);

  /** @param {string} path @param {string} label @param {() => void} run @param {string} [style] */
  function entry(path, label, run, style) {
    return h(`button.${style || "entry"}`, { role: "menuitem", tabindex: -1, onclick: () => (leave(), run()) }, icon(path), label);
  }

  /** @param {Event} event */
  function outside({ target }) {
    if (!menu.contains(target) && !button.contains(/** @type {Node} */ (target))) leave();
  }

  function leave() {
    const hadFocus = menu.contains(root.activeElement);
    menu.remove();
    root.removeEventListener("pointerdown", outside);
    button.setAttribute("aria-expanded", "false");
    if (hadFocus) button.focus();
  }

  /** @param {KeyboardEvent} event */
  function move(event) {
    const stops = [...menu.querySelectorAll("button")];
    const here = stops.indexOf(/** @type {any} */ (root.activeElement));
    const to = { ArrowDown: here + 1, ArrowUp: here - 1, Home: 0, End: stops.length - 1 }[event.key];
    if (event.key === "Escape" || event.key === "Tab") leave();
    else if (to === undefined) return;
    else stops.at(to % stops.length)?.focus();
    event.preventDefault();
    event.stopPropagation();
  }
}

/** @param {Room} room */
function save(room) {
  const { conversation } = room.desk.state;
  return fetchFile(room, `transcript/${conversation?.id}`, `${t("transcript_name")}-${conversation?.number}.txt`);
}

/** @param {Room} room */
async function mail(room) {
  (await import("./forms.js")).transcriptForm(room);
}

/** @param {Room} room @param {"end" | "erase"} what */
async function confirm(room, what) {
  (await import("./forms.js")).confirm(room, what);
}
