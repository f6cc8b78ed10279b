/**
 * Where one writes: a reply to the visitor, or a note that only the team sees, each on a sheet of its own. What is
 * written belongs to its conversation and waits there.
 *
 * @import { Desk } from "./desk.js"
 * @import { Drafts } from "./drafts.js"
 * @import { Sending } from "./sending.js"
 * @import { Outgoing, State } from "./types.js"
 */
import { toast } from "../toast.js";
import { bindCompletion } from "./complete.js";
import { composerParts } from "./composer-parts.js";
import { bindDropping } from "./dropping.js";
import { createFiles } from "./files.js";
import { openMenu } from "./menus.js";
import { cannedReplies, colleagues, mentioned } from "./suggest.js";

const TYPING_LASTS = 4_000;
const TOO_LONG = 8_000;
const NEARLY = 7_500;

/** @typedef {ReturnType<typeof createComposer>} Composer */

/**
 * @param {{
 *   desk: Desk, drafts: Drafts, sending: Sending,
 *   typing: (id: string, on: boolean, note: boolean) => void,
 *   takeOver: (id: string) => unknown, reopen: (id: string) => unknown, sent: () => void,
 * }} parts
 */
export function createComposer({ desk, drafts, sending, typing, takeOver, reopen, sent }) {
  const root = /** @type {HTMLElement} */ (document.getElementById("composer"));
  const parts = composerParts();
  const { field, tabs, shelf, options, say, sayMore, hint } = parts;
  const files = createFiles(shelf, desk.state.me, () => show(desk.state));
  root.append(parts.node, files.picker);
  const completion = bindCompletion(field, options, () => (isNote ? [team, canned] : [canned]));
  const team = colleagues(desk, field);
  const canned = cannedReplies(desk, field);
  let id = "";
  let isNote = false;
  let typedAt = 0;

  const keyOf = (/** @type {string} */ of, /** @type {boolean} */ note) => `${of} ${note ? "note" : "reply"}`;
  const isClosed = () => desk.state.talks[id]?.whole?.status === "closed" && !isNote;

  /** @param {State} state */
  function show(state) {
    const talk = state.openId ? state.talks[state.openId] : undefined;
    root.hidden = !talk?.whole || talk.status === "gone";
    if (!talk?.whole || root.hidden) return;
    if (talk.id !== id) turnTo(talk.id);
    parts.announce(state, talk, isNote);
    root.dataset.closed = String(isClosed());
    for (const tab of tabs) tab.dataset.begun = String(drafts.has(id, tab.dataset.kind === "note" ? "note" : "reply") && (tab.dataset.kind === "note") !== isNote);
    parts.offered.show(id, isNote, drafts.get(id).reply);
    say.disabled = sayMore.disabled = files.isBusy || (!field.value.trim() && !files.all.length);
  }

  /** @param {string} next */
  function turnTo(next) {
    stopTyping();
    id = next;
    canned.warm();
    // What is written next is for the visitor, unless a note is begun: who means to reply must not write a note unawares.
    setKind(drafts.get(id).is_note && drafts.has(id, "note"), false);
  }

  /** @param {boolean} note @param {boolean} [focus] */
  function setKind(note, focus = true) {
    if (note !== isNote) stopTyping();
    completion.close();
    isNote = note;
    if (id) drafts.set(id, { is_note: note });
    lay();
    root.dataset.kind = note ? "note" : "reply";
    for (const tab of tabs) tab.setAttribute("aria-checked", String((tab.dataset.kind === "note") === note));
    for (const tab of tabs) tab.tabIndex = (tab.dataset.kind === "note") === note ? 0 : -1;
    field.setAttribute("aria-label", note ? "Private note to your team" : "Reply to the visitor");
    field.placeholder = note ? "Write to your team. @ calls a colleague." : "Write to the visitor. / inserts a ready-made reply.";
    parts.name(note);
    show(desk.state);
    if (focus) (isClosed() ? parts.reopen : field).focus();
  }

  /** The sheet that is in front. */
  function lay() {
    const text = id ? drafts.get(id)[isNote ? "note" : "reply"] : "";
    if (field.value !== text) field.value = text;
    files.turnTo(keyOf(id, isNote));
    grow();
  }

  function grow() {
    field.style.height = "auto";
    field.style.height = `${field.scrollHeight + 2}px`;
    const { length } = field.value;
    parts.count.hidden = length < NEARLY;
    parts.count.classList.toggle("composer__count--over", length > TOO_LONG);
    parts.count.textContent = `${length.toLocaleString()} of ${TOO_LONG.toLocaleString()}`;
  }

  /** @param {{close?: boolean}} [how] */
  function submit({ close = false } = {}) {
    const text = field.value.trim();
    const attachments = files.all;
    const whole = desk.state.talks[id]?.whole;
    if (!whole || completion.isBusy) return;
    if (files.isBusy) return toast("A file is still being sent up. Try again in a moment.", "bad");
    if (!text && !attachments.length) return;
    if (text.length > TOO_LONG) return toast(`Please keep it under ${TOO_LONG.toLocaleString()} characters.`, "bad");
    if (!isNote && whole.status === "closed") return toast("This conversation is closed. Reopen it to write to the visitor.", "bad");
    // Whoever answers has the word from now on, and not only when the seconds for taking back are over.
    if (!isNote && whole.speaker === "assistant") takeOver(id);
    sending.send({ conversation_id: id, kind: isNote ? "note" : "reply", text, attachments, mentions: isNote ? mentioned(text, desk.state.people) : [], close: close && !isNote });
    stopTyping();
    drafts.clear(id, isNote ? "note" : "reply");
    files.put(keyOf(id, isNote), []);
    setKind(isNote);
    sent();
  }

  function stopTyping() {
    if (typedAt && id) typing(id, false, isNote);
    typedAt = 0;
  }

  field.addEventListener("input", () => {
    grow();
    drafts.set(id, { [isNote ? "note" : "reply"]: field.value, is_note: isNote });
    if (!field.value) stopTyping();
    else if (Date.now() - typedAt > TYPING_LASTS) {
      typedAt = Date.now();
      typing(id, true, isNote);
    }
    show(desk.state);
  });
  field.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
    // What is still being composed, a syllable of Japanese, takes Enter, Escape and the arrows for itself.
    if (event.isComposing || event.keyCode === 229) return;
    if (completion.key(event)) return;
    if (event.key === "Escape") {
      event.stopPropagation();
      field.blur();
      /** @type {HTMLElement} */ (document.getElementById("thread")).focus({ preventScroll: true });
    }
    if (event.key !== "Enter") return;
    const isCommand = event.ctrlKey || event.metaKey;
    // On a phone's keyboard Enter begins a line.
    if (!isCommand && (event.shiftKey || matchMedia("(pointer: coarse)").matches)) return;
    event.preventDefault();
    submit({ close: isCommand && event.shiftKey });
  });
  bindDropping({
    room: /** @type {HTMLElement} */ (document.getElementById("talk")),
    field,
    take: (list) => {
      files.add(list);
      field.focus();
    },
    canTake: () => !root.hidden && !isClosed(),
    words: () => (isNote ? "Drop it into your note. Only your team sees it." : "Drop it into your reply"),
  });
  for (const tab of tabs) tab.addEventListener("click", () => setKind(tab.dataset.kind === "note"));
  parts.tabsBox.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
    if (!event.key.startsWith("Arrow")) return;
    setKind(!isNote, false);
    tabs[isNote ? 1 : 0].focus();
  });
  parts.clip.addEventListener("click", () => files.choose());
  parts.slash.addEventListener("click", () => {
    field.focus();
    field.setRangeText(field.value && !/\s$/.test(field.value.slice(0, field.selectionStart)) ? " /" : "/", field.selectionStart, field.selectionEnd, "end");
    field.dispatchEvent(new Event("input"));
  });
  say.addEventListener("click", () => submit());
  sayMore.addEventListener("click", () => openMenu(sayMore, "Send", [{ text: "Send", key: "Enter", run: () => submit() }, { text: "Send and close", key: "Ctrl Shift Enter", run: () => submit({ close: true }) }]));
  parts.reopen.addEventListener("click", async () => {
    await reopen(id);
    setKind(isNote);
  });
  setKind(false, false);
  drafts.hears((of) => of === id && setKind(drafts.get(id).is_note, false));
  desk.shows(show);

  return {
    reply: () => setKind(false),
    note: () => setKind(true),
    /** Words to begin with, behind what is there already, and not twice. @param {string} where @param {import("./offered.js").Suggested} said */
    offer(where, said) {
      const { reply } = drafts.get(where);
      const whole = reply.includes(said.text) ? reply : [reply.trim(), said.text].filter(Boolean).join("\n\n");
      parts.offered.put(where, said);
      drafts.set(where, { reply: whole, is_note: false });
      if (where === id) setKind(false);
    },
    /** What was taken back is there to be changed. @param {Outgoing} one */
    restore({ conversation_id: where, kind, text, attachments }) {
      const { [kind]: begun } = drafts.get(where);
      drafts.set(where, { [kind]: [text, begun].filter(Boolean).join("\n"), is_note: kind === "note" });
      files.bringBack(keyOf(where, kind === "note"), attachments);
      if (where === id) setKind(kind === "note");
    },
    hint,
    spark: parts.spark,
  };
}
