/**
 * What a key means. Silent while somebody types or a dialog or menu is open.
 */

/** @type {Record<string, string>} */
const PLAIN = {
  j: "next", k: "previous", ArrowDown: "next", ArrowUp: "previous", Enter: "open", o: "open", x: "choose", r: "reply", n: "note", t: "takeOver", h: "handBack", e: "close", s: "snooze",
  a: "assign", p: "priority", l: "tags", i: "side", "/": "search", "?": "help", Escape: "back", u: "undo",
};

/** For the page of help: what stands on the key, and what it does. @type {[string, [string, string][]][]} */
export const HELP = [
  ["Going about", [["J K", "Next, previous conversation"], ["Enter", "Open it"], ["X", "Choose it, to change several"], ["/", "Search"], ["Esc", "Back"], ["Ctrl K", "Everything by its name"], ["?", "This page"]]],
  ["In a conversation", [["R", "Reply"], ["N", "Note for the team"], ["T", "Take over"], ["H", "Hand back"], ["E", "Close, or reopen"], ["S", "Snooze"], ["A", "Assign"], ["P", "Priority"], ["L", "Tags"], ["I", "About this conversation"], ["U", "Undo what is about to be sent, or was just done"]]],
  ["While writing", [["Enter", "Send"], ["Shift Enter", "A new line"], ["Ctrl Shift Enter", "Send and close"], ["/", "A ready-made reply"], ["@", "A colleague, in a note"], ["Esc", "Leave the field"]]],
];

/**
 * @param {Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "altKey" | "shiftKey">} event
 * @param {{typing: boolean, busy: boolean, onControl: boolean}} where `busy`: a dialog or a menu is open
 * @returns {string} the act, or nothing
 */
export function actOf({ key, ctrlKey, metaKey, altKey }, { typing, busy, onControl }) {
  if ((ctrlKey || metaKey) && key.toLowerCase() === "k" && !altKey) return "palette";
  if (ctrlKey || metaKey || altKey || typing || busy) return "";
  // A button that has the focus keeps its own keys.
  if (onControl && ["Enter", "ArrowDown", "ArrowUp", " "].includes(key)) return "";
  return PLAIN[key] || PLAIN[key.toLowerCase()] || "";
}

/** @param {(act: string) => boolean} run says whether there was something to do */
export function bindKeys(run) {
  addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing) return;
    const target = /** @type {Element} */ (event.target);
    const act = actOf(event, {
      typing: target.matches?.("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]"),
      busy: Boolean(document.querySelector("dialog[open], .menu:popover-open")),
      onControl: target.matches?.("button, a, [role=radio], summary") && !target.matches(".row__link"),
    });
    if (act && run(act)) event.preventDefault();
  });
}
