/**
 * One row of the list: who, what was last said, since when they wait, who takes care of it.
 *
 * @import { Case, State } from "./types.js"
 */
import { h } from "../../../../widget/dom.js";
import { parse, plain } from "../../../../widget/markdown.js";
import { icon } from "./icons.js";
import { face, nameOf } from "./people.js";
import { full, pressing, short, span, spoken } from "./when.js";

const MOST_TAGS = 2;
const PRIORITIES = { low: "", medium: "", high: "High", urgent: "Urgent" };

export function createRow() {
  const tick = h("input.row__tick", { type: "checkbox", tabindex: -1 });
  const link = h("a.row__link", { tabindex: -1 });
  const node = h("li.row", {}, h("label.row__who", {}, tick), link);
  let drawn = "";

  /** @param {Case} one @param {State} state @param {{at: number, count: number, now: number}} about */
  function update(one, state, { at, count, now }) {
    const isOpen = one.id === state.openId;
    const isSelected = state.selected.includes(one.id);
    node.style.transform = `translateY(calc(var(--row) * ${at}))`;
    node.setAttribute("aria-posinset", String(at + 1));
    node.setAttribute("aria-setsize", String(state.pile.cursor ? -1 : count));
    const viewing = (state.screens[one.id] || []).filter((id) => id !== state.me);
    const mark = JSON.stringify([one, isOpen, isSelected, state.here === one.id, viewing, state.answering[one.id], isBegun(one, state), Math.floor(now / 30_000), state.selected.length > 0]);
    if (mark === drawn) return;
    drawn = mark;
    node.dataset.id = one.id;
    node.className = ["row", one.unread > 0 && "row--unread", isOpen && "row--open", isSelected && "row--chosen", state.here === one.id && "row--here"].filter(Boolean).join(" ");
    tick.checked = isSelected;
    tick.setAttribute("aria-label", `Choose conversation ${one.number}`);
    tick.tabIndex = link.tabIndex = state.here === one.id || (!state.here && at === 0) ? 0 : -1;
    tick.parentElement.replaceChildren(...[face({ id: one.contact?.id || one.id, name: nameOf(one) }), mood(one), tick].filter(Boolean));
    link.href = `/dashboard/inbox/${one.id}`;
    link.setAttribute("aria-current", String(isOpen));
    link.replaceChildren(...inside(one, state, viewing, now));
  }

  return { node, update };
}

/** @param {Case} one @param {State} state @param {string[]} viewing @param {number} now */
function inside(one, state, viewing, now) {
  return [
    h("span.row__top", {}, h("bdi.row__name", {}, nameOf(one)), h("span.row__number", {}, `#${one.number}`), h("time.row__time", { datetime: one.last_event_at, title: full(one.last_event_at) }, short(one.last_event_at, now))),
    h("span.row__middle", {}, h("span.row__preview", { dir: "auto" }, bare(one.preview) || "Nothing was said yet"), one.unread > 0 && h("span.row__new", { title: `${one.unread} new` }, h("span.sr-only", {}, `${one.unread} new`))),
    h("span.row__foot", {}, ...marks(one, state, now), h("span.row__end", {}, ...watching(viewing, state), one.person && assignee(one, state))),
  ];
}

/** A preview has one line, and no use for the signs of Markdown. @param {string} text */
function bare(text) {
  return /[*_`#>\[-]/.test(text) ? plain(parse(text)).trim() : text;
}

/** What is begun where one is, one sees there. @param {Case} one @param {State} state */
function isBegun(one, state) {
  return Boolean(state.begun[one.id]) && one.id !== state.openId;
}

/** @param {Case} one @param {State} state @param {number} now */
function marks(one, state, now) {
  const press = pressing(one, now);
  const level = PRIORITIES[one.priority];
  const tags = one.tags || [];
  const snoozed = one.snoozed_until && Date.parse(one.snoozed_until) > now;
  return [
    isBegun(one, state) && h("span.mark", { title: "You have begun a reply" }, icon("pencil", 13), "Draft"),
    press && h(`span.mark mark--${press.tone}`, { title: press.title }, icon("clock", 13), press.text, h("span.sr-only", {}, `. ${press.title}`)),
    one.escalated_at && h("span.mark mark--wanted", { title: "The visitor wants a person" }, icon("hand", 13), "Person"),
    state.answering[one.id] && h("span.mark mark--live", {}, icon("spark", 13), "Answering"),
    level && h(`span.mark mark--${one.priority}`, { title: [`${level} priority`, ...one.priority_reasons].join("\n") }, icon("flag", 13), one.escalated_at ? h("span.sr-only", {}, level) : level),
    snoozed && h("span.mark", { title: full(one.snoozed_until || "") }, icon("clock", 13), `back in ${span(Date.parse(one.snoozed_until || "") - now)}`, h("span.sr-only", {}, ` (${spoken(Date.parse(one.snoozed_until || "") - now)})`)),
    ...tags.slice(0, MOST_TAGS).map((tag) => h("span.mark mark--tag", {}, tag)),
    tags.length > MOST_TAGS && h("span.mark mark--tag", { title: tags.slice(MOST_TAGS).join(", ") }, `+${tags.length - MOST_TAGS}`),
    !press && !level && !tags.length && !one.escalated_at && !state.answering[one.id] && !isBegun(one, state) && !snoozed && one.speaker === "assistant" && one.status === "open" && h("span.mark mark--quiet", {}, icon("spark", 13), `With ${state.assistant}`),
  ].filter(Boolean);
}

/** @param {string[]} viewing @param {State} state */
function watching(viewing, state) {
  return viewing.slice(0, 2).map((id) => h("span.row__eye", { title: `${state.people[id]?.name || "Somebody"} is looking at this` }, face(state.people[id] || { id }, "tiny"), h("span.sr-only", {}, `${state.people[id]?.name || "Somebody"} is looking at this`)));
}

/** @param {Case} one @param {State} state */
function assignee(one, state) {
  const name = one.person?.id === state.me ? "you" : one.person?.name;
  return h("span.row__person", { title: `With ${name}` }, face(state.people[one.person?.id || ""] || one.person, "tiny"), h("span.sr-only", {}, `with ${name}`));
}

/** A face, since a bare dot beside a picture says elsewhere that somebody is there. @param {Case} one */
function mood({ mood: value, mood_overruled_at: overruled }) {
  if (overruled || (value > -0.35 && value < 0.5)) return null;
  const word = value <= -0.65 ? "angry" : value < 0 ? "unhappy" : "happy";
  return h(`span.mood mood--${word}`, { title: `Sounds ${word}` }, icon(word, 14), h("span.sr-only", {}, `sounds ${word}`));
}
