/**
 * What one should know beside what was said: who it is, where they are, how they sound, what the answer rests on.
 *
 * @import { Desk } from "./desk.js"
 * @import { State, Talk, Whole } from "./types.js"
 */
import { safeAddress } from "../../../../widget/markdown.js";
import { h } from "../../../../widget/dom.js";
import { curve } from "./curve.js";
import { icon } from "./icons.js";
import { face, nameOf } from "./people.js";
import { full } from "./when.js";

/** @param {{desk: Desk, close: () => void}} parts */
export function createContext({ desk, close }) {
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
    const made = [whole, lastAnswer(talk)];
    if (made.every((one, at) => one === drawn[at])) return;
    drawn = made;
    root.replaceChildren(h("header.side__head", {}, h("h2", {}, "About"), h("button.tool tool--icon side__off", { "aria-label": "Close this pane", onclick: close }, icon("close"))), ...sections(state, talk, whole));
  });
}

/** @param {State} state @param {Talk} talk @param {Whole} whole */
function sections(state, talk, whole) {
  return [contact(whole), place(whole), mood(whole), ticket(whole), passages(talk)].filter(Boolean).map((one) => /** @type {Node} */ (one));
}

/** @param {Whole} whole */
function contact(whole) {
  const { contact: known, visitor } = whole;
  return h(
    "section.side__part",
    {},
    h("div.side__who", {}, face({ id: known?.id || whole.id, name: nameOf(whole) }), h("div", {}, known ? h("a.side__name", { href: `/dashboard/contacts/${known.id}`, dir: "auto" }, nameOf(whole)) : h("p.side__name", {}, nameOf(whole)), known?.email && h("p.side__mail", {}, known.email))),
    h("dl.side__facts", {}, row("Known by", visitor?.identified ? "the site vouches for them" : known ? "what they said themselves" : "nothing yet"), row("Language", languageOf(whole.locale)), visitor && row("Last seen", h("time", { datetime: visitor.last_seen_at }, full(visitor.last_seen_at))), whole.earlier ? row("Earlier", `${whole.earlier} conversation${whole.earlier === 1 ? "" : "s"}`) : null),
  );
}

/** @param {Whole} whole */
function place({ page_url: url, page_title: title, visitor }) {
  const address = visitor?.page_url || url;
  const href = safeAddress(address);
  if (!address) return null;
  return h("section.side__part", {}, h("h3.side__title", {}, "Page"), h("p.side__page", { dir: "auto" }, visitor?.page_title || title || ""), href.startsWith("http") ? h("a.side__link", { href, target: "_blank", rel: "noopener noreferrer nofollow" }, address) : h("p.side__link", {}, address));
}

/** @param {Whole} whole */
function mood({ moods, mood: value, priority, priority_reasons: reasons }) {
  const word = value <= -0.65 ? "angry" : value <= -0.35 ? "unhappy" : value >= 0.5 ? "happy" : "even";
  return h("section.side__part", {}, h("h3.side__title", {}, "Mood and priority"), moods.length > 0 && curve(moods, `How they sounded, message by message; now ${word}`), h("p.side__mood", {}, h("strong", {}, word[0].toUpperCase() + word.slice(1)), ` · ${priority} priority`), reasons.length > 0 && h("ul.side__reasons", {}, ...reasons.map((one) => h("li", {}, one))));
}

/** @param {Whole} whole */
function ticket({ ticket: open }) {
  if (!open) return null;
  return h("section.side__part", {}, h("h3.side__title", {}, "Ticket"), h("a.side__ticket", { href: `/dashboard/tickets?number=${open.number}` }, h("strong", {}, `#${open.number}`), h("span", { dir: "auto" }, open.subject), h("small", {}, open.status.replaceAll("_", " "))));
}

/** @param {Talk} talk */
function passages(talk) {
  const event = lastAnswer(talk);
  const found = event?.inside?.passages || [];
  const held = event?.inside?.withheld || [];
  if (!found.length && !held.length) return null;
  const cited = new Set((event?.citations || []).map((one) => one.passage_id));
  return h(
    "section.side__part",
    {},
    h("h3.side__title", {}, "The last answer rests on"),
    h("ol.side__passages", {}, ...found.map((one) => h("li", {}, h("a", { href: `/dashboard/documents/${encodeURIComponent(one.document_id)}` }, one.title), one.heading && h("small", {}, one.heading), cited.has(one.passage_id) && h("span.mark mark--good", {}, "cited")))),
    held.length > 0 && h("p.side__title", {}, "And was kept from saying"),
    held.length > 0 && h("ul.side__held", {}, ...held.map((one) => h("li", {}, h("s", { dir: "auto" }, one.text), h("small", {}, one.reason)))),
  );
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
