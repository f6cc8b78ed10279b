/** Building what is seen: nodes and texts, never markup. */

const SVG = "http://www.w3.org/2000/svg";

/**
 * @param {string} tag a name, and classes after a dot: `button.round`
 * @param {Record<string, any>} [props] `on…` functions, attributes; what is null or false is left out
 * @param {...(Node | string | null | undefined | false)} children
 * @returns {any}
 */
export function h(tag, props = {}, ...children) {
  const [name, style] = tag.split(".");
  const node = document.createElement(name);
  if (style) node.className = style;
  if (name === "button") node.setAttribute("type", "button");
  for (const [key, value] of Object.entries(props)) {
    if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else if (value != null && value !== false) node.setAttribute(key, value === true ? "" : value);
  }
  node.append(...children.filter((child) => child != null && child !== false));
  return node;
}

/**
 * A drawing of lines in a field of 24 by 24.
 * @param {string} path
 */
export function icon(path) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  const line = document.createElementNS(SVG, "path");
  line.setAttribute("d", path);
  svg.append(line);
  return svg;
}

/**
 * A button that is only a drawing, with its name for those who do not see it and as a hint.
 * @param {string} path
 * @param {string} label
 * @param {(event: any) => void} run
 * @param {string} [style]
 */
export function iconButton(path, label, run, style = "icon") {
  return h(`button.${style}`, { "aria-label": label, title: label, onclick: run }, icon(path));
}

/**
 * A picture, or the first letter of the name where there is none or it may not be loaded.
 * @param {string | undefined} name
 * @param {string | null | undefined} url
 */
export function face(name, url) {
  const letter = [...(name || "").trim()][0] || "?";
  const node = h("span.face", { "aria-hidden": "true" }, letter.toUpperCase());
  if (url) {
    const image = h("img", { alt: "", src: url, onerror: () => image.remove() });
    node.append(image);
  }
  return node;
}

export const ICONS = {
  close: "M6 6l12 12M18 6L6 18",
  send: "M12 19V5M5.5 11.5L12 5l6.5 6.5",
  stop: "M7 7h10v10H7z",
  more: "M5 12h.01M12 12h.01M19 12h.01",
  person: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4.5 20.5c.8-3.7 3.8-5.5 7.5-5.5s6.7 1.8 7.5 5.5",
  clip: "M20 11.5l-8.100 8.100a5 5 0 0 1-7.100-7.100l8.5-8.5a3.300 3.300 0 0 1 4.7 4.7l-8.5 8.5a1.7 1.7 0 0 1-2.400-2.400l7.5-7.5",
  smile: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM8.5 14.5c.8 1.200 2 1.8 3.5 1.8s2.7-.6 3.5-1.8M9 9.5h.01M15 9.5h.01",
  spark: "M12 3.5c.7 4.7 3 7.5 8 8.5-5 1-7.300 3.8-8 8.5-.7-4.7-3-7.5-8-8.5 5-1 7.300-3.8 8-8.5z",
  next: "M9 6l6 6-6 6",
};
