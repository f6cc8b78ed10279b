/**
 * Files that are dropped anywhere onto the conversation, or pasted into the field. What is not a file, a word that is
 * dragged about, is left to the browser.
 */
import { h } from "../../../../widget/dom.js";
import { icon } from "./icons.js";

/**
 * @param {{
 *   room: HTMLElement, field: HTMLTextAreaElement,
 *   take: (files: File[]) => void, canTake: () => boolean, words: () => string,
 * }} parts
 */
export function bindDropping({ room, field, take, canTake, words }) {
  const text = h("p");
  const sign = h("div.drop-here", { hidden: true, "aria-hidden": "true" }, h("div.drop-here__card", {}, icon("clip", 26), text));
  room.append(sign);

  const hide = () => {
    sign.hidden = true;
  };
  room.addEventListener("dragenter", (event) => {
    if (!hasFiles(event) || !canTake()) return;
    text.textContent = words();
    sign.hidden = false;
  });
  room.addEventListener("dragleave", (event) => {
    if (!room.contains(/** @type {Node | null} */ (event.relatedTarget))) hide();
  });
  // A file that is let go beside the mark would make the browser leave the page for it.
  addEventListener("dragover", (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    const isHere = room.contains(/** @type {Node} */ (event.target)) && canTake();
    if (event.dataTransfer) event.dataTransfer.dropEffect = isHere ? "copy" : "none";
  });
  addEventListener("drop", (event) => {
    hide();
    if (!hasFiles(event)) return;
    event.preventDefault();
    if (room.contains(/** @type {Node} */ (event.target)) && canTake()) take([...(event.dataTransfer?.files || [])]);
  });
  addEventListener("dragend", hide);

  field.addEventListener("paste", (/** @type {ClipboardEvent} */ event) => {
    const files = [...(event.clipboardData?.files || [])];
    // A table out of an office program comes as text and as a picture of it: the text is what is meant.
    if (!files.length || (event.clipboardData?.getData("text/plain") && event.clipboardData.types.includes("text/html"))) return;
    event.preventDefault();
    take(files);
  });
}

/** @param {DragEvent} event */
function hasFiles(event) {
  return Boolean(event.dataTransfer?.types.includes("Files"));
}
