/**
 * One conversation as plain values: its events in order and without a gap, the answer that is being said, who else
 * looks at it.
 *
 * @import { ChatEvent, Frame, Live, Talk } from "./types.js"
 */

/** @param {string} id @returns {Talk} */
export const emptyTalk = (id) => ({ id, whole: null, events: [], more: false, later: false, viewers: [], live: null, overId: "", visitorTyping: false, phase: "", unreadFrom: -1, status: "loading", problem: "" });

/** @param {Talk} talk */
export const lastSeq = (talk) => talk.events.at(-1)?.seq ?? 0;

/**
 * It was opened, or the line is back: everything after what was there.
 * @param {Talk} talk
 * @param {Frame} frame
 * @returns {Talk}
 */
export function opened(talk, { conversation, events, more, viewers, live }) {
  const had = lastSeq(talk);
  const first = events[0]?.seq ?? Infinity;
  // A gap too wide to fill leaves no hole: what came replaces what was there.
  const joins = had > 0 && (!events.length || first <= had + 1);
  // Whoever reads further back goes on reading there.
  const stays = talk.later && !joins;
  const base = joins ? talk.events : [];
  return {
    ...talk,
    whole: conversation,
    events: stays ? talk.events : merged(base, events),
    more: joins || stays ? talk.more : more,
    later: stays && had < conversation.last_seq,
    viewers: watching(talk, viewers || []),
    live: live ? revived(live) : null,
    unreadFrom: talk.unreadFrom < 0 ? conversation.team_read_seq : talk.unreadFrom,
    visitorTyping: false,
    phase: "",
    status: "ready",
    problem: "",
  };
}

/** Who looks at it: somebody who was writing still is. @param {Talk} talk @param {string[]} ids */
export function watching({ viewers }, ids) {
  return ids.map((id) => viewers.find((one) => one.user_id === id) || { user_id: id, typing: false, note: false });
}

/**
 * What was found out about a message after it had been said: how it sounded, whether it helped.
 * @param {Talk} talk
 * @param {Frame} frame
 * @returns {Talk}
 */
export function updated(talk, { message_id: id, reading, value, who }) {
  if (!talk.events.some((one) => one.id === id)) return talk;
  const facts = reading ? { reading } : who === "team" ? {} : { feedback: value };
  return { ...talk, events: talk.events.map((one) => (one.id === id ? { ...one, ...facts } : one)) };
}

/** What was before. @param {Talk} talk @param {Frame} frame @returns {Talk} */
export function earlier(talk, { events, more }) {
  return { ...talk, events: merged(talk.events, events), more };
}

/** What stands around a message, in the place of what was there. @param {Talk} talk @param {Frame} frame @returns {Talk} */
export function around(talk, { events, more }) {
  return { ...talk, events, more, later: (events.at(-1)?.seq ?? 0) < (talk.whole?.last_seq ?? 0) };
}

/** What was said after what is there. @param {Talk} talk @param {Frame} frame @returns {Talk} */
export function later(talk, { events }) {
  const all = merged(talk.events, events);
  return { ...talk, events: all, later: events.length > 0 && (all.at(-1)?.seq ?? 0) < (talk.whole?.last_seq ?? 0) };
}

/**
 * A line of the log. Whatever the assistant was saying is over when it has said it, or may not say it any more.
 * @param {Talk} talk
 * @param {ChatEvent} event
 * @returns {Talk}
 */
export function heard(talk, event) {
  const ends = event.answer_id ? event.answer_id === talk.live?.answer_id : SILENCING.has(event.kind);
  const overId = event.answer_id || (ends && talk.live?.answer_id) || talk.overId;
  // Read further back, what comes in is not what follows.
  const isFar = talk.later && event.seq > lastSeq(talk) + 1;
  const whole = talk.whole && { ...talk.whole, last_seq: Math.max(talk.whole.last_seq, event.seq) };
  const next = { ...talk, whole, events: isFar ? talk.events : merged(talk.events, [event]), overId, live: ends ? null : talk.live };
  if (event.author.kind === "visitor") next.visitorTyping = false;
  if (event.author.kind === "assistant" || ends) next.phase = "";
  return next;
}

const SILENCING = new Set(["joined", "closed"]);

/**
 * A sentence that the assistant was allowed to say.
 * @param {Talk} talk
 * @param {Frame} frame
 * @returns {Talk}
 */
export function delta(talk, frame) {
  const live = liveOf(talk, frame);
  if (!live) return talk;
  if (frame.index === -1) return { ...talk, live: { ...live, sentences: [], citations: [] } };
  const sentences = [...live.sentences];
  sentences[frame.index] = { text: frame.text, lead: frame.lead || "", citations: frame.numbers || frame.citations?.map((/** @type {any} */ one) => one.n) || [] };
  const known = new Set(live.citations.map((one) => one.n));
  const citations = [...live.citations, ...(frame.citations || []).filter((/** @type {any} */ one) => one?.n && !known.has(one.n))];
  return { ...talk, phase: "", live: { ...live, sentences, citations } };
}

/** A sentence that it was not allowed to say. @param {Talk} talk @param {Frame} frame @returns {Talk} */
export function withheld(talk, frame) {
  const live = liveOf(talk, frame);
  // Whoever has opened it this moment may be told once more.
  if (!live || live.withheld.some((one) => one.text === frame.text)) return talk;
  return { ...talk, live: { ...live, withheld: [...live.withheld, { text: frame.text, reason: frame.reason }] } };
}

/** @param {Talk} talk @param {Frame} frame @returns {Live | null} */
function liveOf(talk, { answer_id, attempt, epoch }) {
  if (answer_id === talk.overId || (talk.whole && epoch !== undefined && epoch < talk.whole.epoch)) return null;
  const live = talk.live?.answer_id === answer_id ? talk.live : null;
  if (live && live.attempt > attempt) return null;
  if (live?.attempt === attempt) return live;
  return { answer_id, attempt, epoch, sentences: [], citations: [], withheld: [] };
}

/** @param {any} live @returns {Live} */
function revived({ answer_id, attempt, epoch, sentences, withheld: held }) {
  let talk = { ...emptyTalk(""), live: { answer_id, attempt, epoch, sentences: [], citations: [], withheld: held || [] } };
  for (const one of sentences) talk = /** @type {any} */ (delta(talk, { type: "delta", answer_id, attempt, epoch, ...one }));
  return /** @type {Live} */ (/** @type {unknown} */ (talk.live));
}

/** @param {ChatEvent[]} known @param {ChatEvent[]} more */
function merged(known, more) {
  if (!more.length) return known;
  const last = known.at(-1)?.seq ?? 0;
  // Nearly always it is simply the next one.
  if (more.length === 1 && more[0].seq > last) return [...known, more[0]];
  const all = new Map(known.map((one) => [one.seq, one]));
  for (const one of more) all.set(one.seq, one);
  return [...all.values()].sort((a, b) => a.seq - b.seq);
}
