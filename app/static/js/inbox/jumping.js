/**
 * Going to one message, however far back it lies: what stands around it takes the place of what was there, and from
 * there one reads on in both directions.
 *
 * @import { Desk } from "./desk.js"
 */
import { call } from "../api.js";
import { sayError } from "../toast.js";
import { lastSeq } from "./talk.js";

const AROUND = 100;

/** @typedef {ReturnType<typeof createJumping>} Jumping */

/** @param {{desk: Desk}} parts */
export function createJumping({ desk }) {
  /** @type {Set<string>} */
  const asking = new Set();

  /** One question at a time for each conversation. @param {string} id @param {Record<string, number>} query @param {(said: any) => void} done */
  const ask = async (id, query, done) => {
    if (asking.has(id)) return;
    asking.add(id);
    try {
      const numbers = Object.entries({ ...query, limit: AROUND }).map(([key, value]) => [key, String(value)]);
      done(await call("GET", `/api/conversations/${id}/messages?${new URLSearchParams(numbers)}`));
    } catch (error) {
      sayError(error);
    } finally {
      asking.delete(id);
    }
  };

  desk.hears(({ type }, { goal, talks }) => {
    const talk = goal && talks[goal.id];
    if (!goal || !talk?.whole || !["goal", "opened"].includes(type)) return;
    const [first, last] = [talk.events[0]?.seq ?? Infinity, lastSeq(talk)];
    if (goal.seq >= first && goal.seq <= last) return;
    void ask(goal.id, { around_seq: goal.seq }, ({ items, more }) => desk.tell({ type: "around", conversation_id: goal.id, events: items, more }));
  });

  return {
    /** What was said after what is there. @param {string} id */
    later: (id) => ask(id, { after_seq: lastSeq(desk.state.talks[id]) }, ({ items }) => desk.tell({ type: "later", conversation_id: id, events: items })),
    /** What was said last, in the place of what is there. @param {string} id */
    newest: (id) => ask(id, {}, ({ items, more }) => desk.tell({ type: "around", conversation_id: id, events: items, more })),
  };
}
