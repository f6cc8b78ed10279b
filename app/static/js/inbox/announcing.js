/**
 * What screen readers say: what comes into the open conversation, whole messages and not their parts, and who has
 * the word.
 *
 * @import { Desk } from "./desk.js"
 */
import { h } from "../../../../widget/dom.js";
import { plain, parse } from "../../../../widget/markdown.js";
import { authorOf } from "./message.js";

const KEPT = 6;

/** @param {Desk} desk */
export function announce(desk) {
  const log = /** @type {HTMLElement} */ (document.getElementById("announced"));

  desk.hears((frame, state) => {
    if (frame.type !== "event" || frame.conversation_id !== state.openId) return;
    const { event } = frame;
    if (event.author.id === state.me && event.kind !== "message") return;
    const words = WORDS[event.kind]?.(event, state);
    if (!words) return;
    log.append(h("p", {}, words));
    while (log.childElementCount > KEPT) log.firstElementChild?.remove();
  });
}

/** @type {Record<string, (event: any, state: import("./types.js").State) => string>} */
const WORDS = {
  message: (event, state) => `${authorOf(event, state)}: ${plain(parse(event.text))}`,
  note: (event, state) => (event.inside?.changed ? event.text : `Note by ${authorOf(event, state)}: ${plain(parse(event.text))}`),
  joined: (event) => `${event.author.name} took over.`,
  handed_back: (event) => `${event.author.name} handed back.`,
  escalated: () => "A person is wanted here.",
  closed: () => "The conversation was closed.",
  reopened: () => "The conversation was opened again.",
  rated: (event) => `The visitor gave ${event.score} of 5.`,
};
