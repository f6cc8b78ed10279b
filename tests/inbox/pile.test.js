import assert from "node:assert/strict";
import { test } from "node:test";
import { fits, order } from "../../app/static/js/inbox/fit.js";
import { emptyState, reduce, VIEWS } from "../../app/static/js/inbox/store.js";
import { steady, windowOf } from "../../app/static/js/inbox/virtual.js";
import { at, NOW, talk } from "./seen.js";

const ALL = VIEWS.find((one) => one.key === "all");
const about = { me: "ada", now: NOW };
const view = (state) => state.pile.ids.join(" ");

function listed(items, more = {}, start = {}) {
  const state = reduce(emptyState({ me: "ada", ...start }), { type: "look", view: more.view || ALL, key: "1" }, NOW);
  return reduce(state, { type: "page", key: "1", items, cursor: more.cursor || null, first: true }, NOW);
}
const changed = (state, one) => reduce(state, { type: "changed", conversation: one }, NOW);

test("a conversation that something happens in goes to the top", () => {
  const state = listed([talk("a", { last_event_at: at(9) }), talk("b", { last_event_at: at(8) })]);
  assert.equal(view(changed(state, talk("b", { last_event_at: at(10), last_seq: 2 }))), "b a");
});

test("a new one comes in where it belongs, and what is beyond the loaded part waits for its page", () => {
  const state = listed([talk("a", { last_event_at: at(9) }), talk("c", { last_event_at: at(5) })], { cursor: "more" });
  assert.equal(view(changed(state, talk("b", { last_event_at: at(7) }))), "a b c");
  assert.equal(view(changed(state, talk("z", { last_event_at: at(1) }))), "a c");
  assert.equal(view(changed(listed([talk("a", { last_event_at: at(9) })]), talk("z", { last_event_at: at(1) }))), "a z");
});

test("what does not belong to the view any more goes, but not while it is open", () => {
  let state = listed([talk("a", { last_event_at: at(9) }), talk("b", { last_event_at: at(8) })]);
  assert.equal(view(changed(state, talk("a", { status: "closed", last_seq: 2 }))), "b");
  state = changed(reduce(state, { type: "open", id: "a" }, NOW), talk("a", { status: "closed", last_seq: 2 }));
  assert.equal(view(state), "a b");
  assert.equal(view(reduce(state, { type: "open", id: "b" }, NOW)), "b");
});

test("old news of a conversation changes nothing", () => {
  const state = listed([talk("a", { last_seq: 5, preview: "new" })]);
  assert.equal(changed(state, talk("a", { last_seq: 4, preview: "old" })).cases.a.preview, "new");
});

test("an answer to an older question is thrown away", () => {
  const state = reduce(listed([talk("a")]), { type: "look", view: VIEWS[0], key: "2" }, NOW);
  assert.equal(view(reduce(state, { type: "page", key: "1", items: [talk("b")], cursor: null, first: true }, NOW)), "");
});

test("after a gap the top is new, and what had been scrolled to stays", () => {
  const many = Array.from({ length: 6 }, (_, index) => talk(`c${index}`, { last_event_at: at(50 - index) }));
  const state = reduce(listed(many, { cursor: "deep" }), { type: "page", key: "1", items: [talk("n", { last_event_at: at(55) }), many[0]], cursor: "shallow", again: true }, NOW);
  assert.equal(view(state), "n c0 c2 c3 c4 c5");
  assert.equal(state.pile.cursor, "deep");
});

test("views hold what they say", () => {
  const later = "2026-11-22T09:00:00Z";
  assert.equal(fits(talk("a", { snoozed_until: later }), { status: "open" }, about), false);
  assert.equal(fits(talk("a", { snoozed_until: later }), { status: "snoozed" }, about), true);
  assert.equal(fits(talk("a", { person: { id: "ada" } }), { assignee: "me" }, about), true);
  assert.equal(fits(talk("a"), { assignee: "none" }, about), true);
  assert.equal(fits(talk("a", { tags: ["legal"] }), { tag: "legal", waiting: true }, about), false);
  assert.equal(fits(talk("a"), { mentioned: true }, about), null, "only the server knows");
});

test("orders are the server's", () => {
  const list = [talk("a", { waiting_since: at(5) }), talk("b", { priority: "urgent" }), talk("c", { waiting_since: at(1), due_at: at(30) })];
  const by = (sort) => [...list].sort(order(sort)).map((one) => one.id).join("");
  assert.equal(by("waiting"), "cab");
  assert.equal(by("priority")[0], "b");
  assert.equal(by("deadline")[0], "c");
});

test("only the rows in sight and some around them are there", () => {
  assert.deepEqual(windowOf({ top: 0, height: 900, rowHeight: 90, count: 10_000 }), { from: 0, to: 16 });
  assert.deepEqual(windowOf({ top: 450_000, height: 900, rowHeight: 90, count: 10_000 }), { from: 4994, to: 5016 });
  assert.deepEqual(windowOf({ top: 0, height: 900, rowHeight: 90, count: 3 }), { from: 0, to: 3 });
});

test("what one looks at stays in its place when others come in above", () => {
  const before = ["a", "b", "c", "d"];
  assert.equal(steady({ top: 200, rowHeight: 100, before, after: ["x", "y", ...before] }), 400);
  assert.equal(steady({ top: 200, rowHeight: 100, before, after: ["c", "a", "b", "d"] }), 0);
  assert.equal(steady({ top: 0, rowHeight: 100, before, after: ["x", ...before] }), 0);
});
