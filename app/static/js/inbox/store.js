/**
 * Everything that the inbox knows, apart from how it looks: a state, and what each frame makes of it.
 *
 * @import { Frame, State, Talk, View } from "./types.js"
 */
import { addPage, emptyPile, keep, place, prune } from "./pile.js";
import { around, delta, earlier, emptyTalk, heard, later, opened, updated, watching, withheld } from "./talk.js";

const MOST_TALKS = 20;

/** @type {View[]} */
export const VIEWS = [
  { key: "mine", name: "Mine", filters: { status: "open", assignee: "me" }, sort: "newest" },
  { key: "unassigned", name: "Unassigned", filters: { status: "open", assignee: "none" }, sort: "newest" },
  { key: "all", name: "All open", filters: { status: "open" }, sort: "newest" },
  { key: "mentions", name: "Mentions", filters: { mentioned: true }, sort: "newest" },
  { key: "escalated", name: "Escalated", filters: { status: "open", escalated: true }, sort: "waiting" },
  { key: "snoozed", name: "Snoozed", filters: { status: "snoozed" }, sort: "newest" },
  { key: "closed", name: "Closed", filters: { status: "closed" }, sort: "newest" },
];

/** @param {Partial<State>} [start] @returns {State} */
export function emptyState(start = {}) {
  return {
    me: "", people: {}, assistant: "Assistant", organization: "", zone: "UTC", isFirstDay: false, link: "connecting", view: VIEWS[2], views: [], counts: null,
    cases: {}, pile: emptyPile(), found: null, selected: [], here: null, screens: {}, openId: null, goal: null, talks: {}, outgoing: [], begun: {}, answering: {}, aiding: {}, ...start,
  };
}

/**
 * @param {State} state
 * @param {Frame} frame what came by the wire, or what somebody did
 * @param {number} [now]
 * @returns {State}
 */
export function reduce(state, frame, now = Date.now()) {
  const run = RULES[frame.type];
  return run ? run(state, frame, now) : state;
}

/** @type {Record<string, (state: State, frame: Frame, now: number) => State>} */
const RULES = {
  link: (state, { link }) => ({ ...state, link }),
  welcome: (state, { people, assistant, screens }) => ({ ...state, people: byId(people), assistant: assistant?.name || state.assistant, screens: screens || {} }),
  person: (state, { type: _, ...person }) => ({ ...state, people: { ...state.people, [person.id]: { ...state.people[person.id], ...person } } }),
  counts: (state, { counts }) => (counts ? { ...state, counts } : state),
  views: (state, { views }) => ({ ...state, views }),
  look: (state, { view, key }) => ({ ...state, view, selected: [], here: null, found: null, pile: emptyPile(key) }),
  loading: (state, { key }) => (key === state.pile.key ? { ...state, pile: { ...state.pile, status: "loading", problem: "" } } : state),
  page: addPage,
  unloaded: (state, { key, problem }) => (key === state.pile.key ? { ...state, pile: { ...state.pile, status: "failed", problem } } : state),
  changed: (state, { conversation, event }, now) => answered(settled(place(state, conversation, now), conversation), conversation.id, event),
  event: (state, { conversation_id: id, event, conversation }, now) => {
    const known = conversation ? settled(place(state, conversation, now), conversation) : state;
    const next = onTalk(known, id, (talk) => heard(talk, event));
    const outgoing = next.outgoing.filter((one) => one.client_id !== event.client_id);
    return answered({ ...next, outgoing }, id, { author_kind: event.author.kind });
  },
  open: (state, { id }, now) => prune({ ...state, openId: id, here: id || state.here, talks: id ? talksWith(state, id) : state.talks }, now),
  opened: (state, frame, now) => {
    const { conversation } = frame;
    const next = onTalk(place(state, conversation, now), conversation.id, (talk) => opened(talk, frame));
    const said = new Set(next.talks[conversation.id]?.events.map((one) => one.client_id));
    return { ...next, outgoing: next.outgoing.filter((one) => !said.has(one.client_id)) };
  },
  unopened: (state, { id, status, problem }) => onTalk(state, id, (talk) => ({ ...talk, status, problem })),
  history: (state, frame) => onTalk(state, frame.conversation_id, (talk) => earlier(talk, frame)),
  around: (state, frame) => onTalk(state, frame.conversation_id, (talk) => around(talk, frame)),
  later: (state, frame) => onTalk(state, frame.conversation_id, (talk) => later(talk, frame)),
  goal: (state, { goal }) => ({ ...state, goal }),
  whole: (state, { conversation }) => onTalk(place(state, conversation, Date.now()), conversation.id, (talk) => ({ ...talk, whole: conversation })),
  delta: (state, frame) => answering(onTalk(state, frame.conversation_id, (talk) => delta(talk, frame)), frame.conversation_id, true),
  withheld: (state, frame) => onTalk(state, frame.conversation_id, (talk) => withheld(talk, frame)),
  typing: (state, frame) => {
    const next = onTalk(state, frame.conversation_id, (talk) => typed(talk, frame));
    return frame.who === "assistant" ? answering(next, frame.conversation_id, frame.typing) : next;
  },
  viewers: (state, { conversation_id, viewers }) => {
    const id = String(conversation_id);
    const screens = { ...state.screens, [id]: viewers };
    if (!viewers.length) delete screens[id];
    return onTalk({ ...state, screens }, id, (talk) => ({ ...talk, viewers: watching(talk, viewers) }));
  },
  read: (state, { conversation_id: id, who, seq }) => {
    const name = who === "visitor" ? "visitor_read_seq" : "team_read_seq";
    const known = state.cases[id];
    if (!known) return state;
    const changed = { [name]: Math.max(known[/** @type {"visitor_read_seq"} */ (name)], seq) };
    const unread = who === "team" ? Math.max(known.last_seq - seq, 0) : known.unread;
    const next = { ...state, cases: { ...state.cases, [id]: { ...known, ...changed, unread } } };
    return onTalk(next, id, (talk) => ({ ...talk, whole: talk.whole && { ...talk.whole, ...changed } }));
  },
  updated: (state, frame) => onTalk(state, frame.conversation_id, (talk) => updated(talk, frame)),
  gone: (state, { conversation_id: id }) => {
    const { [id]: _, ...cases } = state.cases;
    const next = { ...state, cases, pile: { ...state.pile, ids: state.pile.ids.filter((one) => one !== id) }, selected: state.selected.filter((one) => one !== id) };
    return onTalk(next, id, (talk) => ({ ...talk, status: "gone" }));
  },
  line_lost: (state) => ({ ...state, answering: {}, screens: {}, talks: mapped(state.talks, (talk) => ({ ...talk, live: null, viewers: [], visitorTyping: false, phase: "" })) }),
  here: (state, { id }) => ({ ...state, here: id }),
  select: (state, { ids }) => ({ ...state, selected: ids }),
  found: (state, { found }) => ({ ...state, found, cases: found?.items ? keep(state.cases, found.items.map((/** @type {any} */ one) => one.conversation)) : state.cases }),
  outgoing: (state, { outgoing }) => ({ ...state, outgoing }),
  aiding: (state, { id, words }) => ({ ...state, aiding: { ...state.aiding, [id]: words } }),
  begun: (state, { id, begun }) => ({ ...state, begun: flagged(state.begun, id, begun) }),
};

/** @param {any[]} list */
export function byId(list) {
  return Object.fromEntries(list.map((one) => [one.id, one]));
}

/** What is known of a conversation at large is also true of it where it is open. @param {State} state @param {any} conversation */
function settled(state, conversation) {
  return onTalk(state, conversation.id, (talk) => (talk.whole && conversation.last_seq >= talk.whole.last_seq ? { ...talk, whole: { ...talk.whole, ...conversation } } : talk));
}

/** @param {State} state @param {string} id @param {(talk: Talk) => Talk} change @returns {State} */
function onTalk(state, id, change) {
  const talk = state.talks[id];
  if (!talk) return state;
  const next = change(talk);
  return next === talk ? state : { ...state, talks: { ...state.talks, [id]: next } };
}

/** The newest are kept, so that going back shows at once what was there. @param {State} state @param {string} id */
function talksWith(state, id) {
  const { [id]: mine, ...others } = state.talks;
  const kept = Object.entries(others).slice(-(MOST_TALKS - 1));
  const fresh = mine ? { ...mine, unreadFrom: state.cases[id]?.team_read_seq ?? mine.unreadFrom } : emptyTalk(id);
  return { ...Object.fromEntries(kept), [id]: fresh };
}

/** @param {Talk} talk @param {Frame} frame */
function typed(talk, { who, user_id, typing, note, phase }) {
  if (who === "visitor") return { ...talk, visitorTyping: typing };
  if (who === "assistant") return { ...talk, phase: typing ? phase || "writing" : "" };
  const viewers = talk.viewers.map((one) => (one.user_id === user_id ? { ...one, typing, note: Boolean(note) } : one));
  return { ...talk, viewers: user_id && !talk.viewers.some((one) => one.user_id === user_id) ? [...viewers, { user_id, typing, note: Boolean(note) }] : viewers };
}

/** @param {State} state @param {string} id @param {boolean} on */
function answering(state, id, on) {
  if (Boolean(state.answering[id]) === on) return state;
  return { ...state, answering: flagged(state.answering, id, on) };
}

/** @param {Record<string, true>} flags @param {string} id @param {boolean} on @returns {Record<string, true>} */
function flagged(flags, id, on) {
  const { [id]: _, ...rest } = flags;
  return on ? { ...rest, [id]: true } : rest;
}

/** @param {State} state @param {string} id @param {any} event */
function answered(state, id, event) {
  return event && event.author_kind !== "visitor" ? answering(state, id, false) : state;
}

/** @template T @param {Record<string, T>} map @param {(one: T) => T} change */
function mapped(map, change) {
  return Object.fromEntries(Object.entries(map).map(([key, one]) => [key, change(one)]));
}
