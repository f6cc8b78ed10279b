import assert from "node:assert/strict";
import { test } from "node:test";

/** @type {Record<string, (event?: any) => void>} */
const heard = {};
globalThis.addEventListener = /** @type {any} */ ((/** @type {string} */ name, /** @type {() => void} */ run) => (heard[name] = run));
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

test("what is held when the page is left goes out in one piece for each conversation, in its order", () => {
  const { sending } = room();
  const sent = [];
  globalThis.fetch = /** @type {any} */ ((address, { body, keepalive }) => {
    sent.push({ address, keepalive, ...JSON.parse(body) });
    return new Promise(() => {});
  });
  for (const [where, text, close] of [["t", "First.", true], ["u", "Elsewhere.", false], ["t", "Second.", false], ["t", "Third.", false]]) sending.send({ ...note(text), conversation_id: where, kind: "reply", close });
  assert.equal(sent.length, 0);
  heard.pagehide();
  assert.deepEqual(sent.map(({ address, text, close, earlier, keepalive }) => [address, text, close, (earlier || []).map((one) => [one.text, one.close]), keepalive]), [
    ["/api/conversations/t/messages", "Third.", true, [["First.", undefined], ["Second.", undefined]], true],
    ["/api/conversations/u/messages", "Elsewhere.", undefined, [], true],
  ]);
});

test("what is on its way when the page is left goes out before what is held", async () => {
  const { sending } = room();
  const sent = [];
  globalThis.fetch = /** @type {any} */ ((_, { body }) => {
    sent.push(JSON.parse(body));
    return new Promise(() => {});
  });
  const first = sending.send({ ...note("First."), kind: "reply" });
  sending.now(first.client_id);
  await settled();
  sending.send({ ...note("Second."), kind: "reply" });
  heard.pagehide();
  assert.deepEqual(sent.map(({ text, earlier }) => [text, (earlier || []).map((one) => one.client_id)]), [["First.", []], ["Second.", [first.client_id]]]);
});
