/**
 * What is on its way. A reply is held for some seconds in which it can be taken back; it is sent wherever one has gone
 * meanwhile, also when the page is left. Sending the same `client_id` again ends in the same message.
 *
 * @import { Desk } from "./desk.js"
 * @import { Outgoing } from "./types.js"
 */
import { ApiError, call, cookie } from "../api.js";
import { words } from "./loading.js";

const HOLD = 5_000;

/** @typedef {ReturnType<typeof createSending>} Sending */

/**
 * @param {{desk: Desk, sent: (one: Outgoing) => void}} parts `sent` is called when the server has it
 */
export function createSending({ desk, sent }) {
  /** @type {Map<string, any>} */
  const timers = new Map();
  /** What failed for want of a line; what was refused is nobody's to send again but the writer's. */
  const cutOff = new Set();

  /** @param {(list: Outgoing[]) => Outgoing[]} change */
  const change = (change) => desk.tell({ type: "outgoing", outgoing: change(desk.state.outgoing) });
  /** @param {string} id @param {Partial<Outgoing>} facts */
  const mark = (id, facts) => change((list) => list.map((one) => (one.client_id === id ? { ...one, ...facts } : one)));
  /** @param {string} id */
  const find = (id) => desk.state.outgoing.find((one) => one.client_id === id);

  /** @param {Pick<Outgoing, "conversation_id" | "kind" | "text" | "attachments" | "mentions" | "close">} what */
  const send = (what) => {
    const hold = what.kind === "reply" ? HOLD : 0;
    /** @type {Outgoing} */
    const one = { ...what, client_id: newId(), at: Date.now(), until: Date.now() + hold, status: hold ? "held" : "sending", problem: "" };
    change((list) => [...list, one]);
    if (hold) timers.set(one.client_id, setTimeout(() => void post(one.client_id), hold));
    else void post(one.client_id);
    return one;
  };

  /** @param {string} id */
  const post = async (id) => {
    const one = find(id);
    if (!one) return;
    timers.delete(id);
    cutOff.delete(id);
    mark(id, { status: "sending", problem: "" });
    try {
      const said = await call("POST", addressOf(one), bodyOf(one));
      desk.tell({ type: "event", conversation_id: one.conversation_id, ...said });
      sent(one);
    } catch (error) {
      if (isUnreachable(error)) cutOff.add(id);
      mark(id, { status: "failed", problem: words(error) });
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

  /** The page is left: what was held is sent in the browser's own time. */
  const leave = () => {
    for (const one of desk.state.outgoing) {
      if (one.status !== "held") continue;
      clearTimeout(timers.get(one.client_id));
      const headers = { "Content-Type": "application/json", "X-CSRF-TOKEN": cookie("csrf_access_token") };
      void fetch(addressOf(one), { method: "POST", headers, body: JSON.stringify(bodyOf(one)), keepalive: true, credentials: "same-origin" }).catch(() => {});
    }
  };

  addEventListener("pagehide", leave);
  // A page that comes back out of the browser's memory asks what became of it: the id is the same.
  addEventListener("pageshow", ({ persisted }) => {
    if (persisted) for (const one of desk.state.outgoing) if (one.status === "held") void post(one.client_id);
  });
  return {
    send,
    undo,
    /** @param {string} id */
    now(id) {
      clearTimeout(timers.get(id));
      void post(id);
    },
    /** The line is back: what failed for want of it goes out again. */
    again() {
      for (const one of desk.state.outgoing) if (one.status === "failed" && cutOff.has(one.client_id)) void post(one.client_id);
    },
  };
}

/** @param {Outgoing} one */
function addressOf({ conversation_id: id, kind }) {
  return `/api/conversations/${id}/${kind === "note" ? "notes" : "messages"}`;
}

/** @param {Outgoing} one */
function bodyOf({ client_id, text, attachments, mentions, close, kind }) {
  const body = { client_id, text, ...(attachments.length && { attachments: attachments.map((file) => file.id) }) };
  if (kind === "note") return { ...body, ...(mentions.length && { mentions }) };
  return { ...body, ...(close && { close }) };
}

export function newId() {
  return Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => byte.toString(36).padStart(2, "0")).join("");
}

/** @param {unknown} error */
export const isUnreachable = (error) => error instanceof ApiError && error.status === 0;
