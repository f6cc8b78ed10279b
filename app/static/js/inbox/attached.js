/**
 * A file in a message. Where it leads is the server's to say; what it is called is the visitor's, and harmless.
 *
 * @import { Attached } from "./types.js"
 */
import { h } from "../../../../widget/dom.js";
import { icon } from "./icons.js";

const KILO = 1024;

/** @param {Attached} file @returns {HTMLElement} */
export function attachment({ id, name, size, size_bytes: bytes, media_type: kind, url }) {
  const href = url?.startsWith("/api/") ? url : `/api/attachments/${encodeURIComponent(id)}`;
  if (isPicture(kind)) return h("a.shot", { href, target: "_blank", rel: "noopener" }, h("img", { src: href, alt: name || "A picture", loading: "lazy" }));
  return h("a.file", { href, target: "_blank", rel: "noopener" }, icon("clip", 16), h("bdi", {}, name || "A file"), h("small", {}, sizeOf(size ?? bytes ?? 0)));
}

/** Whether the server lets a browser show it by itself. @param {string} kind */
export function isPicture(kind) {
  return ["image/png", "image/jpeg", "image/webp", "image/gif"].includes(kind);
}

/** @param {number} bytes */
export function sizeOf(bytes) {
  if (!bytes) return "";
  return bytes < KILO * KILO ? `${Math.max(1, Math.round(bytes / KILO))} kB` : `${(bytes / KILO / KILO).toFixed(1)} MB`;
}
