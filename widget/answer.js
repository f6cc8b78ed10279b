/**
 * What the desk said: text with its sources, which open where they are cited, and what to do about it.
 *
 * @import { ChatEvent, Citation, Draft, Room } from "./types.js"
 * @import { Branch } from "./markdown.js"
 */
import { h, ICONS, icon, iconButton } from "./dom.js";
import { parse, parseSentences, safeAddress } from "./markdown.js";
import { t } from "./words.js";

const COPY = "M9 9h10v11H9zM15 9V4H5v11h4";
const DONE = "M5 12.5l4.5 4.5L19 7.5";
const UP = "M7 11v9H4v-9zM7 11l4-8c1.5 0 2.5 1 2.5 2.5V9H18c1.2 0 2 1.1 1.800 2.300l-1.2 7A2 2 0 0 1 16.6 20H7";
const DOWN = "M17 13V4h3v9zM17 13l-4 8c-1.5 0-2.5-1-2.5-2.5V15H6c-1.2 0-2-1.1-1.800-2.300l1.2-7A2 2 0 0 1 7.4 4H17";
const PROOF = "M12 3l7 2.5v5.5c0 4.5-2.800 8-7 10-4.2-2-7-5.5-7-10V5.5zM8.5 12l2.5 2.5 4.5-5";

/** @param {Room} room */
export function createAnswer(room) {
  const bubble = h("div.bubble", { dir: "auto" });
  const cards = h("div.cards");
  const acts = h("div.acts");
  const foot = h("div.foot");
  const extra = h("div");
  const element = h("div", {}, bubble, cards, foot, extra, acts);
  /** @type {Citation[]} */
  let citations = [];
  /** @type {Set<number>} */
  let opened = new Set();
  let shown = 0;

  /** @param {ChatEvent | Draft} what */
  function update(what) {
    const event = "seq" in what ? what : null;
    citations = what.citations || [];
    const sentences = what.sentences?.filter(Boolean) || [];
    const tree = sentences.length ? parseSentences(sentences) : parse(event?.text || "");
    // What was streamed is not shown to arrive a second time when it is complete.
    fill(bubble, tree, { cite: chip, from: event ? Infinity : shown, count: 0 });
    shown = sentences.length;
    showCards();
    if (event) finish(event);
  }

  /** @param {number} n */
  function find(n) {
    return citations.find((one) => one.n === n) || citations[n - 1];
  }

  /** @param {number} n */
  function chip(n) {
    const citation = find(n);
    if (!citation) return "";
    const isOpen = opened.has(n);
    // Tied to the word before it, so that it never begins a line.
    return h("span.tie", {}, "\u2060", h("button.chip", { "aria-expanded": String(isOpen), "aria-label": t("source_n", { n, title: citation.title }), onclick: () => toggle(n) }, String(n)));
  }

  /** @param {number} n */
  function toggle(n) {
    opened = opened.has(n) && opened.size === 1 ? new Set() : new Set([n]);
    mark();
  }

  function toggleAll() {
    opened = opened.size ? new Set() : new Set(citations.map((one) => one.n));
    mark();
  }

  function mark() {
    for (const one of bubble.querySelectorAll(".chip")) one.setAttribute("aria-expanded", String(opened.has(Number(one.textContent))));
    foot.querySelector("button.proof")?.setAttribute("aria-expanded", String(opened.size > 0));
    showCards();
    cards.scrollIntoView({ block: "nearest" });
  }

  function showCards() {
    cards.replaceChildren(...citations.filter((one) => opened.has(one.n)).map((one) => card(one, () => toggle(one.n))));
  }

  /** @param {ChatEvent} event */
  function finish(event) {
    const choices = event.actions || [];
    acts.replaceChildren(...choices.map((one) => action(one, room)).filter(Boolean));
    acts.hidden = !acts.childElementCount;
    if (event.author.kind !== "assistant" || event.outcome === "chat") return foot.replaceChildren();
    const sources = citations.length > 0 && h("button.proof", { "aria-expanded": String(opened.size > 0), onclick: toggleAll }, icon(PROOF), t(citations.length === 1 ? "checked_one" : "checked", { n: citations.length }));
    const side = sources || h("span.proof", {}, event.outcome === "stopped" && t("stopped"));
    foot.replaceChildren(side, copy(event), thumb("up", UP, event), thumb("down", DOWN, event));
  }

  /** @param {ChatEvent} event */
  function copy({ text }) {
    const button = iconButton(COPY, t("copy"), async () => {
      try {
        await navigator.clipboard.writeText(text);
        button.replaceChildren(icon(DONE));
        room.toast(t("copied"));
        setTimeout(() => button.replaceChildren(icon(COPY)), 1600);
      } catch {
        room.toast(t("not_copied"));
      }
    });
    return button;
  }

  /** @param {"up" | "down"} value @param {string} path @param {ChatEvent} event */
  function thumb(value, path, { id, feedback }) {
    const isOn = feedback === value;
    const button = iconButton(path, t(value), async () => {
      const chosen = isOn ? null : value;
      room.desk.tell({ type: "feedback", message_id: id, value: chosen });
      room.desk.apply({ type: "voted", message_id: id, value: chosen });
      /** @type {HTMLElement | null} */ (foot.querySelector(`[aria-label="${t(value)}"]`))?.focus();
      extra.replaceChildren();
      if (chosen === "down") (await import("./feedback.js")).askWhy(room, id, extra);
      else if (chosen) room.toast(t("thanks"));
    });
    button.setAttribute("aria-pressed", String(isOn));
    return button;
  }

  return { element, update };
}

/**
 * @param {HTMLElement} parent
 * @param {Branch[]} tree
 * @param {{cite: (n: number) => Node | string, from: number, count: number}} course
 */
export function fill(parent, tree, course) {
  parent.replaceChildren(...tree.map((branch) => build(branch, course)));
}

/**
 * @param {Branch} branch
 * @param {{cite: (n: number) => Node | string, from: number, count: number}} course
 * @returns {Node | string}
 */
function build(branch, course) {
  if ("text" in branch) return course.count > course.from ? h("span.new", {}, branch.text) : branch.text;
  if ("cite" in branch) return course.cite(branch.cite);
  if ("start" in branch) {
    course.count++;
    return "";
  }
  const { tag, href, ordered, children } = branch;
  const node = h(tag, href ? { href, target: "_blank", rel: "noopener noreferrer nofollow" } : { start: ordered !== 1 && ordered });
  fill(node, children, course);
  return tag === "table" ? h("div.scroll", {}, node) : node;
}

/** @param {Citation} citation @param {() => void} close */
function card({ n, title, heading, page, quote, url }, close) {
  const href = safeAddress(url);
  const place = [heading, page != null && t("page", { n: page })].filter(Boolean).join(" · ");
  return h(
    "div.quote",
    { role: "group", "aria-label": t("source_n", { n, title }) },
    h("b", {}, h("bdi", {}, title), iconButton(ICONS.close, t("close_source"), close)),
    place && h("small", { dir: "auto" }, place),
    h("q", { dir: "auto", tabindex: quote.length > 400 && 0 }, `“${quote.trim()}”`),
    href && h("a", { href, target: "_blank", rel: "noopener noreferrer" }, t("open_source")),
  );
}

/** @param {import("./types.js").Action} action @param {Room} room */
function action({ kind, text, url }, room) {
  const href = safeAddress(url);
  if (kind === "link") return href && h("a", { href, target: "_blank", rel: "noopener noreferrer", dir: "auto" }, text);
  return h("button", { dir: "auto", onclick: () => (kind === "ask" ? room.submit(text) : room.person()) }, text);
}

