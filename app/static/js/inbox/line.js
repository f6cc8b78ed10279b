/**
 * The agents' socket: it comes back after any gap, more and more patiently, and tells what it hears. It knows nothing
 * of conversations; after each welcome whoever listens asks for what was missed.
 *
 * @import { Frame } from "./types.js"
 */

const FIRST_PAUSE = 500;
const LONGEST_PAUSE = 20_000;
const QUIET = 25_000;
const PATIENCE = 8_000;
const SIGNED_OUT = 4401;
const ENDED = 4403;

/**
 * @typedef {Pick<WebSocket, "send" | "close"> & Record<"onopen" | "onmessage" | "onclose", any>} Socket
 * @typedef {{later: (run: () => void, wait: number) => any, never: (timer: any) => void, random: () => number}} Clock
 */

/** @type {Clock} */
const CLOCK = { later: (run, wait) => setTimeout(run, wait), never: (timer) => clearTimeout(timer), random: () => Math.random() };

/**
 * @param {{
 *   dial: () => Socket,
 *   hello: () => Frame,
 *   heard: (frame: Frame) => void,
 *   changed: (link: string) => void,
 *   signedOut: () => void,
 *   clock?: Clock,
 * }} parts
 */
export function createLine({ dial, hello, heard, changed, signedOut, clock = CLOCK }) {
  /** @type {Socket | null} */
  let socket = null;
  let link = "idle";
  let tries = 0;
  let wish = 0;
  /** @type {any} */
  let timer = 0;

  /** @param {string} next */
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

  /** @param {Frame} frame */
  const say = (frame) => socket?.send(JSON.stringify(frame));

  const open = () => {
    if (socket || link === "ended") return;
    become("connecting");
    const mine = (socket = dial());
    mine.onopen = () => mine === socket && say(hello());
    mine.onmessage = (/** @type {{data: string}} */ { data }) => mine === socket && hear(JSON.parse(data));
    mine.onclose = (/** @type {{code: number}} */ { code }) => mine === socket && leave(code);
    after(PATIENCE * 2, drop);
  };

  /** @param {Frame} frame */
  const hear = (frame) => {
    if (frame.type === "welcome") {
      tries = 0;
      wish = 0;
    }
    if (frame.type === "goodbye") wish = frame.retry_after_ms || 0;
    // The state first, so that whoever learns of the open line finds what the welcome brought.
    heard(frame);
    if (frame.type === "welcome") become("open");
    if (link === "open") after(QUIET, check);
  };

  /** A network that went to sleep closes nothing: silence is asked, and no answer is an end. */
  const check = () => {
    say({ type: "ping" });
    after(PATIENCE, drop);
  };

  /** @param {number} code */
  const leave = (code) => {
    socket = null;
    clock.never(timer);
    if (code === ENDED) return become("ended");
    if (code === SIGNED_OUT) signedOut();
    pause();
  };

  const drop = () => {
    const old = socket;
    socket = null;
    old?.close();
    pause();
  };

  const pause = () => {
    const most = Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** tries++);
    become("waiting");
    // Half of it is chance: a whole team that lost one server does not come back in one instant.
    after(wish * (1 + clock.random() / 2) + most * (0.5 + clock.random() / 2), open);
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
    /** @param {Frame} frame */
    send(frame) {
      if (link !== "open") return false;
      say(frame);
      return true;
    },
  };
}
