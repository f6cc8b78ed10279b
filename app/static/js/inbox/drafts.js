/**
 * What somebody has begun to write, kept for each conversation: at once in memory, a moment later on the server.
 */
import { ApiError, call, cookie } from "../api.js";

const PAUSE = 900;

/** @typedef {{text: string, is_note: boolean}} Draft */
/** @typedef {ReturnType<typeof createDrafts>} Drafts */

export function createDrafts() {
  /** @type {Map<string, Draft>} */
  const kept = new Map();
  /** @type {Map<string, any>} */
  const due = new Map();

  /** @param {string} id */
  const save = async (id) => {
    due.delete(id);
    try {
      await call("PUT", `/api/conversations/${id}/draft`, kept.get(id));
    } catch (error) {
      // It is still in memory, and goes along with the next letter.
      if (!(error instanceof ApiError)) throw error;
    }
  };

  addEventListener("pagehide", () => {
    for (const [id, timer] of due) {
      clearTimeout(timer);
      const headers = { "Content-Type": "application/json", "X-CSRF-TOKEN": cookie("csrf_access_token") };
      void fetch(`/api/conversations/${id}/draft`, { method: "PUT", headers, body: JSON.stringify(kept.get(id)), keepalive: true, credentials: "same-origin" }).catch(() => {});
    }
    due.clear();
  });

  return {
    /** @param {string} id */
    get: (id) => kept.get(id),
    /** What the server knew of; what was written here since is newer. @param {string} id @param {Draft | null | undefined} draft */
    learn(id, draft) {
      if (draft && !kept.has(id)) kept.set(id, draft);
    },
    /** @param {string} id @param {Draft} draft */
    set(id, draft) {
      const before = kept.get(id);
      if ((before?.text || "") === draft.text && Boolean(before?.is_note) === draft.is_note) return;
      kept.set(id, draft);
      clearTimeout(due.get(id));
      due.set(id, setTimeout(() => void save(id), PAUSE));
    },
    /** It was sent: here it is gone at once, on the server when that has the message. @param {string} id */
    clear(id) {
      kept.set(id, { text: "", is_note: kept.get(id)?.is_note || false });
      clearTimeout(due.get(id));
      due.delete(id);
    },
    /** @param {string} id */
    settle(id) {
      if (!kept.get(id)?.text) void save(id);
    },
  };
}
