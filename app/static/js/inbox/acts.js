/**
 * What the buttons, the keys and the palette do with the open conversation: one place for all three.
 *
 * @import { Desk } from "./desk.js"
 * @import { Verbs } from "./verbs.js"
 */
import { call } from "../api.js";
import { ask } from "../dialog.js";
import { sayError, toast } from "../toast.js";
import { chooseMoment, chooseTarget } from "./asking.js";
import { openMenu } from "./menus.js";
import { face, working } from "./people.js";
import { moment, snoozes } from "./when.js";

const LEVELS = /** @type {const} */ ([["urgent", "Urgent"], ["high", "High"], ["medium", "Medium"], ["low", "Low"]]);

/** What the team has said among itself must not reach a customer by mistake. @param {string} id @returns {import("./menus.js").Entry[]} */
function copiesOf(id) {
  const save = (/** @type {string} */ path, /** @type {boolean} */ notes) => () => location.assign(`/api/conversations/${id}/${path}?notes=${notes}`);
  const both = (/** @type {string} */ what, /** @type {boolean} */ notes) => [
    { text: `PDF, ${what}`, icon: "download", run: save("export/pdf", notes) },
    { text: `Text, ${what}`, icon: "download", run: save("transcript", notes) },
  ];
  return [{ title: "For the visitor" }, ...both("without notes", false), { title: "For your team" }, ...both("with notes", true)];
}

/** @typedef {"takeOver" | "handBack" | "close" | "assign" | "snooze" | "priority" | "tags" | "merge" | "block" | "overrule" | "copyNumber" | "save" | "more"} Act */
/** @typedef {ReturnType<typeof createActs>} Doing */

/** @param {{desk: Desk, verbs: Verbs, next: () => void, open: (id: string) => void}} parts */
export function createActs({ desk, verbs, next, open }) {
  const here = () => {
    const id = desk.state.openId;
    return id ? desk.state.talks[id]?.whole || null : null;
  };
  /** Does something with the conversation that is open, where one is. @param {(one: import("./types.js").Whole, anchor: HTMLElement) => unknown} run @returns {(anchor: HTMLElement) => void} */
  const withOpen = (run) => (/** @type {HTMLElement} */ anchor) => {
    const one = here();
    if (one) void run(one, anchor);
  };

  /** @type {Record<Act, (anchor: HTMLElement) => void>} */
  const acts = {
    takeOver: withOpen((one) => one.status === "open" && verbs.takeOver(one.id)),
    handBack: withOpen((one) => one.speaker === "person" && verbs.handBack(one.id)),
    close: withOpen(async (one) => {
      if (one.status === "closed") return verbs.reopen(one.id);
      if (await verbs.close(one.id)) next();
    }),
    assign: withOpen((one, anchor) => openMenu(anchor, "Assign to", peopleFor(one.person?.id || null, (who) => verbs.assign(one.id, who)), { search: "Find a colleague" })),
    snooze: withOpen((one, anchor) => openMenu(anchor, "Snooze", momentsFor(one.snoozed_until || null, anchor, async (until, words) => {
      if ((await verbs.snooze(one.id, until, words)) && until) next();
    }))),
    priority: withOpen((one, anchor) => openMenu(anchor, "Priority", [
      ...LEVELS.map(([key, text]) => ({ text, checked: one.priority === key, run: () => verbs.prioritize(one.id, key) })),
      ...(one.priority_is_set ? [{ text: "Let the assistant decide", icon: "spark", run: () => verbs.prioritize(one.id, null) }] : []),
    ])),
    tags: withOpen((one, anchor) => {
      const mine = one.tags || [];
      openTags(anchor, (name) => ({ text: name, icon: mine.includes(name) ? "check" : "tag", run: () => verbs.tag(one.id, name, !mine.includes(name)) }), mine);
    }),
    merge: withOpen(async (one) => {
      const into = await chooseTarget(one);
      if (into && (await verbs.merge(one.id, into))) open(into);
    }),
    block: withOpen(async (one) => {
      const isBlocked = one.blocked || one.visitor?.blocked;
      if (isBlocked) return verbs.block(one.id, false);
      if (await ask("Block this visitor?", "Nothing that they write comes in any more, from none of their browsers. You can undo this here.", "Block")) await verbs.block(one.id, true);
    }),
    overrule: withOpen((one) => verbs.overrule(one.id, !one.mood_overruled_at)),
    copyNumber: withOpen(async (one) => {
      await navigator.clipboard?.writeText(`#${one.number}`).catch(() => {});
      toast(`#${one.number} is copied.`);
    }),
    save: withOpen((one, anchor) => openMenu(anchor, "Save a copy", copiesOf(one.id))),
    more: withOpen((one, anchor) => openMenu(anchor, "More", [
      { text: one.status === "closed" ? "Reopen" : "Close", icon: one.status === "closed" ? "refresh" : "closed", key: "E", run: () => acts.close(anchor) },
      { text: "Assign…", icon: "person", key: "A", run: () => acts.assign(anchor) },
      ...(one.status === "open" ? [{ text: "Snooze…", icon: "clock", key: "S", run: () => acts.snooze(anchor) }] : []),
      { text: "Priority…", icon: "flag", key: "P", run: () => acts.priority(anchor) },
      { text: "Tags…", icon: "tag", key: "L", run: () => acts.tags(anchor) },
      { text: "Merge into another…", icon: "merge", run: () => acts.merge(anchor) },
      { text: "Copy the number", icon: "copy", run: () => acts.copyNumber(anchor) },
      { text: "Save a copy…", icon: "download", run: () => acts.save(anchor) },
      { text: one.blocked || one.visitor?.blocked ? "Unblock the visitor" : "Block the visitor…", icon: "block", bad: true, run: () => acts.block(anchor) },
    ], { search: "" })),
  };

  /** Everybody of the team, whoever is online first. @param {string | null} now @param {(who: string | null) => unknown} run @returns {import("./menus.js").Entry[]} */
  function peopleFor(now, run) {
    const { me, people } = desk.state;
    const rank = (/** @type {import("./types.js").Person} */ one) => (one.id === me ? 0 : one.availability === "online" ? 1 : 2);
    const sorted = working(people).sort((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name));
    return [
      ...sorted.map((one) => ({ text: one.id === me ? `${one.name} (you)` : one.name, hint: one.availability === "online" ? "" : "away", node: face(one, "tiny"), checked: one.id === now, run: () => run(one.id) })),
      { text: "Nobody", icon: "nobody", checked: now === null, run: () => run(null) },
    ];
  }

  /** @param {string | null} now @param {HTMLElement} anchor @param {(until: Date | null, words: string) => unknown} run @returns {import("./menus.js").Entry[]} */
  function momentsFor(now, anchor, run) {
    const { zone } = desk.state;
    const later = (/** @type {Date} */ at) => run(at, `It comes back ${moment(at)}.`);
    return [
      ...snoozes(Date.now(), zone).map(({ name, at }) => ({ text: name, hint: moment(at), run: () => later(at) })),
      { text: "Another time…", icon: "clock", run: async () => {
        const at = await chooseMoment(anchor);
        if (at) later(at);
      } },
      ...(now && Date.parse(now) > Date.now() ? [{ text: "Bring it back now", icon: "refresh", run: () => run(null, "It is back.") }] : []),
    ];
  }

  /** @type {string[]} */
  let tags = [];

  /** Opens at once with what is known: whoever types ahead must not press keys that close something. @param {HTMLElement} anchor @param {(name: string) => import("./menus.js").Entry} entry @param {string[]} [first] */
  function openTags(anchor, entry, first = []) {
    const entries = () => [...new Set([...first, ...tags])].map(entry);
    /** @param {string} typed */
    const other = (typed) => {
      const name = typed.toLowerCase();
      return first.includes(name) || tags.includes(name) ? null : { ...entry(name), text: `Make “${name}”`, icon: "plus" };
    };
    const menu = openMenu(anchor, "Tags", entries(), { search: "Find or make a tag", other, none: "No tag yet. Type to make one." });
    call("GET", "/api/tags").then(({ items }) => {
      tags = items.map((/** @type {{name: string}} */ one) => one.name);
      menu.renew(entries());
    }, sayError);
  }

  return { acts, peopleFor, momentsFor, openTags };
}
