/**
 * The nodes of the composer, and what is said above it: who will take over, who else is answering.
 *
 * @import { State, Talk } from "./types.js"
 */
import { h } from "../../../../widget/dom.js";
import { icon } from "./icons.js";
import { createOffered } from "./offered.js";
import { warning } from "./warning.js";

export function composerParts() {
  const reply = h("button.kind", { role: "radio", "data-kind": "reply", "aria-checked": "true" }, "Reply", begun(), h("kbd.key", {}, "R"));
  const note = h("button.kind kind--note", { role: "radio", "data-kind": "note", "aria-checked": "false" }, icon("lock", 13), "Note", begun(), h("kbd.key", {}, "N"));
  const tabsBox = h("div.kinds", { role: "radiogroup", "aria-label": "What you write" }, reply, note);
  const hint = h("p.composer__hint", { "aria-live": "polite" });
  const field = h("textarea.composer__field", { rows: 2, dir: "auto", "aria-autocomplete": "list", "aria-controls": "complete", spellcheck: "true" });
  const options = h("div.complete", { id: "complete", role: "listbox", "aria-label": "Suggestions", hidden: true });
  const offered = createOffered();
  const shelf = h("div.composer__files", { hidden: true });
  const clip = h("button.tool tool--icon", { "aria-label": "Attach a file", title: "Attach a file" }, icon("clip"));
  const slash = h("button.tool tool--icon", { "aria-label": "Insert a ready-made reply", title: "Insert a ready-made reply ( / )" }, h("b.tool__slash", { "aria-hidden": "true" }, "/"));
  const spark = h("button.tool tool--icon", { "aria-label": "Help with the answer", title: "Help with the answer", "aria-haspopup": "menu", "aria-expanded": "false" }, icon("spark"));
  const count = h("span.composer__count", { hidden: true });
  const words = h("span", {}, "Send");
  const say = h("button.btn composer__send", {}, words);
  const sayMore = h("button.btn composer__more", { "aria-label": "More ways to send", "aria-haspopup": "menu", "aria-expanded": "false" }, icon("up", 15));
  const reopen = h("button.btn btn--quiet", {}, "Reopen");
  const closed = h("p.composer__closed", {}, icon("closed", 16), h("span", {}, "This conversation is closed."), reopen);
  const bar = h("div.composer__bar", {}, clip, slash, spark, h("span.composer__keys", { "aria-hidden": "true" }, h("kbd.key", {}, "Enter"), " sends ", h("kbd.key", {}, "Shift Enter"), " new line"), count, h("span.composer__say", {}, say, sayMore));
  const node = h("div.composer__box", {}, h("div.composer__top", {}, tabsBox, hint), closed, field, options, offered.node, shelf, bar);

  return {
    node, field, options, offered, shelf, count, tabsBox, tabs: [reply, note], hint, clip, slash, spark, say, sayMore, reopen,
    /** @param {boolean} isNote */
    name(isNote) {
      words.textContent = isNote ? "Add note" : "Send";
      sayMore.hidden = isNote;
    },
    /** @param {State} state @param {Talk} talk @param {boolean} isNote */
    announce(state, talk, isNote) {
      const [tone, text] = warning(state, talk, isNote);
      if (hint.textContent === text) return;
      hint.className = `composer__hint composer__hint--${tone}`;
      hint.replaceChildren(text);
    },
  };
}

/** A dot: something is begun on this sheet too. */
function begun() {
  return h("span.kind__begun", {}, h("span.sr-only", {}, " (begun)"));
}
