/**
 * How several conversations get back what a change has taken from them: the same change the other way, once for each
 * value that they had.
 *
 * @import { Case } from "./types.js"
 */

/** @typedef {Record<string, unknown>} Change */

/** What the change has replaced in one of them. @type {Record<string, (one: Case, value: any) => Change | null>} */
const BEFORE = {
  status: (one) => ({ status: one.status }),
  assignee_id: (one) => ({ assignee_id: one.person?.id ?? null }),
  // Nothing, and the assistant decides again, as it did before.
  priority: (one) => ({ priority: one.priority_is_set ? one.priority : null }),
  snoozed_until: (one) => ({ snoozed_until: isToCome(one.snoozed_until) ? one.snoozed_until : null }),
  add_tags: (one, names) => rest({ remove_tags: names.filter((/** @type {string} */ name) => !one.tags?.includes(name)) }),
  remove_tags: (one, names) => rest({ add_tags: names.filter((/** @type {string} */ name) => one.tags?.includes(name)) }),
};

/**
 * Nothing where it cannot be taken back.
 * @param {(Case | undefined)[]} before as they were
 * @param {Change} what was done to them
 * @returns {{ids: string[], change: Change}[]}
 */
export function reversed(before, what) {
  const [[name, value], ...more] = Object.entries(what);
  const take = more.length ? undefined : BEFORE[name];
  /** @type {Map<string, {ids: string[], change: Change}>} */
  const ways = new Map();
  for (const one of take ? before : []) {
    const change = one && take?.(one, value);
    if (!change || same(change, what)) continue;
    const key = JSON.stringify(change);
    ways.set(key, { change, ids: [...(ways.get(key)?.ids || []), one.id] });
  }
  return [...ways.values()];
}

/** @param {string | null | undefined} iso */
const isToCome = (iso) => Boolean(iso) && Date.parse(String(iso)) > Date.now();

/** Where nothing is left there is nothing to do. @param {Record<string, string[]>} change */
const rest = (change) => (Object.values(change)[0].length ? change : null);

/** @param {Change} one @param {Change} other */
const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);
