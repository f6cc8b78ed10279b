/**
 * The thread: nodes are kept under their keys and made anew only where something changed; what is out of sight costs
 * the browser nothing (content-visibility). It stays at the newest while one is there, and stays put while one reads.
 *
 * @import { Desk } from "./desk.js"
 * @import { State } from "./types.js"
 * @import { Item } from "./items.js"
 * @import { Hands } from "./message.js"
 */
import { h } from "../../../../widget/dom.js";
import { itemsOf, partsOf } from "./items.js";
import { createMarking } from "./marking.js";
import { nodeOf } from "./message.js";
import { lastSeq } from "./talk.js";
import { ghosts, trouble } from "./trouble.js";

const NEAR = 90;
const AHEAD = 900;

/**
 * @param {{desk: Desk, hands: Hands, earlier: (id: string) => Promise<void>, read: (id: string, seq: number) => void, retry: (id: string) => void, jumping: import("./jumping.js").Jumping}} parts
 */
export function createThread({ desk, hands, earlier, read, retry, jumping }) {
  const get = (/** @type {string} */ id) => /** @type {HTMLElement} */ (document.getElementById(id));
  const [scroll, box, jump, jumpText, nothing] = ["thread", "messages", "jump", "jump-text", "nothing"].map(get);
  const marking = createMarking({ scroll, box });
  /** @type {Map<string, {node: HTMLElement, made: unknown[]}>} */
  let drawn = new Map();
  /** Some dozens of messages each: what is out of sight is one box to the browser. @type {Map<string, HTMLElement>} */
  let parts = new Map();
  let openId = "";
  let status = "";
  let isAtEnd = true;
  let seenHere = 0;
  let isComing = false;

  /** @param {State} state */
  function show(state) {
    const talk = state.openId ? state.talks[state.openId] : undefined;
    nothing.hidden = Boolean(talk);
    scroll.hidden = !talk;
    if (!talk) return leave();
    if (talk.id !== openId) begin(talk.id);
    const isReady = Boolean(talk.whole);
    if (!isReady || talk.status === "gone") {
      if (status !== talk.status) box.replaceChildren(talk.status === "loading" ? ghosts() : trouble(talk, () => retry(talk.id)));
      drawn = new Map();
      parts = new Map();
      status = talk.status;
      return;
    }
    const isFirst = status !== "ready";
    if (isFirst) box.replaceChildren();
    status = "ready";
    const before = lastDrawnSeq;
    lastDrawnSeq = lastSeq(talk);
    const hold = holding(talk.events[0]?.seq);
    draw(itemsOf(talk, state.outgoing.filter((one) => one.conversation_id === talk.id), state.me), state);
    hold();
    const wasFurtherBack = isFurtherBack;
    isFurtherBack = talk.later;
    if (isFirst) start();
    else if (isAtEnd && !talk.later) toEnd();
    else if (lastDrawnSeq > before) showJump(!wasFurtherBack && !talk.later);
    if (marking.show(state)) {
      isAtEnd = false;
      showJump(false);
    }
    seen(state);
    if (isFirst) void fillUp();
  }
  let lastDrawnSeq = 0;
  let drawnFirst = 0;
  let isFurtherBack = false;

  function leave() {
    openId = status = "";
    jump.hidden = true;
  }

  /** @param {string} id */
  function begin(id) {
    openId = id;
    status = "";
    drawn = new Map();
    parts = new Map();
    isAtEnd = true;
    isFurtherBack = false;
    seenHere = lastDrawnSeq = drawnFirst = 0;
    jump.hidden = true;
    box.replaceChildren();
  }

  /** @param {Item[]} items @param {State} state */
  function draw(items, state) {
    /** @type {typeof drawn} */
    const next = new Map();
    /** @type {typeof parts} */
    const nextParts = new Map();
    let place = /** @type {ChildNode | null} */ (box.firstChild);
    for (const [key, some] of partsOf(items)) {
      const part = parts.get(key) || h("div.part");
      if (place && part === place) place = place.nextSibling;
      else box.insertBefore(part, place);
      fill(part, some, next, state);
      nextParts.set(key, part);
    }
    for (const [key, { node }] of drawn) if (!next.has(key)) node.remove();
    for (const [key, part] of parts) if (!nextParts.has(key)) part.remove();
    drawn = next;
    parts = nextParts;
  }

  /** @param {HTMLElement} part @param {Item[]} items @param {typeof drawn} next @param {State} state */
  function fill(part, items, next, state) {
    let place = /** @type {ChildNode | null} */ (part.firstChild);
    for (const item of items) {
      const made = marksOf(item, state);
      const known = drawn.get(item.key);
      const isSame = known && made.every((one, at) => one === known.made[at]);
      const node = isSame ? known.node : nodeOf(item, state, hands);
      if (known && !isSame) {
        if (known.node === place) place = known.node.nextSibling;
        known.node.replaceWith(node);
      } else if (node === place) place = place.nextSibling;
      if (node.parentNode !== part || node.nextSibling !== place) part.insertBefore(node, place);
      next.set(item.key, { node, made });
    }
  }

  /** What one reads stays in its place when something came in above. @param {number} first @returns {() => void} */
  function holding(first) {
    const before = drawnFirst;
    drawnFirst = first;
    // The very first is drawn anew: it may belong to what now stands before it.
    const node = before > first ? box.querySelectorAll("[data-seq]")[1] : null;
    if (!node) return () => {};
    const top = node.getBoundingClientRect().top;
    return () => {
      if (node.isConnected) scroll.scrollTop += node.getBoundingClientRect().top - top;
    };
  }

  /** At what is new, or at the end. */
  function start() {
    const line = drawn.get("new")?.node;
    toEnd();
    const above = line ? scroll.getBoundingClientRect().top - line.getBoundingClientRect().top : 0;
    if (above > 0) {
      scroll.scrollTop -= above + 40;
      isAtEnd = false;
      showJump(false);
    }
  }

  function toEnd() {
    const id = openId;
    if (isFurtherBack) return void jumping.newest(id).then(() => (isAtEnd ||= id === openId));
    scroll.scrollTop = scroll.scrollHeight;
    isAtEnd = true;
    jump.hidden = true;
  }

  /** @param {boolean} isNew */
  function showJump(isNew) {
    jump.hidden = false;
    jumpText.textContent = isNew ? "New messages" : "Newest";
  }

  /** What was read is told when it was at the end and somebody looked. @param {State} state */
  function seen(state) {
    const talk = state.talks[openId];
    if (!talk?.whole || document.hidden || !isAtEnd) return;
    const seq = lastSeq(talk);
    if (seq <= seenHere) return;
    seenHere = seq;
    // What a colleague has read already is news to whoever is called in it.
    const isCalled = talk.events.some(({ inside }) => inside?.mentions?.some(({ id }) => id === state.me));
    if (isCalled || seq > talk.whole.team_read_seq) read(openId, seq);
  }

  /** Until there is something to scroll. */
  async function fillUp() {
    const talk = desk.state.talks[openId];
    if (!talk?.more || isComing || scroll.scrollTop > AHEAD) return;
    isComing = true;
    await earlier(openId).catch(() => {}).finally(() => (isComing = false));
  }

  /** Until there is nothing left that was said after it. */
  function readOn() {
    const talk = desk.state.talks[openId];
    if (talk?.later && below() < AHEAD) void jumping.later(openId);
  }
  const below = () => scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight;

  let isDue = false;
  let room = 0;
  scroll.addEventListener("scroll", () => {
    if (isDue) return;
    isDue = true;
    requestAnimationFrame(() => {
      isDue = false;
      // The field below has grown: nobody has scrolled.
      if (scroll.clientHeight !== room) return;
      isAtEnd = !desk.state.talks[openId]?.later && below() < NEAR;
      if (isAtEnd) jump.hidden = true;
      else if (jump.hidden) showJump(false);
      if (isAtEnd) seen(desk.state);
      void fillUp();
      readOn();
    });
  }, { passive: true });
  jump.addEventListener("click", () => {
    desk.tell({ type: "goal", goal: null });
    toEnd();
    seen(desk.state);
  });
  document.addEventListener("visibilitychange", () => seen(desk.state));
  new ResizeObserver(() => {
    room = scroll.clientHeight;
    if (isAtEnd) toEnd();
  }).observe(scroll);
  new ResizeObserver(() => isAtEnd && toEnd()).observe(box);
  desk.shows(show);
  return { toEnd };
}

/** What a node was made from: the same again, and it stays. @param {Item} item @param {State} state @returns {unknown[]} */
function marksOf(item, state) {
  if (item.type === "day" || item.type === "new" || item.type === "typing") return [item.type];
  if (item.type === "live") return [item.type, item.live.sentences, item.live.withheld, item.phase, item.live.attempt];
  if (item.type === "outgoing") return [item.type, item.outgoing];
  return [item.type, item.event, item.follows, item.seen, item.event.author.kind === "visitor" ? state.talks[state.openId || ""]?.whole?.contact?.name : ""];
}
