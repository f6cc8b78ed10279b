/** The audit log's older entries. */
import { bindMore, part } from "./rows.js";

bindMore((row, item) => {
  part(row, "[data-summary]").textContent = item.summary;
  part(row, "[data-actor]").textContent = item.actor?.name || "System";
  part(row, "[data-ip]").textContent = item.ip_address || "–";
  /** @type {HTMLTimeElement} */ (part(row, "[data-at]")).dateTime = item.at;
  const list = changes(item.changes);
  if (list) part(row, "[data-summary]").after(list);
});

/**
 * @param {Record<string, unknown> | null} values
 * @returns {HTMLElement | null}
 */
function changes(values) {
  if (!values || !Object.keys(values).length) return null;
  const list = document.createElement("dl");
  list.className = "changes";
  for (const [name, value] of Object.entries(values)) {
    const line = document.createElement("div");
    const term = document.createElement("dt");
    const words = document.createElement("dd");
    term.textContent = name.replaceAll("_", " ");
    words.textContent = said(name, value);
    line.append(term, words);
    list.append(line);
  }
  return list;
}

/**
 * The same shapes that the page's own macro reads: a pair is before and after, unless the field is a list itself.
 * @param {string} name
 * @param {unknown} value
 */
function said(name, value) {
  if (name !== "scopes" && Array.isArray(value) && value.length === 2) return `${plain(value[0])} → ${plain(value[1])}`;
  return plain(value);
}

/** @param {unknown} value */
function plain(value) {
  if (value === null || value === undefined || value === "") return "–";
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (Array.isArray(value)) return value.join(", ") || "–";
  return String(value);
}
