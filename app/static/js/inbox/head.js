/**
 * The head of a conversation: who it is, who has the word, and what can be done.
 *
 * @import { Desk } from "./desk.js"
 * @import { State, Whole } from "./types.js"
 */
import { h } from "../../../../widget/dom.js";
import { icon } from "./icons.js";
import { face, nameOf } from "./people.js";
import { full, pressing } from "./when.js";

/** All of them stand beside the thread. */
const MOST_TAGS = 2;

/**
 * @param {{
 *   desk: Desk,
 *   back: () => void,
 *   side: () => void,
 *   acts: Record<string, (anchor: HTMLElement) => void>,
 * }} parts
 */
export function createHead({ desk, back, side, acts }) {
  const root = /** @type {HTMLElement} */ (document.getElementById("head"));
  const who = h("div.head__who");
  const marks = h("div.head__marks");
  const word = h("button.btn head__word");
  const assign = tool("assign", "person", "Assign", "A", true);
  const snooze = tool("snooze", "clock", "Snooze", "S", true);
  const close = tool("close", "closed", "Close", "E");
  const more = tool("more", "more", "More", "", true);
  const context = h("button.tool tool--icon head__side", { "aria-label": "About this conversation", title: "About this conversation ( I )", "aria-expanded": "false", onclick: side }, icon("side"));
  root.append(h("button.tool tool--icon head__back", { "aria-label": "Back to the list", onclick: back }, icon("left", 20)), h("div.head__text", {}, who, marks), h("div.head__acts", { role: "toolbar", "aria-label": "With this conversation" }, word, assign, snooze, close, more, context));
  word.addEventListener("click", () => acts[word.dataset.act || "takeOver"](word));
  let drawn = "";

  desk.shows((state) => {
    const whole = state.openId ? state.talks[state.openId]?.whole : null;
    root.hidden = !whole;
    if (!whole) return void (drawn = "");
    const viewing = state.talks[whole.id].viewers.filter((one) => one.user_id !== state.me).map((one) => one.user_id);
    const mark = JSON.stringify([whole, viewing, state.answering[whole.id], state.me, Math.floor(Date.now() / 30_000)]);
    if (mark === drawn) return;
    drawn = mark;
    show(state, whole, viewing);
  });

  /** @param {State} state @param {Whole} whole @param {string[]} viewing */
  function show(state, whole, viewing) {
    who.replaceChildren(
      h("h2.head__name", {}, h("bdi", {}, nameOf(whole))),
      h("button.head__number", { title: "Copy the number", onclick: () => acts.copyNumber(word) }, `#${whole.number}`),
      ...viewing.slice(0, 3).map((id) => h("span.head__eye", { title: `${state.people[id]?.name || "A colleague"} is looking too` }, face(state.people[id] || { id }, "tiny"), h("span.sr-only", {}, `${state.people[id]?.name || "A colleague"} is looking too`))),
    );
    marks.replaceChildren(...marksOf(state, whole));
    const mine = whole.speaker === "person" && whole.person?.id === state.me;
    const isClosed = whole.status === "closed";
    word.hidden = isClosed;
    word.dataset.act = mine ? "handBack" : "takeOver";
    word.className = `btn head__word${mine ? " btn--quiet" : ""}`;
    word.replaceChildren(icon(mine ? "spark" : "hand", 16), h("span", {}, mine ? "Hand back" : "Take over"), h("kbd.key", {}, mine ? "H" : "T"));
    close.replaceChildren(icon(isClosed ? "refresh" : "closed"), h("span.tool__text", {}, isClosed ? "Reopen" : "Close"));
    close.setAttribute("aria-label", isClosed ? "Reopen" : "Close");
    close.title = isClosed ? "Reopen ( E )" : "Close ( E )";
    snooze.hidden = isClosed;
  }

  /** @param {string} act @param {string} sign @param {string} text @param {string} key @param {boolean} [menu] */
  function tool(act, sign, text, key, menu) {
    const button = h("button.tool", { "aria-label": text, title: key ? `${text} ( ${key} )` : text, "aria-haspopup": menu ? "menu" : null, "aria-expanded": menu ? "false" : null, onclick: () => acts[act](button) }, icon(sign), act !== "more" && h("span.tool__text", {}, text));
    if (act === "more") button.classList.add("tool--icon");
    return button;
  }

  return {
    /** The button of an act, which its menu opens beside. @param {string} act */
    anchor(act) {
      const found = { assign, snooze, close, more, context }[act] || more;
      return found.offsetParent ? found : more;
    },
  };
}

/** @param {State} state @param {Whole} whole */
function marksOf(state, whole) {
  const press = pressing(whole, Date.now());
  const isWithPerson = whole.speaker === "person";
  const tags = whole.tags || [];
  const snoozed = whole.snoozed_until && Date.parse(whole.snoozed_until) > Date.now();
  return [
    // Where there is no room for it beside the name.
    h("span.mark mark--bare head__quote", {}, `#${whole.number}`),
    whole.status === "closed" ? h("span.mark", {}, icon("closed", 13), "Closed") : h(`span.mark mark--${isWithPerson ? "person" : "quiet"}`, {}, icon(isWithPerson ? "person" : "spark", 13), isWithPerson ? (whole.person?.id === state.me ? "You have the word" : `${whole.person?.name || "A person"} has the word`) : state.answering[whole.id] ? `${state.assistant} is answering` : `${state.assistant} answers`),
    whole.person && !isWithPerson && h("span.mark", {}, `assigned to ${whole.person.id === state.me ? "you" : whole.person.name}`),
    whole.escalated_at && h("span.mark mark--wanted", {}, icon("hand", 13), "Wants a person"),
    press && h(`span.mark mark--${press.tone}`, { title: press.title }, icon("clock", 13), press.text),
    ["high", "urgent"].includes(whole.priority) && h(`span.mark mark--${whole.priority}`, { title: whole.priority_reasons.join("\n") }, icon("flag", 13), whole.priority === "urgent" ? "Urgent" : "High"),
    snoozed && h("span.mark", {}, icon("clock", 13), `until ${full(whole.snoozed_until || "")}`),
    (whole.blocked || whole.visitor?.blocked) && h("span.mark mark--late", {}, icon("block", 13), "Blocked"),
    ...tags.slice(0, MOST_TAGS).map((tag) => h("span.mark mark--tag", { dir: "auto", title: tag }, tag)),
    tags.length > MOST_TAGS && h("span.mark mark--tag", { title: tags.slice(MOST_TAGS).join(", ") }, `+${tags.length - MOST_TAGS}`),
  ].filter(Boolean);
}
