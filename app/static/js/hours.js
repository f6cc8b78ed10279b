/** The page of opening hours: the week, the holidays, what happens outside of them, and the reply targets. */
import { ApiError, call } from "./api.js";
import { showError } from "./form-errors.js";
import { draw } from "./hours-drawing.js";
import { createHolidays } from "./hours-holidays.js";
import { createSpans, part } from "./hours-spans.js";
import { DAYS, readDuration, sayDuration, standing, wallIn } from "./hours-words.js";
import { toast } from "./toast.js";
import { guard } from "./unsaved.js";

/** @import { Schedule } from "./hours-words.js" */

const UNREADABLE = "Please write it like 30 min or 4 h.";
const MISSING = "Please fill in both times.";
const EVERY = 20_000;
const form = /** @type {HTMLFormElement} */ (document.querySelector("[data-hours-form]"));
/** @type {Schedule} */
let schedule = JSON.parse(form.dataset.schedule || "{}");
/** @type {Record<string, any>} */
let targets = JSON.parse(form.dataset.targets || "{}");
const holidays = createHolidays(
  part(form, "[data-holidays]"),
  /** @type {HTMLButtonElement} */ (part(form, "[data-holiday-add]")),
  part(form, "[data-no-holidays]"),
  changed,
);
/** @type {Record<string, ReturnType<typeof createSpans>>} */
const week = {};
for (const box of /** @type {NodeListOf<HTMLElement>} */ (form.querySelectorAll("[data-day]"))) bindDay(box);
const bar = guard(form, { undo, isDirty: () => !isSame(readSchedule(), schedule) || !isSame(readTargets(), targets) });
fill();
form.addEventListener("input", changed);
form.addEventListener("focusout", ({ target }) => tidy(target));
form.addEventListener("submit", (event) => {
  event.preventDefault();
  void save();
});
// The hand of the clock moves on by itself.
setInterval(show, EVERY);

/** @param {HTMLElement} box */
function bindDay(box) {
  const { day = "", name = "", next = "" } = box.dataset;
  week[day] = createSpans(box, { name: () => name, next: () => next, changed });
  for (const item of /** @type {NodeListOf<HTMLElement>} */ (box.querySelectorAll("[data-copy-to]"))) {
    item.addEventListener("click", () => {
      const days = (item.dataset.copyTo || "").split(" ").filter((one) => one !== day);
      for (const one of days) week[one].write(week[day].read());
      /** @type {HTMLElement} */ (item.closest("[popover]")).hidePopover();
      toast(`The hours of ${name} were copied. Nothing is saved yet.`);
      changed();
    });
  }
}

function fill() {
  radio(schedule.always_open ? "yes" : "no").checked = true;
  control("time_zone").value = schedule.time_zone;
  box("assistant").checked = schedule.offline.assistant;
  control("message").value = schedule.offline.message;
  for (const day of DAYS) week[day].write(schedule.week[day]);
  holidays.write(schedule.holidays);
  box("targets_on").checked = targets.on;
  for (const { input, priority, what } of cells()) input.value = sayDuration(targets[priority][what]);
  changed();
}

function undo() {
  showError(form, null);
  fill();
  toast("Back to what is saved.");
}

function changed() {
  show();
  bar.show();
}

function show() {
  const now = readSchedule();
  const wall = wallIn(now.time_zone, new Date());
  const { open, text } = standing(now, wall);
  const line = part(form, "[data-now]");
  if (line.textContent !== text) line.textContent = text;
  line.classList.toggle("hours__now--open", open);
  draw(part(form, "[data-drawing]"), now, wall);
  for (const plan of /** @type {NodeListOf<HTMLElement>} */ (form.querySelectorAll("[data-plan]"))) plan.hidden = now.always_open;
  part(form, "[data-targets]").hidden = !box("targets_on").checked;
}

/** @returns {Schedule} */
function readSchedule() {
  return {
    time_zone: control("time_zone").value,
    always_open: radio("yes").checked,
    week: Object.fromEntries(DAYS.map((day) => [day, week[day].read()])),
    holidays: holidays.read(),
    offline: { assistant: box("assistant").checked, message: control("message").value.trim() },
  };
}

function readTargets() {
  /** @type {Record<string, any>} */
  const read = { on: box("targets_on").checked };
  for (const { input, priority, what } of cells()) (read[priority] ??= {})[what] = readDuration(input.value);
  return read;
}

async function save() {
  const now = { schedule: readSchedule(), targets: readTargets() };
  const fields = problems(now);
  if (Object.keys(fields).length) return showError(form, new ApiError(422, { code: "incomplete", fields }));
  showError(form, null);
  const free = bar.occupy();
  try {
    if (!isSame(now.schedule, schedule)) {
      const { now: _, ...fresh } = await call("PUT", "/api/organization/hours", now.schedule);
      schedule = fresh;
    }
    if (!isSame(now.targets, targets)) targets = await call("PUT", "/api/organization/targets", now.targets);
    fill();
    toast("Saved.");
  } catch (error) {
    showError(form, placed(error));
  } finally {
    free();
    changed();
  }
}

/** What can be seen to be wrong before anything is sent. @param {{schedule: Schedule, targets: Record<string, any>}} now */
function problems(now) {
  /** @type {Record<string, string>} */
  const fields = {};
  for (const day of DAYS) if (now.schedule.week[day].some(isHalf)) fields[`week-${day}`] = MISSING;
  now.schedule.holidays.forEach(({ date, spans }, place) => {
    if (!date) fields[`holidays-${place}`] = "Please choose a day.";
    else if (spans.some(isHalf)) fields[`holidays-${place}`] = MISSING;
  });
  for (const { priority, what } of cells()) if (Number.isNaN(now.targets[priority][what])) fields[`${priority}-${what}`] = UNREADABLE;
  return fields;
}

/** The place of a mistake as this page calls it: a day, a holiday, a target. @param {unknown} error */
function placed(error) {
  if (!(error instanceof ApiError)) return error;
  const fields = Object.entries(error.fields).map(([name, said]) => [name.split(".").slice(0, 2).join("-"), said]);
  return new ApiError(error.status, { code: error.code, message: error.message, request_id: error.requestId, fields: Object.fromEntries(fields) });
}

/** Written the same way by everybody, once somebody has done with it. @param {EventTarget | null} target */
function tidy(target) {
  if (!(target instanceof HTMLInputElement) || !target.dataset.target) return;
  const minutes = readDuration(target.value);
  if (!Number.isNaN(minutes)) target.value = sayDuration(minutes);
}

function cells() {
  return [.../** @type {NodeListOf<HTMLInputElement>} */ (form.querySelectorAll("[data-target]"))].map((input) => {
    const [priority, what] = (input.dataset.target || "").split(" ");
    return { input, priority, what };
  });
}

/** @param {import("./hours-words.js").Span} span */
function isHalf({ start, end }) {
  return !start || !end;
}

/** @param {string} name */
function control(name) {
  return /** @type {HTMLInputElement} */ (form.elements.namedItem(name));
}

/** @param {string} name */
function box(name) {
  return /** @type {HTMLInputElement} */ (control(name));
}

/** @param {string} value */
function radio(value) {
  return /** @type {HTMLInputElement} */ (part(form, `[name="always_open"][value="${value}"]`));
}

/** @param {unknown} one @param {unknown} other */
function isSame(one, other) {
  return JSON.stringify(sorted(one)) === JSON.stringify(sorted(other));
}

/** The order of keys says nothing. @param {any} value @returns {any} */
function sorted(value) {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== "object") return Number.isNaN(value) ? "unreadable" : value;
  return Object.fromEntries(Object.keys(value).sort().map((key) => [key, sorted(value[key])]));
}
