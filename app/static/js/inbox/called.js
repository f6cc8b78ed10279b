/** Colleagues who are called in a note stand out in it. */
import { h } from "../../../../widget/dom.js";
import { callOf } from "./suggest.js";

/** @param {HTMLElement} prose @param {{name: string}[]} called */
export function withCalls(prose, called) {
  for (const { name } of [...called].sort((a, b) => b.name.length - a.name.length)) {
    for (const text of textsOf(prose)) mark(text, callOf(name));
  }
  return prose;
}

/** @param {HTMLElement} prose @returns {Text[]} */
function textsOf(prose) {
  const walker = document.createTreeWalker(prose, NodeFilter.SHOW_TEXT);
  const texts = [];
  while (walker.nextNode()) {
    const text = /** @type {Text} */ (walker.currentNode);
    if (!text.parentElement?.closest(".called, code")) texts.push(text);
  }
  return texts;
}

/** @param {Text} text @param {RegExp} call */
function mark(text, call) {
  const found = [...text.data.matchAll(call)];
  for (const { index, 0: words } of found.reverse()) {
    const rest = text.splitText(index);
    rest.splitText(words.length);
    rest.replaceWith(h("span.called", {}, words));
  }
}
