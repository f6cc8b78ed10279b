import assert from "node:assert/strict";
import { test } from "node:test";
import { typedAfter } from "../../app/static/js/inbox/complete.js";
import { points } from "../../app/static/js/inbox/curve.js";
import { actOf } from "../../app/static/js/inbox/keys.js";
import { createLine } from "../../app/static/js/inbox/line.js";
import { fitting } from "../../app/static/js/inbox/palette.js";
import { initials } from "../../app/static/js/inbox/people.js";
import { mentioned } from "../../app/static/js/inbox/suggest.js";
import { pressing, snoozes, span } from "../../app/static/js/inbox/when.js";
import { NOW, talk } from "./seen.js";

const free = { typing: false, busy: false, onControl: false };
const key = (name, more = {}) => ({ key: name, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...more });

test("keys are silent while somebody types, and the palette opens anyway", () => {
  assert.equal(actOf(key("t"), free), "takeOver");
  assert.equal(actOf(key("t"), { ...free, typing: true }), "");
  assert.equal(actOf(key("t"), { ...free, busy: true }), "");
  assert.equal(actOf(key("e", { ctrlKey: true }), free), "");
  assert.equal(actOf(key("k", { metaKey: true }), { ...free, typing: true }), "palette");
  assert.equal(actOf(key("Enter"), { ...free, onControl: true }), "", "a button keeps its own keys");
});

test("a slash or an at asks for suggestions where it begins a word", () => {
  assert.deepEqual(typedAfter("Hello /re", 9, "/"), { typed: "re", from: 6, to: 9 });
  assert.equal(typedAfter("and/or", 6, "/"), null);
  assert.equal(typedAfter("/ something", 11, "/"), null);
  assert.deepEqual(typedAfter("@Ada L", 6, "@"), { typed: "Ada L", from: 0, to: 6 });
});

test("those who are called in a note are known by their whole name", () => {
  const people = { a: { id: "a", name: "Ada Lind" }, b: { id: "b", name: "Ben" } };
  assert.deepEqual(mentioned("@Ada Lind please look", people), ["a"]);
  assert.deepEqual(mentioned("@Ada please look", people), []);
  assert.deepEqual(mentioned("@Ben please look", { ...people, b: { ...people.b, active: false } }), [], "who is suspended cannot be called");
});

test("one snoozes to nine in the organization's morning, also over a change of clocks", () => {
  const [, tomorrow, week] = snoozes(Date.parse("2026-11-21T15:00:00Z"), "Europe/Lisbon");
  assert.equal(tomorrow.at.toISOString(), "2026-11-22T09:00:00.000Z");
  assert.equal(week.at.toISOString(), "2026-11-23T09:00:00.000Z");
  assert.equal(snoozes(Date.parse("2026-10-24T15:00:00Z"), "Europe/Berlin")[1].at.toISOString(), "2026-10-25T08:00:00.000Z");
  assert.equal(snoozes(Date.parse("2026-10-23T15:00:00Z"), "Europe/Berlin")[1].at.toISOString(), "2026-10-24T07:00:00.000Z");
  assert.equal(snoozes(Date.parse("2026-11-21T23:30:00Z"), "Asia/Tokyo")[1].at.toISOString(), "2026-11-23T00:00:00.000Z", "there it is the next day already");
});

test("a deadline says more than how long somebody has waited", () => {
  const due = (minutes) => pressing(talk("a", { due_at: new Date(NOW + minutes * 60_000).toISOString(), due_kind: "next_reply" }), NOW);
  assert.deepEqual([due(90).text, due(90).tone], ["due 1h", "calm"]);
  assert.equal(due(10).tone, "soon");
  assert.deepEqual([due(-5).text, due(-5).tone], ["5m late", "late"]);
  const waits = pressing(talk("a", { waiting_since: new Date(NOW - 20 * 60_000).toISOString() }), NOW);
  assert.deepEqual([waits.text, waits.tone], ["waits 20m", "soon"]);
  assert.equal(pressing(talk("a"), NOW), null);
  assert.equal(span(49 * 3_600_000), "2d");
});

test("a command is found by how its words begin", () => {
  const commands = ["Take over", "Hand back to the assistant", "Go to Unassigned"].map((text) => ({ text, icon: "", run() {} }));
  assert.deepEqual(fitting(commands, "ha ba").map((one) => one.text), ["Hand back to the assistant"]);
  assert.equal(fitting(commands, "").length, 3);
  assert.equal(fitting(commands, "xyz").length, 0);
});

test("a curve has a point for each message, below the middle where it was angry", () => {
  const [first, second] = points([{ reading: { label: "positive", score: 0.9, anger: 0 } }, { reading: { label: "negative", score: 0.9, anger: 0.9 } }]);
  assert.ok(first.y < 28 && second.y > 28 && second.x > first.x);
});

test("initials of any name are two letters at most", () => {
  assert.equal(initials("Vera Maria Lind"), "VL");
  assert.equal(initials("  "), "?");
  assert.equal(initials("𝒱era"), "𝒱");
});

test("the line comes back more and more patiently, and not after one was shown out", () => {
  const sockets = [];
  const waits = [];
  const links = [];
  let signedOut = 0;
  let due = () => {};
  const clock = { later: (run, wait) => (waits.push(wait), (due = run), 1), never() {}, random: () => 1 };
  const line = createLine({
    dial: () => (sockets.push({ said: [], send(text) { this.said.push(JSON.parse(text)); }, close() {} }), sockets.at(-1)),
    hello: () => ({ type: "hello" }), heard() {}, changed: (link) => links.push(link), signedOut: () => signedOut++, clock,
  });
  line.open();
  sockets[0].onopen();
  assert.deepEqual(sockets[0].said, [{ type: "hello" }]);
  assert.equal(line.send({ type: "open" }), false, "nothing is said before the welcome");
  sockets[0].onmessage({ data: '{"type":"welcome"}' });
  assert.equal(line.send({ type: "open" }), true);
  sockets[0].onclose({ code: 1006 });
  const first = waits.at(-1);
  due();
  sockets[1].onclose({ code: 1006 });
  assert.ok(waits.at(-1) > first);
  due();
  sockets[2].onclose({ code: 4401 });
  assert.equal(signedOut, 1);
  due();
  sockets[3].onclose({ code: 4403 });
  assert.equal(line.link, "ended");
  line.open();
  assert.equal(sockets.length, 4);
  assert.deepEqual(links, ["connecting", "open", "waiting", "connecting", "waiting", "connecting", "waiting", "connecting", "ended"]);
});
