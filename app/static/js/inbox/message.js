/**
 * What stands in a thread, as nodes.
 *
 * @import { ChatEvent, Live, Outgoing, State } from "./types.js"
 * @import { Item } from "./items.js"
 */
import { h } from "../../../../widget/dom.js";
import { withCalls } from "./called.js";
import { answer, liveAnswer } from "./answer.js";
import { attachment } from "./attached.js";
import { fact } from "./facts.js";
import { icon } from "./icons.js";
import { face, nameOf } from "./people.js";
import { plainText, prose } from "./prose.js";
import { day, full, hour } from "./when.js";

/** @typedef {{undo: (id: string) => void, retry: (id: string) => void, now: (id: string) => void}} Hands */

/** @param {Item} item @param {State} state @param {Hands} hands @returns {HTMLElement} */
export function nodeOf(item, state, hands) {
  switch (item.type) {
    case "day":
      return h("p.thread__day", {}, h("span", {}, day(item.at, Date.now())));
    case "new":
      return h("p.thread__new", {}, h("span", {}, "New"));
    case "fact":
      return fact(item.event, state);
    case "live":
      return live(item.live, item.phase, state);
    case "outgoing":
      return outgoing(item.outgoing, state, hands);
    case "typing":
      return h("div.said said--visitor", {}, h("div.said__bubble said__dots", {}, h("i"), h("i"), h("i"), h("span.sr-only", {}, "The visitor is typing")));
    default:
      return item.type === "note" ? note(item.event, item.follows, state) : message(item.event, item.follows, item.seen, state);
  }
}

/** @param {ChatEvent} event @param {boolean} follows @param {boolean} seen @param {State} state */
function message(event, follows, seen, state) {
  const { author } = event;
  const whose = author.kind === "visitor" ? "visitor" : author.kind === "assistant" ? "assistant" : "person";
  const parts = whose === "assistant" ? answer(event) : { body: [whose === "visitor" ? plainText(event.text) : h("div.prose", {}, ...prose(event.text))], foot: null, below: null };
  const bubble = h("div.said__bubble", { dir: "auto", title: full(event.created_at) }, ...(whose === "assistant" ? [h("div.prose", {}, ...parts.body)] : parts.body), ...(event.attachments || []).map(attachment));
  if (!event.text && event.attachments?.length) bubble.firstElementChild?.remove();
  return h(
    `article.said said--${whose}${follows ? " said--follows" : ""}`,
    { "data-seq": event.seq, "aria-label": `${authorOf(event, state)}, ${hour(event.created_at)}` },
    !follows && h("header.said__by", {}, sign(event, state), h("bdi", {}, authorOf(event, state)), h("time", { datetime: event.created_at }, hour(event.created_at)), whose === "visitor" && feeling(event)),
    bubble,
    parts.foot,
    parts.below,
    seen && h("p.said__seen", {}, icon("check", 13), "Seen"),
  );
}

/** @param {ChatEvent} event @param {boolean} follows @param {State} state */
function note(event, follows, state) {
  return h(
    `article.said said--note${follows ? " said--follows" : ""}`,
    { "data-seq": event.seq, "aria-label": `Private note by ${authorOf(event, state)}, ${hour(event.created_at)}` },
    h("div.note-paper", { title: full(event.created_at) }, h("header.note-paper__by", {}, icon("lock", 13), h("bdi", {}, authorOf(event, state)), h("span", {}, "only your team sees this"), h("time", { datetime: event.created_at }, hour(event.created_at))), withCalls(h("div.prose", { dir: "auto" }, ...prose(event.text)), event.inside?.mentions || []), ...(event.attachments || []).map(attachment)),
  );
}

/** @param {Live} live @param {string} phase @param {State} state */
function live(live, phase, state) {
  const { body, below } = liveAnswer(live);
  const words = phase === "searching" || phase === "looking_up" ? "is looking it up" : body.length ? "is answering" : "is thinking";
  return h(
    "article.said said--assistant said--live",
    { "aria-label": `${state.assistant} ${words}` },
    h("header.said__by", {}, h("span.said__spark", {}, icon("spark", 14)), h("bdi", {}, state.assistant), h("span.said__phase", {}, words)),
    h("div.said__bubble", { dir: "auto" }, body.length ? h("div.prose", {}, ...body) : h("span.said__dots", {}, h("i"), h("i"), h("i"))),
    below,
  );
}

/** @param {Outgoing} one @param {State} state @param {Hands} hands */
function outgoing({ client_id: id, kind, text, attachments, at, until, status, problem, close }, state, hands) {
  const isNote = kind === "note";
  const body = [h("div.prose", { dir: "auto" }, ...prose(text)), ...attachments.map(attachment)];
  const inner = isNote ? h("div.note-paper", {}, h("header.note-paper__by", {}, icon("lock", 13), "You", h("span", {}, "only your team sees this")), ...body) : h("div.said__bubble", { dir: "auto" }, ...body);
  return h(`article.said said--${isNote ? "note" : "person"} said--${status}`, { "aria-label": "On its way" }, !isNote && h("header.said__by", {}, face(state.people[state.me], "tiny"), h("bdi", {}, "You")), inner, h("div.said__going", {}, ...going()));

  function going() {
    if (status === "failed") return [icon("alert", 14), h("span.said__problem", { role: "alert" }, problem), h("button.link", { onclick: () => hands.retry(id) }, "Try again"), h("button.link", { onclick: () => hands.undo(id) }, "Take back")];
    if (status === "sending") return [h("span", {}, "Sending…")];
    const ring = h("span.ring", { "aria-hidden": "true" });
    ring.style.animationDuration = `${until - at}ms`;
    // Drawn anew in the middle of its seconds, it goes on where it was.
    ring.style.animationDelay = `${Math.min(0, at - Date.now())}ms`;
    return [ring, h("span", {}, close ? "Sends and closes in a moment" : "Sends in a moment"), h("button.link", { "data-undo": id, onclick: () => hands.undo(id) }, "Undo"), h("button.link", { onclick: () => hands.now(id) }, "Send now")];
  }
}

/** @param {ChatEvent} event @param {State} state */
function sign({ author }, state) {
  if (author.kind === "assistant") return h("span.said__spark", {}, icon("spark", 14));
  if (author.kind === "person") return face(state.people[author.id || ""] || { id: author.id || "", name: author.name, picture_url: author.picture_url }, "tiny");
  return null;
}

/** @param {ChatEvent} event @param {State} state */
export function authorOf({ author }, state) {
  if (author.kind === "visitor") {
    const whole = state.openId ? state.talks[state.openId]?.whole : null;
    return whole ? nameOf(whole) : "Visitor";
  }
  if (author.kind === "assistant") return author.name || state.assistant;
  return author.id && author.id === state.me ? "You" : author.name || "The team";
}

/** What was heard in it, as it is said to the team. @type {Record<string, string>} */
const SIGNALS = { safety: "speaks of a danger", refund: "wants a refund", legal_threat: "speaks of a lawyer or court", asks_for_person: "asks for a person", churn_threat: "wants to leave", repeated_demand: "asks again", profanity: "swears", shouting: "shouts" };

/** @param {ChatEvent} event */
function feeling({ reading }) {
  if (!reading || reading.label === "neutral") return null;
  const word = reading.label === "positive" ? "happy" : reading.anger >= 0.4 ? "angry" : "";
  const heard = reading.signals.map((one) => SIGNALS[one]).filter(Boolean);
  return word ? h(`span.feeling feeling--${word}`, {}, `sounds ${word}${word === "angry" && heard.length ? `: ${heard.join(", ")}` : ""}`) : null;
}
