/**
 * What happened between the messages: who came, what comes next, how it ended.
 *
 * @import { ChatEvent, Room } from "./types.js"
 */
import { face, h, icon } from "./dom.js";
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

const KEPT = "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM8 12.5l2.8 2.8L16 9.5";
/** @type {Record<string, string>} */
const WORDS = { handed_back: "handed_back", closed: "closed", reopened: "reopened", contact: "contact_kept" };

/** @param {ChatEvent} event @param {Room} room */
function escalated({ ticket, expect, reason, needs_email: needsEmail }, room) {
  const known = room.desk.state.visitor?.email || room.desk.keeping.get("details")?.email;
  return h(
    "div.note box",
    { role: "listitem" },
    icon(KEPT),
    h("p", {}, h("strong", {}, t(reason ? "left" : "escalated"))),
    reason && h("q", { dir: "auto" }, reason),
    h("p", { dir: "auto" }, expect || t("escalated_expect")),
    ticket && !expect?.includes(String(ticket.number)) && h("p", {}, t("ticket", { number: ticket.number })),
    needsEmail && !known && h("p", {}, h("button.linked", { onclick: () => leaveAddress(room) }, t("leave_email"))),
  );
}

/** @param {Room} room */
async function leaveAddress(room) {
  (await import("./forms.js")).contactForm(room);
}
