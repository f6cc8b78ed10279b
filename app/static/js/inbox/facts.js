/**
 * What happened between the messages, as one grey line each.
 *
 * @import { ChatEvent, State } from "./types.js"
 */
import { h } from "../../../../widget/dom.js";
import { icon } from "./icons.js";
import { full, hour } from "./when.js";

/** @type {Record<string, string>} */
const SIGNS = { joined: "hand", handed_back: "spark", escalated: "escalated", ticket: "flag", closed: "closed", reopened: "refresh", rated: "check", contact: "person", note: "pencil" };

/** @param {ChatEvent} event @param {State} state @returns {HTMLElement} */
export function fact(event, state) {
  const reasons = event.inside?.reasons || [];
  return h(
    `div.fact fact--${event.kind}`,
    { "data-seq": event.seq },
    icon(SIGNS[event.kind] || "info", 15),
    h("p", { dir: "auto" }, h("span", {}, words(event, state)), reasons.length > 0 && h("small", {}, reasons.join(" · "))),
    h("time", { datetime: event.created_at, title: full(event.created_at) }, hour(event.created_at)),
  );
}

/** @param {ChatEvent} event @param {State} state */
function words(event, state) {
  const { kind, author, text, ticket, score } = event;
  const isMe = author.kind === "person" && author.id === state.me;
  const who = isMe ? "You" : author.kind === "visitor" ? "The visitor" : author.kind === "assistant" ? state.assistant : author.name || "Frontdesk";
  switch (kind) {
    case "joined":
      return `${who} took over. ${state.assistant} is silent.`;
    case "handed_back":
      return `${who} handed back to ${state.assistant}.`;
    case "escalated":
      return author.kind === "visitor" ? `The visitor asks for a person${event.reason ? `: ${event.reason}` : "."}` : "A person is wanted here.";
    case "ticket":
      return `${who}: ticket ${ticket?.number ?? ""} is ${(ticket?.status || "open").replaceAll("_", " ")}.`;
    case "closed":
      return event.merged_number || event.merged_into ? `Merged into #${event.merged_number || event.merged_into}.` : `${who} closed this.`;
    case "reopened":
      return `${who} opened this again.`;
    case "rated":
      return `The visitor gave ${score ?? "?"} of 5${event.comment ? `: “${event.comment}”` : "."}`;
    case "contact":
      return text || "The visitor said who they are.";
    default:
      return isMe && text.startsWith(author.name) ? `You${text.slice(author.name.length).replace(/^ (say|let)s /, " $1 ")}` : text || kind.replaceAll("_", " ");
  }
}
