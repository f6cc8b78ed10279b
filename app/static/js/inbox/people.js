/** How somebody looks who has no picture, and what they are called. */
import { h } from "../../../../widget/dom.js";

const TONES = 8;

/**
 * @param {{id?: string, name?: string, email?: string | null, picture_url?: string | null} | null | undefined} who
 * @param {string} [size] small or tiny
 */
export function face(who, size = "") {
  const name = who?.name || who?.email || "";
  const tone = Math.abs("0123456789abcdef".indexOf((who?.id || "").slice(-1))) % TONES;
  const node = h(`span.avatar avatar--${tone}${size && ` avatar--${size}`}`, { "aria-hidden": "true" }, who?.picture_url ? null : initials(name));
  if (who?.picture_url) {
    const image = h("img", { alt: "", src: who.picture_url, width: 80, height: 80, loading: "lazy", onerror: () => image.replaceWith(initials(name)) });
    node.append(image);
  }
  return node;
}

/**
 * The first letters of the first and the last word; of somebody who is only a number, the number.
 * @param {string} name
 */
export function initials(name) {
  const words = name.trim().split(/\s+/).filter(Boolean);
  if (!words.length) return "?";
  if (/^\d{1,3}$/.test(words.at(-1) || "")) return words.at(-1);
  const letters = [words[0], words.length > 1 ? words.at(-1) : ""].map((one) => [...(one || "")][0] || "");
  return letters.join("").toUpperCase();
}

/** What a visitor is called who may not have said. @param {import("./types.js").Case} one */
export function nameOf(one) {
  return one.contact?.name || one.contact?.email || `Visitor ${one.number}`;
}

/** Who can be called and be given something: not who is suspended. @param {Record<string, import("./types.js").Person>} people */
export function working(people) {
  return Object.values(people).filter((one) => one.active !== false);
}
