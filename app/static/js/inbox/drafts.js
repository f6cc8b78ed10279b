/**
 * What somebody has begun to write. Each conversation has two sheets, one for the visitor and one for the team, so
 * that words for the one are never sent to the other. They are kept at once in this tab, a moment later on the server,
 * and shown in the other tabs of the same browser.
 *
 * @import { Desk } from "./desk.js"
 * @import { Draft } from "./types.js"
 */
import { ApiError, call, cookie } from "../api.js";
import { forget, recall, remember } from "./kept.js";

const PAUSE = 900;
const AGAIN = 15_000;
const KEPT = "frontdesk-drafts";
/** What was written here a moment ago is newer than what the server was asked for meanwhile. */
const FRESH = 10_000;

/** @typedef {"reply" | "note"} Kind */
/** `is_note` says which of the two lies on top. @typedef {{reply: string, note: string, is_note: boolean}} Sheets */
/** @typedef {ReturnType<typeof createDrafts>} Drafts */

/** @type {Kind[]} */
const BOTH = ["reply", "note"];
/** @type {Sheets} */
const EMPTY = { reply: "", note: "", is_note: false };

/** @param {{desk: Desk}} parts */
export function createDrafts({ desk }) {
  const { me } = desk.state;
  /** @type {Map<string, Sheets>} */
  const sheets = new Map();
  /** @type {Map<string, any>} */
  const due = new Map();
  /** Conversations of which the server is being told. @type {Set<string>} */
  const saving = new Set();
  /** Of each conversation the sheets that are not on the server yet. @type {Map<string, Set<Kind>>} */
  const unsaved = new Map();
  /** @type {Map<string, number>} */
  const touched = new Map();
  /** The newest line of one's own: what the server said before it is out of date. @type {Map<string, number>} */
  const said = new Map();
  /** @type {(id: string) => void} */
  let heard = () => {};
  const others = "BroadcastChannel" in globalThis ? new BroadcastChannel(KEPT) : null;

  const get = (/** @type {string} */ id) => sheets.get(id) || EMPTY;
  const has = (/** @type {string} */ id, /** @type {Kind} */ kind) => Boolean(get(id)[kind].trim());
  /** The server takes what it is told last for what lies on top. @param {string} id @returns {Kind[]} */
  const untold = (id) => order(get(id)).filter((kind) => unsaved.get(id)?.has(kind));
  const isOnItsWay = (/** @type {string} */ id, /** @type {Kind} */ kind) => desk.state.outgoing.some((one) => one.conversation_id === id && one.kind === kind);
  /** In this tab: what the server does not have, and what it may yet forget with a message that is on its way. */
  const keep = () => {
    /** @param {string} id */
    const unsure = (id) => BOTH.filter((kind) => unsaved.get(id)?.has(kind) || (has(id, kind) && isOnItsWay(id, kind)));
    const mine = [...sheets.keys()].flatMap((id) => (unsure(id).length ? [[id, get(id), unsure(id)]] : []));
    if (mine.length) remember(KEPT, me, mine);
    else forget(KEPT);
  };
  /** @param {string} id @param {Sheets} next */
  const lay = (id, next) => {
    sheets.set(id, next);
    if (has(id, "reply") !== Boolean(desk.state.begun[id])) desk.tell({ type: "begun", id, begun: has(id, "reply") });
  };
  /** @param {string} id @param {Sheets} next */
  const put = (id, next) => {
    lay(id, next);
    touched.set(id, Date.now());
    keep();
    others?.postMessage({ me, id, sheets: next });
  };
  /** @param {string} id @param {number} pause */
  const plan = (id, pause) => {
    clearTimeout(due.get(id));
    due.set(id, setTimeout(() => void save(id), pause));
  };
  /** @param {string} id @param {Kind[]} kinds */
  const doubt = (id, kinds) => unsaved.set(id, new Set([...(unsaved.get(id) || []), ...kinds]));
  /** @param {string} id @param {Kind} kind */
  const trust = (id, kind) => {
    unsaved.get(id)?.delete(kind);
    if (!unsaved.get(id)?.size) unsaved.delete(id);
  };

  /** One after the other, so that nothing old arrives behind what is new. @param {string} id */
  const save = async (id) => {
    if (saving.has(id)) return plan(id, PAUSE);
    due.delete(id);
    saving.add(id);
    try {
      for (const kind of untold(id)) await tell(id, kind);
    } finally {
      saving.delete(id);
      keep();
    }
  };
  /** @param {string} id @param {Kind} kind */
  const tell = async (id, kind) => {
    const draft = asDraft(get(id), kind);
    try {
      await call("PUT", addressOf(id), draft);
      if (get(id)[kind] === draft.text) trust(id, kind);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      // There is no such conversation any more.
      if (error.status === 404) trust(id, kind);
      if (error.status === 0 || error.status >= 500) plan(id, AGAIN);
    }
  };

  /** What the server knows. Says whether that is news here. @param {string} id @param {Draft[]} drafts @param {number} seq as far as it knew */
  const learn = (id, drafts, seq) => {
    if (unsaved.has(id) || Date.now() - (touched.get(id) ?? 0) < FRESH || seq < (said.get(id) ?? 0)) return false;
    const now = get(id);
    // What is on its way is still on the server as what was begun.
    const begun = (/** @type {Kind} */ kind) => (isOnItsWay(id, kind) ? now[kind] : drafts.find((one) => kindOf(one) === kind)?.text ?? "");
    const next = { reply: begun("reply"), note: begun("note"), is_note: drafts[0]?.is_note ?? now.is_note };
    if (next.reply === now.reply && next.note === now.note) return false;
    lay(id, next);
    return true;
  };

  /** What was begun elsewhere, for the rows of the list. */
  const list = async () => {
    /** @type {{items: (Draft & {conversation_id: string})[]}} */
    const { items } = await call("GET", "/api/inbox/drafts");
    for (const id of new Set(items.map((one) => one.conversation_id))) if (learn(id, items.filter((one) => one.conversation_id === id), 0)) heard(id);
  };

  addEventListener("pagehide", () => {
    for (const [id, timer] of due) {
      clearTimeout(timer);
      const headers = { "Content-Type": "application/json", "X-CSRF-TOKEN": cookie("csrf_access_token") };
      for (const kind of untold(id)) void fetch(addressOf(id), { method: "PUT", headers, body: JSON.stringify(asDraft(get(id), kind)), keepalive: true, credentials: "same-origin" }).catch(() => {});
    }
    due.clear();
  });
  // A page that comes back out of the browser's memory does not know what arrived.
  addEventListener("pageshow", ({ persisted }) => {
    if (persisted) for (const id of unsaved.keys()) plan(id, PAUSE);
  });
  others?.addEventListener("message", ({ data }) => {
    if (data.me !== me) return;
    lay(data.id, data.sheets);
    touched.set(data.id, Date.now());
    // The tab that it was written in saves it.
    clearTimeout(due.get(data.id));
    due.delete(data.id);
    unsaved.delete(data.id);
    keep();
    heard(data.id);
  });
  desk.hears((frame) => {
    if (frame.type === "event" && frame.event.author.id === me && ["message", "note"].includes(frame.event.kind)) {
      said.set(frame.conversation_id, Math.max(frame.event.seq, said.get(frame.conversation_id) ?? 0));
      keep();
    }
    if (frame.type !== "opened") return;
    const { id, drafts, last_seq: seq } = frame.conversation;
    if (learn(id, drafts, seq)) heard(id);
  });
  for (const [id, kept, kinds = BOTH] of recall(KEPT, me) || []) {
    lay(id, { ...EMPTY, ...kept });
    doubt(id, kinds);
    plan(id, PAUSE);
  }
  list().catch((error) => {
    if (!(error instanceof ApiError)) throw error;
  });

  return {
    get,
    has,
    /** Called when something else than what is written here has changed a sheet. @param {(id: string) => void} run */
    hears(run) {
      heard = run;
    },
    /** @param {string} id @param {Partial<Sheets>} change */
    set(id, change) {
      const now = get(id);
      const next = { ...now, ...change };
      const changed = order(next).filter((kind) => next[kind] !== now[kind]);
      const top = kindOf(next);
      if (next.is_note !== now.is_note && next[top].trim()) changed.push(top);
      if (changed.length) {
        doubt(id, changed);
        plan(id, PAUSE);
      }
      if (changed.length || next.is_note !== now.is_note) put(id, next);
    },
    /** It was sent: here it is gone at once, on the server when that has the message. @param {string} id @param {Kind} kind */
    clear(id, kind) {
      // What is being saved at this moment may come in behind the message, and is taken back.
      if (saving.has(id)) plan(id, PAUSE);
      else trust(id, kind);
      put(id, { ...get(id), [kind]: "" });
    },
  };
}

/** @param {{is_note: boolean}} one @returns {Kind} */
const kindOf = ({ is_note: isNote }) => (isNote ? "note" : "reply");

/** What lies below, then what lies on top. @param {Sheets} sheets @returns {Kind[]} */
const order = ({ is_note: isNote }) => (isNote ? ["reply", "note"] : ["note", "reply"]);

/** @param {Sheets} sheets @param {Kind} kind @returns {Draft} */
const asDraft = (sheets, kind) => ({ text: sheets[kind], is_note: kind === "note" });

/** @param {string} id */
const addressOf = (id) => `/api/conversations/${id}/draft`;
