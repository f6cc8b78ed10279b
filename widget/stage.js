/**
 * What moves in the panel: the thread, who speaks, the state of the line, and the sheets that come over it.
 *
 * @import { Frame, Room, State } from "./types.js"
 */
import { isAnswering, items } from "./conversation.js";
import { h, iconButton } from "./dom.js";
import { createThread } from "./thread.js";
import threadStyle from "./thread.css";
import { t } from "./words.js";

const NEAR = 80;
const FLICKER = 1200;
const MOMENT = 5000;
/** @type {WeakSet<object>} */
const dressed = new WeakSet();

/** @param {Room} room */
export function createStage(room) {
  const { desk, config, panel } = room;
  const { element, banner, body, list, stage, composer } = panel;
  const down = iconButton("M12 5v14M6 13l6 6 6-6", t("newest"), () => toBottom(true), "down");
  const said = h("p.toast", { role: "status" });
  const spoken = h("div.sr", { "aria-live": "polite" });
  const over = h("div.sheet", { role: "group", "aria-labelledby": "sheet-title", hidden: true, onkeydown: pressed });
  const thread = createThread(room, spoken);
  /** @type {any} */
  let timer = 0;
  /** @type {any} */
  let returnTo = null;
  let stale = "";
  let low = true;

  if (!dressed.has(room)) room.style(threadStyle);
  dressed.add(room);
  down.hidden = true;
  stage.append(down, said);
  element.append(over, spoken);
  body.addEventListener("scroll", look);
  // A pen that grows, by files or by a phone's keyboard, leaves the newest message in sight.
  new ResizeObserver(() => low && toBottom()).observe(body);
  Object.assign(room, { sheet, leaveSheet, toast, look });
  update(desk.state, { type: "welcome" });

  /** @param {State} state @param {Frame} [frame] */
  function update(state, frame) {
    const wasLow = isLow();
    const height = body.scrollHeight;
    const shown = items(state);
    // Whoever came by an old link reads so until they write something new.
    if (frame?.code === "stale_link") stale = frame.message;
    else if (frame?.type === "queued") stale = "";
    showWho(state);
    showLink(state);
    showPen(state);
    if (shown.length) {
      element.classList.remove("empty");
      if (!thread.element.isConnected) list.replaceChildren(thread.element);
      thread.update(state, shown, frame);
    } else if (frame?.type !== "link") showEmpty(state);
    scroll(frame?.type, wasLow, height);
    if (frame?.type === "error" && frame.code !== "stale_link" && !state.outgoing.some((one) => one.client_id === frame.client_id)) toast(frame.message);
    look();
  }

  /** @param {State} state */
  function showWho({ conversation, availability }) {
    const person = conversation?.speaker === "person" ? conversation.person : null;
    if (person) panel.showWho(t("from", { name: config.organization.name }), person.name, person.picture_url, true);
    else panel.showWho(t(conversation?.waiting_for_person ? "waiting" : "assistant_line"), undefined, undefined, availability?.people_online);
  }

  /** @param {State} state */
  function showLink({ blocked, ready }) {
    const text = blocked ? t("blocked") : navigator.onLine === false ? t("offline") : desk.link === "waiting" || (ready && desk.link === "connecting") ? t("reconnecting") : stale;
    const show = () => {
      banner.textContent = text;
      banner.classList.toggle("loud", Boolean(text) && text === stale);
      banner.hidden = !text;
    };
    clearTimeout(timer);
    // A flicker of a second is nobody's business.
    if (text && banner.hidden && ready && !blocked && navigator.onLine) timer = setTimeout(show, FLICKER);
    else show();
  }

  /** @param {State} state */
  function showPen(state) {
    const { conversation, blocked } = state;
    composer.element.hidden = blocked;
    composer.person.hidden = conversation?.speaker === "person";
    composer.text.placeholder = t(conversation?.status === "closed" ? "write_again" : conversation?.speaker === "person" ? "write_message" : "write");
    const answering = isAnswering(state);
    if (composer.order.answering === answering) return;
    composer.order.answering = answering;
    composer.grow();
  }

  /** @param {State} state */
  function showEmpty(state) {
    const isComing = !state.ready && !state.fresh && desk.keeping.get("conversation") && desk.keeping.get("conversation") !== "new";
    // The greeting is not put up for somebody whose words are on their way.
    if (isComing) list.replaceChildren(h("div.loading", {}, h("i"), h("i"), h("i")));
    else panel.showHome(state.availability || config.availability, state.total);
  }

  /** @param {string | undefined} type @param {boolean} wasLow @param {number} height */
  function scroll(type = "", wasLow, height) {
    if (type === "history") body.scrollTop += body.scrollHeight - height;
    else if (wasLow || ["queued", "opened", "welcome"].includes(type)) toBottom();
    else if (type === "event" || type === "delta") down.hidden = false;
  }

  function isLow() {
    return body.scrollHeight - body.scrollTop - body.clientHeight < NEAR;
  }

  function toBottom(isSmooth = false) {
    body.scrollTo({ top: body.scrollHeight, behavior: isSmooth ? "smooth" : "instant" });
    down.hidden = true;
  }

  function look() {
    low = isLow();
    if (low) down.hidden = true;
    if (!element.isConnected) return;
    if (!document.hidden && low) desk.seen();
    if (body.scrollTop < NEAR && desk.state.more) thread.older();
  }

  /** @param {string} text */
  function toast(text) {
    said.textContent = text;
    setTimeout(() => said.textContent === text && said.replaceChildren(), MOMENT);
  }

  /** @param {string} title @param {HTMLElement} node */
  function sheet(title, node) {
    if (over.hidden) returnTo = /** @type {ShadowRoot} */ (element.getRootNode()).activeElement;
    over.replaceChildren(h("div.bar", {}, iconButton("M15 6l-6 6 6 6", t("back"), leaveSheet, "icon flip"), h("h2", { id: "sheet-title" }, title)), node);
    over.hidden = false;
    stage.inert = true;
    /** @type {HTMLElement} */ (node.querySelector("input,textarea") || over.querySelector("button")).focus();
  }

  function leaveSheet() {
    over.hidden = true;
    over.replaceChildren();
    stage.inert = false;
    if (returnTo?.isConnected) returnTo.focus();
    else panel.focus();
  }

  /** @param {KeyboardEvent} event */
  function pressed(event) {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    leaveSheet();
  }

  return { update, wait: () => toast(t("uploading")) };
}
