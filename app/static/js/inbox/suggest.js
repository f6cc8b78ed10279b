/**
 * What the composer suggests: ready-made replies filled in for this conversation, and colleagues.
 *
 * @import { Desk } from "./desk.js"
 * @import { Source } from "./complete.js"
 */
import { call } from "../api.js";
import { sayError } from "../toast.js";
import { write } from "./complete.js";
import { face } from "./people.js";

const FRESH = 60_000;

/** @param {Desk} desk @param {HTMLTextAreaElement} field @returns {Source} */
export function cannedReplies(desk, field) {
  /** @type {{id: string, shortcut: string, title: string, text: string}[]} */
  let replies = [];
  let at = 0;

  const all = async () => {
    if (Date.now() - at < FRESH) return replies;
    try {
      replies = (await call("GET", "/api/canned-replies")).items;
      at = Date.now();
    } catch {
      // Without them one still writes by hand.
    }
    return replies;
  };

  return {
    mark: "/",
    async find(typed, place) {
      const wanted = typed.toLowerCase();
      const fitting = (await all()).filter((one) => `${one.shortcut} ${one.title}`.toLowerCase().includes(wanted));
      fitting.sort((a, b) => Number(b.shortcut.startsWith(wanted)) - Number(a.shortcut.startsWith(wanted)));
      return fitting.map((one) => ({ id: one.id, title: `/${one.shortcut}`, detail: one.title || one.text, take: () => void fill(one.id, place) }));
    },
  };

  /** @param {string} id @param {{from: number, to: number}} place */
  async function fill(id, place) {
    const conversation = desk.state.openId;
    try {
      const { text } = await call("POST", `/api/canned-replies/${id}/fill`, { conversation_id: conversation });
      if (desk.state.openId === conversation) write(field, text, place);
    } catch (error) {
      sayError(error);
    }
  }
}

/** @param {Desk} desk @param {HTMLTextAreaElement} field @returns {Source} */
export function colleagues(desk, field) {
  return {
    mark: "@",
    find(typed, place) {
      const wanted = typed.toLowerCase();
      const fitting = Object.values(desk.state.people).filter((one) => one.id !== desk.state.me && one.name.toLowerCase().includes(wanted));
      return fitting.map((one) => ({ id: one.id, title: one.name, detail: one.availability === "online" ? "online" : "away", node: face(one, "tiny"), take: () => write(field, `@${one.name} `, place) }));
    },
  };
}

/** Who is called in a note: those whose whole name stands behind an @. @param {string} text @param {Record<string, import("./types.js").Person>} people */
export function mentioned(text, people) {
  return Object.values(people).filter((one) => text.includes(`@${one.name}`)).map((one) => one.id);
}
