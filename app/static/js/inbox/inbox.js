/**
 * The inbox put together: the state in the middle, the socket on one side, the panes on the other.
 *
 * @import { Frame } from "./types.js"
 */
import { toast } from "../toast.js";
import { createActs } from "./acts.js";
import { createAid } from "./aid.js";
import { announce } from "./announcing.js";
import { createChoosing } from "./choosing.js";
import { createComposer } from "./composer.js";
import { createContext } from "./context.js";
import { createDesk } from "./desk.js";
import { createDrafts } from "./drafts.js";
import { afterReplies, showElsewhere } from "./elsewhere.js";
import { createHead } from "./head.js";
import { createJumping } from "./jumping.js";
import { createKeeping } from "./keeping.js";
import { createLine } from "./line.js";
import { createList } from "./list.js";
import { createLoading } from "./loading.js";
import { openMenu } from "./menus.js";
import { createNotices } from "./notices.js";
import { createPanes } from "./panes.js";
import { nameOf } from "./people.js";
import { createPlaces } from "./places.js";
import { bindCommands } from "./commands.js";
import { createSearch } from "./search.js";
import { createSending } from "./sending.js";
import { byId, VIEWS } from "./store.js";
import { createTelling } from "./telling.js";
import { createThread } from "./thread.js";
import { createVerbs } from "./verbs.js";
import { createViews } from "./views.js";

const root = /** @type {HTMLElement} */ (document.getElementById("inbox"));
const start = JSON.parse(root.dataset.start || "{}");
const desk = createDesk({ ...start, people: byId(start.people), view: VIEWS[2] });
const line = createLine({
  dial: () => new WebSocket(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/api/inbox/ws`),
  hello: () => ({ type: "hello", screen_id: screenId() }),
  heard: (frame) => telling.heard(frame),
  changed: (link) => telling.changed(link),
  signedOut: () => location.assign(`/login?next=${encodeURIComponent(location.pathname + location.search)}`),
});
const send = (/** @type {Frame} */ frame) => line.send(frame);
const loading = createLoading({ desk, send });
const jumping = createJumping({ desk });
const panes = createPanes({ desk, root });
const places = createPlaces({ desk, loading, panes });
const drafts = createDrafts({ desk });
const sending = createSending({ desk, drafts, failed: tellFailed });
const verbs = afterReplies(createVerbs({ desk }), sending.flush);
const telling = createTelling({ desk, loading, sending, line });
const doing = createActs({ desk, verbs, next: () => places.after(), open: places.open });
const hands = { undo, retry: sending.now, now: sending.now };

const composer = createComposer({ desk, drafts, sending, typing: telling.typing, takeOver: verbs.takeOver, reopen: verbs.reopen, sent: () => thread.toEnd() });
const aid = createAid({ desk, composer, flush: sending.flush });
composer.spark.addEventListener("click", () => openMenu(composer.spark, "Help with the answer", aidEntries(composer.spark)));
const thread = createThread({ desk, hands, earlier: loading.earlier, read: telling.read, retry: loading.read, jumping });
const choosing = createChoosing({ desk, verbs, doing });
const list = createList({ desk, more: loading.more, retry: () => loading.look(desk.state.view), open: places.open, select: choosing.choose });
const keeping = createKeeping({ desk, look: places.look, count: loading.count });
const search = createSearch({ desk, open: places.open });
const head = createHead({ desk, back: places.back, side: panes.toggleSide, acts: doing.acts });
createViews({ desk, look: places.look, manage: keeping.manage });
createContext({ desk, close: panes.toggleSide, open: places.open, overrule: verbs.overrule });
createNotices({ desk, open: places.open });
bindCommands({ desk, acts: doing.acts, head, list, search, composer, choosing, places, panes, undoLast, aidEntries: () => aidEntries(composer.spark), aid });
announce(desk);
showElsewhere({ desk, undo });

sending.resume();
places.begin(root.dataset.opened || null);
void loading.count();
void loading.views();
line.open();
addEventListener("online", line.wake);
addEventListener("offline", line.lose);
document.addEventListener("visibilitychange", () => document.hidden || line.wake());

/** @param {HTMLElement} anchor */
function aidEntries(anchor) {
  return [
    { text: "Suggest a reply", icon: "spark", run: () => void aid.suggest() },
    { text: "Summarize the conversation", icon: "text", run: () => void aid.summarize() },
    { text: "Run a macro…", icon: "check", run: () => void aid.macros(anchor) },
    { text: "Make it a help article…", icon: "documents", run: () => void aid.article() },
  ];
}

/** @param {string} id */
function undo(id) {
  const one = sending.undo(id);
  if (!one) return toast("It has been sent already.", "bad");
  composer.restore(one);
  places.open(one.conversation_id);
}

/** Where it can be seen it is said in the thread. @param {import("./types.js").Outgoing} one */
function tellFailed({ conversation_id: id, kind, problem }) {
  const known = desk.state.cases[id];
  if (id !== desk.state.openId) toast(`Your ${kind} to ${known ? `${nameOf(known)} (#${known.number})` : "a visitor"} was not sent. ${problem}`, "bad");
}

/** The newest that is still held here. */
function undoLast() {
  const held = desk.state.outgoing.findLast((one) => one.status === "held");
  if (held) undo(held.client_id);
  return Boolean(held);
}

/** This tab's own, so that a colleague is not shown twice after a reload. */
function screenId() {
  const made = sessionStorage.getItem("frontdesk-screen") || crypto.randomUUID?.();
  if (made) sessionStorage.setItem("frontdesk-screen", made);
  return made;
}
