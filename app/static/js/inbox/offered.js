/**
 * Where a suggested reply comes from, beside the words themselves for as long as they are there: whoever sends them
 * answers for them, and should be able to look.
 *
 * @import { Citation, Withheld } from "./types.js"
 * @typedef {{outcome: string, text: string, citations: Citation[], withheld: Withheld[]}} Suggested
 */
import { h } from "../../../../widget/dom.js";
import { sourceCard, toggle, withheldList } from "./answer.js";
import { icon } from "./icons.js";

export function createOffered() {
  /** @type {Map<string, Suggested>} */
  const all = new Map();
  const node = h("div.offered", { role: "group", "aria-label": "Where the suggestion comes from", hidden: true });
  /** @type {Suggested | undefined} */
  let shown;

  return {
    node,
    /** @param {string} id @param {Suggested} said */
    put: (id, said) => void all.set(id, said),
    /** Gone with the words that it is about. @param {string} id @param {boolean} isNote @param {string} reply what stands on the sheet for the visitor */
    show(id, isNote, reply) {
      if (!reply.trim()) all.delete(id);
      const said = isNote ? undefined : all.get(id);
      if (said === shown) return;
      shown = said;
      node.hidden = !said;
      node.replaceChildren(...(said ? parts(said) : []));
    },
  };
}

/** @param {Suggested} said */
function parts({ outcome, citations, withheld }) {
  const cards = h("div.sources", { hidden: true }, ...citations.map(sourceCard), ...(withheld.length ? [withheldList(withheld)] : []));
  const count = citations.length === 1 ? "1 source" : `${citations.length} sources`;
  const open = toggle("quote", count, () => !(cards.hidden = !cards.hidden));
  return [
    h("p.offered__words", {}, icon("spark", 13), h("span", {}, "Suggested from your documents. Read it before you send it.")),
    h("p.offered__marks", {}, outcome !== "answered" && h("span.mark mark--soon", {}, "Only comes near"), open),
    cards,
  ];
}
