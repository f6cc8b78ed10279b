/** Writes every `<time datetime>` in the reader's language and time zone; the server's words stay where that fails. */

/** @type {Record<string, Intl.DateTimeFormatOptions>} */
const SHAPES = {
  date: { dateStyle: "medium" },
  datetime: { dateStyle: "medium", timeStyle: "short" },
  full: { dateStyle: "full", timeStyle: "long" },
};

/** @type {[Intl.RelativeTimeFormatUnit, number][]} */
const STEPS = [["day", 86400], ["hour", 3600], ["minute", 60]];

/** @param {ParentNode} [root] */
export function writeTimes(root = document) {
  for (const element of root.querySelectorAll("time[datetime]")) write(/** @type {HTMLTimeElement} */ (element));
}

/** @param {HTMLTimeElement} element */
function write(element) {
  const at = parse(element.dateTime);
  if (Number.isNaN(at.getTime())) return;
  const format = element.dataset.format || "datetime";
  element.textContent = format === "relative" ? relative(at) : shaped(at, format);
  element.title = shaped(at, "full");
}

/**
 * A time without a zone comes from the database and means UTC.
 * @param {string} text
 */
function parse(text) {
  const zoned = /(Z|[+-]\d\d:?\d\d)$/.test(text) || !text.includes("T");
  return new Date(zoned ? text : `${text}Z`);
}

/** @param {Date} at */
function relative(at) {
  const seconds = (at.getTime() - Date.now()) / 1000;
  const size = Math.abs(seconds);
  if (size > 30 * 86400) return shaped(at, "date");
  const words = new Intl.RelativeTimeFormat(undefined, { numeric: "auto" });
  for (const [unit, length] of STEPS) {
    if (size >= length) return words.format(Math.round(seconds / length), unit);
  }
  return seconds > 0 ? "in a moment" : "just now";
}

/**
 * @param {Date} at
 * @param {string} format
 */
function shaped(at, format) {
  return new Intl.DateTimeFormat(undefined, SHAPES[format] || SHAPES.datetime).format(at);
}
