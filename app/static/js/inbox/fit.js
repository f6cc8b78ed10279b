/**
 * Whether a conversation belongs to a view, and where in it: the same rules as the server's, so that a row comes,
 * moves and goes the moment something changes.
 *
 * @import { Case, Filters, Sort } from "./types.js"
 */

export const RANK = { low: 0, medium: 1, high: 2, urgent: 3 };

/** @param {Case} one @param {number} now @returns {"open" | "snoozed" | "closed"} */
export function standing(one, now) {
  if (one.status === "closed") return "closed";
  return one.snoozed_until && Date.parse(one.snoozed_until) > now ? "snoozed" : "open";
}

/**
 * True, false, or null where only the server knows (who was mentioned).
 * @param {Case} one
 * @param {Filters} filters
 * @param {{me: string, now: number}} about
 */
export function fits(one, filters, { me, now }) {
  if (one.merged_into_id && filters.status !== "closed") return false;
  const tests = [
    !filters.status || standing(one, now) === filters.status,
    !filters.assignee || isWith(one, filters.assignee === "me" ? me : filters.assignee),
    filters.escalated === undefined || Boolean(one.escalated_at) === filters.escalated,
    filters.waiting === undefined || Boolean(one.waiting_since) === filters.waiting,
    !filters.priority || one.priority === filters.priority,
    !filters.contact_id || one.contact?.id === filters.contact_id,
    !filters.tag || (one.tags || []).includes(filters.tag),
  ];
  if (tests.includes(false)) return false;
  return filters.mentioned ? null : true;
}

/** @param {Case} one @param {string} assignee */
function isWith(one, assignee) {
  return assignee === "none" ? !one.person : one.person?.id === assignee;
}

/**
 * @param {Sort} sort
 * @returns {(a: Case, b: Case) => number}
 */
export function order(sort) {
  const keys = KEYS[sort] || KEYS.newest;
  return (a, b) => {
    for (const [key, way] of keys) {
      const [left, right] = [key(a), key(b)];
      if (left !== right) return left < right ? -way : way;
    }
    return 0;
  };
}

/** @param {Case} one */
const id = (one) => one.id;
/** @param {Case} one */
const last = (one) => Date.parse(one.last_event_at);
/** @param {Case} one */
const waited = (one) => Date.parse(one.waiting_since || one.last_event_at);

/** @type {Record<string, [(one: Case) => number | string, 1 | -1][]>} */
const KEYS = {
  newest: [[last, -1], [id, -1]],
  oldest: [[last, 1], [id, 1]],
  waiting: [[(one) => (one.waiting_since ? 0 : 1), 1], [waited, 1], [id, 1]],
  priority: [[(one) => RANK[one.priority] ?? 1, -1], [waited, 1], [id, 1]],
  deadline: [[(one) => (one.due_at ? Date.parse(one.due_at) : Infinity), 1], [waited, 1], [id, 1]],
};
