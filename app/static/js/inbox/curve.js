/**
 * The course of a mood as a small drawing.
 *
 * @import { Whole } from "./types.js"
 */
const SVG = "http://www.w3.org/2000/svg";
const [WIDTH, HEIGHT, EDGE] = [260, 56, 6];

/**
 * How each message sounded, from -1 to 1.
 * @param {Whole["moods"]} moods
 * @returns {{x: number, y: number, value: number, words: string}[]}
 */
export function points(moods) {
  const step = moods.length > 1 ? (WIDTH - 2 * EDGE) / (moods.length - 1) : 0;
  return moods.map(({ reading }, at) => {
    const value = Math.max(-1, Math.min(1, reading.label === "negative" ? Math.min(reading.score, -reading.anger) : reading.score));
    return { x: EDGE + (moods.length > 1 ? at * step : (WIDTH - 2 * EDGE) / 2), y: HEIGHT / 2 - value * (HEIGHT / 2 - EDGE), value, words: wordsOf(reading) };
  });
}

/** @param {Whole["moods"]} moods @param {string} label */
export function curve(moods, label) {
  const places = points(moods);
  const svg = node("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, class: "curve", role: "img", "aria-label": label });
  svg.append(node("line", { x1: 0, x2: WIDTH, y1: HEIGHT / 2, y2: HEIGHT / 2, class: "curve__middle" }));
  if (places.length > 1) svg.append(node("path", { d: smooth(places), class: "curve__line" }));
  for (const { x, y, value, words } of places.slice(-40)) {
    const dot = node("circle", { cx: x, cy: y, r: 3, class: `curve__dot curve__dot--${value <= -0.4 ? "bad" : value >= 0.4 ? "good" : "even"}` });
    dot.append(node("title", {}));
    /** @type {Element} */ (dot.firstElementChild).textContent = words;
    svg.append(dot);
  }
  return svg;
}

/** What one message was read from. @param {Whole["moods"][number]["reading"]} reading */
function wordsOf({ label, signals = [] }) {
  const heard = label === "negative" ? "Sounded unhappy" : label === "positive" ? "Sounded happy" : "Sounded even";
  return signals.length ? `${heard}: ${signals.join(", ").replaceAll("_", " ")}` : heard;
}

/** @param {{x: number, y: number}[]} places */
function smooth(places) {
  return places.map(({ x, y }, at) => {
    if (!at) return `M${x.toFixed(1)} ${y.toFixed(1)}`;
    const middle = ((places[at - 1].x + x) / 2).toFixed(1);
    return `C${middle} ${places[at - 1].y.toFixed(1)} ${middle} ${y.toFixed(1)} ${x.toFixed(1)} ${y.toFixed(1)}`;
  }).join("");
}

/** @param {string} name @param {Record<string, any>} props */
function node(name, props) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(props)) made.setAttribute(key, String(value));
  return made;
}
