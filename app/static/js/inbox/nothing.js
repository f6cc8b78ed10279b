/**
 * What stands where there is nothing: quiet where that is good news, helpful where it is the first day.
 *
 * @import { State, View } from "./types.js"
 */
import { h } from "../../../../widget/dom.js";
import { icon } from "./icons.js";

/** @type {Record<string, [string, string, string]>} */
const WORDS = {
  mine: ["check", "Nothing waits for you", "What is assigned to you, or what you take over, lies here."],
  unassigned: ["check", "Nobody is left alone", "Every open conversation has somebody who takes care of it."],
  all: ["check", "All quiet", "No conversation is open. The next one appears here by itself."],
  mentions: ["at", "No mentions", "When a colleague writes @ and your name in a note, it lies here."],
  escalated: ["check", "Nobody asks for a person", "When a visitor wants one, or sounds as if, it lies here, whoever has waited longest first."],
  snoozed: ["clock", "Nothing is put off", "What you snooze comes back by itself when its time has come, or when the visitor writes."],
  closed: ["closed", "Nothing is closed yet", "Conversations that are done with are kept here."],
};

/** @param {View} view @param {State} state */
export function emptyList(view, state) {
  if (state.isFirstDay && view.key === "all") return firstDay();
  const [sign, title, text] = WORDS[view.key] || ["search", "Nothing fits", "No conversation has all that this view asks for."];
  return h("div.nothing nothing--list", {}, h("span.nothing__mark", {}, icon(sign, 26)), h("h3", {}, title), h("p", {}, text));
}

function firstDay() {
  return h(
    "div.nothing nothing--list",
    {},
    h("span.nothing__mark", {}, icon("conversations", 26)),
    h("h3", {}, "The desk is ready"),
    h("p", {}, "A conversation begins when a visitor writes in the widget on your site. It appears here that moment."),
    h("a.btn", { href: "/dashboard/settings/widget/install" }, "Put the widget on your site"),
    h("a.btn btn--bare", { href: "/demo", target: "_blank", rel: "noopener" }, "Write as a visitor of the demo shop"),
  );
}
