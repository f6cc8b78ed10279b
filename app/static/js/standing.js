/** How far a document has come, in words: the same that templates/documents/parts.html writes. */

/**
 * What the API says about a document.
 * @typedef {object} Shown
 * @property {string} id
 * @property {string} title
 * @property {string} category
 * @property {"file" | "text" | "question" | "page"} source
 * @property {string | null} source_url
 * @property {string} file_name
 * @property {number} size_bytes
 * @property {"queued" | "reading" | "embedding" | "ready" | "failed"} status
 * @property {number} version
 * @property {number} live_version
 * @property {number} pages_total
 * @property {number} pages_done
 * @property {number} passages_total
 * @property {number} passages_done
 * @property {{page: number | null, message: string}[]} warnings
 * @property {string} error
 * @property {number} times_cited
 * @property {string} updated_at
 * @property {string | null} learned_at
 */

/** @typedef {{text: string, tone: string, detail: string, done?: number, total?: number}} Standing */

const MEANWHILE = "The text before answers meanwhile.";

/** @param {{status: string}} document */
export function isBusy(document) {
  return document.status !== "ready" && document.status !== "failed";
}

/**
 * @param {Shown} document
 * @returns {Standing}
 */
export function standingOf(document) {
  const known = document.live_version > 0;
  const meanwhile = known ? MEANWHILE : "";
  switch (document.status) {
    case "queued":
      return { text: "Waiting", tone: "info", detail: document.error || meanwhile };
    case "reading":
      return { text: readingWords(document), tone: "info", detail: meanwhile, done: document.pages_done, total: document.pages_total };
    case "embedding":
      return {
        text: `Embedding ${document.passages_done} of ${document.passages_total}`,
        tone: "info",
        detail: document.error || (known && document.live_version === document.version ? "Already found by its words." : meanwhile),
        done: document.passages_done,
        total: document.passages_total,
      };
    case "failed":
      return { text: "Failed", tone: "bad", detail: document.error + (known ? " The version before still answers." : "") };
    default:
      return readyWords(document.warnings.length);
  }
}

/**
 * Writes into a `.standing` what has changed, and touches nothing else.
 * @param {Element} box
 * @param {Shown} document
 */
export function writeStanding(box, document) {
  const standing = standingOf(document);
  const badge = /** @type {HTMLElement} */ (box.querySelector("[data-status]"));
  const detail = /** @type {HTMLElement} */ (box.querySelector("[data-detail]"));
  const bar = /** @type {HTMLProgressElement} */ (box.querySelector("[data-bar]"));
  /** @type {HTMLElement} */ (box).dataset.standing = document.status;
  badge.className = `badge badge--${standing.tone}`;
  write(badge, standing.text);
  write(detail, standing.detail);
  detail.hidden = !standing.detail;
  bar.hidden = !standing.total;
  bar.max = standing.total || 1;
  bar.value = standing.done || 0;
  bar.setAttribute("aria-label", standing.text);
}

/**
 * Sets a text only where it differs, so that a selection or a screen reader's place survives.
 * @param {Element | null} element
 * @param {string} text
 */
export function write(element, text) {
  if (element && element.textContent !== text) element.textContent = text;
}

/** @param {number} bytes */
export function sizeWords(bytes) {
  if (bytes < 1000) return bytes === 1 ? "1 Byte" : `${bytes} Bytes`;
  return bytes < 1e6 ? `${(bytes / 1e3).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

/** @param {Shown} document */
function readingWords({ pages_done: done, pages_total: total }) {
  return total ? `Reading page ${Math.min(done + 1, total)} of ${total}` : "Reading";
}

/**
 * @param {number} warnings
 * @returns {Standing}
 */
function readyWords(warnings) {
  if (!warnings) return { text: "Ready", tone: "good", detail: "" };
  return { text: `Ready, with ${warnings} ${warnings === 1 ? "warning" : "warnings"}`, tone: "brass", detail: "" };
}
