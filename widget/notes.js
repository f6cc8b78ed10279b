/**
 * What happened between the messages: who came, what comes next, how it ended.
 *
 * @import { ChatEvent, Room } from "./types.js"
 */
import { face, h } from "./dom.js";
import { t } from "./words.js";

/**
 * @param {ChatEvent} event
 * @param {Room} room
 * @returns {HTMLElement}
 */
export function note(event, room) {
  const { author, ticket } = event;
  const role = { role: "listitem" };
  switch (event.kind) {
    case "joined":
      return h("div.note", role, face(author.name, author.picture_url), h("p", {}, h("strong", { dir: "auto" }, t("joined", { name: author.name }))));
    case "escalated":
      return escalated(event, room);
    case "ticket":
      return h("p.note", role, ticket ? t("ticket", { number: ticket.number }) : event.text);
    default:
      return h("p.note", { ...role, dir: "auto" }, WORDS[event.kind] ? t(WORDS[event.kind]) : event.text);
  }
}

/** @type {Record<string, string>} */
const WORDS = { handed_back: "handed_back", closed: "closed", reopened: "reopened", contact: "contact_kept" };

/** @param {ChatEvent} event @param {Room} room */
function escalated({ ticket, expect, needs_email: needsEmail }, room) {
  const known = room.desk.state.visitor?.email || room.desk.keeping.get("details")?.email;
  return h(
    "div.note box",
    { role: "listitem" },
    h("p", {}, h("strong", {}, t("escalated"))),
    h("p", { dir: "auto" }, expect || t("escalated_expect")),
    ticket && !expect?.includes(String(ticket.number)) && h("p", {}, t("ticket", { number: ticket.number })),
    needsEmail && !known && h("p", {}, h("button.linked", { onclick: () => leaveAddress(room) }, t("leave_email"))),
  );
}

/** @param {Room} room */
async function leaveAddress(room) {
  (await import("./forms.js")).contactForm(room);
}
