/**
 * What the visitor sees of a conversation, as a value: a frame goes in, a new state comes out.
 * It knows no page, no socket and no clock.
 *
 * @import { ChatEvent, Conversation, Draft, Frame, Item, Outgoing, State } from "./types.js"
 */

const FIVE_MINUTES = 300_000;
// Everything else in the log (notes, marks of the machinery) has nothing to say to a visitor.
const NOTES = ["joined", "handed_back", "escalated", "ticket", "closed", "reopened", "contact"];

/** @returns {State} */
export function emptyState() {
  return {
    ready: false,
    blocked: false,
    visitor: null,
    availability: null,
    conversation: null,
    fresh: false,
    events: [],
    more: false,
    outgoing: [],
    draft: null,
    typing: null,
    unread: 0,
    total: 0,
    past: null,
  };
}

/**
 * @param {State} state
 * @param {Frame} frame
 * @returns {State}
 */
export function reduce(state, frame) {
  return REDUCERS[frame.type]?.(state, frame) || state;
}

/**
 * The highest number seen: what a client names when it comes back.
 * @param {State} state
 */
export function lastSeq(state) {
  return state.events.at(-1)?.seq || 0;
}

/**
 * What stands in the thread, from the oldest to the newest.
 * @param {State} state
 * @returns {Item[]}
 */
export function items(state) {
  /** @type {Item[]} */
  const list = [];
  for (const event of state.events) {
    if (event.kind === "message" || NOTES.includes(event.kind)) add(list, itemOf(event), event.created_at);
  }
  for (const outgoing of state.outgoing) {
    if (outgoing.type === "message" && belongs(outgoing, state)) {
      add(list, { key: `c${outgoing.client_id}`, type: "message", mine: true, first: true, outgoing }, new Date(outgoing.at).toISOString());
    }
  }
  const { draft } = state;
  if (draft) list.push({ key: `a${draft.answer_id}`, type: "draft", mine: false, first: true, draft });
  else if (state.typing) list.push({ key: "typing", type: "typing", mine: false, first: true });
  return list;
}

/**
 * Whether the assistant is at work, so that there is something to stop.
 * @param {State} state
 */
export function isAnswering(state) {
  return Boolean((state.draft && !state.draft.stalled) || state.typing?.who === "assistant");
}

/** @type {Record<string, (state: State, frame: any) => State>} */
const REDUCERS = {
  welcome(state, frame) {
    const isSame = frame.conversation?.id === state.conversation?.id;
    // More than fit into one frame were missed: what we have and what came do not meet.
    const old = isSame && !frame.more ? state.events : [];
    const next = follow({ ...state, ready: true, draft: isSame ? state.draft : null, typing: null }, frame, old);
    const { visitor, availability } = frame;
    return { ...next, visitor, availability, unread: frame.unread, total: frame.conversations_count, more: frame.more || (isSame && old.length > 0 && state.more) };
  },
  opened(state, frame) {
    return { ...follow({ ...state, draft: null, typing: null, fresh: !frame.conversation }, frame, []), more: frame.more };
  },
  availability(state, { availability }) {
    return { ...state, availability };
  },
  history(state, frame) {
    return { ...state, events: merge(frame.events, state.events), more: frame.more };
  },
  event(state, { event, conversation }) {
    const here = state.conversation?.id === conversation.id;
    // Without a conversation the first that moves is shown, as another tab may have begun it; not when a new one was wished.
    const isFirst = !state.conversation && (!state.fresh || state.outgoing.some((one) => one.client_id === event.client_id));
    if (!here && !isFirst) return speaks(event) ? { ...state, unread: state.unread + 1 } : state;
    const isNew = event.seq > lastSeq(state);
    const next = follow(state, { conversation, events: [event] }, state.events);
    const total = Math.max(1, state.total);
    return speaks(event) && isNew ? { ...next, total, typing: null, unread: state.unread + 1 } : { ...next, total };
  },
  accepted(state, frame) {
    const outgoing = state.outgoing.flatMap((one) => {
      if (one.client_id !== frame.client_id) return [one];
      return one.type === "message" ? [{ ...one, status: /** @type {const} */ ("sent"), conversation_id: frame.conversation_id }] : [];
    });
    return { ...state, outgoing: withoutKnown(outgoing, state.events) };
  },
  // The outbox changed, here or in another tab. What is acknowledged has left it, and waits for its event.
  queued(state, { outgoing }) {
    const sent = state.outgoing.filter((one) => one.status === "sent");
    const waiting = outgoing.filter((/** @type {Outgoing} */ one) => sent.every((other) => other.client_id !== one.client_id));
    return { ...state, outgoing: withoutKnown([...sent, ...waiting], state.events) };
  },
  delta(state, frame) {
    const { conversation } = state;
    if (!conversation || frame.conversation_id !== conversation.id || frame.epoch < conversation.epoch || conversation.status === "closed") return state;
    if (state.events.some((event) => event.answer_id === frame.answer_id)) return state;
    // What was released is taken back: somebody else writes the answer anew.
    if (frame.index < 0) return state.draft?.answer_id === frame.answer_id ? { ...state, draft: null } : state;
    const draft = grow(state.draft, frame);
    return draft ? { ...state, draft } : state;
  },
  typing(state, frame) {
    if (frame.conversation_id !== state.conversation?.id) return state;
    const { who, name, phase } = frame;
    return { ...state, typing: frame.typing ? { who, name, phase } : null };
  },
  read(state, { conversation_id: id, seq }) {
    const { conversation } = state;
    if (conversation?.id !== id || !conversation) return state;
    return { ...state, conversation: { ...conversation, team_read_seq: Math.max(seq, conversation.team_read_seq) } };
  },
  conversations(state, frame) {
    return { ...state, past: frame.items, total: frame.items.length };
  },
  // The connection is gone: half an answer must not look as if it were still being written.
  lost(state) {
    return { ...state, typing: null, draft: state.draft && { ...state.draft, stalled: true } };
  },
  seen(state, { seq }) {
    const { conversation } = state;
    return { ...state, unread: 0, conversation: conversation && { ...conversation, visitor_read_seq: Math.max(seq, conversation.visitor_read_seq) } };
  },
  voted(state, frame) {
    return { ...state, events: state.events.map((event) => (event.id === frame.message_id ? { ...event, feedback: frame.value } : event)) };
  },
  rated(state, { score }) {
    return { ...state, conversation: state.conversation && { ...state.conversation, rating: score } };
  },
  blocked: (state) => ({ ...state, blocked: true }),
  forgotten: () => emptyState(),
};

/**
 * @param {State} state
 * @param {{conversation: Conversation | null, events: ChatEvent[]}} frame
 * @param {ChatEvent[]} old
 * @returns {State}
 */
function follow(state, { conversation, events: fresh }, old) {
  const events = merge(old, fresh);
  const { draft } = state;
  const isOver = draft && (conversation?.status === "closed" || (conversation?.epoch || 0) > draft.epoch || events.some((event) => event.answer_id === draft.answer_id || (speaks(event) && draft.stalled && fresh.includes(event))));
  return { ...state, conversation, fresh: state.fresh && !conversation, events, draft: isOver ? null : draft, outgoing: withoutKnown(state.outgoing, events) };
}

/**
 * In order and once, whatever came twice; the later of two with one number is what holds.
 * @param {ChatEvent[]} old
 * @param {ChatEvent[]} fresh
 */
function merge(old, fresh) {
  const known = new Map(old.map((event) => [event.seq, event]));
  for (const event of fresh) known.set(event.seq, event);
  return [...known.values()].sort((one, other) => one.seq - other.seq);
}

/**
 * @param {Outgoing[]} outgoing
 * @param {ChatEvent[]} events
 */
function withoutKnown(outgoing, events) {
  const known = new Set(events.map((event) => event.client_id));
  return outgoing.filter((one) => !known.has(one.client_id));
}

/**
 * Null when the sentence is of an attempt that was given up.
 * @param {Draft | null} draft
 * @param {any} frame
 * @returns {Draft | null}
 */
function grow(draft, { answer_id, attempt, epoch, index, text, lead, citations, numbers }) {
  const before = draft?.answer_id === answer_id ? draft : null;
  if (before && attempt < before.attempt) return null;
  const same = before?.attempt === attempt ? before : null;
  const sentences = [...(same?.sentences || [])];
  const known = same?.citations || [];
  sentences[index] = { text, lead, citations: numbers || citations.map((/** @type {any} */ one) => one.n) };
  const fresh = citations.filter((/** @type {any} */ one) => known.every((old) => old.n !== one.n));
  return { answer_id, attempt, epoch, sentences, citations: [...known, ...fresh], stalled: false };
}

/** @param {ChatEvent} event */
function speaks(event) {
  return event.kind === "message" && event.author.kind !== "visitor";
}

/**
 * @param {Outgoing} outgoing
 * @param {State} state
 */
function belongs(outgoing, state) {
  return !outgoing.conversation_id || outgoing.conversation_id === state.conversation?.id;
}

/**
 * A message keeps its key from the moment it is typed, or its first sentence is streamed.
 * @param {ChatEvent} event
 * @returns {Item}
 */
function itemOf(event) {
  const { client_id, answer_id, seq } = event;
  const key = client_id ? `c${client_id}` : answer_id ? `a${answer_id}` : `e${seq}`;
  const type = event.kind === "message" ? "message" : "note";
  return { key, type, mine: type === "message" && event.author.kind === "visitor", first: true, event };
}

/**
 * Adds one, after the day it belongs to when that is another than before.
 * @param {Item[]} list
 * @param {Item} item
 * @param {string} at
 */
function add(list, item, at) {
  const before = list.at(-1);
  if (!before?.at || day(before.at) !== day(at)) {
    list.push({ key: `d${day(at)}`, type: "day", mine: false, first: true, at });
  } else if (before.type === "message" && item.type === "message") {
    item.first = sender(before) !== sender(item) || Date.parse(at) - Date.parse(before.at) > FIVE_MINUTES;
  }
  list.push({ ...item, at });
}

/** @param {string} at */
function day(at) {
  return new Date(at).toDateString();
}

/** @param {Item} item */
function sender({ mine, event }) {
  return mine ? "" : `${event?.author.kind}${event?.author.name}`;
}
