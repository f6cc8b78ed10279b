/**
 * The list of one view as plain values: pages that are put together, rows that come, move and go.
 *
 * @import { Case, Frame, Pile, State } from "./types.js"
 */
import { fits, order } from "./fit.js";

/** @returns {Pile} */
export const emptyPile = (key = "") => ({ key, ids: [], cursor: null, status: "loading", problem: "" });

/**
 * A page of the list has come.
 * @param {State} state
 * @param {Frame} frame `first`: it begins the list; `again`: it is the top of the list once more
 * @returns {State}
 */
export function addPage(state, { key, items, cursor, first, again }) {
  if (key !== state.pile.key) return state;
  const cases = keep(state.cases, items);
  if (again) return { ...state, cases, pile: renewed(state, items, cursor) };
  const known = first ? [] : state.pile.ids;
  const seen = new Set(known);
  const ids = [...known, ...items.map((/** @type {Case} */ one) => one.id).filter((/** @type {string} */ one) => !seen.has(one))];
  return { ...state, cases, pile: { key, ids, cursor, status: "ready", problem: "" } };
}

/**
 * A conversation has changed: its row moves to where it belongs, comes, or goes. The one that is open stays until
 * it is left, so that nothing vanishes under somebody's hands.
 * @param {State} state
 * @param {Case} one
 * @param {number} now
 * @returns {State}
 */
export function place(state, one, now) {
  const before = state.cases[one.id];
  if (before && before.epoch > one.epoch) return state;
  if (before && before.last_seq > one.last_seq) return state;
  const cases = { ...state.cases, [one.id]: before ? { ...before, ...one } : one };
  const { pile, view } = state;
  const isThere = pile.ids.includes(one.id);
  const fitting = fits(one, view.filters, { me: state.me, now });
  if (fitting === false && state.openId !== one.id) {
    return { ...state, cases, pile: isThere ? { ...pile, ids: without(pile.ids, one.id) } : pile };
  }
  // What does not fit any more, or what only the server can judge, stays where it is.
  if (!isThere && fitting !== true) return { ...state, cases };
  const ids = isThere && !fitting ? pile.ids : inserted(without(pile.ids, one.id), one, cases, state);
  return { ...state, cases, pile: { ...pile, ids } };
}

/**
 * What was kept only because it was open goes when it is left.
 * @param {State} state
 * @param {number} now
 * @returns {State}
 */
export function prune(state, now) {
  const ids = state.pile.ids.filter((id) => id === state.openId || !state.cases[id] || fits(state.cases[id], state.view.filters, { me: state.me, now }) !== false);
  return ids.length === state.pile.ids.length ? state : { ...state, pile: { ...state.pile, ids } };
}

/** The top of the list anew; what had been loaded below stays. @param {State} state @param {Case[]} items @param {string | null} cursor @returns {Pile} */
function renewed({ pile, openId }, items, cursor) {
  const top = items.map((one) => one.id);
  const seen = new Set(top);
  const reaches = Boolean(cursor) && pile.ids.length > top.length;
  const rest = pile.ids.filter((id, at) => !seen.has(id) && (reaches ? at >= top.length : id === openId));
  return { ...pile, ids: [...top, ...rest], cursor: reaches ? pile.cursor : cursor, status: "ready", problem: "" };
}

/** @param {Record<string, Case>} cases @param {Case[]} items */
export function keep(cases, items) {
  const next = { ...cases };
  for (const one of items) {
    const known = next[one.id];
    if (!known || known.last_seq <= one.last_seq) next[one.id] = { ...known, ...one };
  }
  return next;
}

/** @param {string[]} ids @param {string} id */
function without(ids, id) {
  return ids.filter((one) => one !== id);
}

/** @param {string[]} ids @param {Case} one @param {Record<string, Case>} cases @param {State} state */
function inserted(ids, one, cases, { view, pile }) {
  const compare = order(view.sort);
  let [low, high] = [0, ids.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (compare(cases[ids[middle]], one) <= 0) low = middle + 1;
    else high = middle;
  }
  // Beyond what has been loaded it will come with its page.
  if (low === ids.length && pile.cursor) return ids;
  return [...ids.slice(0, low), one.id, ...ids.slice(low)];
}
