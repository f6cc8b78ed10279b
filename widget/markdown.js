/**
 * The safe subset of Markdown, read into plain values: what is not in it stays text. Pictures are dropped and
 * links lead to the web, a mailbox or a telephone only.
 */

/** Private characters that carry what Markdown has no words for; taken out of whatever comes in. */
const CITE = "\uE000";
const CITED = "\uE001";
const START = "\uE002";
const PRIVATE = /[\uE000-\uE002]/g;

/**
 * @import { Sentence } from "./types.js"
 * @typedef {{tag: string, children: Branch[], href?: string, ordered?: number} | {text: string} | {cite: number} | {start: true}} Branch
 */

const DEEPEST = 6;
const FENCE = /^\s*```/;
const HEADING = /^#{1,6}\s+(.*)$/;
const BULLET = /^(\s*)([-*+•]|(\d{1,4})[.)])\s+(.*)$/;
const QUOTE = /^>\s?/;
const RULE = /^\s*\|?[\s:|-]*-[\s:|-]*\|[\s:|-]*$/;
const STARTED_EARLY = /\uE002((?:[-*+>•]|\d{1,4}[.)]|#{1,6})\s+|\|\s*)/g;
const CITED_LATE = /\|[ \t]*((?:\uE000\d+\uE001)+)[ \t]*$/gm;
const INLINE = new RegExp(
  [
    "`([^`\n]+)`",
    "!\\[[^\\]]*\\]\\([^)]*\\)",
    "\\[([^\\]]+)\\]\\(\\s*<?([^)\\s>]+)>?(?:\\s+\"[^\"]*\")?\\s*\\)",
    "<((?:https?|mailto):[^>\\s]+)>",
    "(https?://[^\\s<>\"'\uE000-\uE002]+[^\\s<>\"'\uE000-\uE002.,;:!?)\\]])",
    "\\*\\*(\\S(?:.*?\\S)?)\\*\\*(?!\\*)",
    "(?<![\\p{L}\\p{N}_])__(\\S(?:.*?\\S)?)__(?![\\p{L}\\p{N}_])",
    "~~(\\S(?:.*?\\S)?)~~",
    "\\*(\\S(?:[^*]*?\\S)?)\\*",
    "(?<![\\p{L}\\p{N}_])_(\\S(?:[^_]*?\\S)?)_(?![\\p{L}\\p{N}_])",
    "\\\\([!-/:-@[-`{-~])",
    "\uE000(\\d+)\uE001",
    "(\uE002)",
    "(\n)",
  ].join("|"),
  "gsu",
);

const ALL_BOLD = /^\*\*[^*]+\*\*$/;
const NEXT_LINE = /^\n(?!\n)/;

/**
 * @param {string} text
 * @returns {Branch[]}
 */
export function parse(text) {
  return blocks(text.replace(PRIVATE, "").split(/\r?\n/));
}

/**
 * Sentences with their places and sources, as one text.
 * @param {(Sentence | undefined)[]} sentences
 * @returns {Branch[]}
 */
export function parseSentences(sentences) {
  const text = sentences.map((one, place) => one && clean(one.lead) + START + clean(one.text) + marks(one, sentences[place + 1])).join("");
  return blocks(text.replace(STARTED_EARLY, `$1${START}`).replace(CITED_LATE, "$1 |").split(/\r?\n/));
}

/**
 * The numbers of a sentence's sources. The lines of a list out of one source bear them once, behind the last; a heading
 * leaves them to what stands below it.
 * @param {Sentence} one
 * @param {Sentence | undefined} next
 */
function marks(one, next) {
  const numbers = (one.citations || []).filter(Number.isInteger);
  const goesOn = next && (NEXT_LINE.test(next.lead) || ALL_BOLD.test(one.text));
  if (goesOn && String(next.citations) === String(numbers)) return "";
  return numbers.map((n) => CITE + n + CITED).join("");
}

/**
 * The same without any marks, to be spoken.
 * @param {Branch[]} branches
 * @returns {string}
 */
export function plain(branches) {
  return branches.map((one) => ("text" in one ? one.text : "children" in one ? plain(one.children) + (one.tag === "p" || one.tag === "li" ? " " : "") : "")).join("");
}

/** @param {string} text */
function clean(text) {
  return (text || "").replace(PRIVATE, "");
}

/**
 * @param {string[]} lines
 * @param {number} [depth] in how many lists and quotes it stands; nobody needs more than a few
 * @returns {Branch[]}
 */
function blocks(lines, depth = 0) {
  if (depth > DEEPEST) return [{ tag: "p", children: inline(lines.join("\n")) }];
  /** @type {Branch[]} */
  const found = [];
  let at = 0;
  /** Takes lines for as long as they belong. @param {(line: string) => boolean} belongs */
  const take = (belongs) => {
    const from = at;
    while (at < lines.length && belongs(lines[at])) at++;
    return lines.slice(from, at);
  };
  while (at < lines.length) {
    const line = lines[at];
    const heading = HEADING.exec(line);
    if (!line.trim()) at++;
    else if (FENCE.test(line)) {
      at++;
      const code = take((one) => !FENCE.test(one)).join("\n");
      at++;
      found.push({ tag: "pre", children: [{ tag: "code", children: [{ text: clean(code) }] }] });
    } else if (heading) {
      at++;
      found.push({ tag: "h4", children: inline(heading[1]) });
    } else if (QUOTE.test(line)) found.push({ tag: "blockquote", children: blocks(take((one) => QUOTE.test(one)).map((one) => one.replace(QUOTE, "")), depth + 1) });
    else if (line.includes("|") && RULE.test(lines[at + 1] || "")) found.push(table(take((one) => one.includes("|"))));
    else if (BULLET.test(line)) found.push(list(take((one) => BULLET.test(one) || /^\s{2,}\S/.test(one) || !one.trim()), depth));
    else found.push({ tag: "p", children: inline(take((one) => Boolean(one.trim()) && !startsAnother(one)).join("\n") || lines[at++]) });
  }
  return found;
}

/** @param {string} line */
function startsAnother(line) {
  return FENCE.test(line) || HEADING.test(line) || QUOTE.test(line) || BULLET.test(line);
}

/**
 * @param {string[]} lines
 * @param {number} deep
 * @returns {Branch}
 */
function list(lines, deep) {
  const first = /** @type {RegExpExecArray} */ (BULLET.exec(lines[0]));
  const depth = first[1].length;
  /** @type {string[][]} */
  const items = [];
  for (const line of lines) {
    const bullet = BULLET.exec(line);
    if (bullet && bullet[1].length <= depth + 1) items.push([bullet[4]]);
    else items.at(-1)?.push(line.slice(Math.min(depth + 2, line.length - line.trimStart().length)));
  }
  const children = items.map((item) => {
    const inner = blocks(item, deep + 1);
    // A single paragraph needs no box of its own in the item.
    const [head] = inner;
    return { tag: "li", children: head && "tag" in head && head.tag === "p" ? [...head.children, ...inner.slice(1)] : inner };
  });
  return first[3] ? { tag: "ol", children, ordered: Number(first[3]) } : { tag: "ul", children };
}

/**
 * @param {string[]} lines
 * @returns {Branch}
 */
function table(lines) {
  /** @param {string} line @param {string} tag */
  const row = (line, tag) => ({ tag: "tr", children: line.trim().replace(/^\||\|$/g, "").split("|").map((cell) => ({ tag, children: inline(cell.trim()) })) });
  const [head, , ...rest] = lines;
  return { tag: "table", children: [row(head, "th"), ...rest.map((line) => row(line, "td"))] };
}

/**
 * @param {string} text
 * @returns {Branch[]}
 */
function inline(text) {
  /** @type {Branch[]} */
  const found = [];
  let from = 0;
  for (const match of text.matchAll(INLINE)) {
    if (match.index > from) found.push({ text: text.slice(from, match.index) });
    from = match.index + match[0].length;
    found.push(...piece(match));
  }
  if (from < text.length) found.push({ text: text.slice(from) });
  return found;
}

/**
 * @param {RegExpExecArray} match
 * @returns {Branch[]}
 */
function piece([, code, label, target, pointed, bare, bold, heavy, struck, leaning, slanted, escaped, cited, started, broken]) {
  if (code) return [{ tag: "code", children: [{ text: clean(code) }] }];
  if (label) return link(target, inline(label));
  if (pointed || bare) return link(pointed || bare, [{ text: clean(pointed || bare).replace(/^mailto:/, "") }]);
  if (bold || heavy) return [{ tag: "strong", children: inline(bold || heavy) }];
  if (struck) return [{ tag: "s", children: inline(struck) }];
  if (leaning || slanted) return [{ tag: "em", children: inline(leaning || slanted) }];
  if (escaped) return [{ text: escaped }];
  if (cited) return [{ cite: Number(cited) }];
  if (started) return [{ start: true }];
  return broken ? [{ tag: "br", children: [] }] : [];
}

/**
 * @param {string} target
 * @param {Branch[]} children
 * @returns {Branch[]}
 */
function link(target, children) {
  const href = safeAddress(clean(target));
  return href ? [{ tag: "a", href, children }] : children;
}

/**
 * The address if it may be followed, else nothing.
 * @param {string | null | undefined} address
 */
export function safeAddress(address) {
  try {
    const url = new URL(address || "");
    return ["http:", "https:", "mailto:", "tel:"].includes(url.protocol) ? url.href : "";
  } catch {
    return "";
  }
}
