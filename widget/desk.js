/**
 * The visitor's side of the desk without its looks: keeps the connection, the state and the outbox together.
 *
 * @import { Attachment, Frame, Outgoing, State } from "./types.js"
 * @import { createKeeping } from "./keeping.js"
 */
import { createConnection } from "./connection.js";
import { emptyState, lastSeq, reduce } from "./conversation.js";

const SECONDS_TO_TRY_AGAIN = 3;

/** @typedef {ReturnType<typeof createDesk>} Desk */

/**
 * @param {{
 *   dial: () => any,
 *   keeping: ReturnType<typeof createKeeping>,
 *   about: () => Record<string, unknown>,
 *   identity?: string,
 *   link?: string,
 *   clock?: any,
 * }} parts
 */
export function createDesk({ dial, keeping, about, identity, link, clock }) {
  let state = emptyState();
  /** @type {Set<(state: State, frame: Frame) => void>} */
  const listeners = new Set();
  /** @type {Frame[]} */
  let later = [];

  /** @param {Frame} frame */
  const apply = (frame) => {
    state = reduce(state, frame);
    for (const run of listeners) run(state, frame);
  };

  const hello = () => {
    const kept = keeping.get("conversation");
    const id = state.conversation?.id || kept;
    return {
      ...about(),
      type: "hello",
      visitor_token: keeping.get("token") || undefined,
      conversation_id: id === "new" ? null : id,
      fresh: id === "new" || undefined,
      last_seq: state.conversation ? lastSeq(state) : 0,
      identity,
      continue: link,
    };
  };

  /** @param {Frame} frame */
  const heard = (frame) => {
    if (frame.code === "bad_identity") return distrust(frame);
    if (frame.type === "welcome" && !settle(frame)) return;
    // From here on the token opens what the link in the mail has opened.
    if (frame.type === "welcome") link = undefined;
    const before = state.conversation?.id;
    if (frame.type === "accepted" || frame.event?.client_id) leave(frame.client_id || frame.event.client_id);
    if (frame.type === "error" && frame.client_id) refuse(frame);
    apply(frame);
    if (state.conversation && state.conversation.id !== before) keeping.set("conversation", state.conversation.id);
    if (frame.type === "goodbye" && frame.reason === "erased") forget();
    if (frame.type === "goodbye" && frame.reason === "blocked") apply({ type: "blocked" });
  };

  /** What the page signed is wrong or has run out: better a stranger than nobody. @param {Frame} frame */
  const distrust = ({ message }) => {
    console.warn("Frontdesk", message);
    identity = undefined;
    wire.close();
    wire.open();
  };

  /**
   * Two tabs may have been strangers at the same moment: the one that was written down first is who we are.
   * @param {Frame} frame
   */
  const settle = (frame) => {
    const kept = keeping.get("token");
    if (kept && kept !== frame.visitor_token && kept !== asked) {
      wire.close();
      wire.open();
      return false;
    }
    keeping.set("token", frame.visitor_token);
    return true;
  };
  let asked = "";

  /** @param {string} id */
  const leave = (id) => {
    keeping.changeOutbox((box) => box.filter((one) => one.client_id !== id));
  };

  /** @param {Frame} frame */
  const refuse = ({ client_id: id, retry, retry_after: wait, message }) => {
    if (retry) setTimeout(() => post(id), (wait || SECONDS_TO_TRY_AGAIN) * 1000);
    else if (keeping.outbox().some((one) => one.client_id === id && one.type === "escalate")) drop(id);
    else mark(id, "failed", message);
  };

  /** @param {string} id @param {Outgoing["status"]} status @param {string} [problem] */
  const mark = (id, status, problem) => {
    const outgoing = keeping.changeOutbox((box) => box.map((one) => (one.client_id === id ? { ...one, status, problem } : one)));
    apply({ type: "queued", outgoing });
  };

  /** A wish for a person is not in the thread, so what it was answered is said and not shown there. @param {string} id */
  const drop = (id) => {
    leave(id);
    apply({ type: "queued", outgoing: keeping.outbox() });
  };

  /** Sends what waits: all of it in its order, or one. @param {string} [id] */
  const post = (id) => {
    for (const { files, status, problem, at, conversation_id: talk, ...frame } of keeping.outbox()) {
      if (status !== "sending" || (id && id !== frame.client_id)) continue;
      wire.send(talk && frame.type === "message" ? { ...frame, conversation_id: talk } : frame);
    }
  };

  const forget = () => {
    wire.close();
    for (const name of ["token", "conversation", "outbox", "details"]) keeping.set(name, null);
    later = [];
    apply({ type: "forgotten" });
  };

  const wire = createConnection({
    dial,
    clock,
    hello() {
      asked = keeping.get("token");
      return hello();
    },
    heard,
    changed(link) {
      if (link === "open") {
        post();
        for (const frame of later.splice(0)) wire.send(frame);
      } else if (link === "waiting") {
        apply({ type: "lost" });
      }
      apply({ type: "link" });
    },
  });

  keeping.watch((name) => {
    if (name === "outbox") apply({ type: "queued", outgoing: keeping.outbox() });
    if (name === "token" && !keeping.get("token") && asked) forget();
    if (name === "conversation") follow(keeping.get("conversation"));
  });

  /** Another tab went to another conversation. @param {string} id */
  const follow = (id) => {
    const here = state.fresh ? "new" : state.conversation?.id;
    if (id && id !== here) wire.send({ type: "open", conversation_id: id === "new" ? null : id });
  };

  /** @param {Partial<Outgoing> & {type: "message" | "escalate"}} what */
  const put = (what) => {
    const { conversation, fresh } = state;
    const id = conversation?.id || (fresh ? null : undefined);
    /** @type {Outgoing} */
    const one = { ...what, client_id: newId(), conversation_id: id, at: Date.now(), status: "sending" };
    apply({ type: "queued", outgoing: keeping.changeOutbox((box) => [...box, one]) });
    if (wire.link === "open") post(one.client_id);
    else wire.open();
  };

  apply({ type: "queued", outgoing: keeping.outbox() });

  return {
    keeping,
    get state() {
      return state;
    },
    get link() {
      return wire.link;
    },
    get token() {
      return keeping.get("token");
    },
    /** @param {(state: State, frame: Frame) => void} run */
    subscribe(run) {
      listeners.add(run);
      return () => listeners.delete(run);
    },
    connect: () => wire.open(),
    /** Once the desk knows who we are: before that nothing of ours can be uploaded. @returns {Promise<void>} */
    async known() {
      wire.open();
      if (!state.ready) await new Promise((done) => listeners.add((_, { type }) => type === "welcome" && done(null)));
    },
    wake: () => wire.wake(),
    lose: () => wire.lose(),
    /** @param {string} text @param {Attachment[]} [files] @param {Record<string, string>} [fields] */
    send(text, files = [], fields) {
      put({ type: "message", text, files, attachments: files.map((file) => file.id), fields });
    },
    /** @param {{reason?: string, email?: string, name?: string}} details */
    escalate: (details) => put({ type: "escalate", ...details }),
    /** @param {string} id */
    retry(id) {
      mark(id, "sending");
      if (wire.link === "open") post(id);
      else wire.open();
    },
    /** What need not survive the page, but a short gap. @param {Frame} frame */
    tell(frame) {
      if (wire.send(frame)) return;
      later.push(frame);
      wire.open();
    },
    /** What is only worth saying now. @param {Frame} frame */
    mention: (frame) => wire.send(frame),
    /** Looks at another conversation, or at none. @param {string | null} id */
    go(id) {
      keeping.set("conversation", id || "new");
      this.tell({ type: "open", conversation_id: id });
    },
    seen() {
      const seq = lastSeq(state);
      if (!state.conversation || (!state.unread && seq <= state.conversation.visitor_read_seq)) return;
      wire.send({ type: "read", seq });
      apply({ type: "seen", seq });
    },
    /** Changes the state without the server. @param {Frame} frame */
    apply,
    /** @param {string} [jwt] */
    identify(jwt) {
      identity = jwt;
      if (wire.link === "idle") return;
      wire.close();
      wire.open();
    },
    reset() {
      const wasOpen = wire.link !== "idle";
      identity = undefined;
      forget();
      if (wasOpen) wire.open();
    },
  };
}

function newId() {
  // Not randomUUID: that one is missing on pages without TLS.
  return Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => byte.toString(36).padStart(2, "0")).join("");
}
