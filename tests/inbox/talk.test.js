import assert from "node:assert/strict";
import { test } from "node:test";
import { itemsOf } from "../../app/static/js/inbox/items.js";
import { emptyState, reduce } from "../../app/static/js/inbox/store.js";
import { warning } from "../../app/static/js/inbox/warning.js";
import { ADA, NOW, said, SPOKE, talk, VERA } from "./seen.js";

const PEOPLE = { ada: { id: "ada", name: "Ada" }, ben: { id: "ben", name: "Ben" } };
const opened = ({ conversation, ...more } = {}) => ({ type: "opened", conversation: talk("t", conversation), events: [], more: false, viewers: [], live: null, ...more });
const delta = (index, more = {}) => ({ type: "delta", conversation_id: "t", answer_id: "x", attempt: 1, epoch: 0, index, text: `Sentence ${index}.`, lead: " ", numbers: [1], citations: [{ n: 1, title: "Returns" }], ...more });
const event = (one, more = {}) => ({ type: "event", conversation_id: "t", event: one, ...more });
const after = (...frames) => [{ type: "open", id: "t" }, ...frames].reduce((state, frame) => reduce(state, frame, NOW), emptyState({ me: "ada", people: PEOPLE }));
const seqs = (state) => state.talks.t.events.map((one) => one.seq).join(" ");
const shown = (state) => itemsOf(state.talks.t, state.outgoing, "ada").filter((one) => one.type !== "day").map((one) => one.key);

test("what comes twice is there once, in the order of its numbers", () => {
  assert.equal(seqs(after(opened({ events: [said(1, VERA)] }), event(said(3, ADA)), event(said(2, SPOKE)), event(said(3, ADA)))), "1 2 3");
});

test("after a gap the rest is added; a gap too wide to fill leaves no hole", () => {
  assert.equal(seqs(after(opened({ events: [said(1, VERA), said(2, SPOKE)] }), { type: "line_lost" }, opened({ events: [said(3, VERA)] }))), "1 2 3");
  const state = after(opened({ events: [said(1, VERA)] }), opened({ events: [said(300, VERA)], more: true }));
  assert.equal(seqs(state), "300");
  assert.equal(state.talks.t.more, true);
});

test("what was withheld is told once to whoever opens it at that moment", () => {
  const held = { type: "withheld", conversation_id: "t", answer_id: "x", attempt: 1, text: "It flies.", reason: "No passage says so." };
  const live = { answer_id: "x", attempt: 1, epoch: 1, sentences: [], withheld: [held] };
  const state = after(opened({ events: [said(1, VERA)], live }), held);
  assert.deepEqual(state.talks.t.live.withheld.map((one) => one.text), ["It flies."]);
});

test("an answer grows, with what was withheld beside it, and the message takes its place", () => {
  let state = after(opened({ events: [said(1, VERA)] }), delta(0), delta(1), { type: "withheld", conversation_id: "t", answer_id: "x", attempt: 1, text: "It flies.", reason: "No passage says so." });
  const { live } = state.talks.t;
  assert.deepEqual(live.sentences.map((one) => one.text), ["Sentence 0.", "Sentence 1."]);
  assert.equal(live.citations.length, 1);
  assert.equal(live.withheld.length, 1);
  assert.ok(state.answering.t);
  assert.deepEqual(shown(state), ["e1", "ax"]);
  state = reduce(state, event(said(2, SPOKE, { answer_id: "x" })), NOW);
  assert.deepEqual(shown(state), ["e1", "ax"]);
  assert.ok(!state.answering.t);
  assert.equal(reduce(state, delta(2), NOW).talks.t.live, null, "a late sentence starts nothing");
});

test("a takeover silences the assistant at once, and what it still says is not heard", () => {
  let state = after(opened(), delta(0), event({ ...said(1, ADA), kind: "joined" }), { type: "changed", conversation: talk("t", { epoch: 1, speaker: "person", last_seq: 1 }) });
  assert.equal(state.talks.t.live, null);
  state = reduce(state, delta(1, { answer_id: "y" }), NOW);
  assert.equal(state.talks.t.live, null);
});

test("a second attempt begins anew, and an index of -1 takes back", () => {
  const state = after(opened(), delta(0), delta(0, { attempt: 2, text: "Anew." }), delta(1));
  assert.deepEqual(state.talks.t.live.sentences.map((one) => one.text), ["Anew."]);
  assert.deepEqual(reduce(state, delta(-1, { attempt: 2 }), NOW).talks.t.live.sentences, []);
});

test("what is said is shown at once and keeps its place when it comes back", () => {
  const one = { client_id: "c1", conversation_id: "t", kind: "reply", text: "Hi", attachments: [], mentions: [], status: "held" };
  const state = after(opened(), { type: "outgoing", outgoing: [one] });
  assert.deepEqual(shown(state), ["cc1"]);
  const done = reduce(state, event(said(1, ADA, { client_id: "c1" })), NOW);
  assert.deepEqual(shown(done), ["cc1"]);
  assert.equal(done.outgoing.length, 0);
});

test("the line of what is new stands behind what was read, and not for one's own", () => {
  const read = { conversation: { team_read_seq: 1 } };
  assert.deepEqual(shown(after(opened({ ...read, events: [said(1, VERA), said(2, ADA), said(3, VERA)] }))), ["e1", "e2", "new", "e3"]);
});

test("only the newest thing that the visitor has seen is marked", () => {
  const state = after(opened({ conversation: { visitor_read_seq: 3 }, events: [said(1, VERA), said(2, ADA), said(3, ADA), said(4, ADA)] }));
  assert.deepEqual(itemsOf(state.talks.t, [], "ada").filter((one) => one.seen).map((one) => one.event.seq), [3]);
});

test("who else is writing is said before anything else", () => {
  const state = after(opened({ viewers: ["ben"] }), { type: "typing", conversation_id: "t", who: "person", user_id: "ben", typing: true, note: false });
  assert.deepEqual(warning(state, state.talks.t, false), ["warn", "Ben is replying…"]);
  const still = reduce(state, { type: "viewers", conversation_id: "t", viewers: ["ada", "ben"] }, NOW);
  assert.equal(warning(still, still.talks.t, false)[1], "Ben is replying…");
  const alone = after(opened());
  assert.deepEqual(warning(alone, alone.talks.t, false), ["calm", "You will take over from Assistant"]);
  assert.deepEqual(warning(alone, alone.talks.t, true), ["note", "Only your team sees this"]);
});

test("how a message sounded comes a moment after it", () => {
  const state = after(opened({ events: [said(1, VERA)] }), { type: "updated", conversation_id: "t", message_id: "m1", reading: { label: "negative", anger: 0.9 } });
  assert.equal(state.talks.t.events[0].reading.anger, 0.9);
});

const numbers = (from, to) => Array.from({ length: to - from + 1 }, (_, at) => said(from + at, VERA));
const around = (from, to, more = true) => ({ type: "around", conversation_id: "t", events: numbers(from, to), more });
const later = (from, to) => ({ type: "later", conversation_id: "t", events: numbers(from, to) });

test("far back one reads on in both directions, and what comes in meanwhile waits at the end", () => {
  let state = after(opened({ conversation: { last_seq: 500 }, events: numbers(499, 500), more: true }), around(100, 102));
  assert.equal(seqs(state), "100 101 102");
  assert.equal(state.talks.t.later, true);
  state = reduce(state, event(said(501, VERA)), NOW);
  state = reduce(state, delta(0), NOW);
  assert.equal(seqs(state), "100 101 102");
  assert.deepEqual(shown(state), ["e100", "e101", "e102"], "an answer in the making stands at the end, not here");
  state = reduce(state, { type: "history", conversation_id: "t", events: numbers(98, 99), more: true }, NOW);
  state = reduce(state, later(103, 105), NOW);
  assert.equal(seqs(state), "98 99 100 101 102 103 104 105");
  assert.equal(state.talks.t.later, true);
  state = reduce(state, later(106, 501), NOW);
  assert.equal(state.talks.t.later, false);
  state = reduce(state, event(said(502, VERA)), NOW);
  assert.equal(seqs(state).split(" ").at(-1), "502");
});

test("a line that comes back leaves whoever reads far back where they are", () => {
  const state = after(opened({ conversation: { last_seq: 500 }, events: numbers(499, 500), more: true }), around(100, 102), { type: "line_lost" }, opened({ conversation: { last_seq: 510 }, events: numbers(501, 510), more: true }));
  assert.equal(seqs(state), "100 101 102");
  assert.equal(state.talks.t.later, true);
  assert.equal(state.talks.t.more, true);
});
