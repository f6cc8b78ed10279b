import assert from "node:assert/strict";
import { test } from "node:test";
import { createConnection } from "../../widget/connection.js";

/** A clock that goes when it is told to, and a line whose other end is in our hands. */
function line({ random = 0.5 } = {}) {
  let now = 0;
  let timers = [];
  const sockets = [];
  const heard = [];
  const links = [];
  const clock = {
    later: (run, wait) => {
      const timer = { run, at: now + wait };
      timers.push(timer);
      return timer;
    },
    never: (timer) => (timers = timers.filter((one) => one !== timer)),
    random: () => random,
  };
  const dial = () => {
    const socket = { sent: [], closed: false, send: (text) => socket.sent.push(JSON.parse(text)), close: () => (socket.closed = true) };
    sockets.push(socket);
    return socket;
  };
  const wire = createConnection({ hello: () => ({ type: "hello", last_seq: 7 }), heard: (frame) => heard.push(frame), changed: (link) => links.push(link), dial, clock });
  return {
    wire,
    sockets,
    heard,
    links,
    get socket() {
      return sockets.at(-1);
    },
    get waits() {
      return timers.map((timer) => timer.at - now);
    },
    pass(time) {
      const until = now + time;
      for (;;) {
        const next = timers.filter((timer) => timer.at <= until).sort((one, other) => one.at - other.at)[0];
        if (!next) break;
        now = next.at;
        timers = timers.filter((timer) => timer !== next);
        next.run();
      }
      now = until;
    },
    say(frame) {
      this.socket.onmessage({ data: JSON.stringify(frame) });
    },
    greet() {
      this.socket.onopen();
      this.say({ type: "welcome" });
    },
  };
}

test("it says hello first, and is open once it is welcomed", () => {
  const it = line();
  it.wire.open();
  assert.equal(it.wire.send({ type: "message" }), false);
  it.greet();
  assert.deepEqual(it.socket.sent, [{ type: "hello", last_seq: 7 }]);
  assert.equal(it.wire.link, "open");
  assert.equal(it.wire.send({ type: "message" }), true);
  assert.deepEqual(it.links, ["connecting", "open"]);
});

test("opening it twice opens it once", () => {
  const it = line();
  it.wire.open();
  it.wire.open();
  assert.equal(it.sockets.length, 1);
});

test("it comes back more and more patiently, and never waits longer than half a minute", () => {
  const it = line({ random: 1 });
  it.wire.open();
  const waits = [];
  for (let round = 0; round < 9; round++) {
    it.socket.onclose();
    waits.push(it.waits[0]);
    it.pass(it.waits[0]);
  }
  assert.deepEqual(waits, [500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000]);
});

test("half of each pause is chance", () => {
  const waits = [0, 1].map((random) => {
    const it = line({ random });
    it.wire.open();
    it.socket.onclose();
    return it.waits[0];
  });
  assert.deepEqual(waits, [250, 500]);
});

test("a welcome makes it impatient again", () => {
  const it = line({ random: 1 });
  it.wire.open();
  for (let round = 0; round < 5; round++) {
    it.socket.onclose();
    it.pass(it.waits[0]);
  }
  it.greet();
  it.socket.onclose();
  assert.equal(it.waits[0], 500);
});

test("silence is asked, and no answer is an end", () => {
  const it = line();
  it.wire.open();
  it.greet();
  it.pass(25_000);
  assert.deepEqual(it.socket.sent.at(-1), { type: "ping" });
  it.pass(8000);
  assert.equal(it.sockets[0].closed, true);
  assert.equal(it.wire.link, "waiting");
});

test("whoever answers is not dropped", () => {
  const it = line();
  it.wire.open();
  it.greet();
  for (let round = 0; round < 5; round++) {
    it.pass(25_000);
    it.say({ type: "pong" });
  }
  assert.equal(it.sockets.length, 1);
});

test("a server that never answers is given up", () => {
  const it = line();
  it.wire.open();
  it.pass(16_000);
  assert.equal(it.sockets[0].closed, true);
  assert.equal(it.wire.link, "waiting");
});

test("when the network is back it does not wait for the timer", () => {
  const it = line();
  it.wire.open();
  for (let round = 0; round < 6; round++) {
    it.socket.onclose();
    it.pass(it.waits[0]);
  }
  it.socket.onclose();
  const dialled = it.sockets.length;
  it.wire.wake();
  assert.equal(it.sockets.length, dialled + 1);
});

test("when the network goes, the socket goes with it", () => {
  const it = line();
  it.wire.open();
  it.greet();
  it.wire.lose();
  assert.deepEqual([it.sockets[0].closed, it.wire.link], [true, "waiting"]);
  it.wire.wake();
  assert.equal(it.sockets.length, 2);
});

test("after a sleep it asks at once whether the line still is one", () => {
  const it = line();
  it.wire.open();
  it.greet();
  it.wire.wake();
  assert.deepEqual(it.socket.sent.at(-1), { type: "ping" });
});

test("at a restart everybody waits as asked, each a little longer than the next", () => {
  const it = line({ random: 1 });
  it.wire.open();
  it.greet();
  it.say({ type: "goodbye", reason: "restart", retry_after_ms: 1000 });
  it.socket.onclose();
  assert.deepEqual(it.waits, [2500]);
});

test("whoever is blocked does not come back", () => {
  const it = line();
  it.wire.open();
  it.greet();
  it.say({ type: "goodbye", reason: "blocked", retry_after_ms: 0 });
  it.socket.onclose();
  it.pass(100_000);
  it.wire.open();
  assert.equal(it.sockets.length, 1);
  assert.equal(it.wire.link, "ended");
});

test("whoever was sent to rest comes back when he does something", () => {
  const it = line();
  it.wire.open();
  it.greet();
  it.say({ type: "goodbye", reason: "idle", retry_after_ms: 0 });
  it.socket.onclose();
  it.pass(100_000);
  assert.equal(it.sockets.length, 1);
  it.wire.open();
  assert.equal(it.sockets.length, 2);
});

test("what an old socket still says is not heard", () => {
  const it = line();
  it.wire.open();
  const old = it.socket;
  it.greet();
  it.wire.close();
  it.wire.open();
  const count = it.heard.length;
  old.onmessage({ data: '{"type":"event"}' });
  old.onclose();
  assert.equal(it.heard.length, count);
  assert.equal(it.wire.link, "connecting");
});

test("an address that the page's policy forbids is tried again, and throws at nobody", () => {
  let tries = 0;
  const wire = createConnection({ hello: () => ({ type: "hello" }), heard() {}, changed() {}, dial: () => { tries++; throw new Error("refused"); }, clock: { later: () => 0, never() {}, random: () => 0 } });
  wire.open();
  assert.deepEqual([tries, wire.link], [1, "waiting"]);
});

test("whoever was turned away at the door tries again", () => {
  const it = line();
  it.wire.open();
  it.socket.onopen();
  it.say({ type: "error", code: "too_many_requests", message: "Later.", retry: true });
  it.say({ type: "goodbye", reason: "idle", retry_after_ms: 0 });
  it.socket.onclose();
  assert.equal(it.wire.link, "waiting");
  it.pass(600);
  assert.equal(it.sockets.length, 2);
});
