/** One file on its way: its name, how much of it has gone, and what became of it. */
import { ApiError } from "./api.js";
import { part } from "./rows.js";
import { sizeWords } from "./standing.js";

/** @typedef {import("./standing.js").Shown} Shown */

/** Marks that turn the direction of writing around could show “fdp.exe” as “exe.pdf”. */
const MISLEADING = /[\u200b\ufeff\u200e\u200f\u202a-\u202e\u2066-\u2069\p{Cc}]/gu;

export class UploadRow {
  /** @type {HTMLElement} */
  #row;
  /** @type {(() => void) | null} */
  #onCancel = null;
  /** @type {(() => void) | null} */
  #onRetry = null;

  /**
   * @param {HTMLElement} list
   * @param {File} file
   */
  constructor(list, file) {
    const template = /** @type {HTMLTemplateElement} */ (document.querySelector("template[data-upload-row]"));
    this.#row = /** @type {HTMLElement} */ (/** @type {Element} */ (template.content.firstElementChild).cloneNode(true));
    this.name = file.name.replace(MISLEADING, "") || "document";
    this.words = "";
    part(this.#row, "[data-upload-name]").textContent = this.name;
    part(this.#row, "[data-upload-size]").textContent = sizeWords(file.size);
    this.#bar.setAttribute("aria-label", `Upload of ${this.name}`);
    this.#name("cancel", "Cancel the upload of").addEventListener("click", () => this.#onCancel?.());
    this.#name("retry", "Retry the upload of").addEventListener("click", () => this.#onRetry?.());
    list.prepend(this.#row);
  }

  /** @param {() => void} onCancel */
  wait(onCancel) {
    this.#onCancel = onCancel;
    this.#bar.value = 0;
    this.#show("waiting", "Waiting for its turn");
  }

  /** @param {number} share of the file that has gone, 0 to 1 */
  progress(share) {
    this.#bar.value = share * 100;
    this.#show("sending", share < 1 ? `${Math.floor(share * 100)} % sent` : "Sent; being taken in");
  }

  /**
   * @param {string} outcome
   * @param {Shown} shown
   */
  taken(outcome, shown) {
    /** @type {Record<string, string>} */
    const words = {
      added: "Uploaded. It is being learned.",
      replaced: "A new version of what was there. The text before answers meanwhile.",
      duplicate: `Known already, word for word, as “${shown.title}”.`,
      relabelled: `Known already, word for word, as “${shown.title}”. Its category is now “${shown.category}”.`,
    };
    const link = /** @type {HTMLAnchorElement} */ (part(this.#row, "[data-upload-open]"));
    link.href = `/dashboard/documents/${shown.id}`;
    link.setAttribute("aria-label", `Open “${shown.title}”`);
    link.hidden = false;
    this.#show(["duplicate", "relabelled"].includes(outcome) ? "known" : "taken", words[outcome] || "Uploaded.");
  }

  /**
   * What became of it after the upload, once that is known.
   * @param {Shown} shown
   */
  settled(shown) {
    if (this.#row.dataset.state !== "taken") return;
    if (shown.status === "failed") return this.#show("failed", `Uploaded, but it could not be learned. ${shown.error}`);
    const warned = shown.warnings.length ? " Some of it could not be read: open it to see what." : "";
    this.#show("taken", `Ready: it can be found now.${warned}`);
  }

  /** @param {string} sentence why it is not even sent */
  refuse(sentence) {
    this.#show("refused", sentence);
  }

  /** @param {() => void} onRetry */
  stopped(onRetry) {
    this.#onRetry = onRetry;
    this.#show("stopped", "Cancelled. Nothing of it was kept.");
  }

  /**
   * @param {unknown} error
   * @param {() => void} onRetry
   */
  fail(error, onRetry) {
    if (!(error instanceof ApiError)) console.error(error);
    const said = error instanceof ApiError ? error : new ApiError(0, {});
    // What the server has judged will not be judged otherwise: trying again is for accidents.
    const isFinal = [413, 415, 422].includes(said.status);
    this.#onRetry = isFinal ? null : onRetry;
    this.#show(isFinal ? "refused" : "failed", said.fields.file || said.message);
  }

  /**
   * @param {string} state
   * @param {string} words
   */
  #show(state, words) {
    const isUnderWay = state === "waiting" || state === "sending";
    const hadFocus = this.#row.contains(document.activeElement);
    this.words = words;
    this.#row.dataset.state = state;
    this.#row.dataset.done = isUnderWay ? "no" : "yes";
    part(this.#row, "[data-upload-words]").textContent = words;
    this.#bar.hidden = !isUnderWay;
    part(this.#row, "[data-upload-cancel]").hidden = !isUnderWay;
    part(this.#row, "[data-upload-retry]").hidden = isUnderWay || !this.#onRetry || !["stopped", "failed"].includes(state);
    if (hadFocus) /** @type {HTMLElement | null} */ (this.#row.querySelector("button:not([hidden]), a:not([hidden])"))?.focus();
  }

  /**
   * @param {string} deed
   * @param {string} words
   */
  #name(deed, words) {
    const button = part(this.#row, `[data-upload-${deed}]`);
    button.setAttribute("aria-label", `${words} ${this.name}`);
    return button;
  }

  get #bar() {
    return /** @type {HTMLProgressElement} */ (part(this.#row, "[data-upload-bar]"));
  }
}
