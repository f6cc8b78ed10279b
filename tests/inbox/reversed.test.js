import assert from "node:assert/strict";
import { test } from "node:test";
import { reversed } from "../../app/static/js/inbox/reversed.js";

const one = (id, facts = {}) => /** @type {any} */ ({ id, status: "open", person: null, tags: [], ...facts });

test("each gets back what it had, with one call for those that had the same", () => {
  const before = [one("a", { person: { id: "ada" } }), one("b"), one("c")];
  assert.deepEqual(reversed(before, { assignee_id: "olivia" }), [
    { change: { assignee_id: "ada" }, ids: ["a"] },
    { change: { assignee_id: null }, ids: ["b", "c"] },
  ]);
});

test("what was so before is left alone", () => {
  assert.deepEqual(reversed([one("a", { status: "closed" }), one("b")], { status: "closed" }), [{ change: { status: "open" }, ids: ["b"] }]);
  assert.deepEqual(reversed([one("a", { tags: ["vip"] }), one("b")], { add_tags: ["vip"] }), [{ change: { remove_tags: ["vip"] }, ids: ["b"] }]);
});

test("a snooze that is over does not come back", () => {
  const [past, coming] = ["2020-01-01T09:00:00Z", "2999-01-01T09:00:00Z"];
  assert.deepEqual(reversed([one("a", { snoozed_until: past }), one("b", { snoozed_until: coming })], { snoozed_until: "2998-01-01T09:00:00Z" }), [
    { change: { snoozed_until: null }, ids: ["a"] },
    { change: { snoozed_until: coming }, ids: ["b"] },
  ]);
});

test("a priority that the team had set comes back, and else the assistant decides again", () => {
  const before = [one("a", { priority: "low", priority_is_set: true }), one("b", { priority: "medium", priority_is_set: false }), one("c", { priority: "high", priority_is_set: true })];
  assert.deepEqual(reversed(before, { priority: "high" }), [
    { change: { priority: "low" }, ids: ["a"] },
    { change: { priority: null }, ids: ["b"] },
  ]);
});

test("what is not known here is not guessed", () => {
  assert.deepEqual(reversed([undefined], { status: "closed" }), []);
});
