/** The desk that the preview plays: it speaks the frames of the visitor's socket, and knows one conversation. */
import { TALKS } from "./preview-words.js";

/** @typedef {(typeof TALKS)["en"]} Talk */

const A_MOMENT = 500;
const START = Date.now() - 90_000;
/** @type {CannedSocket | null} */
let current = null;
let count = 0;

/** The invented conversation in a language. @param {string} tag @returns {Talk} */
export function canned(tag) {
  return TALKS[/** @type {keyof typeof TALKS} */ (tag.toLowerCase().split("-")[0])] || TALKS.en;
}

/** In place of WebSocket. */
export class CannedSocket {
  /** @type {any} */ onopen = null;
  /** @type {any} */ onmessage = null;
  /** @type {any} */ onclose = null;
  /** @type {(() => void)[]} */ static #waiting = [];

  constructor() {
    current = this;
    setTimeout(() => this.onopen?.());
  }

  /** @param {string} text */
  send(text) {
    const frame = JSON.parse(text);
    if (frame.type === "hello") this.#welcome();
    if (frame.type === "open") this.say({ type: "opened", conversation: null, events: [], more: false });
    if (frame.type === "message") this.#hear(frame);
    if (frame.type === "ping") this.say({ type: "pong" });
  }

  close() {
    current = null;
  }

  /** Puts the conversation before the visitor, or none. @param {Talk | null} talk @returns {Promise<void>} */
  static async begin(talk) {
    await CannedSocket.#isWelcome;
    count = 0;
    current?.say({ type: "opened", conversation: talk && conversation(), events: talk ? events(talk) : [], more: false });
  }

  /** @type {Promise<void>} */
  static #isWelcome = new Promise((done) => CannedSocket.#waiting.push(done));

  #welcome() {
    const visitor = { id: "visitor", name: null, email: null, identified: false };
    const availability = { open: true, people_online: true, reopens_at: null, reply_time: "5 min" };
    this.say({ type: "welcome", visitor_token: "preview", visitor, availability, conversation: null, events: [], more: false, unread: 0, conversations_count: 0 });
    for (const done of CannedSocket.#waiting.splice(0)) done();
  }

  /** @param {{client_id: string, text: string}} frame */
  #hear({ client_id: id, text }) {
    const mine = line("visitor", text, { client_id: id });
    this.say({ type: "accepted", client_id: id, seq: mine.seq, message_id: mine.id, conversation_id: "talk", created_at: mine.created_at });
    this.say({ type: "event", conversation_id: "talk", event: mine, conversation: conversation() });
    setTimeout(() => {
      const said = line("assistant", canned(document.querySelector("frontdesk-widget")?.shadowRoot?.querySelector(".panel")?.getAttribute("lang") || "en").preview, { outcome: "chat" });
      this.say({ type: "event", conversation_id: "talk", event: said, conversation: conversation() });
    }, A_MOMENT);
  }

  /** @param {object} frame */
  say(frame) {
    this.onmessage?.({ data: JSON.stringify(frame) });
  }
}

/** @param {Talk} talk */
function events({ question, sentences, title, heading, quotes }) {
  const citations = quotes.map((quote, place) => ({ n: place + 1, title, heading, page: null, url: null, quote, passage_id: `passage-${place}` }));
  const said = sentences.map((text, place) => ({ text, lead: place ? " " : "", citations: [place + 1] }));
  return [
    line("visitor", question, {}),
    line("assistant", sentences.join(" "), { answer_id: "answer", outcome: "answered", confidence: 0.9, sentences: said, citations, actions: [], feedback: null }),
  ];
}

/**
 * @param {"visitor" | "assistant"} kind
 * @param {string} text
 * @param {object} more
 */
function line(kind, text, more) {
  count++;
  return { id: `line-${count}`, seq: count, kind: "message", author: { kind, name: "", picture_url: null }, created_at: new Date(START + count * 20_000).toISOString(), text, ...more };
}

function conversation() {
  return { id: "talk", number: 1, status: "open", speaker: "assistant", epoch: 0, last_seq: count, person: null, waiting_for_person: false, rating: null, visitor_read_seq: count, team_read_seq: 0, created_at: new Date(START).toISOString() };
}
