/**
 * Why an answer was no good: one touch, and words if somebody has them.
 *
 * @import { Room } from "./types.js"
 */
import { h } from "./dom.js";
import { t } from "./words.js";

const REASONS = ["wrong", "incomplete", "not_what_i_asked", "tone", "other"];

/**
 * @param {Room} room
 * @param {string} id the message's
 * @param {HTMLElement} place
 */
export function askWhy(room, id, place) {
  let reason = "";
  const words = h("textarea", { rows: 2, maxlength: 1000, dir: "auto" });
  const buttons = REASONS.map((name) => h("button", { "aria-pressed": "false", onclick: () => choose(name) }, t(`reason_${name}`)));

  /** @param {string} name */
  function choose(name) {
    reason = name;
    buttons.forEach((button, at) => button.setAttribute("aria-pressed", String(REASONS[at] === name)));
  }

  function send() {
    room.desk.tell({ type: "feedback", message_id: id, value: "down", reason: reason || "other", comment: words.value.trim() || undefined });
    place.replaceChildren();
    room.toast(t("thanks"));
  }

  place.replaceChildren(
    h("div.reasons", { role: "group", "aria-label": t("why") }, h("strong", {}, t("why")), h("div.acts", {}, ...buttons), h("label.field", {}, t("tell_more"), words), h("button.main", { onclick: send }, t("send"))),
  );
  buttons[0].focus();
  place.scrollIntoView({ block: "nearest" });
}
