/**
 * What is still held in a conversation that one has left: said wherever one is, for as long as it can be taken back.
 *
 * @import { Desk } from "./desk.js"
 * @import { Verbs } from "./verbs.js"
 */
import { h } from "../../../../widget/dom.js";
import { nameOf } from "./people.js";

/** @param {{desk: Desk, undo: (id: string) => void}} parts */
export function showElsewhere({ desk, undo }) {
  const box = h("div.elsewhere", { role: "status", hidden: true });
  /** @type {HTMLElement} */ (document.getElementById("inbox")).append(box);
  let drawn = "";

  desk.shows(({ outgoing, openId, cases }) => {
    const held = outgoing.filter((one) => one.status === "held" && one.conversation_id !== openId);
    const mark = held.map((one) => one.client_id).join();
    if (mark === drawn) return;
    drawn = mark;
    box.hidden = !held.length;
    box.replaceChildren(...held.map((one) => {
      const known = cases[one.conversation_id];
      return h("p", {}, h("span", {}, "Your reply to ", h("bdi", {}, known ? nameOf(known) : "the visitor"), " goes out in a moment."), h("button.link", { onclick: () => undo(one.client_id) }, "Undo"));
    }));
  });
}

/**
 * The verbs behind which a reply must not come: it would find the conversation closed, or take it back from the
 * assistant. What is held goes out before them.
 * @param {Verbs} verbs @param {(id: string) => Promise<void>} flush
 * @returns {Verbs}
 */
export function afterReplies(verbs, flush) {
  /** @type {(run: (...given: any[]) => any) => (...given: any[]) => Promise<any>} */
  const first = (run) => async (ids, ...rest) => {
    await Promise.all([ids].flat().map(flush));
    return run(ids, ...rest);
  };
  const { handBack, close, snooze, merge, block } = verbs;
  return { ...verbs, handBack: first(handBack), close: first(close), snooze: first(snooze), merge: first(merge), block: first(block), bulk: first(verbs.bulk.bind(verbs)) };
}
