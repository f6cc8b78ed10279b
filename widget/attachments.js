/**
 * Files in a message. They are private, so they are fetched with the visitor's token and not by a plain link.
 *
 * @import { Attachment, Room } from "./types.js"
 */
import { h, icon } from "./dom.js";
import { locale, t } from "./words.js";

const PAPER = "M14 3H6v18h12V7zM14 3v4h4";

/**
 * @param {Attachment[]} files
 * @param {Room} room
 */
export function fileList(files, room) {
  if (!files.length) return "";
  return h("div.files", {}, ...files.map((file) => h("button.file", { onclick: () => download(file, room), "aria-label": t("download", { name: file.name }) }, icon(PAPER), h("span", {}, h("bdi", {}, file.name), h("small", {}, size(file.size))))));
}

/** @param {number} bytes */
export function size(bytes) {
  const [value, unit] = bytes < 1_000_000 ? [bytes / 1000, "kilobyte"] : [bytes / 1_000_000, "megabyte"];
  return new Intl.NumberFormat(locale(), { style: "unit", unit, maximumFractionDigits: value < 10 ? 1 : 0 }).format(value);
}

/** @param {Attachment} file @param {Room} room */
function download({ id, name }, room) {
  return fetchFile(room, `attachments/${encodeURIComponent(id)}`, name);
}

/**
 * @param {Room} room
 * @param {string} path below /api/chat/
 * @param {string} name
 */
export async function fetchFile({ base, key, desk, toast }, path, name) {
  try {
    const answer = await fetch(`${base}api/chat/${path}?key=${encodeURIComponent(key)}`, { credentials: "omit", headers: { Authorization: `Visitor ${desk.token}` } });
    if (!answer.ok) throw new Error(String(answer.status));
    const url = URL.createObjectURL(await answer.blob());
    h("a", { href: url, download: name }).click();
    setTimeout(() => URL.revokeObjectURL(url), 60_000);
  } catch {
    toast(t("not_fetched"));
  }
}
