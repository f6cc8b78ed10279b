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
    words.textContent = said(value);
    line.append(term, words);
    list.append(line);
  }
  return list;
}

/**
 * The same three shapes that the page's own macro reads.
 * @param {any} value
 * @returns {string}
 */
function said(value) {
  if (value && typeof value === "object" && "to" in value) return `${value.from ?? "–"} → ${value.to ?? "–"}`;
  if (Array.isArray(value)) return value.length === 2 ? `${value[0] ?? "–"} → ${value[1] ?? "–"}` : value.join(", ");
  return String(value);
}
