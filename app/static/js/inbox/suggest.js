/**
 * What the composer suggests: ready-made replies filled in for this conversation, and colleagues.
 *
 * @import { Desk } from "./desk.js"
 * @import { Source } from "./complete.js"
 */
import { call } from "../api.js";
import { sayError } from "../toast.js";
import { fill as filled } from "../variables.js";
import { write } from "./complete.js";
import { face, working } from "./people.js";

const FRESH = 20_000;

/** @typedef {{id: string, shortcut: string, title: string, text: string}} Reply */

/** @param {Desk} desk @param {HTMLTextAreaElement} field @returns {Source & {warm: () => void}} */
export function cannedReplies(desk, field) {
  /** @type {Reply[] | null} */
  let replies = null;
  let at = 0;
  /** @type {Promise<unknown> | null} */
  let coming = null;

  const read = async () => {
    try {
      replies = (await call("GET", "/api/canned-replies")).items;
      at = Date.now();
    } catch {
      // Without them one still writes by hand.
    }
    coming = null;
  };
  /** What is known is shown at once; what has changed since is there with the next letter. */
  const all = async () => {
    if (!coming && Date.now() - at > FRESH) coming = read();
    if (!replies) await coming;
    return replies || [];
  };

  return {
    mark: "/",
    warm: () => void all(),
    async find(typed, place) {
      const found = ranked(await all(), typed);
      return found.map((one) => ({ id: one.id, title: `/${one.shortcut}`, detail: one.title, text: filled(one.text, around(desk)).map((piece) => piece.text).join(""), take: () => fill(one.id, place) }));
    },
    none: (typed) => (replies?.length ? `Nothing fits “${typed}”.` : replies ? "There are no ready-made replies yet. They are written under Settings, Replies." : "The ready-made replies cannot be reached just now."),
  };

  /** @param {string} id @param {{from: number, to: number}} place */
  async function fill(id, place) {
    const conversation = desk.state.openId;
    const before = field.value;
    try {
      const { text } = await call("POST", `/api/canned-replies/${id}/fill`, { conversation_id: conversation });
      if (desk.state.openId !== conversation) return;
      const isWhereItWas = field.value.startsWith(before.slice(0, place.to));
      write(field, text, isWhereItWas ? place : { from: field.selectionStart, to: field.selectionEnd });
    } catch (error) {
      sayError(error);
    }
  }
}

/** What the variables stand for here; the server says it again when one is taken. @param {Desk} desk @returns {Record<string, string>} */
function around({ state }) {
  const one = state.openId ? state.talks[state.openId]?.whole : null;
  const contact = one?.contact?.name || "";
  const agent = state.people[state.me]?.name || "";
  const first = (/** @type {string} */ name) => name.trim().split(/\s+/)[0];
  return {
    "contact.name": contact, "contact.first_name": first(contact), "contact.email": one?.contact?.email || "", "agent.name": agent, "agent.first_name": first(agent),
    "organization.name": state.organization, "conversation.number": String(one?.number ?? ""),
  };
}

/** By their shortcuts first, then by what they are about. @param {Reply[]} replies @param {string} typed */
export function ranked(replies, typed) {
  const wanted = typed.toLowerCase();
  const rank = (/** @type {Reply} */ { shortcut, title, text }) => {
    if (shortcut.startsWith(wanted)) return 0;
    const at = [shortcut, title, text].findIndex((one) => one.toLowerCase().includes(wanted));
    return at < 0 ? Infinity : at + 1;
  };
  const known = replies.map((one) => ({ one, at: rank(one) })).filter(({ at }) => at < Infinity);
  return known.sort((a, b) => a.at - b.at).map(({ one }) => one);
}

/** @param {Desk} desk @param {HTMLTextAreaElement} field @returns {Source} */
export function colleagues(desk, field) {
  return {
    mark: "@",
    find(typed, place) {
      const wanted = typed.toLowerCase();
      const fitting = working(desk.state.people).filter((one) => one.id !== desk.state.me && one.name.toLowerCase().includes(wanted));
      fitting.sort((a, b) => a.name.localeCompare(b.name));
      return fitting.map((one) => ({ id: one.id, title: one.name, detail: one.availability === "online" ? "online" : "away", node: face(one, "tiny"), take: () => write(field, `@${one.name} `, place) }));
    },
    none: (typed) => (typed ? `Nobody of your team is called “${typed}”.` : "There is nobody else in your team yet."),
  };
}

/**
 * Who is called in a note: those whose whole name stands behind an @, the longest first, so that Ann is not called
 * where Anna is.
 * @param {string} text @param {Record<string, import("./types.js").Person>} people
 */
export function mentioned(text, people) {
  let rest = text;
  const byLength = working(people).sort((a, b) => b.name.length - a.name.length);
  return byLength.filter(({ name }) => {
    const before = rest;
    rest = rest.replace(callOf(name), " ");
    return rest !== before;
  }).map((one) => one.id);
}

/** How somebody is called in a text. @param {string} name */
export function callOf(name) {
  return new RegExp(`@${name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}(?![\\p{L}\\p{N}])`, "giu");
}
