/** The week as seven bars, and a line for now: what was typed, seen at once. */
import { DAY, DAYS, hoursOn, later, minutesOf, weekday } from "./hours-words.js";

/** @import { Schedule, Wall } from "./hours-words.js" */

const SPACE = "http://www.w3.org/2000/svg";
const [LEFT, TOP, ROW, BAR, WIDTH] = [34, 4, 20, 12, 480];
const MARKS = [0, 6, 12, 18, 24];

/**
 * @param {HTMLElement} box
 * @param {Schedule} schedule
 * @param {Wall} wall
 */
export function draw(box, schedule, wall) {
  const bottom = TOP + ROW * 7;
  const svg = made("svg", { viewBox: `0 0 ${LEFT + WIDTH + 6} ${bottom + 18}`, class: "drawing__week", focusable: "false" });
  for (const hour of MARKS) {
    const x = LEFT + (hour / 24) * WIDTH;
    svg.append(made("line", { x1: x, x2: x, y1: TOP, y2: bottom, class: "drawing__mark" }));
    svg.append(made("text", { x, y: bottom + 13, class: "drawing__hour", "text-anchor": hour === 24 ? "end" : hour ? "middle" : "start" }, String(hour)));
  }
  const monday = later(wall.date, -weekday(wall.date));
  DAYS.forEach((name, row) => {
    const date = later(monday, row);
    const y = TOP + row * ROW + (ROW - BAR) / 2;
    const isToday = date === wall.date;
    svg.append(made("text", { x: 0, y: y + BAR - 2, class: `drawing__day${isToday ? " drawing__day--now" : ""}` }, name.slice(0, 1).toUpperCase() + name.slice(1, 3)));
    svg.append(made("rect", { x: LEFT, y, width: WIDTH, height: BAR, rx: 3, class: "drawing__closed" }));
    for (const [from, to] of shares(schedule, date)) {
      svg.append(made("rect", { x: LEFT + (from / DAY) * WIDTH, y, width: ((to - from) / DAY) * WIDTH, height: BAR, rx: 3, class: "drawing__open" }));
    }
    if (isToday) {
      const x = LEFT + (wall.minute / DAY) * WIDTH;
      svg.append(made("line", { x1: x, x2: x, y1: y - 3, y2: y + BAR + 3, class: "drawing__now" }));
    }
  });
  box.replaceChildren(svg);
}

/** What falls into a day, also of the night before. @param {Schedule} schedule @param {string} date */
function shares(schedule, date) {
  /** @type {[number, number][]} */
  const found = [];
  for (const day of [-1, 0]) {
    for (const span of hoursOn(schedule, later(date, day))) {
      const minutes = minutesOf(span);
      if (!minutes) continue;
      const [from, to] = minutes.map((one) => Math.min(Math.max(one + day * DAY, 0), DAY));
      if (to > from) found.push([from, to]);
    }
  }
  return found;
}

/** @param {string} name @param {Record<string, string | number>} facts @param {string} [text] */
function made(name, facts, text = "") {
  const element = document.createElementNS(SPACE, name);
  for (const [key, value] of Object.entries(facts)) element.setAttribute(key, String(value));
  if (text) element.textContent = text;
  return element;
}
