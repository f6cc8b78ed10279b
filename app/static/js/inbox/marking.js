/**
 * The one message that somebody came for: in the middle of what they see, and told apart from the others.
 *
 * @import { State } from "./types.js"
 */
const FRAMES = 5;
const NAME = "found-words";

/** @param {{scroll: HTMLElement, box: HTMLElement}} parts */
export function createMarking({ scroll, box }) {
  /** @type {State["goal"]} */
  let reached = null;
  /** @type {Element | null} */
  let marked = null;

  /** @param {Element} node @param {number} frames */
  const settle = (node, frames) => {
    // What is out of sight has no more than an estimated height until one comes near.
    node.scrollIntoView({ block: "center" });
    if (frames > 1) requestAnimationFrame(() => marked === node && settle(node, frames - 1));
  };

  return {
    /** Says whether it has just been gone to. @param {State} state */
    show({ goal, openId }) {
      const node = goal && goal.id === openId ? box.querySelector(`[data-seq="${goal.seq}"]`) : null;
      if (node !== marked) {
        marked?.classList.remove("is-found");
        node?.classList.add("is-found");
        marked = node;
        markWords(node, goal?.words || []);
      }
      if (!node || goal === reached) return false;
      reached = goal;
      settle(node, FRAMES);
      return scroll.scrollHeight > scroll.clientHeight;
    },
  };
}

/** Where the browser can, the words themselves; nothing in the page is changed for it. @param {Element | null} node @param {string[]} words */
function markWords(node, words) {
  const all = /** @type {any} */ (globalThis.CSS)?.highlights;
  if (!all) return;
  all.delete(NAME);
  const wanted = [...new Set(words.map((one) => one.toLowerCase()))].filter(Boolean);
  const body = node?.querySelector(".said__bubble, .note-paper .prose");
  if (!body || !wanted.length) return;
  const Highlight = /** @type {any} */ (globalThis).Highlight;
  all.set(NAME, new Highlight(...rangesOf(body, wanted)));
}

/** @param {Element} body @param {string[]} wanted @returns {Range[]} */
function rangesOf(body, wanted) {
  const ranges = [];
  const walker = document.createTreeWalker(body, NodeFilter.SHOW_TEXT);
  for (let text = walker.nextNode(); text; text = walker.nextNode()) {
    const written = (text.nodeValue || "").toLowerCase();
    for (const word of wanted) {
      for (let at = written.indexOf(word); at >= 0; at = written.indexOf(word, at + word.length)) {
        const range = new Range();
        range.setStart(text, at);
        range.setEnd(text, at + word.length);
        ranges.push(range);
      }
    }
  }
  return ranges;
}
