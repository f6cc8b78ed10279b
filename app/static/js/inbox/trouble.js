/**
 * What stands where a conversation would be: while it comes, when it does not, and when it is gone.
 *
 * @import { Talk } from "./types.js"
 */
import { h } from "../../../../widget/dom.js";

export function ghosts() {
  const line = (/** @type {string} */ side, /** @type {number} */ number) => h(`div.talk-ghost talk-ghost--${side}`, {}, ...Array.from({ length: number }, () => h("span.ghost")));
  return h("div.talk-ghosts", { "aria-hidden": "true" }, line("start", 1), line("end", 3), line("start", 2), line("end", 2));
}

/** @param {Talk} talk @param {() => void} retry */
export function trouble({ status, problem }, retry) {
  if (status === "gone") return h("div.nothing", {}, h("h2", {}, "This conversation is gone"), h("p", {}, "It was erased, or never was yours to see."));
  return h("div.trouble", { role: "alert" }, h("p", {}, problem), h("button.btn btn--quiet", { onclick: retry }, "Try again"));
}
