import assert from "node:assert/strict";
import { test } from "node:test";
import { createDesk } from "../../widget/desk.js";

/** What localStorage is to several tabs: each has its own drawer handle on one store. */
function store() {
  const kept = new Map();
  const tabs = [];
  return {
    kept,
    tab() {
      const watchers = [];
      const tab = {
        get: (name) => kept.get(name) ?? null,
        set(name, value) {
          if (value == null) kept.delete(name);
          else kept.set(name, value);
          for (const other of tabs) if (other !== tab) other.told(name);
        },
        outbox: () => tab.get("outbox") || [],
        changeOutbox(change) {
          const box = change(tab.outbox());
          tab.set("outbox", box.length ? box : null);
          return box;
        },
        watch: (run) => watchers.push(run),
        told: (name) => watchers.forEach((run) => run(name)),
      };
      tabs.push(tab);
      return tab;
    },
  };
}

/** A desk with a line whose other end is in our hands. */
function desk(keeping = store().tab(), link = "") {
  const sockets = [];
  const dial = () => {
    const socket = { sent: [], send: (text) => socket.sent.push(JSON.parse(text)), close() {} };
    sockets.push(socket);
    return socket;
  };
  const it = createDesk({ dial, keeping, about: () => ({ locale: "en" }), link: link || undefined, clock: { later: () => 0, never() {}, random: () => 0 } });
  return {
    it,
    keeping,
    get socket() {
      return sockets.at(-1);
    },
    get sent() {
      return sockets.at(-1).sent;
    },
    say(frame) {
      sockets.at(-1).onmessage({ data: JSON.stringify(frame) });
    },
    welcome(more = {}) {
      sockets.at(-1).onopen();
      this.say({ type: "welcome", visitor_token: "vt_one", conversation: null, events: [], more: false, unread: 0, conversations_count: 0, ...more });
    },
    lose() {
      const socket = sockets.at(-1);
      socket.onclose();
    },
  };
}
const talk = { id: "t1", epoch: 0, visitor_read_seq: 0 };
const sent = (one, type = "message") => one.sent.filter((frame) => frame.type === type).map((frame) => frame.text);

test("what is written without a line is sent in its order once there is one", () => {
  const one = desk();
  one.it.send("first");
  one.it.send("second");
  assert.deepEqual(sent(one), []);
  one.welcome();
  assert.deepEqual(sent(one), ["first", "second"]);
});

test("what was not acknowledged is sent again with the same name, what was is not", () => {
  const one = desk();
  one.it.connect();
  one.welcome();
  one.it.send("first");
  one.it.send("second");
  const [first, second] = one.sent.filter((frame) => frame.type === "message");
  one.say({ type: "accepted", client_id: first.client_id, seq: 1, conversation_id: "t1" });
  one.lose();
  one.it.wake();
  one.welcome({ conversation: talk });
  assert.deepEqual(one.sent.filter((frame) => frame.type === "message").map((frame) => frame.client_id), [second.client_id]);
});

test("what waits outlives the page", () => {
  const shared = store();
  desk(shared.tab()).it.send("kept");
  const later = desk(shared.tab());
  assert.deepEqual(later.it.state.outgoing.map((one) => one.text), ["kept"]);
  later.it.connect();
  later.welcome();
  assert.deepEqual(sent(later), ["kept"]);
});

test("a refusal marks the message, and another try sends it", () => {
  const one = desk();
  one.it.connect();
  one.welcome();
  one.it.send("too much");
  const id = one.it.state.outgoing[0].client_id;
  one.say({ type: "error", code: "too_long", message: "Too long.", retry: false, client_id: id });
  assert.deepEqual([one.it.state.outgoing[0].status, one.it.state.outgoing[0].problem], ["failed", "Too long."]);
  one.it.retry(id);
  assert.deepEqual(sent(one), ["too much", "too much"]);
});

test("a wish for a person that is refused is taken back, and said", () => {
  const one = desk();
  one.it.connect();
  one.welcome({ conversation: talk });
  one.it.escalate({ reason: "help" });
  const { client_id: id, conversation_id: where } = one.sent.at(-1);
  assert.equal(where, undefined, "it is about the conversation that is open");
  one.say({ type: "error", code: "slow_down", message: "Not now.", retry: false, client_id: id });
  assert.deepEqual([one.it.state.outgoing, one.keeping.outbox()], [[], []]);
});

test("it comes back as whom and where it was", () => {
  const one = desk();
  one.it.connect();
  one.welcome({ conversation: talk, events: [{ id: "e", seq: 4, kind: "message", author: { kind: "assistant" } }] });
  one.lose();
  one.it.wake();
  one.socket.onopen();
  const { visitor_token: token, conversation_id: id, last_seq: seq } = one.sent[0];
  assert.deepEqual([token, id, seq], ["vt_one", "t1", 4]);
});

test("after a reload it asks for the conversation from its beginning", () => {
  const shared = store();
  const before = desk(shared.tab());
  before.it.connect();
  before.welcome({ conversation: talk });
  const after = desk(shared.tab());
  after.it.connect();
  after.socket.onopen();
  const { visitor_token: token, conversation_id: id, last_seq: seq } = after.sent[0];
  assert.deepEqual([token, id, seq], ["vt_one", "t1", 0]);
});

test("of two tabs that came as strangers at one moment, the second becomes the first", () => {
  const shared = store();
  const [one, other] = [desk(shared.tab()), desk(shared.tab())];
  one.it.connect();
  other.it.connect();
  const strange = other.socket;
  strange.onopen();
  one.welcome({ visitor_token: "vt_one" });
  other.say({ type: "welcome", visitor_token: "vt_other" });
  assert.notEqual(other.socket, strange);
  other.socket.onopen();
  assert.equal(other.sent[0].visitor_token, "vt_one");
  assert.equal(shared.kept.get("token"), "vt_one");
});

test("a token that the server does not know is replaced by the one it gives", () => {
  const shared = store();
  shared.kept.set("token", "vt_gone");
  const one = desk(shared.tab());
  one.it.connect();
  one.welcome({ visitor_token: "vt_new" });
  assert.equal(shared.kept.get("token"), "vt_new");
  assert.equal(one.it.link, "open");
});

test("one tab follows the other to another conversation, and to none", () => {
  const shared = store();
  const [one, other] = [desk(shared.tab()), desk(shared.tab())];
  one.it.connect();
  one.welcome({ conversation: talk });
  other.it.connect();
  other.welcome({ conversation: talk });
  one.it.go("t2");
  assert.deepEqual(other.sent.at(-1), { type: "open", conversation_id: "t2" });
  one.it.go(null);
  assert.deepEqual(other.sent.at(-1), { type: "open", conversation_id: null });
});

test("being forgotten empties every drawer in every tab", () => {
  const shared = store();
  const [one, other] = [desk(shared.tab()), desk(shared.tab())];
  for (const each of [one, other]) {
    each.it.connect();
    each.welcome({ conversation: talk });
  }
  one.it.tell({ type: "erase" });
  one.say({ type: "goodbye", reason: "erased", retry_after_ms: 0 });
  assert.deepEqual([...shared.kept.keys()], []);
  assert.deepEqual([one.it.state.conversation, other.it.state.conversation], [null, null]);
});

test("small things wait for the line, passing ones do not", () => {
  const one = desk();
  one.it.tell({ type: "feedback", message_id: "m", value: "up" });
  one.it.mention({ type: "typing", typing: true });
  one.welcome();
  assert.deepEqual(one.sent.map((frame) => frame.type), ["hello", "feedback"]);
});

test("another who signs in is another: nothing of the first stays", () => {
  const one = desk();
  one.it.connect();
  one.welcome({ conversation: talk });
  one.it.reset();
  one.socket.onopen();
  assert.equal(one.sent[0].visitor_token, undefined);
});

test("with a signature that is no good one comes as a stranger, and not at all otherwise", () => {
  const one = desk();
  one.it.identify("an.old.token");
  one.it.send("still here");
  one.socket.onopen();
  assert.equal(one.sent[0].identity, "an.old.token");
  one.say({ type: "error", code: "bad_identity", message: "The signed identity is not valid.", retry: false });
  one.welcome();
  assert.equal(one.sent[0].identity, undefined);
  assert.deepEqual(sent(one), ["still here"]);
});

test("the link of a mail is shown until somebody has welcomed us, and the token that comes is kept", () => {
  const one = desk(store().tab(), "secret");
  one.it.connect();
  one.lose();
  one.it.connect();
  one.welcome({ visitor_token: "vt_new" });
  assert.equal(one.sent.find((frame) => frame.type === "hello").continue, "secret");
  assert.equal(one.keeping.get("token"), "vt_new");
  one.lose();
  one.it.connect();
  one.welcome({ visitor_token: "vt_new" });
  assert.equal(one.sent.find((frame) => frame.type === "hello").continue, undefined);
});
