import assert from "node:assert/strict";
import { test } from "node:test";

globalThis.addEventListener = () => {};
globalThis.document = /** @type {any} */ ({ cookie: "" });
Object.defineProperty(globalThis, "navigator", { value: { onLine: false }, configurable: true });
const { createSending } = await import("../../app/static/js/inbox/sending.js");

/** A desk that only keeps what is on its way. */
function room() {
  const desk = { state: { outgoing: [] }, tell: (frame) => frame.type === "outgoing" && (desk.state = { outgoing: frame.outgoing }) };
  return { desk, sending: createSending({ desk: /** @type {any} */ (desk), drafts: { has: () => false } }) };
}
const note = (text) => ({ conversation_id: "t", kind: "note", text, attachments: [], mentions: [], close: false });
const settled = () => new Promise((done) => setTimeout(done, 20));

test("when the line is back, what failed for want of it goes out again, and nothing that was refused", async () => {
  const { desk, sending } = room();
  const answers = { lost: () => Promise.reject(new TypeError("no line")), refused: () => Promise.resolve(new Response('{"error":{"code":"closed","message":"It is closed."}}', { status: 409, headers: { "Content-Type": "application/json" } })) };
  const asked = [];
  globalThis.fetch = (_, { body }) => {
    const { text } = JSON.parse(body);
    asked.push(text);
    return answers[text]();
  };
  sending.send(note("lost"));
  sending.send(note("refused"));
  await settled();
  assert.deepEqual(desk.state.outgoing.map((one) => one.status), ["failed", "failed"]);
  sending.again();
  await settled();
  assert.deepEqual(asked, ["lost", "refused", "lost"]);
});
