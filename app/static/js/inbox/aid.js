/**
 * Help for whoever answers: macros, a summary, a reply that the documents suggest, and an article made from a reply.
 * Nothing of it is ever sent by itself.
 *
 * @import { Composer } from "./composer.js"
 * @import { Desk } from "./desk.js"
 */
import { call } from "../api.js";
import { sayError, toast } from "../toast.js";
import { h } from "../../../../widget/dom.js";
import { askWith } from "./asking.js";
import { openMenu } from "./menus.js";
import { isUnreachable, newId } from "./sending.js";

/** @typedef {ReturnType<typeof createAid>} Aid */
/** @typedef {{id: string, name: string, steps: {do: string}[]}} Macro */

/** @param {{desk: Desk, composer: Composer, flush: (id: string) => Promise<void>}} parts */
export function createAid({ desk, composer, flush }) {
  /** @type {Macro[]} */
  let known = [];

  /** Something about the conversation that is open; what goes wrong is said. @param {(id: string) => Promise<unknown>} run */
  const withOpen = (run) => async () => {
    const id = desk.state.openId;
    if (!id) return;
    try {
      await run(id);
    } catch (error) {
      sayError(error);
    }
  };

  /** What a model writes takes a while: meanwhile it is said, and not asked for twice. @template T @param {string} id @param {string} words @param {() => Promise<T>} run @returns {Promise<T | null>} */
  const meanwhile = async (id, words, run) => {
    if (desk.state.aiding[id]) return null;
    desk.tell({ type: "aiding", id, words });
    return run().finally(() => desk.tell({ type: "aiding", id, words: "" }));
  };

  /** @returns {Promise<Macro[]>} */
  const learn = async () => (known = (await call("GET", "/api/macros")).items);
  /** @param {string} id @param {Macro} one */
  const start = (id, one) => void flush(id).then(() => runMacro(id, one));

  return {
    /** For the palette, which may be open before they are here. */
    learn: () => learn().catch(() => known),
    /** @returns {import("./palette.js").Command[]} */
    get named() {
      const id = desk.state.openId;
      return id ? known.map((one) => ({ text: `Run the macro “${one.name}”`, icon: "check", run: () => start(id, one) })) : [];
    },

    /** @param {HTMLElement} anchor */
    macros: (anchor) => withOpen(async (id) => {
      const items = await learn();
      if (!items.length) return toast("There is no macro yet. Make one under Settings, Replies.");
      openMenu(anchor, "Macros", items.map((one) => ({ text: one.name, icon: "spark", run: () => start(id, one) })), { search: "Find a macro" });
    })(),

    suggest: withOpen(async (id) => {
      const said = await meanwhile(id, "Looking for a reply in your documents…", () => call("POST", `/api/conversations/${id}/suggested-reply`, {}));
      if (!said) return;
      if (!said.text) return toast("Your documents do not answer this.", "bad");
      composer.offer(id, said);
    }),

    summarize: withOpen(async (id) => {
      const said = await meanwhile(id, "Summarizing the conversation…", () => call("POST", `/api/conversations/${id}/summary`, {}));
      if (!said) return;
      const { text, model, withheld } = said;
      const lines = text.split("\n").map((/** @type {string} */ line) => h("p", { dir: "auto" }, line));
      const left = withheld.length ? [h("p.muted small", {}, `${withheld.length} ${withheld.length === 1 ? "sentence was" : "sentences were"} withheld from the visitor.`)] : [];
      const by = h("p.muted small", {}, model ? `Written by ${model}; it may be wrong.` : "Copied from the conversation, without a language model.");
      if (!(await askWith("What happened so far", [h("div.stack stack--tight", {}, ...lines), ...left, by], "Keep it as a note"))) return;
      await call("POST", `/api/conversations/${id}/notes`, { text, client_id: newId(), keep_draft: true });
    }),

    article: withOpen(async (id) => {
      const events = desk.state.talks[id]?.events || [];
      const question = h("textarea.textarea", { rows: 2, maxlength: 1_000, required: true, dir: "auto" }, lastBy(events, "visitor"));
      const answer = h("textarea.textarea", { rows: 6, maxlength: 20_000, required: true, dir: "auto" }, lastBy(events, "person"));
      const fields = [["Question", question], ["Answer", answer]].map(([name, field]) => h("label.field", {}, h("span.field__label", {}, name), field));
      const hint = h("p.muted small", {}, "An admin reads it before the assistant knows it. Leave out whatever concerns this visitor alone.");
      if (!(await askWith("Make it a help article", [...fields, hint], "Hand it in"))) return;
      await call("POST", `/api/conversations/${id}/article`, { question: question.value.trim(), answer: answer.value.trim() });
      toast("Handed in. It waits for a review under Documents.");
    }),
  };
}

/** What a step is called in a sentence. @type {Record<string, string>} */
const STEPS = { reply: "the reply", note: "the note", assign: "the assignment", tag: "the tags", untag: "the tags", priority: "the priority", snooze: "snoozing", close: "closing", hand_back: "handing back" };

/** Tried again, it says nothing twice. @param {string} id @param {Macro} macro @param {string} [attempt] */
async function runMacro(id, macro, attempt = newId()) {
  const { name, steps } = macro;
  try {
    const { failed, done } = await call("POST", `/api/conversations/${id}/macros/${macro.id}?client_id=${attempt}`);
    if (!failed) return toast(`“${name}” is done.`);
    const step = STEPS[steps[failed.step - 1]?.do] || "it";
    const before = done.length ? " What came before it is done." : "";
    toast(`“${name}” stopped at step ${failed.step} of ${steps.length}, ${step}: ${failed.message}${before}`, "bad");
  } catch (error) {
    if (!isUnreachable(error)) return sayError(error);
    toast(`The server cannot be reached: “${name}” may not have been run.`, "bad", { text: "Try again", run: () => runMacro(id, macro, attempt) });
  }
}

/** @param {any[]} events @param {string} kind */
function lastBy(events, kind) {
  return events.findLast((one) => one.kind === "message" && one.author.kind === kind)?.text || "";
}
