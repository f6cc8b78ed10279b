/**
 * What is on its way. A reply is held for some seconds in which it can be taken back; it is sent wherever one has gone
 * meanwhile, also when the page is left. Sending the same `client_id` again ends in the same message, so whatever the
 * server may not have is kept in this tab and sent once more.
 *
 * @import { Desk } from "./desk.js"
 * @import { Drafts } from "./drafts.js"
 * @import { Outgoing } from "./types.js"
 */
import { ApiError, call, cookie } from "../api.js";
import { holdSeconds } from "../holding.js";
import { forget, recall, remember } from "./kept.js";
import { words } from "./loading.js";

const KEPT = "frontdesk-outgoing";
const STALE = 10 * 60_000;
const TOO_LATE = "Not sent before the page was closed. Send it if it still fits.";
const NO_LINE = "Not sent: the server cannot be reached. It goes out once it answers again.";

/** @typedef {ReturnType<typeof createSending>} Sending */

/**
 * @param {{desk: Desk, drafts: Pick<Drafts, "has">, failed?: (one: Outgoing) => void}} parts
 */
export function createSending({ desk, drafts, failed = () => {} }) {
  /** @type {Map<string, any>} */
  const timers = new Map();
  /** In each conversation one goes after the other, in the order in which they were written. @type {Map<string, Promise<void>>} */
  const lanes = new Map();

  /** @param {(list: Outgoing[]) => Outgoing[]} change */
  const change = (change) => {
    desk.tell({ type: "outgoing", outgoing: change(desk.state.outgoing) });
    keep();
  };
  const keep = () => {
    const { me, outgoing } = desk.state;
    if (outgoing.length) remember(KEPT, me, outgoing);
    else forget(KEPT);
  };
  /** @param {string} id @param {Partial<Outgoing>} facts */
  const mark = (id, facts) => change((list) => list.map((one) => (one.client_id === id ? { ...one, ...facts } : one)));
  /** @param {string} id */
  const find = (id) => desk.state.outgoing.find((one) => one.client_id === id);
  /** @param {string} id of a conversation */
  const heldIn = (id) => desk.state.outgoing.filter((one) => one.conversation_id === id && one.status === "held");

  /** @param {Pick<Outgoing, "conversation_id" | "kind" | "text" | "attachments" | "mentions" | "close">} what */
  const send = (what) => {
    const hold = what.kind === "reply" ? holdSeconds() * 1_000 : 0;
    /** @type {Outgoing} */
    const one = { ...what, client_id: newId(), at: Date.now(), until: Date.now() + hold, status: hold ? "held" : "sending", problem: "" };
    change((list) => [...list, one]);
    if (hold) timers.set(one.client_id, setTimeout(() => void post(one.client_id), hold));
    else void post(one.client_id);
    return one;
  };

  /** @param {string} id @returns {Promise<void>} */
  const post = (id) => {
    const one = find(id);
    if (!one) return Promise.resolve();
    clearTimeout(timers.get(id));
    timers.delete(id);
    mark(id, { status: "sending", problem: "", isCutOff: false });
    const turn = (lanes.get(one.conversation_id) || Promise.resolve()).then(() => carry(one));
    lanes.set(one.conversation_id, turn);
    return turn;
  };

  /** @param {Outgoing} one */
  const carry = async (one) => {
    try {
      const said = await call("POST", addressOf(one), bodyOf(one, drafts));
      desk.tell({ type: "event", conversation_id: one.conversation_id, ...said });
      keep();
    } catch (error) {
      const isSilent = error instanceof ApiError && error.status === 0;
      mark(one.client_id, { status: "failed", problem: isSilent ? NO_LINE : words(error), isCutOff: isUnreachable(error) });
      // The answer may be lost of what arrived all the same: then it is in the log by now.
      const left = find(one.client_id);
      if (left) failed(left);
    }
  };

  /** Takes it back, if that is still possible. @param {string} id @returns {Outgoing | null} */
  const undo = (id) => {
    const one = find(id);
    if (!one || one.status === "sending") return null;
    clearTimeout(timers.get(id));
    timers.delete(id);
    change((list) => list.filter((each) => each.client_id !== id));
    return one;
  };

  /**
   * The page is left: what was held is sent in the browser's own time. Of each conversation in one piece, since of two
   * requests either may come first; with what is on its way, since the browser may have given that up.
   */
  const leave = () => {
    for (const id of new Set(desk.state.outgoing.map((one) => one.conversation_id))) {
      if (!heldIn(id).length) continue;
      const all = desk.state.outgoing.filter((one) => one.conversation_id === id && one.kind === "reply" && one.status !== "failed");
      for (const one of all) clearTimeout(timers.get(one.client_id));
      const pieces = all.map((one) => bodyOf({ ...one, close: false }, drafts));
      const body = { ...pieces.pop(), ...(pieces.length && { earlier: pieces }), ...(all.some((one) => one.close) && { close: true }) };
      const headers = { "Content-Type": "application/json", "X-CSRF-TOKEN": cookie("csrf_access_token") };
      void fetch(addressOf(all[0]), { method: "POST", headers, body: JSON.stringify(body), keepalive: true, credentials: "same-origin" }).catch(() => {});
    }
  };

  addEventListener("pagehide", leave);
  // A page that comes back out of the browser's memory asks what became of it: the id is the same.
  addEventListener("pageshow", ({ persisted }) => {
    if (persisted) for (const one of desk.state.outgoing) if (one.status === "held") void post(one.client_id);
  });
  // Closing the tab is the one way to lose what did not get through.
  addEventListener("beforeunload", (event) => {
    if (desk.state.outgoing.some((one) => one.status === "failed")) event.preventDefault();
  });

  return {
    send,
    undo,
    /** What the last page of this tab could not be sure of. */
    resume() {
      /** @type {Outgoing[]} */
      const left = recall(KEPT, desk.state.me) || [];
      if (left.length) change((list) => [...left, ...list]);
      for (const one of left) {
        if (one.status === "failed" && !one.isCutOff) continue;
        // A tab that is brought back a day later must not answer what was asked a day ago.
        if (Date.now() - one.at < STALE) void post(one.client_id);
        else mark(one.client_id, { status: "failed", problem: TOO_LATE, isCutOff: false });
      }
    },
    /** Those that were written before it go first. @param {string} id */
    now(id) {
      const one = find(id);
      for (const each of one ? heldIn(one.conversation_id) : []) if (each.at < (one?.at ?? 0)) void post(each.client_id);
      void post(id);
    },
    /** Before something is done with the conversation that a reply must not come behind. @param {string} id of a conversation */
    async flush(id) {
      for (const one of heldIn(id)) void post(one.client_id);
      await lanes.get(id);
    },
    /** The line is back: what failed for want of it goes out again. What was refused is its writer's to send. */
    again() {
      for (const one of desk.state.outgoing) if (one.status === "failed" && one.isCutOff) void post(one.client_id);
    },
  };
}

/** @param {Outgoing} one */
function addressOf({ conversation_id: id, kind }) {
  return `/api/conversations/${id}/${kind === "note" ? "notes" : "messages"}`;
}

/**
 * With the message the server forgets what was begun, unless the next one is begun already.
 * @param {Outgoing} one @param {Pick<Drafts, "has">} drafts
 */
function bodyOf({ client_id, conversation_id: id, text, attachments, mentions, close, kind }, drafts) {
  const body = { client_id, text, keep_draft: drafts.has(id, kind), ...(attachments.length && { attachments: attachments.map((file) => file.id) }) };
  if (kind === "note") return { ...body, ...(mentions.length && { mentions }) };
  return { ...body, ...(close && { close }) };
}

export function newId() {
  return Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => byte.toString(36).padStart(2, "0")).join("");
}

/** Nobody answered, or only what stands in front of the server. @param {unknown} error */
export const isUnreachable = (error) => error instanceof ApiError && [0, 502, 503, 504].includes(error.status);
