/**
 * What can be done with a conversation. Each verb is one call; what comes back is shown at once, and the others of the
 * team are told by the socket.
 *
 * @import { Desk } from "./desk.js"
 */
import { ApiError, call } from "../api.js";
import { ask } from "../dialog.js";
import { sayError, toast } from "../toast.js";
import { reversed } from "./reversed.js";

const AT_ONCE = 100;

/** @typedef {ReturnType<typeof createVerbs>} Verbs */

/** @param {{desk: Desk}} parts */
export function createVerbs({ desk }) {
  /** @param {string} method @param {string} path @param {unknown} [body] @param {string} [words] */
  const change = async (method, path, body, words) => {
    try {
      return await say(method, path, body, words);
    } catch (error) {
      sayError(error);
      return null;
    }
  };

  /** @param {string} method @param {string} path @param {unknown} [body] @param {string} [words] */
  const say = async (method, path, body, words) => {
    const said = await call(method, `/api/conversations/${path}`, body);
    if (said?.id) desk.tell({ type: "changed", conversation: said });
    if (words) toast(words);
    return said || true;
  };

  /** Into somebody else's only where that is meant. @param {string} id @param {string} into @returns {Promise<unknown>} */
  const merge = async (id, into) => {
    const words = `#${desk.state.cases[id]?.number ?? ""} goes on here. Reopen it to take it out again.`;
    try {
      return await say("POST", `${id}/merge`, { into }, words);
    } catch (error) {
      if (!(error instanceof ApiError) || error.code !== "another_person") return void sayError(error);
      const isMeant = await ask("These are two different people", "Whoever reads the one will read what stands in the other from now on. Merge them only if you know that it is the same person.", "Merge all the same");
      return isMeant && change("POST", `${id}/merge`, { into, force: true }, words);
    }
  };

  return {
    /** @param {string} id */
    takeOver: (id) => change("POST", `${id}/takeover`),
    /** @param {string} id */
    handBack: (id) => change("POST", `${id}/hand-back`, undefined, `${desk.state.assistant} answers again from the next message on.`),
    /** @param {string} id */
    async close(id) {
      const said = await change("POST", `${id}/close`);
      if (said) toast(`Closed #${desk.state.cases[id]?.number ?? ""}.`, "good", { text: "Undo", run: () => change("POST", `${id}/reopen`) });
      return said;
    },
    /** @param {string} id */
    reopen: (id) => change("POST", `${id}/reopen`),
    /** @param {string} id @param {string | null} who */
    assign: (id, who) => change("PATCH", id, { assignee_id: who }, who ? `Assigned to ${desk.state.people[who]?.name ?? "a colleague"}.` : "Nobody in particular takes care of it now."),
    /** @param {string} id @param {string | null} priority null lets the assistant decide again */
    prioritize: (id, priority) => change("PATCH", id, { priority }),
    /** What colleagues put on it meanwhile stays. @param {string} id @param {string} name @param {boolean} on */
    tag: (id, name, on) => change("PATCH", id, { [on ? "add_tags" : "remove_tags"]: [name] }),
    /** @param {string} id @param {Date | null} until @param {string} [words] */
    async snooze(id, until, words) {
      const [back] = reversed([desk.state.cases[id]], { snoozed_until: until });
      const said = await change("PATCH", id, { snoozed_until: until?.toISOString() ?? null });
      if (said && words) toast(words, "good", back && { text: "Undo", run: () => change("PATCH", id, back?.change) });
      return said;
    },
    merge,
    /** A false alarm, and counted as one; or the mood as it was read. @param {string} id @param {boolean} on */
    overrule: (id, on) => change(on ? "POST" : "DELETE", `${id}/overrule-mood`, undefined, on ? "Noted: they are not angry." : "The mood counts as it was read."),
    /** @param {string} id @param {boolean} on */
    block: (id, on) => change("POST", `${id}/${on ? "block" : "unblock"}`, undefined, on ? "Blocked: nothing of theirs comes in any more." : "They can write again."),
    /** @param {string[]} ids @param {Record<string, unknown>} what @returns {Promise<string[]>} those that could not be changed */
    async bulk(ids, what) {
      const before = desk.state.cases;
      const [done, failed] = /** @type {any[][]} */ ([[], []]);
      try {
        for (let at = 0; at < ids.length; at += AT_ONCE) {
          const said = await call("POST", "/api/conversations/bulk", { ids: ids.slice(at, at + AT_ONCE), change: what });
          for (const conversation of said.done) desk.tell({ type: "changed", conversation });
          done.push(...said.done);
          failed.push(...said.failed);
        }
      } catch (error) {
        sayError(error);
      }
      const back = reversed(done.map((one) => before[one.id]), what);
      const act = back.length ? { text: "Undo", run: () => Promise.all(back.map((each) => this.bulk(each.ids, each.change))) } : undefined;
      if (failed.length) toast(`${done.length} changed, ${failed.length} not: ${failed[0].message}`, "bad", act);
      else if (done.length) toast(`${done.length} changed.`, "good", act);
      const settled = new Set(done.map((one) => one.id));
      return ids.filter((id) => !settled.has(id));
    },
  };
}
