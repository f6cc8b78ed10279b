/**
 * Files that go along with what is being written: chosen, dropped or pasted, sent up at once, shown as they come.
 *
 * @import { Attached } from "./types.js"
 */
import { call } from "../api.js";
import { sayError, toast } from "../toast.js";
import { h } from "../../../../widget/dom.js";
import { sizeOf } from "./attached.js";
import { icon } from "./icons.js";

const MOST_FILES = 5;

/** @param {HTMLElement} shelf where they are shown @param {() => void} changed */
export function createFiles(shelf, changed) {
  /** @type {{name: string, size: number, file: Attached | null}[]} */
  let held = [];
  const picker = h("input", { type: "file", multiple: true, hidden: true, onchange: () => add([...picker.files]) });

  const show = () => {
    shelf.hidden = !held.length;
    shelf.replaceChildren(...held.map((one) => h("span.file file--held", { "aria-busy": String(!one.file) }, icon("clip", 15), h("bdi", {}, one.name), h("small", {}, one.file ? sizeOf(one.size) : "sending…"), h("button.file__off", { "aria-label": `Leave out ${one.name}`, onclick: () => drop(one) }, icon("close", 13)))));
    changed();
  };

  /** @param {{name: string, size: number, file: Attached | null}} one */
  const drop = (one) => {
    held = held.filter((each) => each !== one);
    show();
  };

  /** @param {File[]} files */
  const add = (files) => {
    if (held.length + files.length > MOST_FILES) toast(`At most ${MOST_FILES} files go along with one message.`, "bad");
    for (const file of files.slice(0, MOST_FILES - held.length)) void upload(file);
    picker.value = "";
  };

  /** @param {File} file */
  const upload = async (file) => {
    /** @type {{name: string, size: number, file: Attached | null}} */
    const one = { name: file.name, size: file.size, file: null };
    held = [...held, one];
    show();
    const form = new FormData();
    form.append("file", file);
    try {
      one.file = await call("POST", "/api/attachments", form);
      show();
    } catch (error) {
      drop(one);
      sayError(error);
    }
  };

  return {
    picker,
    add,
    choose: () => picker.click(),
    get isBusy() {
      return held.some((one) => !one.file);
    },
    /** @returns {Attached[]} */
    get all() {
      return held.flatMap((one) => (one.file ? [one.file] : []));
    },
    /** @param {Attached[]} files */
    put(files) {
      held = files.map((file) => ({ name: file.name, size: file.size_bytes ?? file.size ?? 0, file }));
      show();
    },
  };
}
