/**
 * What the assistant said, as only the team sees it: every source, how sure it was, what was withheld and why.
 *
 * @import { ChatEvent, Citation, Inside, Live, Withheld } from "./types.js"
 */
import { safeAddress } from "../../../../widget/markdown.js";
import { h } from "../../../../widget/dom.js";
import { icon } from "./icons.js";
import { prose } from "./prose.js";

const SURE = 0.7;
const DOUBTFUL = 0.45;
/** @type {Record<string, string>} */
const OUTCOMES = { unknown: "Did not know", closest: "Closest that was found", stopped: "Was stopped" };
/** A rung of the ladder: what it is called, and why. @type {Record<string, [string, string]>} */
const DEGRADED = { fallback: ["Other model", "The first model was out of reach: another one answered"], quoted: ["Quoted", "No model was to be had, or what it wrote did not stand the check: quoted from the documents"] };

/**
 * @param {ChatEvent} event
 * @returns {{body: Node[], foot: Node | null, below: Node}}
 */
export function answer(event) {
  const below = h("div.below");
  const cards = sources(event.citations || [], below);
  const body = prose(event.text, event.sentences, (n) => cards.chip(n));
  return { body: /** @type {Node[]} */ (body), foot: foot(event, cards, below), below };
}

/** While it speaks. @param {Live} live @returns {{body: (Node | string)[], below: Node}} */
export function liveAnswer(live) {
  const below = h("div.below");
  const cards = sources(live.citations, below);
  const body = prose("", live.sentences, (n) => cards.chip(n));
  // Whoever came too late for its beginning sees that there was one; the whole of it comes at the end.
  if (live.sentences.length && !live.sentences[0]) body.unshift("… ");
  const titles = [...new Set(live.citations.map((one) => one.title))];
  if (titles.length) below.prepend(h("div.said__foot", {}, ...titles.map((one) => h("span.mark", { dir: "auto" }, icon("quote", 13), one))));
  if (live.withheld.length) below.append(withheldList(live.withheld));
  return { body, below };
}

/** Chips in the text and cards below it. @param {Citation[]} citations @param {HTMLElement} below */
function sources(citations, below) {
  const box = h("div.sources", { hidden: true });
  below.append(box);
  /** @type {Set<number>} */
  let opened = new Set();
  /** @type {HTMLElement[]} */
  const chips = [];

  const show = () => {
    box.replaceChildren(...citations.filter((one) => opened.has(one.n)).map(sourceCard));
    box.hidden = !opened.size;
    for (const one of chips) one.setAttribute("aria-expanded", String(opened.has(Number(one.dataset.n))));
  };
  return {
    count: citations.length,
    /** @param {number} n */
    chip(n) {
      const found = citations.find((one) => one.n === n);
      if (!found) return "";
      const chip = h("button.cite", { "data-n": n, "aria-expanded": "false", "aria-label": `Source ${n}: ${found.title}`, title: found.title, onclick: () => toggle(n) }, String(n));
      chips.push(chip);
      // Tied to the word before it, so that it never begins a line.
      return h("span.tie", {}, "\u2060", chip);
    },
    toggleAll() {
      opened = opened.size ? new Set() : new Set(citations.map((one) => one.n));
      show();
      return opened.size > 0;
    },
  };

  /** @param {number} n */
  function toggle(n) {
    opened = opened.has(n) && opened.size === 1 ? new Set() : new Set([n]);
    show();
  }
}

/** @param {Citation} citation */
export function sourceCard({ n, title, heading, page, quote, url, document_id: id }) {
  const href = safeAddress(url);
  return h(
    "figure.source",
    {},
    h("figcaption", {}, h("span.source__n", {}, String(n)), h("bdi", {}, title), h("small", { dir: "auto" }, [heading, page != null && `page ${page}`].filter(Boolean).join(" · "))),
    h("blockquote", { dir: "auto" }, quote?.trim()),
    h("p.source__links", {}, id && h("a", { href: `/dashboard/documents/${encodeURIComponent(id)}` }, "Open the document"), href && h("a", { href, target: "_blank", rel: "noopener noreferrer nofollow" }, "Open the page")),
  );
}

/** @param {ChatEvent} event @param {ReturnType<typeof sources>} cards @param {HTMLElement} below */
function foot(event, cards, below) {
  const { inside = {}, outcome = "", confidence, degraded, feedback } = event;
  const held = inside.withheld || [];
  if (outcome === "chat") return null;
  return h(
    "div.said__foot",
    {},
    confidence != null && confidenceOf(confidence),
    OUTCOMES[outcome] && h("span.mark", {}, OUTCOMES[outcome]),
    degraded && DEGRADED[degraded] && h("span.mark mark--soon", { title: DEGRADED[degraded][1] }, icon("alert", 13), DEGRADED[degraded][0]),
    cards.count > 0 && toggle("quote", cards.count === 1 ? "1 source" : `${cards.count} sources`, () => cards.toggleAll()),
    held.length > 0 && opener("shield", `${held.length} withheld`, below, () => withheldList(held)),
    hasFacts(inside) && opener("info", "How", below, () => facts(inside)),
    feedback && h(`span.mark mark--${feedback === "up" ? "good" : "late"}`, {}, feedback === "up" ? "The visitor found it helpful" : "The visitor did not find it helpful"),
  );
}

/** @param {number} value */
function confidenceOf(value) {
  const tone = value >= SURE ? "good" : value >= DOUBTFUL ? "soon" : "late";
  const meter = h("span.meter", { "aria-hidden": "true" }, h(`i.meter__fill meter__fill--${tone}`));
  meter.firstElementChild.style.width = `${Math.round(value * 100)}%`;
  return h("span.mark mark--bare", { title: `How sure the assistant was: ${Math.round(value * 100)} %` }, meter, h("span.sr-only", {}, "Confidence "), `${Math.round(value * 100)} %`);
}

/** @param {string} sign @param {string} text @param {() => boolean} run */
export function toggle(sign, text, run) {
  const button = h("button.mark mark--button", { "aria-expanded": "false", onclick: () => button.setAttribute("aria-expanded", String(run())) }, icon(sign, 13), text);
  return button;
}

/** @param {string} sign @param {string} text @param {HTMLElement} below @param {() => Node} make */
function opener(sign, text, below, make) {
  /** @type {any} */
  let made = null;
  return toggle(sign, text, () => {
    if (made) made = void made.remove();
    else below.append((made = make()));
    return Boolean(made);
  });
}

/** @param {Withheld[]} held */
export function withheldList(held) {
  return h("div.withheld", { role: "group", "aria-label": "Withheld sentences" }, h("p.withheld__title", {}, icon("shield", 14), "The visitor was not told:"), h("ul.withheld__list", {}, ...held.map((one) => h("li", {}, h("s", { dir: "auto" }, one.text), h("small", {}, one.reason)))));
}

/** @param {Inside} inside */
function hasFacts({ asked, model, passages, failures }) {
  return Boolean(asked || model || passages?.length || failures?.length);
}

/** @param {Inside} inside */
function facts({ asked, model, passages = [], failures = [] }) {
  const rows = [asked && ["Looked up", asked], ["Written by", model || "the documents' own words"], failures.length > 0 && ["Went wrong", failures.join(", ")]].filter(Boolean);
  return h(
    "div.how",
    {},
    h("dl.how__facts", {}, ...rows.map((/** @type {any} */ [name, value]) => h("div", {}, h("dt", {}, name), h("dd", { dir: "auto" }, value)))),
    passages.length > 0 && h("p.how__title", {}, "Passages that were found"),
    passages.length > 0 && h("ol.how__passages", {}, ...passages.map((one) => h("li", {}, h("a", { href: `/dashboard/documents/${encodeURIComponent(one.document_id)}` }, one.title), one.heading && h("small", {}, one.heading), h("span.how__score", { title: "How well it fits, from 0 to 1" }, one.score.toFixed(2))))),
  );
}
