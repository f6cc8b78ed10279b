/** Times in few words: in a row, on a day's line, until a deadline; and the moments that one can snooze to. */

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** How a row says when: the hour today, the weekday this week, else the date. @param {string} iso @param {number} now */
export function short(iso, now) {
  const at = new Date(iso);
  const days = daysBetween(at, new Date(now));
  if (days === 0) return shape(at, { hour: "2-digit", minute: "2-digit" });
  if (days > 0 && days < 7) return shape(at, { weekday: "short" });
  return shape(at, at.getFullYear() === new Date(now).getFullYear() ? { day: "numeric", month: "short" } : { dateStyle: "short" });
}

/** @param {string} iso */
export const hour = (iso) => shape(new Date(iso), { hour: "2-digit", minute: "2-digit" });

/** @param {string} iso */
export const full = (iso) => shape(new Date(iso), { dateStyle: "full", timeStyle: "short" });

/** The line between two days. @param {string} iso @param {number} now */
export function day(iso, now) {
  const at = new Date(iso);
  const days = daysBetween(at, new Date(now));
  if (days === 0) return "Today";
  if (days === 1) return "Yesterday";
  return shape(at, { weekday: "long", day: "numeric", month: "long", ...(at.getFullYear() === new Date(now).getFullYear() ? {} : { year: "numeric" }) });
}

/** @type {Map<string, string>} */
const DAYS = new Map();

/** Which day it was here. Asked for each message with each change, so it is worked out once a minute of theirs. @param {string} iso */
export function dayKey(iso) {
  const minute = iso.slice(0, 16);
  let key = DAYS.get(minute);
  if (!key) DAYS.set(minute, (key = new Date(iso).toDateString()));
  return key;
}

/** How long it has been, or is to go: 40s, 5m, 3h, 2d. @param {number} span in milliseconds */
export function span(span) {
  const size = Math.abs(span);
  if (size < MINUTE) return "<1m";
  if (size < HOUR) return `${Math.floor(size / MINUTE)}m`;
  if (size < DAY) return `${Math.floor(size / HOUR)}h`;
  return `${Math.floor(size / DAY)}d`;
}

/** The same for ears. @param {number} length in milliseconds */
export function spoken(length) {
  const size = Math.abs(length);
  const [number, unit] = size < MINUTE ? [Math.round(size / 1000), "second"] : size < HOUR ? [Math.floor(size / MINUTE), "minute"] : size < DAY ? [Math.floor(size / HOUR), "hour"] : [Math.floor(size / DAY), "day"];
  return `${number} ${unit}${number === 1 ? "" : "s"}`;
}

/**
 * How pressing it is: a deadline where there is one, else how long somebody has waited.
 * @param {import("./types.js").Case} one
 * @param {number} now
 * @returns {{text: string, tone: "calm" | "soon" | "late", title: string} | null}
 */
export function pressing(one, now) {
  if (one.due_at && one.status === "open") {
    const left = Date.parse(one.due_at) - now;
    const what = one.due_kind === "first_reply" ? "first reply" : "reply";
    if (left < 0) return { text: `${span(left)} late`, tone: "late", title: `The ${what} was due ${full(one.due_at)}` };
    return { text: `due ${span(left)}`, tone: left < HOUR / 2 ? "soon" : "calm", title: `The ${what} is due ${full(one.due_at)}` };
  }
  if (!one.waiting_since || one.status === "closed") return null;
  const waited = now - Date.parse(one.waiting_since);
  return { text: `waits ${span(waited)}`, tone: waited > DAY ? "late" : waited > HOUR / 4 ? "soon" : "calm", title: `Waiting for ${spoken(waited)}` };
}

/**
 * Where one may put a conversation off to, in the organization's time zone.
 * @param {number} now
 * @param {string} zone
 * @returns {{name: string, at: Date}[]}
 */
export function snoozes(now, zone) {
  const today = inZone(now, zone);
  const later = new Date(Math.ceil((now + 3 * HOUR) / (HOUR / 4)) * (HOUR / 4));
  const untilMonday = (8 - today.weekday) % 7 || 7;
  return [
    { name: "In three hours", at: later },
    { name: "Tomorrow morning", at: atNine(today, 1, zone) },
    { name: "Next week", at: atNine(today, untilMonday, zone) },
  ];
}

/** @param {Date} at @param {string} [zone] */
export const moment = (at, zone) => shape(at, { weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", timeZone: zone });

/** @param {number} now @param {string} zone */
function inZone(now, zone) {
  const parts = new Intl.DateTimeFormat("en-GB", { timeZone: zone, year: "numeric", month: "numeric", day: "numeric", weekday: "short" }).formatToParts(now);
  const get = (/** @type {string} */ type) => parts.find((one) => one.type === type)?.value || "";
  return { year: Number(get("year")), month: Number(get("month")), day: Number(get("day")), weekday: ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"].indexOf(get("weekday")) };
}

/** @param {{year: number, month: number, day: number}} today @param {number} days @param {string} zone */
function atNine(today, days, zone) {
  const wished = Date.UTC(today.year, today.month - 1, today.day + days, 9);
  // The same digits read in the zone lie off by its offset; twice, for a change of clocks in between.
  let at = wished;
  for (let tries = 0; tries < 2; tries++) at = wished - offset(at, zone);
  return new Date(at);
}

/** How far the zone's clocks are ahead of UTC then. @param {number} at @param {string} zone */
function offset(at, zone) {
  const parts = new Intl.DateTimeFormat("en-GB", { timeZone: zone, year: "numeric", month: "numeric", day: "numeric", hour: "numeric", minute: "numeric", second: "numeric", hourCycle: "h23" }).formatToParts(at);
  const get = (/** @type {string} */ type) => Number(parts.find((one) => one.type === type)?.value);
  return Date.UTC(get("year"), get("month") - 1, get("day"), get("hour"), get("minute"), get("second")) - Math.floor(at / 1000) * 1000;
}

/** @param {Date} at @param {Date} now */
function daysBetween(at, now) {
  const midnight = (/** @type {Date} */ one) => new Date(one.getFullYear(), one.getMonth(), one.getDate()).getTime();
  return Math.round((midnight(now) - midnight(at)) / DAY);
}

/** @type {Map<string, Intl.DateTimeFormat>} */
const SHAPES = new Map();

/** Making one costs more than using it a thousand times. @param {Date} at @param {Intl.DateTimeFormatOptions} options */
function shape(at, options) {
  if (Number.isNaN(at.getTime())) return "";
  const key = JSON.stringify(options);
  let made = SHAPES.get(key);
  if (!made) SHAPES.set(key, (made = new Intl.DateTimeFormat(undefined, options)));
  return made.format(at);
}
