/**
 * One socket that stays: it comes back after any gap, more and more patiently, and never all at once with
 * everybody else. It knows nothing of what is said over it, except hello, ping and goodbye.
 *
 * @import { Frame, Link, Wire } from "./types.js"
 */

const FIRST_PAUSE = 500;
const LONGEST_PAUSE = 30_000;
const QUIET = 25_000;
const PATIENCE = 8_000;
// After this nobody should come back by himself.
const FINAL = ["blocked"];
// And after these only when the visitor does something.
const RESTING = ["idle", "replaced"];

/**
 * @typedef {Pick<WebSocket, "send" | "close"> & Record<"onopen" | "onmessage" | "onclose", any>} Socket
 * @typedef {{
 *   later: (run: () => void, wait: number) => any,
 *   never: (timer: any) => void,
 *   random: () => number,
 * }} Clock
 */

/** @type {Clock} */
const CLOCK = { later: (run, wait) => setTimeout(run, wait), never: (timer) => clearTimeout(timer), random: () => Math.random() };

/**
 * @param {{
 *   hello: () => Frame,
 *   heard: (frame: Frame) => void,
 *   changed: (link: Link) => void,
 *   dial: () => Socket,
 *   clock?: Clock,
 * }} parts
 * @returns {Wire}
 */
export function createConnection({ hello, heard, changed, dial, clock = CLOCK }) {
  /** @type {Socket | null} */
  let socket = null;
  /** @type {Link} */
  let link = "idle";
  let tries = 0;
  /** @type {any} */
  let timer = 0;
  /** What the server asked for when it said goodbye. */
  let wish = { reason: "", wait: 0 };

  /** @param {Link} next */
  const become = (next) => {
    if (link === next) return;
    link = next;
    changed(next);
  };

  /** @param {number} wait @param {() => void} run */
  const after = (wait, run) => {
    clock.never(timer);
    timer = clock.later(run, wait);
  };

  const open = () => {
    if (socket || link === "ended") return;
    become("connecting");
    let mine;
    try {
      mine = socket = dial();
    } catch {
      // A content policy that forbids the address throws here; it may be a flicker, so it is tried again.
      return pause();
    }
    mine.onopen = () => mine === socket && say(hello());
    mine.onmessage = (/** @type {{data: string}} */ { data }) => mine === socket && hear(JSON.parse(data));
    mine.onclose = () => mine === socket && drop();
    after(PATIENCE * 2, drop);
  };

  /** @param {Frame} frame */
  const say = (frame) => socket?.send(JSON.stringify(frame));

  /** @param {Frame} frame */
  const hear = (frame) => {
    if (frame.type === "welcome") {
      tries = 0;
      wish = { reason: "", wait: 0 };
    }
    // Only who has been let in is sent to rest; before that something went wrong, and is tried again.
    if (frame.type === "goodbye") wish = { reason: link === "open" || FINAL.includes(frame.reason) ? frame.reason : "", wait: frame.retry_after_ms || 0 };
    // The state first, so that whoever learns of the open link finds what the welcome brought.
    heard(frame);
    if (frame.type === "welcome") become("open");
    if (link === "open") watch();
  };

  /** A network that went to sleep closes nothing: silence is asked, and no answer is an end. */
  const watch = () => after(QUIET, check);
  const check = () => {
    say({ type: "ping" });
    after(PATIENCE, drop);
  };

  const drop = () => {
    const old = socket;
    socket = null;
    old?.close();
    pause();
  };

  const pause = () => {
    clock.never(timer);
    if (FINAL.includes(wish.reason)) return become("ended");
    if (RESTING.includes(wish.reason)) {
      wish.reason = "";
      return become("idle");
    }
    const most = Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** tries++);
    become("waiting");
    // Half of it is chance: ten thousand widgets that lost one server do not return in one instant.
    after(wish.wait * (1 + clock.random()) + most * (0.5 + clock.random() / 2), open);
  };

  return {
    get link() {
      return link;
    },
    open,
    /** Something happened (the network is back, the page is looked at): do not wait for the timer. */
    wake() {
      if (link === "open") check();
      else if (link === "waiting") open();
    },
    /** The network is gone, and a socket may take minutes to notice. */
    lose() {
      if (socket) drop();
    },
    close() {
      clock.never(timer);
      const old = socket;
      socket = null;
      old?.close();
      link = "idle";
    },
    send(frame) {
      if (link !== "open") return false;
      say(frame);
      return true;
    },
  };
}
