/** The variables of canned replies: how a text reads once they are filled in. The server fills by the same rule. */

const VARIABLE = /\{\{\s*([A-Za-z_.]+)\s*(?:\|([^{}|]*))?\}\}/g;

/** @typedef {{text: string, filled: boolean}} Piece */

/**
 * @param {string} text
 * @param {Record<string, string>} values what is known; what is missing is not
 * @returns {Piece[]}
 */
export function fill(text, values) {
  /** @type {Piece[]} */
  const pieces = [];
  let at = 0;
  for (const found of text.matchAll(VARIABLE)) {
    pieces.push({ text: text.slice(at, found.index), filled: false });
    pieces.push({ text: (values[found[1].toLowerCase()] || "").trim() || (found[2] || "").trim(), filled: true });
    at = found.index + found[0].length;
  }
  pieces.push({ text: text.slice(at), filled: false });
  return pieces.filter((one) => one.text);
}

/**
 * What the server would refuse, in words; nothing where all is well.
 * @param {string} text
 * @param {string[]} names
 */
export function complaint(text, names) {
  for (const [, name] of text.matchAll(VARIABLE)) if (!names.includes(name.toLowerCase())) return `“${name}” is not a variable.`;
  return /\{\{|\}\}/.test(text.replace(VARIABLE, "")) ? "A variable looks like {{contact.first_name|there}}." : "";
}

/**
 * What would be left empty when nothing is known.
 * @param {string} text
 * @param {Record<string, string>} values
 */
export function holes(text, values) {
  const bare = [...text.matchAll(VARIABLE)].filter(([, name, instead]) => !(values[name.toLowerCase()] || "").trim() && !(instead || "").trim());
  return [...new Set(bare.map(([, name]) => name))];
}
