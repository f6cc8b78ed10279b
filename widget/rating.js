/**
 * How it was, when it is over.
 *
 * @import { Room } from "./types.js"
 */
import { h, icon } from "./dom.js";
import { t } from "./words.js";

const STAR = "M12 3.5l2.6 5.4 5.9.8-4.3 4.1 1 5.9-5.2-2.8-5.2 2.8 1-5.9-4.3-4.1 5.9-.8z";

/** @param {Room} room */
export function createRating(room) {
  let score = 0;
  const words = h("textarea", { rows: 2, maxlength: 1000, dir: "auto" });
  const stars = [1, 2, 3, 4, 5].map((n) => h("button", { role: "radio", "aria-checked": "false", "aria-label": t("stars", { n }), tabindex: n === 1 ? 0 : -1, onclick: () => choose(n), onkeydown: move }, icon(STAR)));
  const rest = h("div", { hidden: true }, h("label.field", {}, t("tell_more"), words));
  const go = h("button.main", { hidden: true, onclick: send }, t("send"));
  const element = h("div.rating", { role: "group", "aria-label": t("rate") }, h("h3", {}, t("rate")), h("div.stars", { role: "radiogroup", "aria-label": t("rate") }, ...stars), rest, go);

  /** @param {number} n */
  function choose(n) {
    score = n;
    stars.forEach((star, at) => {
      star.classList.toggle("lit", at < n);
      star.setAttribute("aria-checked", String(at === n - 1));
      star.tabIndex = at === n - 1 ? 0 : -1;
    });
    rest.hidden = go.hidden = false;
    element.scrollIntoView({ block: "nearest" });
  }

  /** @param {KeyboardEvent} event */
  function move({ key }) {
    const step = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 }[key];
    if (!step) return;
    const n = Math.min(5, Math.max(1, score + step));
    choose(n);
    stars[n - 1].focus();
  }

  function send() {
    room.desk.tell({ type: "rate", score, comment: words.value.trim() || undefined });
    element.replaceChildren(h("h3", { role: "status", tabindex: -1 }, t("rated")));
    element.firstChild.focus();
    room.desk.apply({ type: "rated", score });
  }

  return element;
}
