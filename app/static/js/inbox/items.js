/**
 * What stands in a thread, from top to bottom: days, the line of what is new, messages in groups, notes, what
 * happened, what is on its way.
 *
 * @import { ChatEvent, Live, Outgoing, Talk } from "./types.js"
 * @typedef {{key: string, type: "day", at: string} | {key: string, type: "new"}
 *   | {key: string, type: "message" | "note" | "fact", event: ChatEvent, follows: boolean, seen: boolean}
 *   | {key: string, type: "live", live: Live, phase: string} | {key: string, type: "typing"}
 *   | {key: string, type: "outgoing", outgoing: Outgoing}} Item
 */
import { dayKey } from "./when.js";

const TOGETHER = 4 * 60_000;
const PART = 50;

/**
 * @param {Talk} talk
 * @param {Outgoing[]} outgoing those of this conversation
 * @param {string} me
 * @returns {Item[]}
 */
export function itemsOf(talk, outgoing, me) {
  /** @type {Item[]} */
  const items = [];
  const seenSeq = lastSeen(talk);
  let date = "";
  let isNewShown = false;
  /** @type {ChatEvent | null} */
  let before = null;
  for (const event of talk.events) {
    const key = dayKey(event.created_at);
    if (key !== date) items.push({ key: `d${event.seq}`, type: "day", at: event.created_at });
    if (!isNewShown && isNew(event, talk, me)) {
      isNewShown = true;
      items.push({ key: "new", type: "new" });
      before = null;
    }
    const type = kindOf(event);
    const follows = type !== "fact" && key === date && before !== null && isTogether(before, event);
    items.push({ key: keyOf(event), type, event, follows, seen: event.seq === seenSeq });
    date = key;
    before = type === "fact" ? null : event;
  }
  return [...items, ...rest(talk, outgoing)];
}

/** @param {Talk} talk @param {Outgoing[]} outgoing @returns {Item[]} */
function rest({ later, live, phase, visitorTyping }, outgoing) {
  /** @type {Item[]} */
  const items = [];
  if (later) return items;
  if (live?.sentences.some(Boolean) || live?.withheld.length) items.push({ key: `a${live.answer_id}`, type: "live", live, phase });
  else if (phase) items.push({ key: "thinking", type: "live", live: { answer_id: "", attempt: 0, epoch: 0, sentences: [], citations: [], withheld: [] }, phase });
  for (const one of outgoing) items.push({ key: `c${one.client_id}`, type: "outgoing", outgoing: one });
  if (visitorTyping) items.push({ key: "typing", type: "typing" });
  return items;
}

/**
 * The same in parts that stay the same while more comes before and after them.
 * @param {Item[]} items
 * @returns {Map<string, Item[]>}
 */
export function partsOf(items) {
  /** @type {Map<string, Item[]>} */
  const parts = new Map();
  /** @type {Item[]} */
  let waiting = [];
  /** @param {string} key */
  const put = (key) => {
    const part = parts.get(key);
    if (part) part.push(...waiting);
    else parts.set(key, waiting);
    waiting = [];
  };
  for (const item of items) {
    waiting.push(item);
    // A day's line goes along with what comes after it.
    if ("event" in item) put(`p${Math.floor(item.event.seq / PART)}`);
  }
  if (waiting.length) put("end");
  return parts;
}

/** A message keeps the place of what was streamed or sent. @param {ChatEvent} event */
function keyOf({ answer_id: answer, client_id: client, seq, author }) {
  if (answer) return `a${answer}`;
  return client && author.kind === "person" ? `c${client}` : `e${seq}`;
}

/** @param {ChatEvent} event @returns {"message" | "note" | "fact"} */
export function kindOf(event) {
  if (event.kind === "message") return "message";
  return event.kind === "note" && !event.inside?.changed ? "note" : "fact";
}

/** @param {ChatEvent} event @param {Talk} talk @param {string} me */
function isNew(event, { unreadFrom }, me) {
  return unreadFrom > 0 && event.seq > unreadFrom && event.author.id !== me && kindOf(event) !== "fact";
}

/** @param {ChatEvent} before @param {ChatEvent} event */
function isTogether(before, event) {
  const same = before.kind === event.kind && before.author.kind === event.author.kind && before.author.id === event.author.id;
  return same && Date.parse(event.created_at) - Date.parse(before.created_at) < TOGETHER;
}

/** The last thing said to the visitor that they have seen. @param {Talk} talk */
function lastSeen({ whole, events }) {
  if (!whole) return 0;
  for (let at = events.length - 1; at >= 0; at--) {
    const { kind, seq, author } = events[at];
    if (kind !== "message") continue;
    if (author.kind === "visitor") return 0;
    if (seq <= whole.visitor_read_seq) return seq;
  }
  return 0;
}
