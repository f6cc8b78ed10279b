import assert from "node:assert/strict";
import { mock, test } from "node:test";

globalThis.addEventListener = () => {};
globalThis.document = /** @type {any} */ ({ cookie: "" });
// It would keep the process waiting for what another tab says.
delete (/** @type {any} */ (globalThis).BroadcastChannel);
const { createDrafts } = await import("../../app/static/js/inbox/drafts.js");

const turn = () => new Promise((done) => setImmediate(done));

/** A desk that is told of nothing but what the tests tell, and a server that writes down what it is told. */
function room() {
  const told = [];
  const waiting = [];
  const ears = [];
  const desk = { state: { me: "ada", begun: {}, outgoing: [] }, tell: (frame) => frame.type === "begun" && (desk.state.begun = { ...desk.state.begun, [frame.id]: frame.begun }), hears: (run) => ears.push(run) };
  globalThis.fetch = async (_, { method, body }) => {
    if (method === "GET") return new Response('{"items":[]}', { headers: { "Content-Type": "application/json" } });
    const { text, is_note: isNote } = JSON.parse(body);
    told.push([isNote ? "note" : "reply", text]);
    if (waiting.length) await waiting.shift();
    return new Response(null, { status: 204 });
  };
  const drafts = createDrafts({ desk: /** @type {any} */ (desk) });
  const hear = (frame) => ears.forEach((run) => run(frame));
  const opened = (seq, ...kept) => hear({ type: "opened", conversation: { id: "t", last_seq: seq, drafts: kept } });
  return { told, waiting, desk, drafts, hear, opened };
}

/** @param {() => Promise<void>} run */
const timed = (run) => async () => {
  mock.timers.enable({ apis: ["setTimeout", "Date"], now: 1_000_000 });
  try {
    await run();
  } finally {
    mock.timers.reset();
  }
};
const pass = async (/** @type {number} */ milliseconds) => {
  mock.timers.tick(milliseconds);
  for (let some = 0; some < 10; some++) await turn();
};

test("the server is told of both sheets, of the one on top last, and of none twice", timed(async () => {
  const { told, drafts, desk } = room();
  drafts.set("t", { note: "Slow payer", is_note: true });
  drafts.set("t", { reply: "Dear", is_note: false });
  assert.deepEqual(desk.state.begun, { t: true });
  await pass(1_000);
  assert.deepEqual(told, [["note", "Slow payer"], ["reply", "Dear"]]);
  drafts.set("t", { is_note: true });
  await pass(1_000);
  assert.deepEqual(told.slice(2), [["note", "Slow payer"]], "what lies on top now is told once more");
}));

test("what was being kept when it was sent is taken back, and the other sheet stays", timed(async () => {
  const { told, waiting, drafts } = room();
  let arrive = () => {};
  waiting.push(new Promise((done) => (arrive = () => done(null))));
  drafts.set("t", { reply: "Yes, we", is_note: false });
  await pass(1_000);
  drafts.set("t", { note: "A regular" });
  drafts.clear("t", "reply");
  arrive();
  await pass(0);
  await pass(1_000);
  assert.deepEqual(told, [["reply", "Yes, we"], ["note", "A regular"], ["reply", ""]]);
  assert.deepEqual(drafts.get("t"), { reply: "", note: "A regular", is_note: false });
}));

test("what the server said before one's own line brings nothing back", timed(async () => {
  const { drafts, hear, opened } = room();
  const kept = { text: "Yes, we do", is_note: false };
  opened(1, kept);
  assert.equal(drafts.get("t").reply, "Yes, we do");
  drafts.clear("t", "reply");
  hear({ type: "event", conversation_id: "t", event: { seq: 2, kind: "message", author: { id: "ada" } } });
  await pass(60_000);
  opened(1, kept);
  assert.equal(drafts.get("t").reply, "");
  opened(2, { text: "And", is_note: false });
  assert.equal(drafts.get("t").reply, "And");
}));

test("what is begun behind a message on its way outlives the page, whatever the server forgets with it", timed(async () => {
  const store = new Map();
  globalThis.sessionStorage = /** @type {any} */ ({ getItem: (key) => store.get(key) ?? null, setItem: (key, value) => store.set(key, value), removeItem: (key) => store.delete(key) });
  const { drafts, desk, hear } = room();
  desk.state.outgoing = [{ conversation_id: "t", kind: "reply" }];
  drafts.set("t", { reply: "It takes a week" });
  await pass(1_000);
  assert.equal(room().drafts.has("t", "reply"), true);
  desk.state.outgoing = [];
  hear({ type: "event", conversation_id: "t", event: { seq: 2, kind: "message", author: { id: "ada" } } });
  assert.equal(store.size, 0);
}));

test("what is on its way is no draft, whatever the server still has of it", timed(async () => {
  const { drafts, desk, opened } = room();
  desk.state.outgoing = [{ conversation_id: "t", kind: "reply" }];
  opened(1, { text: "Yes, w", is_note: false }, { text: "A regular", is_note: true });
  assert.deepEqual(drafts.get("t"), { reply: "", note: "A regular", is_note: false });
}));
