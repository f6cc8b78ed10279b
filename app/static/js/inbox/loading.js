/**
 * Brings what the page shows: the list of a view, a conversation, the counts. The socket tells what changes after that.
 *
 * @import { Desk } from "./desk.js"
 * @import { Filters, Frame, View } from "./types.js"
 */
import { ApiError, call } from "../api.js";
import { lastSeq } from "./talk.js";

const FIRST = 50;
const NEXT = 100;
const MOST_AGAIN = 100;
const A_PAGE = 100;
const COUNTS_PAUSE = 1_500;
const RENEW_PAUSE = 300;
const SOCKET_PATIENCE = 3_000;

/** @typedef {ReturnType<typeof createLoading>} Loading */

/**
 * @param {{desk: Desk, send: (frame: Frame) => boolean}} parts
 */
export function createLoading({ desk, send }) {
  let turn = 0;
  /** The list that is being looked at for the first time. */
  let first = Promise.resolve();
  let isCounting = false;
  let isMoreComing = false;
  let countAgain = false;
  /** @type {Set<string>} */
  const reading = new Set();
  /** @type {Set<string>} */
  const renewing = new Set();

  /** Shows a view from its beginning. @param {View} view */
  const look = (view) => {
    desk.tell({ type: "look", view, key: String(++turn) });
    return (first = page(null, FIRST, { first: true }));
  };

  /** @param {string | null} cursor @param {number} limit @param {Record<string, boolean>} how */
  const page = async (cursor, limit, how) => {
    const { view, pile } = desk.state;
    const { key } = pile;
    if (how.first) desk.tell({ type: "loading", key });
    try {
      const query = new URLSearchParams({ ...asQuery(view.filters), sort: view.sort, limit: String(limit), ...(cursor && { cursor }) });
      const said = await call("GET", `/api/conversations?${query}`);
      desk.tell({ type: "page", key, items: said.items, cursor: said.next_cursor, ...how });
    } catch (error) {
      desk.tell({ type: "unloaded", key, problem: words(error) });
    }
  };

  /** The rows below those that are there. */
  const more = async () => {
    const { cursor, status } = desk.state.pile;
    if (!cursor || isMoreComing || status === "failed") return;
    isMoreComing = true;
    await page(cursor, NEXT, {}).finally(() => (isMoreComing = false));
  };

  /** After a gap: what is at the top now, while what has been scrolled to stays. */
  const again = () => {
    const { pile, view } = desk.state;
    if (pile.status === "failed" || !pile.ids.length) return look(view);
    return page(null, MOST_AGAIN, { again: true });
  };

  /** What came in between the first list and the line that tells of changes. */
  const settle = async () => {
    await first;
    if (desk.state.pile.status === "ready") await page(null, FIRST, { again: true });
  };

  /** How many lie in each view; asked for once where many things happen at once. */
  const count = async () => {
    countAgain = isCounting;
    if (isCounting) return;
    isCounting = true;
    try {
      desk.tell({ type: "counts", counts: await call("GET", "/api/inbox/counts") });
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
    } finally {
      setTimeout(() => {
        isCounting = false;
        if (countAgain) void count();
      }, COUNTS_PAUSE);
    }
  };

  /** @param {string | null} id */
  const open = (id) => {
    desk.tell({ type: "open", id });
    if (!id) return void send({ type: "leave" });
    resume(id);
  };

  /** Asks for what is new in it: by the socket, or without it where that does not answer. @param {string} id */
  const resume = (id) => {
    const talk = desk.state.talks[id];
    const held = talk ? lastSeq(talk) : 0;
    if (!send({ type: "open", conversation_id: id, last_seq: held })) return void read(id);
    const { whole } = talk;
    setTimeout(() => desk.state.openId === id && desk.state.talks[id]?.whole === whole && void read(id), whole ? SOCKET_PATIENCE * 3 : SOCKET_PATIENCE);
  };

  /** @param {string} id */
  const read = async (id) => {
    if (reading.has(id)) return;
    reading.add(id);
    try {
      const [conversation, { items, more: isMore }] = await Promise.all([call("GET", `/api/conversations/${id}`), call("GET", `/api/conversations/${id}/messages?limit=${A_PAGE}`)]);
      desk.tell({ type: "opened", conversation, events: items, more: isMore, viewers: [], live: null });
    } catch (error) {
      const isGone = error instanceof ApiError && error.status === 404;
      desk.tell({ type: "unopened", id, status: isGone ? "gone" : "failed", problem: words(error) });
    } finally {
      reading.delete(id);
    }
  };

  /** What the log does not tell of the conversation that is open: its ticket, its moods. Asked for once where much happens. @param {string} id */
  const renew = (id) => {
    if (renewing.has(id)) return;
    renewing.add(id);
    setTimeout(async () => {
      renewing.delete(id);
      if (desk.state.openId !== id) return;
      const conversation = await call("GET", `/api/conversations/${id}`).catch(() => null);
      if (conversation) desk.tell({ type: "whole", conversation });
    }, RENEW_PAUSE);
  };

  /** What was said before. @param {string} id @returns {Promise<void>} */
  const earlier = async (id) => {
    const first = desk.state.talks[id]?.events[0]?.seq;
    if (!first || reading.has(`before ${id}`)) return;
    reading.add(`before ${id}`);
    try {
      const said = await call("GET", `/api/conversations/${id}/messages?before_seq=${first}&limit=${A_PAGE}`);
      desk.tell({ type: "history", conversation_id: id, events: said.items, more: said.more });
    } finally {
      reading.delete(`before ${id}`);
    }
  };

  const views = async () => {
    try {
      const { items } = await call("GET", "/api/inbox/views");
      desk.tell({ type: "views", views: items.map(asView) });
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
    }
  };

  return { look, more, again, settle, count, open, resume, read, renew, earlier, views };
}

/** @param {any} kept @returns {View} */
export function asView({ id, name, filters, sort, shared, mine }) {
  // What is not asked for comes as null; here it is not there at all, as in the fixed views.
  const given = Object.fromEntries(Object.entries(filters).filter(([, value]) => value !== null));
  return { key: id, id, name, filters: given, sort: sort || "newest", shared, mine };
}

/** @param {Filters} filters @returns {Record<string, string>} */
export function asQuery(filters) {
  const given = Object.entries(filters).filter(([, value]) => value !== undefined && value !== null && value !== "");
  return Object.fromEntries(given.map(([key, value]) => [key, String(value)]));
}

/** @param {unknown} error */
export function words(error) {
  if (!(error instanceof ApiError)) console.error(error);
  return error instanceof ApiError ? error.message : "Something went wrong. Please try again.";
}
