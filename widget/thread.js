/**
 * The thread: one node an item, kept for as long as the item is there, so that nothing flickers and nobody
 * loses his place.
 *
 * @import { Frame, Item, Outgoing, Room, State } from "./types.js"
 */
import { createAnswer } from "./answer.js";
import { face, h, ICONS, icon } from "./dom.js";
import { fileList } from "./attachments.js";
import { parse, plain } from "./markdown.js";
import { note } from "./notes.js";
import { moment, t } from "./words.js";

const WAITS = "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 7.5V12l3 2";
const FAILED = "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 8v5M12 16h.01";
const SENT = "M5 12.5l4.5 4.5L19 7.5";
const SPOKEN = 20;

/** @typedef {ReturnType<typeof createThread>} Thread */

/**
 * @param {Room} room
 * @param {HTMLElement} spoken what is read out
 */
export function createThread(room, spoken) {
  const { desk } = room;
  /** @type {Map<string, {node: HTMLElement, item: Item, stamp: string, update?: (item: Item) => void}>} */
  const known = new Map();
  const element = h("div.thread", { role: "list" });
  /** @type {{element: HTMLElement} | null} */
  let rating = null;
  /** @type {HTMLElement[]} */
  let last = [];
  let isAsking = false;
  let heardOf = "";

  /** @param {State} state @param {Item[]} items @param {Frame} [frame] */
  function update(state, items, frame) {
    const lastMine = items.findLast((item) => item.mine)?.key;
    const nodes = items.map((item) => nodeOf(item, item.key === lastMine ? standing(state, item) : ""));
    const kept = new Set(items.map((item) => item.key));
    for (const key of known.keys()) if (!kept.has(key)) known.delete(key);
    last = nodes;
    arrange();
    if (frame) speak(frame, state);
    if (frame?.type === "history" || frame?.type === "opened" || frame?.type === "welcome") isAsking = false;
    void rate(state);
  }

  function arrange() {
    const nodes = rating ? [...last, rating.element] : last;
    const wanted = new Set(nodes);
    for (const one of [...element.children]) if (!wanted.has(one)) one.remove();
    nodes.forEach((node, place) => {
      if (element.children[place] !== node) element.insertBefore(node, element.children[place]);
    });
  }

  /** @param {Item} item @param {string} stamp */
  function nodeOf(item, stamp) {
    const old = known.get(item.key);
    if (old && old.stamp === stamp && isSame(old.item, item)) return old.node;
    if (old?.update && !item.mine && item.type !== "note") {
      old.update(item);
      known.set(item.key, { ...old, item, stamp });
      return old.node;
    }
    const made = make(item, stamp);
    // A sent message takes the place of the one that was being sent without coming in anew.
    if (old) made.node.style.animation = "none";
    known.set(item.key, { ...made, item, stamp });
    return made.node;
  }

  /** @param {Item} item @param {string} stamp @returns {{node: HTMLElement, update?: (item: Item) => void}} */
  function make(item, stamp) {
    if (item.type === "day") return { node: h("p.day", { role: "listitem" }, dayName(/** @type {string} */ (item.at))) };
    if (item.type === "typing") return { node: typing() };
    if (item.type === "note" && item.event) return { node: note(item.event, room) };
    if (item.mine) return { node: mine(item, stamp) };
    return theirs(item);
  }

  function typing() {
    const { who, name, phase } = desk.state.typing || { who: "assistant", name: "", phase: "" };
    const words = who === "person" ? t("person_types", { name }) : t(phase === "writing" ? "writing" : "searching");
    return h("p.typing", { role: "listitem" }, h("i"), h("i"), h("i"), h("span", {}, words));
  }

  /** @param {Item} item @param {string} stamp */
  function mine({ first, outgoing, event }, stamp) {
    const text = event?.text ?? outgoing?.text ?? "";
    const files = event?.attachments || outgoing?.files || [];
    const bubble = text && h("div.bubble", { dir: "auto" }, text);
    const node = h(`div.msg mine${first ? " first" : ""}`, { role: "listitem", title: event && moment(event.created_at, { timeStyle: "short" }) }, h("span.sr", {}, t("you")), bubble, fileList(files, room));
    if (outgoing && outgoing.status !== "sent") node.append(mark(outgoing, stamp));
    else if (stamp) node.append(h("p.mark", {}, icon(SENT), stamp));
    return node;
  }

  /** @param {Outgoing} outgoing @param {string} stamp */
  function mark({ status, problem, client_id: id }, stamp) {
    if (status === "failed") return h("p.mark bad", { role: "alert" }, icon(FAILED), h("span", {}, problem || t("failed")), h("button", { onclick: () => desk.retry(id) }, t("retry")));
    return h("p.mark", {}, icon(WAITS), stamp || t("sending"));
  }

  /** @param {Item} item */
  function theirs(item) {
    const answer = createAnswer(room);
    const author = item.event?.author || { kind: "assistant", name: "", picture_url: null };
    const isPerson = author.kind === "person";
    const name = isPerson ? author.name : callsItself();
    const label = item.first ? h("p.from", {}, isPerson ? face(name, author.picture_url) : icon(ICONS.spark), h("bdi", {}, name)) : h("span.sr", {}, name);
    const files = h("div");
    const node = h("div.msg", { role: "listitem", title: item.at && moment(item.at, { timeStyle: "short" }) }, label, answer.element, files);
    /** @param {Item} now */
    const update = (now) => {
      node.classList.toggle("first", now.first);
      node.classList.toggle("growing", Boolean(now.draft && !now.draft.stalled));
      const what = now.event || now.draft;
      if (what) answer.update(what);
      if (now.event) files.replaceChildren(fileList(now.event.attachments || [], room));
    };
    update(item);
    return { node, update };
  }

  function callsItself() {
    return room.assistant || t("assistant");
  }

  /** What is said of the visitor's newest message. @param {State} state @param {Item} item */
  function standing({ conversation }, { event, outgoing }) {
    if (!event) return outgoing?.status === "sending" && desk.link !== "open" ? t("will_send") : "";
    if (conversation?.speaker !== "person") return "";
    return t(event.seq <= conversation.team_read_seq ? "read" : "sent");
  }

  /** Whole sentences with the name of who says them, each once. @param {Frame} frame @param {State} state */
  function speak(frame, state) {
    const { type, event } = frame;
    let words = "";
    if (type === "delta" && state.draft?.answer_id === frame.answer_id) {
      words = heardOf === frame.answer_id ? "" : t("says", { name: callsItself() });
      heardOf = frame.answer_id;
      words = `${words} ${bare(frame.text)}`;
    } else if (type === "event" && event.kind === "message" && event.author.kind !== "visitor" && event.answer_id !== heardOf) {
      words = `${t("says", { name: event.author.kind === "person" ? event.author.name : callsItself() })} ${bare(event.text)}`;
    } else if (type === "event" && event.kind === "joined") words = t("joined", { name: event.author.name });
    if (!words.trim()) return;
    spoken.append(h("p", {}, words.trim()));
    while (spoken.childElementCount > SPOKEN) spoken.firstChild?.remove();
  }

  /** @param {State} state */
  async function rate({ conversation }) {
    const isWanted = conversation?.status === "closed" && !conversation.rating;
    if (isWanted === Boolean(rating)) return;
    if (!isWanted) {
      // Its thanks stay until the conversation goes on.
      if (conversation?.status === "closed") return;
      rating?.element.remove();
      rating = null;
      return;
    }
    rating = { element: h("div") };
    const { createRating } = await import("./rating.js");
    if (!rating) return;
    rating.element = h("div.rated", { role: "listitem" }, createRating(room));
    arrange();
    rating.element.scrollIntoView({ block: "nearest" });
  }

  return {
    element,
    update,
    /** Asks for what was said before, once at a time. */
    older() {
      const { conversation, events } = desk.state;
      if (isAsking || !conversation || !events.length) return;
      isAsking = desk.mention({ type: "history", conversation_id: conversation.id, before_seq: events[0].seq });
    },
  };
}

/** A message without its marks. @param {string} text */
export function bare(text) {
  return plain(parse(text)).trim();
}

/** @param {Item} one @param {Item} other */
function isSame(one, other) {
  return one.event === other.event && one.outgoing === other.outgoing && one.draft === other.draft && one.first === other.first && one.type !== "typing";
}

/** @param {string} at */
function dayName(at) {
  const days = Math.round((new Date().setHours(0, 0, 0, 0) - new Date(at).setHours(0, 0, 0, 0)) / 86_400_000);
  if (days < 2) return t(days ? "yesterday" : "today");
  return moment(at, { weekday: "long", day: "numeric", month: "long" });
}
