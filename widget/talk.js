/**
 * Talking: the desk behind the panel, and all that happens in the panel once there is something to say.
 *
 * @import { Frame, Room, State } from "./types.js"
 */
import { createDesk } from "./desk.js";
import { createKeeping } from "./keeping.js";
import { createStage } from "./stage.js";
import { more } from "./words.js";

const TYPING_EACH = 4000;

/**
 * @param {Room} room
 * @param {HTMLElement} frame
 */
export async function begin(room, frame) {
  const { key, base, data, emit, config } = room;
  const keeping = createKeeping(key);
  const tab = createKeeping(key, () => sessionStorage);
  /** @type {ReturnType<typeof import("./files.js").createTray> | null} */
  let tray = null;
  /** @type {typeof import("./attention.js") | null} */
  let attention = null;
  let isReady = false;
  let isWaiting = false;
  let counted = 0;
  let typedAt = 0;

  await more();
  const desk = createDesk({
    keeping,
    identity: data.identity,
    link: room.isPage ? linkOfMail() : undefined,
    dial: () => new WebSocket(`${base.replace(/^http/, "ws")}api/chat/ws?key=${encodeURIComponent(key)}`),
    about: () => ({ locale: data.locale || navigator.language, page_url: location.href.slice(0, 2000), page_title: document.title.slice(0, 200) }),
  });
  Object.assign(room, { desk, submit, take, emoji, menu, person, past, setOpen, refill });
  let stage = createStage(room);
  restore();

  desk.subscribe((state, said) => {
    stage.update(state, said);
    // Showing it may have been reading it, so what counts is how things stand now.
    room.badge(desk.state.unread);
    tell(desk.state, said);
  });
  addEventListener("online", desk.wake);
  addEventListener("offline", desk.lose);
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) return;
    desk.wake();
    if (room.isOpen()) desk.connect();
    room.look();
  });

  /** In another language everything is made anew, around the same desk. */
  async function refill() {
    await more();
    const words = tab.get("draft");
    stage = createStage(room);
    tray = null;
    restore(words);
  }

  function restore(words = tab.get("draft")) {
    const { text, grow } = room.panel.composer;
    text.value ||= words || "";
    text.addEventListener("input", typed);
    grow();
  }

  function typed() {
    const { value } = room.panel.composer.text;
    tab.set("draft", value || null);
    if (!value.trim() || Date.now() - typedAt < TYPING_EACH) return;
    typedAt = Date.now();
    desk.mention({ type: "typing", typing: true });
  }

  /** @param {string} words @returns {Promise<void>} */
  async function submit(words) {
    const { text, grow } = room.panel.composer;
    const said = words.trim();
    const files = tray?.files() || [];
    if (tray?.isBusy()) return waitForFiles(words);
    if (!said && !files.length) return;
    const { prechat } = config.widget;
    /** @param {Record<string, string>} [fields] */
    const send = (fields) => {
      desk.send(said, files, fields);
      tray?.clear();
      if (words === text.value) text.value = "";
      tab.set("draft", null);
      typedAt = 0;
      grow();
      if (!matchMedia("(pointer: coarse)").matches) text.focus();
    };
    if (!prechat?.enabled || desk.state.conversation || desk.state.visitor?.identified || keeping.get("details")) return send();
    (await import("./forms.js")).preChat(room, prechat, send);
  }

  /** A message that was sent before its files were up goes with them, once. @param {string} words */
  async function waitForFiles(words) {
    stage.wait();
    if (isWaiting) return;
    isWaiting = true;
    await tray?.settled();
    isWaiting = false;
    await submit(words);
  }

  /** @param {File[]} files */
  async function take(files) {
    const { chips, order, grow } = room.panel.composer;
    const { createTray } = await import("./files.js");
    tray ??= createTray(room, chips, () => {
      order.files = tray?.files().length || 0;
      grow();
    });
    tray.take(files);
  }

  /** @param {HTMLElement} button */
  async function emoji(button) {
    const { pen, text } = room.panel.composer;
    (await import("./emoji.js")).openEmoji(pen, button, (words) => {
      text.setRangeText(words, text.selectionStart, text.selectionEnd, "end");
      text.focus();
      text.dispatchEvent(new Event("input"));
    });
  }

  /** @param {HTMLElement} button */
  async function menu(button) {
    (await import("./menu.js")).openMenu(room, button);
  }

  /** @param {string} [reason] */
  async function person(reason) {
    (await import("./forms.js")).personForm(room, reason);
  }

  async function past() {
    (await import("./past.js")).openPast(room);
  }

  /** @param {boolean} isOpen */
  function setOpen(isOpen) {
    tab.set("open", isOpen || null);
    if (isOpen) desk.connect();
    stage.update(desk.state, { type: "welcome" });
    void attract(false);
  }

  /** @param {State} state @param {Frame} said */
  function tell({ visitor, unread }, { type, event }) {
    if (type === "welcome" && !isReady) {
      isReady = true;
      emit("ready", { visitor });
    }
    if (event?.kind === "message") emit(event.author.kind === "visitor" ? "sent" : "message", { text: event.text, from: event.author.kind, name: event.author.name });
    if (unread === counted) return;
    const isNew = unread > counted && type === "event";
    counted = unread;
    emit("unread", unread);
    void attract(isNew);
  }

  /** @param {boolean} isNew */
  async function attract(isNew) {
    if (!isNew && !attention) return;
    attention ??= await import("./attention.js");
    attention.attract({ room, frame, isNew });
  }

  if (tab.get("open")) room.open(true);
  else if (!room.isOpen() && keeping.get("conversation")) desk.connect();
  return room;
}

/** The secret of a link in a mail: taken out of the address before anybody is told where we are. */
function linkOfMail() {
  const link = new URLSearchParams(location.hash.slice(1)).get("continue") || undefined;
  if (link) history.replaceState(null, "", location.pathname + location.search);
  return link;
}
