/**
 * Files on their way: one chip each, sent as soon as they are chosen, so that the message need not wait.
 *
 * @import { Attachment, Room } from "./types.js"
 */
import { size } from "./attachments.js";
import { h, ICONS, iconButton } from "./dom.js";
import { t } from "./words.js";

const MOST_BYTES = 10_000_000;
const MOST_FILES = 5;

/** @typedef {{chip: HTMLElement, done: Attachment | null, sending: Promise<void> | null}} Upload */

/**
 * @param {Room} room
 * @param {HTMLElement} chips
 * @param {() => void} changed
 */
export function createTray(room, chips, changed) {
  /** @type {Set<Upload>} */
  const uploads = new Set();

  /** @param {File} file */
  function add(file) {
    const state = h("small", { role: "status" }, size(file.size));
    const chip = h("div.file", {}, h("span", {}, h("bdi", {}, file.name), state), iconButton(ICONS.close, t("remove", { name: file.name }), () => drop(upload)));
    /** @type {Upload} */
    const upload = { chip, done: null, sending: null };
    uploads.add(upload);
    chips.append(chip);
    if (file.size > MOST_BYTES) refuse(upload, state, t("too_big", { size: size(MOST_BYTES) }));
    else upload.sending = send(file, upload, state);
    changed();
  }

  /** @param {File} file @param {Upload} upload @param {HTMLElement} state */
  async function send(file, upload, state) {
    state.textContent = t("uploading");
    try {
      const body = new FormData();
      body.append("file", file, file.name);
      const { base, key, desk } = room;
      await desk.known();
      const answer = await fetch(`${base}api/chat/upload?key=${encodeURIComponent(key)}`, { method: "POST", body, credentials: "omit", headers: { Authorization: `Visitor ${desk.token}` } });
      const said = await answer.json();
      if (!answer.ok) return refuse(upload, state, said.error?.message || t("not_uploaded"));
      upload.done = said;
      state.textContent = size(file.size);
    } catch {
      refuse(upload, state, t("not_uploaded"));
    } finally {
      upload.sending = null;
      changed();
    }
  }

  /** @param {Upload} upload @param {HTMLElement} state @param {string} words */
  function refuse({ chip }, state, words) {
    chip.classList.add("bad");
    state.textContent = words;
  }

  /** @param {Upload} upload */
  function drop(upload) {
    uploads.delete(upload);
    upload.chip.remove();
    changed();
  }

  return {
    /** @param {File[]} files */
    take(files) {
      const left = MOST_FILES - uploads.size;
      if (files.length > left) room.toast(t("too_many", { n: MOST_FILES }));
      files.slice(0, Math.max(0, left)).forEach(add);
    },
    files: () => [...uploads].flatMap(({ done }) => done || []),
    isBusy: () => [...uploads].some((one) => one.sending),
    settled: () => Promise.all([...uploads].map((one) => one.sending)),
    clear: () => [...uploads].forEach(drop),
  };
}
