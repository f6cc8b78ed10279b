/**
 * What one should know beside what was said: who it is, where they are, how they sound, what the answer rests on.
 *
 * @import { Desk } from "./desk.js"
 * @import { Talk, Whole } from "./types.js"
 */
import { safeAddress } from "../../../../widget/markdown.js";
import { h } from "../../../../widget/dom.js";
import { curve } from "./curve.js";
import { icon } from "./icons.js";
import { face, nameOf } from "./people.js";
import { full, short } from "./when.js";

/**
 * @typedef {{open: (id: string) => void, overrule: (id: string, on: boolean) => unknown}} Hands
 *
 * @param {{desk: Desk, close: () => void} & Hands} parts
 */
export function createContext({ desk, close, ...hands }) {
  const root = /** @type {HTMLElement} */ (document.getElementById("side"));
  /** @type {unknown[]} */
  let drawn = [];

  desk.shows((state) => {
    const talk = state.openId ? state.talks[state.openId] : undefined;
    const whole = talk?.whole;
    if (!talk || !whole) {
      drawn = [];
      root.replaceChildren();
      return;
    }
    const made = [whole, lastAnswer(talk), talk.live?.answer_id, talk.live?.citations.length, talk.live?.withheld.length];
    if (made.every((one, at) => one === drawn[at])) return;
    drawn = made;
    root.replaceChildren(h("header.side__head", {}, h("h2", {}, "About"), h("button.tool tool--icon side__off", { "aria-label": "Close this pane", onclick: close }, icon("close"))), ...sections(talk, whole, hands));
  });
}

/** @param {Talk} talk @param {Whole} whole @param {Hands} hands */
function sections(talk, whole, hands) {
  return [contact(whole), merged(whole, hands), place(whole), mood(whole, hands), tags(whole), ticket(whole), earlier(whole, hands), making(talk), passages(talk)].filter(Boolean).map((one) => /** @type {Node} */ (one));
}

/** @param {Whole} whole */
function contact(whole) {
  const { contact: known, visitor } = whole;
  return h(
    "section.side__part",
    {},
    h("div.side__who", {}, face({ id: known?.id || whole.id, name: nameOf(whole) }), h("div", {}, known ? h("a.side__name", { href: `/dashboard/contacts/${known.id}`, dir: "auto" }, nameOf(whole)) : h("p.side__name", {}, nameOf(whole)), known?.email && h("p.side__mail", {}, known.email))),
    h("dl.side__facts", {}, row("Known by", visitor?.identified ? "the site vouches for them" : known ? "what they said themselves" : "nothing yet"), row("Language", languageOf(whole.locale)), visitor && row("Last seen", h("time", { datetime: visitor.last_seen_at }, full(visitor.last_seen_at))), row("Telephone", whole.phone || null), ...Object.entries(whole.attributes || {}).map(([name, value]) => row(name, h("span", { dir: "auto" }, value === null ? "–" : String(value))))),
  );
}

/** What goes on in this one can still be read by itself, and this one where it goes on. @param {Whole} whole @param {Hands} hands */
function merged({ merged_from: from = [], merged_into_id: into }, { open }) {
  if (into) return h("section.side__part", {}, h("h3.side__title", {}, "Merged"), h("p.side__merged", {}, "It goes on in ", h("button.link", { onclick: () => open(into) }, "another conversation"), "."));
  if (!from.length) return null;
  return h("section.side__part", {}, h("h3.side__title", {}, "Merged into this"), h("p.side__merged", {}, ...from.map(({ id, number }) => h("button.link", { onclick: () => open(id) }, `#${number}`))));
}

/** @param {Whole} whole */
function place({ page_url: url, page_title: title, visitor }) {
  const address = visitor?.page_url || url;
  const href = safeAddress(address);
  if (!address) return null;
  return h("section.side__part", {}, h("h3.side__title", {}, "Page"), h("p.side__page", { dir: "auto" }, visitor?.page_title || title || ""), href.startsWith("http") ? h("a.side__link", { href, target: "_blank", rel: "noopener noreferrer nofollow" }, address) : h("p.side__link", {}, address));
}

/** @param {Whole} whole @param {Hands} hands */
function mood({ id, moods, mood: value, mood_overruled_at: overruled, priority, priority_is_set: isSet, priority_reasons: reasons }, { overrule }) {
  const sounded = moods.some(({ reading }) => reading.label === "negative");
  const word = value <= -0.65 ? "angry" : value <= -0.35 ? "unhappy" : value >= 0.5 ? "happy" : "even";
  return h("section.side__part", {}, h("h3.side__title", {}, "Mood and priority"), moods.length > 0 && curve(moods, `How they sounded, message by message; now ${word}`), h("p.side__mood", {}, h("strong", {}, word[0].toUpperCase() + word.slice(1)), ` · ${priority} priority${isSet ? ", set by the team" : ""}`), reasons.length > 0 && h("ul.side__reasons", {}, ...reasons.map((one) => h("li", {}, one))),
    overruled ? h("p.side__overruled", {}, "Your team says that they are not angry. ", h("button.link", { onclick: () => overrule(id, false) }, "Take that back")) : sounded && h("button.btn btn--quiet side__act", { title: "A false alarm: it is counted, and the priority falls back", onclick: () => overrule(id, true) }, "They are not angry"));
}

/** @param {Whole} whole */
function tags({ tags: names = [] }) {
  if (!names.length) return null;
  return h("section.side__part", {}, h("h3.side__title", {}, "Tags"), h("p.side__tags", {}, ...names.map((name) => h("span.mark mark--tag", { dir: "auto" }, name))));
}

/** @param {Whole} whole */
function ticket({ ticket: open }) {
  if (!open) return null;
  return h("section.side__part", {}, h("h3.side__title", {}, "Ticket"), h("a.side__ticket", { href: `/dashboard/tickets/${open.id}` }, h("strong", {}, `#${open.number}`), h("span", { dir: "auto" }, open.subject), h("small", {}, open.status.replaceAll("_", " "))));
}

/** Each can be read from here. @param {Whole} whole @param {Hands} hands */
function earlier({ others = [], earlier: count = 0, contact: known }, { open }) {
  if (!others.length) return null;
  const more = count - others.length;
  return h(
    "section.side__part",
    {},
    h("h3.side__title", {}, "Their other conversations"),
    h("ul.side__others", {}, ...others.map((one) => h("li", {}, h("button.side__other", { onclick: () => open(one.id) }, h("strong", {}, `#${one.number}`), h("span", { dir: "auto" }, one.preview || "Nothing was said yet"), h("small", {}, one.status === "closed" ? "closed · " : "", h("time", { datetime: one.last_event_at, title: full(one.last_event_at) }, short(one.last_event_at, Date.now()))))))),
    more > 0 && (known ? h("a.side__link", { href: `/dashboard/contacts/${known.id}` }, `${more} more`) : h("p.muted small", {}, `${more} more`)),
  );
}

/** While it speaks. @param {Talk} talk */
function making({ live }) {
  if (!live?.citations.length && !live?.withheld.length) return null;
  return h(
    "section.side__part",
    {},
    h("h3.side__title", {}, "What it is saying now rests on"),
    h("ol.side__passages", {}, ...live.citations.map((one) => h("li", {}, one.document_id ? h("a", { href: `/dashboard/documents/${encodeURIComponent(one.document_id)}` }, one.title) : one.title, one.heading && h("small", {}, one.heading), h("span.mark mark--good", {}, "cited")))),
    ...heldBack(live.withheld),
  );
}

/** @param {import("./types.js").Withheld[]} held */
function heldBack(held) {
  if (!held.length) return [];
  return [h("p.side__title", {}, "And was kept from saying"), h("ul.side__held", {}, ...held.map((one) => h("li", {}, h("s", { dir: "auto" }, one.text), h("small", {}, one.reason))))];
}

/** @param {Talk} talk */
function passages(talk) {
  const event = lastAnswer(talk);
  const found = event?.inside?.passages || [];
  const held = event?.inside?.withheld || [];
  if (!found.length && !held.length) return null;
  const cited = new Set((event?.citations || []).map((one) => one.passage_id));
  const used = found.filter((one) => cited.has(one.passage_id));
  const others = found.filter((one) => !cited.has(one.passage_id));
  return h(
    "section.side__part",
    {},
    ...titled("The last answer rests on", used),
    ...titled(used.length ? "It also looked at" : "It looked at, and used none of", others),
    ...heldBack(held),
  );
}

/** @param {string} title @param {NonNullable<import("./types.js").Inside["passages"]>} found */
function titled(title, found) {
  if (!found.length) return [];
  return [h("h3.side__title", {}, title), h("ol.side__passages", {}, ...found.map((one) => h("li", {}, h("a", { href: `/dashboard/documents/${encodeURIComponent(one.document_id)}` }, one.title), one.heading && h("small", {}, one.heading))))];
}

/** @param {Talk} talk */
function lastAnswer({ events }) {
  return events.findLast((one) => one.kind === "message" && one.author.kind === "assistant" && one.outcome !== "chat");
}

/** @param {string} name @param {Node | string | null} value */
function row(name, value) {
  return value ? h("div", {}, h("dt", {}, name), h("dd", {}, value)) : null;
}

/** @param {string} locale */
function languageOf(locale) {
  try {
    return new Intl.DisplayNames(undefined, { type: "language" }).of(locale) || locale;
  } catch {
    return locale;
  }
}
