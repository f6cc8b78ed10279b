/**
 * Where one writes: a reply to the visitor, or a note that only the team sees. What is written belongs to its
 * conversation and waits there.
 *
 * @import { Desk } from "./desk.js"
 * @import { Drafts } from "./drafts.js"
 * @import { Sending } from "./sending.js"
 * @import { Attached, Outgoing, State } from "./types.js"
 */
import { toast } from "../toast.js";
import { bindCompletion } from "./complete.js";
import { composerParts } from "./composer-parts.js";
import { createFiles } from "./files.js";
import { openMenu } from "./menus.js";
import { cannedReplies, colleagues, mentioned } from "./suggest.js";

const TYPING_LASTS = 4_000;
const TOO_LONG = 8_000;

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
  const files = createFiles(shelf, () => show(desk.state));
  root.append(parts.node, files.picker);
  const completion = bindCompletion(field, options, () => (isNote ? [colleagues(desk, field)] : [canned]));
  const canned = cannedReplies(desk, field);
  /** @type {Map<string, Attached[]>} */
  const filesOf = new Map();
  let id = "";
  let isNote = false;
  let typedAt = 0;
  let learnt = false;

  /** @param {State} state */
  function show(state) {
    const talk = state.openId ? state.talks[state.openId] : undefined;
    root.hidden = !talk?.whole || talk.status === "gone";
    if (!talk?.whole || root.hidden) return;
    if (talk.id !== id) turnTo(talk.id);
    if (!learnt) {
      learnt = true;
      drafts.learn(id, talk.whole.draft);
      const draft = drafts.get(id);
      if (draft?.text && !field.value) fill(draft.text, draft.is_note);
    }
    parts.announce(state, talk, isNote);
    const isClosed = talk.whole.status === "closed" && !isNote;
    root.dataset.closed = String(isClosed);
    say.disabled = sayMore.disabled = files.isBusy || (!field.value.trim() && !files.all.length);
  }

  /** @param {string} next */
  function turnTo(next) {
    stopTyping();
    if (id) filesOf.set(id, files.all);
    id = next;
    learnt = false;
    completion.close();
    const draft = drafts.get(id);
    fill(draft?.text || "", draft?.is_note || false);
    files.put(filesOf.get(id) || []);
  }

  /** @param {string} text @param {boolean} note */
  function fill(text, note) {
    field.value = text;
    setKind(note, false);
    grow();
  }

  /** @param {boolean} note @param {boolean} [focus] */
  function setKind(note, focus = true) {
    if (note !== isNote) stopTyping();
    isNote = note;
    root.dataset.kind = note ? "note" : "reply";
    for (const tab of tabs) tab.setAttribute("aria-checked", String((tab.dataset.kind === "note") === note));
    field.setAttribute("aria-label", note ? "Private note to your team" : "Reply to the visitor");
    field.placeholder = note ? "Write to your team. @ calls a colleague." : "Write to the visitor. / inserts a ready-made reply.";
    parts.name(note);
    if (id) drafts.set(id, { text: field.value, is_note: isNote });
    if (focus) field.focus();
    show(desk.state);
  }

  function grow() {
    field.style.height = "auto";
    field.style.height = `${field.scrollHeight + 2}px`;
  }

  /** @param {{close?: boolean}} [how] */
  function submit({ close = false } = {}) {
    const text = field.value.trim();
    const attachments = files.all;
    const whole = desk.state.talks[id]?.whole;
    if (!whole || files.isBusy || (!text && !attachments.length)) return;
    if (text.length > TOO_LONG) return toast(`Please keep it under ${TOO_LONG.toLocaleString()} characters.`, "bad");
    if (!isNote && whole.status === "closed") return toast("This conversation is closed. Reopen it to write to the visitor.", "bad");
    // Whoever answers has the word from now on, and not only when the seconds for taking back are over.
    if (!isNote && whole.speaker === "assistant") takeOver(id);
    sending.send({ conversation_id: id, kind: isNote ? "note" : "reply", text, attachments, mentions: isNote ? mentioned(text, desk.state.people) : [], close: close && !isNote });
    stopTyping();
    drafts.clear(id);
    files.put([]);
    fill("", isNote);
    field.focus();
    sent();
  }

  function stopTyping() {
    if (typedAt && id) typing(id, false, isNote);
    typedAt = 0;
  }

  field.addEventListener("input", () => {
    grow();
    drafts.set(id, { text: field.value, is_note: isNote });
    if (!field.value) stopTyping();
    else if (Date.now() - typedAt > TYPING_LASTS) {
      typedAt = Date.now();
      typing(id, true, isNote);
    }
    show(desk.state);
  });
  field.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
    if (completion.key(event)) return;
    if (event.key === "Escape") {
      event.stopPropagation();
      field.blur();
      /** @type {HTMLElement} */ (document.getElementById("thread")).focus({ preventScroll: true });
    }
    if (event.key !== "Enter" || event.isComposing) return;
    const isCommand = event.ctrlKey || event.metaKey;
    // On a phone's keyboard Enter begins a line.
    if (!isCommand && (event.shiftKey || matchMedia("(pointer: coarse)").matches)) return;
    event.preventDefault();
    submit({ close: isCommand && event.shiftKey });
  });
  field.addEventListener("paste", (/** @type {ClipboardEvent} */ event) => {
    const pasted = [...(event.clipboardData?.files || [])];
    if (!pasted.length) return;
    event.preventDefault();
    files.add(pasted);
  });
  root.addEventListener("dragover", (event) => event.preventDefault());
  root.addEventListener("drop", (event) => {
    event.preventDefault();
    files.add([...(event.dataTransfer?.files || [])]);
  });
  for (const tab of tabs) tab.addEventListener("click", () => setKind(tab.dataset.kind === "note"));
  parts.tabsBox.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
    if (!event.key.startsWith("Arrow")) return;
    setKind(!isNote, false);
    tabs[isNote ? 1 : 0].focus();
  });
  parts.clip.addEventListener("click", () => files.choose());
  parts.slash.addEventListener("click", () => {
    if (isNote) setKind(false);
    field.focus();
    field.setRangeText(field.value && !/\s$/.test(field.value.slice(0, field.selectionStart)) ? " /" : "/", field.selectionStart, field.selectionEnd, "end");
    field.dispatchEvent(new Event("input"));
  });
  say.addEventListener("click", () => submit());
  sayMore.addEventListener("click", () => openMenu(sayMore, "Send", [{ text: "Send", key: "Enter", run: () => submit() }, { text: "Send and close", key: "Ctrl Shift Enter", run: () => submit({ close: true }) }]));
  parts.reopen.addEventListener("click", () => reopen(id));
  setKind(false, false);
  desk.shows(show);

  return {
    reply: () => setKind(false),
    note: () => setKind(true),
    /** Words to begin with, behind what is there already. @param {string} where @param {string} text */
    offer(where, text) {
      if (where !== id) return;
      fill([isNote ? "" : field.value.trim(), text].filter(Boolean).join("\n\n"), false);
      field.focus();
      field.dispatchEvent(new Event("input"));
    },
    /** What was taken back is there to be changed. @param {Outgoing} one */
    restore(one) {
      const text = [one.text, one.conversation_id === id ? field.value : drafts.get(one.conversation_id)?.text].filter(Boolean).join("\n");
      drafts.set(one.conversation_id, { text, is_note: one.kind === "note" });
      if (one.conversation_id !== id) return void filesOf.set(one.conversation_id, one.attachments);
      fill(text, one.kind === "note");
      files.put([...one.attachments, ...files.all]);
      field.focus();
    },
    hint,
    spark: parts.spark,
  };
}
