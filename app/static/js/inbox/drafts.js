/**
 * What somebody has begun to write. Each conversation has two sheets, one for the visitor and one for the team, so
 * that words for the one are never sent to the other. They are kept at once in this tab, a moment later on the server,
 * and shown in the other tabs of the same browser.
 */
import { ApiError, call, cookie } from "../api.js";
import { forget, recall, remember } from "./kept.js";

const PAUSE = 900;
const AGAIN = 15_000;
const KEPT = "frontdesk-drafts";
/** What was written here a moment ago is newer than what the server was asked for meanwhile. */
const FRESH = 10_000;

/** @typedef {{text: string, is_note: boolean}} Draft */
/** `is_note` says which of the two lies on top. @typedef {{reply: string, note: string, is_note: boolean}} Sheets */
/** @typedef {ReturnType<typeof createDrafts>} Drafts */

/** @type {Sheets} */
const EMPTY = { reply: "", note: "", is_note: false };

/** @param {string} me whose they are */
export function createDrafts(me) {
  /** @type {Map<string, Sheets>} */
  const sheets = new Map();
  /** @type {Map<string, any>} */
  const due = new Map();
  /** Not on the server yet. @type {Set<string>} */
  const unsaved = new Set();
  /** @type {Map<string, number>} */
  const touched = new Map();
  /** @type {(id: string) => void} */
  let heard = () => {};
  const others = "BroadcastChannel" in globalThis ? new BroadcastChannel(KEPT) : null;

  const get = (/** @type {string} */ id) => sheets.get(id) || EMPTY;
  /** In this tab: what the server does not have, and the sheet of which it knows nothing. */
  const keep = () => {
    const mine = [...sheets].filter(([id, { reply, note }]) => unsaved.has(id) || (reply && note));
    if (mine.length) remember(KEPT, me, mine);
    else forget(KEPT);
  };
  /** @param {string} id @param {Sheets} next */
  const put = (id, next) => {
    sheets.set(id, next);
    touched.set(id, Date.now());
    keep();
    others?.postMessage({ me, id, sheets: next });
  };
  /** @param {string} id @param {number} pause */
  const plan = (id, pause) => {
    unsaved.add(id);
    clearTimeout(due.get(id));
    due.set(id, setTimeout(() => void save(id), pause));
  };

  /** @param {string} id */
  const save = async (id) => {
    due.delete(id);
    const now = get(id);
    try {
      await call("PUT", `/api/conversations/${id}/draft`, asDraft(now));
      if (get(id) === now) unsaved.delete(id);
      keep();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (error.status === 0 || error.status >= 500) plan(id, AGAIN);
    }
  };

  addEventListener("pagehide", () => {
    for (const [id, timer] of due) {
      clearTimeout(timer);
      const headers = { "Content-Type": "application/json", "X-CSRF-TOKEN": cookie("csrf_access_token") };
      void fetch(`/api/conversations/${id}/draft`, { method: "PUT", headers, body: JSON.stringify(asDraft(get(id))), keepalive: true, credentials: "same-origin" }).catch(() => {});
    }
    due.clear();
  });
  others?.addEventListener("message", ({ data }) => {
    if (data.me !== me) return;
    sheets.set(data.id, data.sheets);
    touched.set(data.id, Date.now());
    // The tab that it was written in saves it.
    clearTimeout(due.get(data.id));
    due.delete(data.id);
    unsaved.delete(data.id);
    heard(data.id);
  });
  for (const [id, kept] of recall(KEPT, me) || []) {
    sheets.set(id, { ...EMPTY, ...kept });
    plan(id, PAUSE);
  }

  return {
    get,
    /** Called when another tab has written in this conversation. @param {(id: string) => void} run */
    hears(run) {
      heard = run;
    },
    /** What the server knows. Says whether that is news here. @param {string} id @param {Draft | null | undefined} draft */
    learn(id, draft) {
      if (!draft || unsaved.has(id) || Date.now() - (touched.get(id) ?? 0) < FRESH) return false;
      const now = get(id);
      const next = { ...now, [draft.is_note ? "note" : "reply"]: draft.text, is_note: draft.is_note };
      if (next.reply === now.reply && next.note === now.note) return false;
      sheets.set(id, next);
      return true;
    },
    /** @param {string} id @param {Partial<Sheets>} change */
    set(id, change) {
      const now = get(id);
      const next = { ...now, ...change };
      if (next.reply === now.reply && next.note === now.note && next.is_note === now.is_note) return;
      plan(id, PAUSE);
      put(id, next);
    },
    /** It was sent: here it is gone at once, on the server when that has the message. @param {string} id @param {boolean} note */
    clear(id, note) {
      clearTimeout(due.get(id));
      due.delete(id);
      unsaved.delete(id);
      put(id, { ...get(id), [note ? "note" : "reply"]: "" });
    },
    /**
     * With the message the server has forgotten what was begun: it is told of the other sheet again. What it was asked
     * before may still come in, and is out of date.
     * @param {string} id
     */
    settle(id) {
      touched.set(id, Date.now());
      void save(id);
    },
  };
}

/** The server keeps one of the two: that on top, or the other where that is empty. @param {Sheets} sheets @returns {Draft} */
function asDraft({ reply, note, is_note: isNote }) {
  const onTop = isNote ? note : reply;
  return onTop.trim() ? { text: onTop, is_note: isNote } : { text: isNote ? reply : note, is_note: !isNote };
}
