/** Out of the one colour that an organization chose, all that are needed: each of them can be read. */

const WHITE = [255, 255, 255];
const INK = [17, 20, 24];
const PAPER = { light: [247, 248, 248], dark: [19, 21, 23] };
const ENOUGH = 4.6;

/**
 * @param {string} colour as `#rrggbb` or `#rgb`
 * @param {"light" | "dark"} theme
 * @returns {Record<string, string>} custom properties
 */
export function palette(colour, theme) {
  const paper = PAPER[theme];
  const given = parse(colour);
  // White letters look best on most colours, so one that nearly carries them is darkened until it does.
  const onWhite = contrast(given, WHITE);
  const fill = onWhite > 2.9 ? until(given, INK, (one) => contrast(one, WHITE) >= ENOUGH) : given;
  const ink = onWhite > 2.9 ? WHITE : INK;
  const soft = mix(paper, given, theme === "dark" ? 0.34 : 0.1);
  const away = theme === "dark" ? WHITE : INK;
  const text = until(given, away, (one) => contrast(one, soft) >= ENOUGH && contrast(one, paper) >= ENOUGH);
  return { "--accent": css(fill), "--on-accent": css(ink), "--accent-soft": css(soft), "--glow": css(mix(paper, given, 0.1)), "--accent-text": css(text), "--accent-deep": css(mix(fill, INK, 0.18)) };
}

/**
 * From one colour towards another, no further than is needed.
 * @param {number[]} from
 * @param {number[]} to
 * @param {(colour: number[]) => boolean} isEnough
 */
function until(from, to, isEnough) {
  for (let share = 0; share < 1; share += 0.04) {
    const colour = mix(from, to, share);
    if (isEnough(colour)) return colour;
  }
  return to;
}

/** @param {string} colour */
function parse(colour) {
  const digits = /^#?([\da-f]{3}|[\da-f]{6})$/i.exec(colour)?.[1] || "17604b";
  const long = digits.length === 3 ? digits.replace(/./g, "$&$&") : digits;
  return [0, 2, 4].map((place) => parseInt(long.slice(place, place + 2), 16));
}

/** @param {number[]} one @param {number[]} other @param {number} share */
function mix(one, other, share) {
  return one.map((value, place) => Math.round(value + (other[place] - value) * share));
}

/** @param {number[]} one @param {number[]} other */
function contrast(one, other) {
  const [low, high] = [light(one), light(other)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}

/** @param {number[]} colour */
function light(colour) {
  const [red, green, blue] = colour.map((value) => (value / 255 <= 0.03928 ? value / 3294.6 : ((value / 255 + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** @param {number[]} colour */
function css(colour) {
  return `rgb(${colour.join(" ")})`;
}
