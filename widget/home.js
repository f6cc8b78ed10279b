/**
 * What a visitor sees who has said nothing yet.
 *
 * @import { Availability, Room } from "./types.js"
 */
import { h, ICONS, icon } from "./dom.js";
import { duration, reopening, t } from "./words.js";

/**
 * @param {Room} room
 * @param {Availability} availability
 * @param {number} earlier how many conversations there are already
 */
export function home(room, { open, reopens_at: at, reply_time: time, assistant = true, message }, earlier) {
  const away = assistant ? "away" : "shut";
  const { greeting, suggestions = [], ai_notice: notice = true } = room.config.widget;
  return h(
    "div.home",
    {},
    h("h3.hello", { dir: "auto" }, greeting || t("greeting")),
    notice && h("p.ai", {}, icon(ICONS.spark), h("span", { dir: "auto" }, typeof notice === "string" ? notice : t("ai_notice"))),
    h("div.asks", {}, ...suggestions.slice(0, 5).map((text) => entry("ask", text, (talk) => talk.submit(text))), !open && entry("ask", t("leave_message"), (talk) => talk.person()), earlier > 0 && entry("ask past", t("past"), (talk) => talk.past())),
    h("p.hours", { dir: "auto" }, open ? time && t("reply_time", { time: duration(time) }) : message || (at ? t(`${away}_until`, { time: reopening(at) }) : t(away))),
  );

  /** @param {string} style @param {string} text @param {(talk: Room) => void} run */
  function entry(style, text, run) {
    return h(`button.${style}`, { onclick: async () => run(await room.talk()) }, h("span", { dir: "auto" }, text), icon(ICONS.next));
  }
}
