/**
 * What somebody should know before they write: who else is answering, who will fall silent.
 *
 * @import { State, Talk } from "./types.js"
 */

/** @param {State} state @param {Talk} talk @param {boolean} isNote @returns {[string, string]} */
export function warning(state, talk, isNote) {
  const others = talk.viewers.filter((one) => one.user_id !== state.me);
  const name = (/** @type {string} */ id) => state.people[id]?.name || "A colleague";
  const writing = others.find((one) => one.typing && !one.note);
  if (state.aiding[talk.id]) return ["busy", state.aiding[talk.id]];
  if (writing) return ["warn", `${name(writing.user_id)} is replying…`];
  if (isNote) return ["note", "Only your team sees this"];
  const { whole } = talk;
  if (whole?.blocked || whole?.visitor?.blocked) return ["warn", "This visitor is blocked and cannot answer."];
  if (whole?.speaker === "person" && whole.person && whole.person.id !== state.me) return ["warn", `${whole.person.name} takes care of this. You will take over.`];
  if (whole?.speaker === "assistant" && whole.status === "open") return ["calm", `You will take over from ${state.assistant}`];
  if (others.length) return ["calm", `${others.map((one) => name(one.user_id)).join(", ")} ${others.length === 1 ? "is" : "are"} looking too`];
  return ["calm", ""];
}
