import assert from "node:assert/strict";
import { test } from "node:test";
import { emptyState, isAnswering, items, lastSeq, reduce } from "../../widget/conversation.js";

const VISITOR = { kind: "visitor", name: "Vera", picture_url: null };
const ASSISTANT = { kind: "assistant", name: "Assistant", picture_url: null };
const ANNA = { kind: "person", name: "Anna", picture_url: null };

const talk = (more = {}) => ({ id: "t1", number: 1, status: "open", speaker: "assistant", epoch: 0, last_seq: 0, person: null, waiting_for_person: false, rating: null, visitor_read_seq: 0, team_read_seq: 0, created_at: "2026-11-21T10:00:00Z", ...more });
const said = (seq, author, more = {}) => ({ id: `m${seq}`, seq, kind: "message", author, created_at: `2026-11-21T10:0${seq % 10}:00Z`, text: `number ${seq}`, ...more });
const welcome = (more = {}) => ({ type: "welcome", visitor: { id: "v", name: null, email: null, identified: false }, availability: { open: true }, conversation: talk(), events: [], more: false, unread: 0, conversations_count: 1, ...more });
const heard = (event, more = {}) => ({ type: "event", conversation_id: "t1", event, conversation: talk(more) });
const delta = (index, more = {}) => ({ type: "delta", conversation_id: "t1", answer_id: "a1", attempt: 1, epoch: 0, index, text: `Sentence ${index}.`, lead: " ", citations: [], ...more });
const after = (...frames) => frames.reduce(reduce, emptyState());
const waiting = (id, more = {}) => ({ type: "message", client_id: id, text: id, at: Date.parse("2026-11-21T11:00:00Z"), status: "sending", ...more });
const shown = (state) => items(state).filter((item) => item.type !== "day").map((item) => item.key);

test("what comes twice is there once, in the order of its numbers", () => {
  const state = after(welcome(), heard(said(3, ANNA)), heard(said(1, VISITOR)), heard(said(3, ANNA)), heard(said(2, ASSISTANT)));
  assert.deepEqual(state.events.map((event) => event.seq), [1, 2, 3]);
  assert.equal(lastSeq(state), 3);
});

test("coming back brings what was missed and keeps what was there", () => {
  const state = after(welcome({ events: [said(1, VISITOR), said(2, ASSISTANT)] }), { type: "lost" }, welcome({ events: [said(3, ANNA)] }));
  assert.deepEqual(state.events.map((event) => event.seq), [1, 2, 3]);
});

test("a gap too wide to fill leaves no hole: what came replaces what was there", () => {
  const state = after(welcome({ events: [said(1, VISITOR)] }), welcome({ events: [said(300, ANNA)], more: true }));
  assert.deepEqual(state.events.map((event) => event.seq), [300]);
  assert.equal(state.more, true);
});

test("another conversation's events do not mix with these", () => {
  const state = after(welcome({ events: [said(1, VISITOR)] }), welcome({ conversation: talk({ id: "t2" }), events: [said(1, ANNA)] }));
  assert.deepEqual(state.events.map((event) => event.author.name), ["Anna"]);
});

test("a message is shown at once, and keeps its place when it is acknowledged and comes back", () => {
  let state = after(welcome(), { type: "queued", outgoing: [waiting("one"), waiting("two")] });
  assert.deepEqual(shown(state), ["cone", "ctwo"]);
  state = reduce(state, { type: "accepted", client_id: "one", seq: 1, conversation_id: "t1" });
  assert.equal(state.outgoing[0].status, "sent");
  state = reduce(state, { type: "queued", outgoing: [waiting("two")] });
  assert.deepEqual(shown(state), ["cone", "ctwo"], "what left the outbox waits for its event");
  state = reduce(state, heard(said(1, VISITOR, { client_id: "one" })));
  assert.deepEqual(shown(state), ["cone", "ctwo"]);
  assert.deepEqual(state.outgoing.map((one) => one.client_id), ["two"]);
});

test("an event that overtakes its acknowledgement is not shown twice", () => {
  const state = after(welcome(), { type: "queued", outgoing: [waiting("one")] }, heard(said(1, VISITOR, { client_id: "one" })), { type: "accepted", client_id: "one", seq: 1, conversation_id: "t1" });
  assert.deepEqual(shown(state), ["cone"]);
});

test("an answer grows sentence by sentence and is replaced by the message", () => {
  const cited = { n: 1, title: "Returns", heading: null, page: null, url: null, quote: "Thirty days.", passage_id: "p" };
  let state = after(welcome(), delta(0, { citations: [cited] }), delta(1, { citations: [cited] }));
  assert.deepEqual(state.draft.sentences.map((one) => one.text), ["Sentence 0.", "Sentence 1."]);
  assert.equal(state.draft.citations.length, 1);
  assert.ok(isAnswering(state));
  state = reduce(state, heard(said(2, ASSISTANT, { answer_id: "a1" })));
  assert.equal(state.draft, null);
  assert.deepEqual(shown(state), ["aa1"], "the message has the key of what was streamed");
  assert.equal(reduce(state, delta(2)).draft, null, "a late sentence starts nothing");
});

test("a second attempt starts over, and a sentence of the first comes too late", () => {
  const state = after(welcome(), delta(0), delta(1), delta(0, { attempt: 2, text: "Anew." }), delta(2));
  assert.deepEqual(state.draft.sentences.map((one) => one.text), ["Anew."]);
});

test("when a person takes over, what the assistant was saying is gone, and what it still says is not heard", () => {
  const state = after(welcome(), delta(0), heard({ ...said(2, ANNA), kind: "joined" }, { epoch: 1, speaker: "person" }), delta(1));
  assert.equal(state.draft, null);
  assert.equal(isAnswering(state), false);
});

test("what is taken back is gone, and what is said instead stands there alone", () => {
  const back = { type: "delta", conversation_id: "t1", answer_id: "a1", attempt: 1, epoch: 0, index: -1 };
  let state = after(welcome(), delta(0), delta(1), back);
  assert.equal(state.draft, null);
  state = reduce(state, delta(0, { text: "Instead." }));
  assert.deepEqual(state.draft.sentences.map((one) => one.text), ["Instead."]);
  assert.deepEqual(reduce(state, { ...back, answer_id: "a0" }).draft, state.draft, "another answer's end is not this one's");
});

test("what was being said when the conversation ended is gone", () => {
  const closed = heard({ ...said(2, VISITOR), kind: "closed" }, { status: "closed" });
  const state = after(welcome(), delta(0), closed, delta(1));
  assert.equal(state.draft, null);
  assert.equal(isAnswering(state), false);
});

test("half an answer does not look alive when the line is gone", () => {
  let state = after(welcome(), { type: "typing", conversation_id: "t1", who: "assistant", typing: true }, delta(0), { type: "lost" });
  assert.equal(isAnswering(state), false);
  assert.equal(state.draft.sentences.length, 1, "but it can still be read");
  state = reduce(state, welcome({ events: [said(5, ASSISTANT, { answer_id: "a2" })] }));
  assert.equal(state.draft, null, "an answer that was begun anew replaces it");
});

test("what is said elsewhere is counted and not shown", () => {
  const state = after(welcome(), { ...heard(said(9, ANNA)), conversation: talk({ id: "t2" }) });
  assert.deepEqual([state.events.length, state.unread], [0, 1]);
});

test("a new conversation is not taken away by an old one that moves", () => {
  let state = after(welcome(), { type: "opened", conversation: null, events: [], more: false }, heard(said(7, ANNA)));
  assert.equal(state.conversation, null);
  state = reduce(state, { type: "queued", outgoing: [waiting("first")] });
  state = reduce(state, { ...heard(said(1, VISITOR, { client_id: "first" })), conversation: talk({ id: "t3" }) });
  assert.equal(state.conversation.id, "t3");
});

test("a tab without a conversation follows the one that another tab began", () => {
  const state = after(welcome({ conversation: null, conversations_count: 0 }), heard(said(1, VISITOR)));
  assert.equal(state.conversation.id, "t1");
});

test("one's own words are not unread; seeing them all empties the count", () => {
  let state = after(welcome(), heard(said(1, VISITOR)), heard(said(2, ASSISTANT)), heard(said(3, ANNA)));
  assert.equal(state.unread, 2);
  state = reduce(state, { type: "seen", seq: 3 });
  assert.deepEqual([state.unread, state.conversation.visitor_read_seq], [0, 3]);
});

test("days part the thread, and one name stands over what follows quickly", () => {
  const state = after(welcome({ events: [said(1, ASSISTANT), said(2, ASSISTANT), said(9, ASSISTANT), said(10, VISITOR, { created_at: "2026-11-23T10:00:00Z" })] }));
  assert.deepEqual(items(state).map((item) => [item.type, item.first]), [["day", true], ["message", true], ["message", false], ["message", true], ["day", true], ["message", true]]);
});

test("what is not meant for visitors is not in the thread", () => {
  assert.deepEqual(shown(after(welcome({ events: [{ ...said(1, ANNA), kind: "assigned" }, said(2, ANNA)] }))), ["e2"]);
});

test("what was said before comes before it", () => {
  const state = after(welcome({ events: [said(8, ANNA)], more: true }), { type: "history", conversation_id: "t1", events: [said(6, VISITOR), said(7, ANNA)], more: false });
  assert.deepEqual([state.events.map((event) => event.seq), state.more], [[6, 7, 8], false]);
});

test("a vote shows at once", () => {
  const state = after(welcome({ events: [said(1, ASSISTANT)] }), { type: "voted", message_id: "m1", value: "up" });
  assert.equal(state.events[0].feedback, "up");
});

test("the desk may close while the widget is open", () => {
  const state = after(welcome({ events: [said(1, VISITOR)] }), { type: "availability", availability: { open: false } });
  assert.deepEqual([state.availability, shown(state)], [{ open: false }, ["e1"]]);
});

test("unknown frames change nothing", () => {
  const state = after(welcome());
  assert.equal(reduce(state, { type: "pong" }), state);
});
