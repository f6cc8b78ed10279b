/**
 * Text in the safe subset of Markdown as nodes: read by the same code as in the widget, built here without its
 * looks. What is not in the subset stays text; pictures are dropped.
 *
 * @import { Branch } from "../../../../widget/markdown.js"
 * @import { Sentence } from "./types.js"
 */
import { h } from "../../../../widget/dom.js";
import { parse, parseSentences, safeAddress } from "../../../../widget/markdown.js";

/** What ends a sentence is not part of an address in it. */
const ADDRESS = /(https?:\/\/[^\s<>"']+[^\s<>"'.,;:!?)\]])/;

/**
 * @param {string} text
 * @param {(Sentence | undefined)[]} [sentences]
 * @param {(n: number) => Node | string} [cite]
 * @returns {(Node | string)[]}
 */
export function prose(text, sentences = [], cite = () => "") {
  const tree = sentences.some(Boolean) ? parseSentences(/** @type {any} */ (sentences)) : parse(text);
  return tree.map((branch) => build(branch, cite));
}

/**
 * What a visitor wrote is shown as it was written: only the ends of lines are kept, and an address can be followed.
 * @param {string} text
 */
export function plainText(text) {
  const pieces = text.split(ADDRESS).map((piece, at) => {
    const href = at % 2 ? safeAddress(piece) : "";
    return href ? h("a", { href, target: "_blank", rel: "noopener noreferrer nofollow" }, piece) : piece;
  });
  return h("p.plain", {}, ...pieces);
}

/** @param {Branch} branch @param {(n: number) => Node | string} cite @returns {Node | string} */
function build(branch, cite) {
  if ("text" in branch) return branch.text;
  if ("cite" in branch) return cite(branch.cite);
  if ("start" in branch) return "";
  const { tag, href, ordered, children } = branch;
  const props = href ? { href, target: "_blank", rel: "noopener noreferrer nofollow" } : { start: ordered !== 1 && ordered };
  const node = h(tag, props, ...children.map((one) => build(one, cite)));
  return tag === "table" ? h("div.table-scroll", { tabindex: 0, role: "group", "aria-label": "Table" }, node) : node;
}
