/**
 * Keys and the palette: the same acts by two ways.
 *
 * @import { Doing } from "./acts.js"
 * @import { Composer } from "./composer.js"
 * @import { Desk } from "./desk.js"
 */
import { actOnNewest } from "../toast.js";
import { showHelp } from "./help.js";
import { bindKeys } from "./keys.js";
import { showPalette } from "./palette.js";
import { VIEWS } from "./store.js";

/**
 * @param {{
 *   desk: Desk, acts: Doing["acts"], composer: Composer,
 *   head: {anchor: (act: string) => HTMLElement},
 *   list: {reveal: (id: string, how?: {focus?: boolean}) => void},
 *   search: {focus: () => void, leave: () => void},
 *   choosing: {choose: (id: string) => void, clear: () => boolean},
 *   places: {step: (step: number) => string | null, open: (id: string) => void, back: () => void, look: (view: import("./types.js").View) => unknown},
 *   panes: {toggleSide: () => void},
 *   undoLast: () => boolean, aidEntries: () => import("./palette.js").Command[], aid: import("./aid.js").Aid,
 * }} parts
 */
export function bindCommands({ desk, acts, composer, head, list, search, choosing, places, panes, undoLast, aidEntries, aid }) {
  /** @param {number} step */
  const go = (step) => () => {
    const id = places.step(step);
    if (!id) return;
    list.reveal(id, { focus: true });
    // Where both can be seen, going through the list is reading it.
    if (desk.state.openId && matchMedia("(min-width: 761px)").matches) places.open(id);
  };
  /** @param {keyof Doing["acts"]} act */
  const act = (act) => () => acts[act](head.anchor(act));

  /** @type {Record<string, () => unknown>} */
  const run = {
    next: go(1),
    previous: go(-1),
    open: () => desk.state.here && places.open(desk.state.here),
    choose: () => (desk.state.here || desk.state.openId) && choosing.choose(desk.state.here || desk.state.openId || ""),
    reply: () => composer.reply(),
    note: () => composer.note(),
    takeOver: act("takeOver"),
    handBack: act("handBack"),
    close: act("close"),
    snooze: act("snooze"),
    assign: act("assign"),
    priority: act("priority"),
    tags: act("tags"),
    side: () => panes.toggleSide(),
    search: () => search.focus(),
    help: showHelp,
    undo: () => undoLast() || actOnNewest(),
    back: () => choosing.clear() || (desk.state.found ? search.leave() : desk.state.openId && places.back()),
    palette: () => showPalette(commands, places.open, aid.learn()),
  };
  const NEEDS_OPEN = new Set(["reply", "note", "takeOver", "handBack", "close", "snooze", "assign", "priority", "tags", "side"]);

  bindKeys((name) => {
    if (!run[name] || (NEEDS_OPEN.has(name) && !desk.state.openId)) return false;
    if (name === "open" && !desk.state.here) return false;
    run[name]();
    return true;
  });
  document.getElementById("show-help")?.addEventListener("click", showHelp);

  /** @returns {import("./palette.js").Command[]} */
  function commands() {
    const whole = desk.state.openId ? desk.state.talks[desk.state.openId]?.whole : null;
    const isMine = whole?.speaker === "person" && whole.person?.id === desk.state.me;
    const open = whole
      ? [
          { text: "Reply", icon: "send", key: "R", run: run.reply },
          { text: "Write a note", icon: "lock", key: "N", run: run.note },
          isMine ? { text: "Hand back to the assistant", icon: "spark", key: "H", run: run.handBack } : { text: "Take over", icon: "hand", key: "T", run: run.takeOver },
          { text: whole.status === "closed" ? "Reopen the conversation" : "Close the conversation", icon: "closed", key: "E", run: run.close },
          { text: "Assign to somebody", icon: "person", key: "A", run: run.assign },
          { text: "Snooze", icon: "clock", key: "S", run: run.snooze },
          { text: "Set the priority", icon: "flag", key: "P", run: run.priority },
          { text: "Change the tags", icon: "tag", key: "L", run: run.tags },
          { text: "Merge into another", icon: "merge", run: act("merge") },
          { text: whole.mood_overruled_at ? "Let the mood count as it was read" : "They are not angry", icon: "check", run: act("overrule") },
          { text: whole.blocked || whole.visitor?.blocked ? "Unblock the visitor" : "Block the visitor", icon: "block", run: act("block") },
          { text: "Copy the number", icon: "copy", run: act("copyNumber") },
          { text: "Save a copy", icon: "download", run: act("save") },
          ...aidEntries(),
          ...aid.named,
        ]
      : [];
    const views = [...VIEWS, ...desk.state.views].map((view) => ({ text: `Go to ${view.name}`, icon: "inbox", run: () => void places.look(view) }));
    const rooms = [["Overview", "/dashboard"], ["Documents", "/dashboard/documents"], ["Settings", "/dashboard/settings/profile"]].map(([name, href]) => ({ text: `Go to ${name}`, icon: "right", run: () => location.assign(href) }));
    return /** @type {any} */ ([...open, { text: "Search", icon: "search", key: "/", run: run.search }, { text: "Keyboard", icon: "question", key: "?", run: run.help }, ...views, ...rooms]);
  }
}
