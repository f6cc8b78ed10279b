/**
 * Files that go along with what is being written: chosen, dropped or pasted, sent up at once, shown as they come. Each
 * sheet keeps its own, also while one looks at another.
 *
 * @import { Attached } from "./types.js"
 * @typedef {{name: string, size: number, file: Attached | null}} Held
 */
import { ApiError, call } from "../api.js";
import { toast } from "../toast.js";
import { h } from "../../../../widget/dom.js";
import { isPicture, sizeOf } from "./attached.js";
import { icon } from "./icons.js";
import { forget, recall, remember } from "./kept.js";

const KEPT = "frontdesk-files";
const MOST_FILES = 5;
const MOST_BYTES = 10 * 1024 * 1024;
const KINDS = ".png,.jpg,.jpeg,.gif,.webp,.pdf,.txt,.log,.md,.csv,.docx,.xlsx,.pptx";

/** @param {HTMLElement} shelf where they are shown @param {string} me whose they are @param {() => void} changed */
export function createFiles(shelf, me, changed) {
  /** @type {Map<string, Held[]>} */
  const sheets = new Map(recall(KEPT, me) || []);
  let sheet = "";
  const picker = h("input", { type: "file", multiple: true, hidden: true, accept: KINDS, "aria-label": "Files to attach", tabindex: -1, onchange: () => add([...picker.files]) });

  const held = () => sheets.get(sheet) || [];

  const show = () => {
    const all = held();
    shelf.hidden = !all.length;
    shelf.replaceChildren(...all.map(chip));
    keep();
    changed();
  };

  /** What the server has already is there again after a reload. */
  const keep = () => {
    const there = [...sheets].map(([key, some]) => [key, some.filter((one) => one.file)]).filter(([, some]) => some.length);
    if (there.length) remember(KEPT, me, there);
    else forget(KEPT);
  };

  /** @param {Held} one */
  const chip = (one) => {
    const { file, name, size } = one;
    const sign = file && isPicture(file.media_type) ? h("img.file__thumb", { src: file.url, alt: "" }) : icon("clip", 15);
    return h("span.file file--held", { "aria-busy": String(!file) }, sign, h("bdi.file__name", { title: name }, name), h("small", {}, file ? sizeOf(size) : "sending…"), h("button.file__off", { type: "button", "aria-label": `Leave out ${name}`, onclick: () => drop(sheet, one) }, icon("close", 13)));
  };

  /** @param {string} from @param {Held} one */
  const drop = (from, one) => {
    sheets.set(from, (sheets.get(from) || []).filter((each) => each !== one));
    show();
  };

  /** @param {File[]} files */
  const add = (files) => {
    picker.value = "";
    const small = files.filter((file) => file.size <= MOST_BYTES);
    for (const file of files) if (!small.includes(file)) toast(`${file.name} is too large: at most ${sizeOf(MOST_BYTES)} can be sent.`, "bad");
    const room = MOST_FILES - held().length;
    if (small.length > room) toast(`At most ${MOST_FILES} files go along with one message.`, "bad");
    for (const file of small.slice(0, room)) void upload(file);
  };

  /** @param {File} file */
  const upload = async (file) => {
    const mine = sheet;
    /** @type {Held} */
    const one = { name: file.name, size: file.size, file: null };
    sheets.set(mine, [...held(), one]);
    show();
    const form = new FormData();
    form.append("file", file);
    try {
      one.file = await call("POST", "/api/attachments", form);
      show();
    } catch (error) {
      drop(mine, one);
      const said = error instanceof ApiError ? Object.values(error.fields)[0] || error.message : "It could not be sent.";
      toast(`${file.name}: ${said}`, "bad");
    }
  };

  return {
    picker,
    add,
    choose: () => picker.click(),
    get isBusy() {
      return held().some((one) => !one.file);
    },
    /** @returns {Attached[]} */
    get all() {
      return held().flatMap((one) => (one.file ? [one.file] : []));
    },
    /** @param {string} key of the sheet that is in front now */
    turnTo(key) {
      sheet = key;
      show();
    },
    /** @param {string} key @param {Attached[]} files */
    put(key, files) {
      sheets.set(key, files.map((file) => ({ name: file.name, size: file.size_bytes ?? file.size ?? 0, file })));
      show();
    },
    /** Before those that are there already. @param {string} key @param {Attached[]} files */
    bringBack(key, files) {
      const back = files.map((file) => ({ name: file.name, size: file.size_bytes ?? file.size ?? 0, file }));
      sheets.set(key, [...back, ...(sheets.get(key) || [])]);
      show();
    },
  };
}
