/** Opening hours in words: what a schedule says about a moment, and how long something takes. No page, no clock. */

/** @typedef {{start: string, end: string, next_day: boolean}} Span */
/** @typedef {{date: string, name: string, spans: Span[]}} Holiday */
/** @typedef {{time_zone: string, always_open: boolean, week: Record<string, Span[]>, holidays: Holiday[], offline: {assistant: boolean, message: string}}} Schedule */
/** @typedef {{date: string, minute: number}} Wall what the clock on the wall shows */

export const DAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
export const DAY = 24 * 60;
const LOOKED_AHEAD = 370;

/** What the clock shows in a zone. @param {string} zone @param {Date} at @returns {Wall} */
export function wallIn(zone, at) {
  const form = new Intl.DateTimeFormat("en-CA", { timeZone: zone, year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  const said = Object.fromEntries(form.formatToParts(at).map(({ type, value }) => [type, value]));
  return { date: `${said.year}-${said.month}-${said.day}`, minute: Number(said.hour) * 60 + Number(said.minute) };
}

/** From and to as minutes of the day; nothing for what makes no sense yet. @param {Span} span @returns {[number, number] | null} */
export function minutesOf({ start, end, next_day: isNext }) {
  if (!start || !end) return null;
  const from = minute(start);
  const to = isNext ? minute(end) + DAY : minute(end) || DAY;
  return to > from && to <= from + DAY ? [from, to] : null;
}

/** Whether it looks as if it went on past midnight. @param {Span} span */
export function endsEarlier({ start, end }) {
  return Boolean(start && end) && end <= start && end !== "00:00";
}

/** How it stands at a moment, as a sentence. @param {Schedule} schedule @param {Wall} wall */
export function standing(schedule, wall) {
  if (schedule.always_open) return { open: true, text: "Open around the clock." };
  const times = openTimes(schedule, wall.date);
  const now = times.find(([from, to]) => from <= wall.minute && wall.minute < to);
  if (now) {
    const isLong = now[1] - wall.minute > 13 * DAY;
    return { open: true, text: isLong ? "Open now, and not closing soon." : `Open now, closes ${moment(now[1], wall.date)}.` };
  }
  const next = times.find(([from]) => from > wall.minute);
  return { open: false, text: next ? `Closed now, opens ${moment(next[0], wall.date)}.` : "Closed, and there are no hours in which it opens." };
}

/** The hours of a date, and what it is called where it is different. @param {Schedule} schedule @param {string} date */
export function hoursOn(schedule, date) {
  const holiday = schedule.holidays.find((one) => one.date === date);
  return holiday ? holiday.spans : schedule.week[DAYS[weekday(date)]] || [];
}

/** @param {string} date @param {number} days */
export function later(date, days) {
  const at = new Date(`${date}T00:00:00Z`);
  at.setUTCDate(at.getUTCDate() + days);
  return at.toISOString().slice(0, 10);
}

/** Monday is 0. @param {string} date */
export function weekday(date) {
  return (new Date(`${date}T00:00:00Z`).getUTCDay() + 6) % 7;
}

/** "1 h 30 min" or "90" as minutes; nothing for nothing; what cannot be read is not a number. @param {string} said */
export function readDuration(said) {
  const text = said.trim().toLowerCase().replace(",", ".");
  if (!text || text === "none") return null;
  const found = /^(?:(\d+(?:\.\d+)?)\s*(?:h|hrs?|hours?)\.?)?\s*(?:(\d+)\s*(?:m|min|mins|minutes?)?\.?)?$/.exec(text);
  if (!found) return NaN;
  return Math.round(Number(found[1] || 0) * 60 + Number(found[2] || 0)) || NaN;
}

/** @param {number | null} minutes */
export function sayDuration(minutes) {
  if (minutes === null) return "";
  const hours = Math.floor(minutes / 60);
  const rest = minutes % 60;
  return [hours && `${hours} h`, rest && `${rest} min`].filter(Boolean).join(" ");
}

/** From yesterday on, in minutes from this date's midnight; what touches is one. @param {Schedule} schedule @param {string} date */
function openTimes(schedule, date) {
  /** @type {[number, number][]} */
  const times = [];
  for (let day = -1; day < LOOKED_AHEAD; day += 1) {
    for (const span of hoursOn(schedule, later(date, day))) {
      const found = minutesOf(span);
      if (found) times.push([found[0] + day * DAY, found[1] + day * DAY]);
    }
  }
  times.sort((one, other) => one[0] - other[0]);
  /** @type {[number, number][]} */
  const joined = [];
  for (const [from, to] of times) {
    const last = joined.at(-1);
    if (last && from <= last[1]) last[1] = Math.max(last[1], to);
    else joined.push([from, to]);
  }
  return joined;
}

/** @param {number} minutes from the date's midnight @param {string} date */
function moment(minutes, date) {
  const days = Math.floor(minutes / DAY);
  const rest = minutes - days * DAY;
  const clock = `at ${String(Math.floor(rest / 60)).padStart(2, "0")}:${String(rest % 60).padStart(2, "0")}`;
  if (days === 0) return clock;
  if (days === 1 && rest === 0) return "at midnight";
  if (days === 1) return `tomorrow ${clock}`;
  const name = DAYS[weekday(later(date, days))];
  const on = `on ${name[0].toUpperCase()}${name.slice(1)}`;
  return days < 7 ? `${on} ${clock}` : `${on}, ${later(date, days)}, ${clock}`;
}

/** @param {string} clock */
function minute(clock) {
  const [hours, minutes] = clock.split(":");
  return Number(hours) * 60 + Number(minutes);
}
