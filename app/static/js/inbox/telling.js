/**
 * Between the socket and the state: what is asked again after a gap, what is told to the others.
 *
 * @import { Desk } from "./desk.js"
 * @import { Loading } from "./loading.js"
 * @import { Sending } from "./sending.js"
 * @import { Frame } from "./types.js"
 */
import { call } from "../api.js";
import { sayError } from "../toast.js";

const GRACE = 2_500;
const TYPING_LASTS = 7_000;

/** Whether it changes what is known of the open conversation beside its log. @param {Frame} frame */
const isNews = (frame) => (frame.type === "event" && frame.event.kind !== "message") || (frame.type === "updated" && Boolean(frame.reading));

/**
 * @param {{desk: Desk, loading: Loading, sending: Sending, line: {send: (frame: Frame) => boolean}}} parts
 */
export function createTelling({ desk, loading, sending, line }) {
  const banner = /** @type {HTMLElement} */ (document.getElementById("line"));
  let wasOpen = false;
  /** @type {any} */
  let timer;

  /** Who stops writing does not always say so. @type {Map<string, any>} */
  const writing = new Map();
  /** @param {Frame} frame */
  const forgetTyping = (frame) => {
    const key = `${frame.conversation_id} ${frame.who} ${frame.user_id}`;
    clearTimeout(writing.get(key));
    if (frame.typing && frame.who !== "assistant") writing.set(key, setTimeout(() => desk.tell({ ...frame, typing: false }), TYPING_LASTS));
  };

  /** What may have been missed is read again: the list by HTTP, the conversation from the last number that is here. */
  const resume = () => {
    void loading.again();
    void loading.count();
    void loading.views();
    if (desk.state.openId) loading.resume(desk.state.openId);
  };

  const begin = () => {
    void loading.settle();
    void loading.count();
    if (desk.state.openId) loading.resume(desk.state.openId);
  };

  /** @param {string} text */
  const show = (text) => {
    banner.hidden = !text;
    banner.textContent = text;
  };

  return {
    /** @param {Frame} frame */
    heard(frame) {
      if (frame.type === "resync") resume();
      else if (frame.type === "counts") void loading.count();
      else if (frame.type === "views_changed") void loading.views().then(loading.count);
      else if (frame.type === "error") console.warn(frame.code, frame.message);
      else desk.tell(frame);
      if (frame.type === "typing") forgetTyping(frame);
      if (isNews(frame)) loading.renew(frame.conversation_id);
    },
    /** @param {string} link */
    changed(link) {
      desk.tell({ type: "link", link });
      // Between two tries nothing is better.
      if (link === "connecting") return;
      if (link !== "waiting") timer = void clearTimeout(timer);
      if (link === "open") {
        show("");
        if (wasOpen) resume();
        else begin();
        if (wasOpen) sending.again();
        wasOpen = true;
      } else if (link === "ended") show("Your access to this desk has ended.");
      else {
        desk.tell({ type: "line_lost" });
        // A short gap is not worth a word.
        timer ??= setTimeout(() => show(navigator.onLine ? "The connection is lost. Trying again…" : "You are offline. What you write is kept and goes out when the connection is back."), GRACE);
      }
    },
    /** @param {string} id @param {boolean} typing @param {boolean} note */
    typing(id, typing, note) {
      if (line.send({ type: "typing", conversation_id: id, typing, note }) || note) return;
      call("POST", `/api/conversations/${id}/typing`, { typing }).catch(() => {});
    },
    /** @param {string} id @param {number} seq */
    read(id, seq) {
      desk.tell({ type: "read", conversation_id: id, who: "team", seq });
      if (line.send({ type: "read", conversation_id: id, seq })) return;
      call("POST", `/api/conversations/${id}/read`, { seq }).catch((error) => error.status >= 500 && sayError(error));
    },
  };
}
