/** A list that is edited line by line: add, remove, move, each with the keyboard too. */

/** @typedef {Record<string, any>} Row */
/** @typedef {HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement} Cell */

const CELLS = "input, select, textarea";

/**
 * @param {HTMLElement} box holds the list; its template is `row-<name>`
 * @param {{most: number, changed: () => void}} how
 */
export function createRows(box, { most, changed }) {
  const list = /** @type {HTMLElement} */ (box.querySelector("[data-row-list]"));
  const template = /** @type {HTMLTemplateElement} */ (document.getElementById(`row-${box.dataset.rows}`));
  const more = /** @type {HTMLButtonElement | null} */ (box.querySelector("[data-row-add]"));
  more?.addEventListener("click", () => {
    add({});
    focusLast();
    changed();
  });
  list.addEventListener("click", ({ target }) => {
    const button = target instanceof Element ? target.closest("button") : null;
    if (button) act(button);
  });

  /** @param {HTMLButtonElement} button */
  function act(button) {
    const line = /** @type {HTMLElement} */ (button.closest(".rowline"));
    const { rowUp, rowDown, rowRemove } = button.dataset;
    if (rowUp !== undefined) line.previousElementSibling?.before(line);
    if (rowDown !== undefined) line.nextElementSibling?.after(line);
    if (rowRemove !== undefined) leave(line);
    settle();
    // At either end the button has nothing more to do; the focus stays with the line.
    if (rowRemove === undefined) (button.disabled ? twin(line, button) : button).focus();
    changed();
  }

  /** Whoever removes a line with the keyboard goes on at the next. @param {HTMLElement} line */
  function leave(line) {
    const next = line.nextElementSibling || line.previousElementSibling;
    line.remove();
    const stop = /** @type {HTMLElement | null} */ (next?.querySelector(CELLS) || more || box);
    stop?.focus();
  }

  function settle() {
    const lines = [...list.children];
    lines.forEach((line, place) => {
      /** @type {HTMLButtonElement} */ (line.querySelector("[data-row-up]")).disabled = place === 0;
      /** @type {HTMLButtonElement} */ (line.querySelector("[data-row-down]")).disabled = place === lines.length - 1;
    });
    if (more) more.disabled = lines.length >= most;
    list.hidden = !lines.length;
  }

  /** @param {Row} row */
  function add(row) {
    const line = /** @type {HTMLElement} */ (/** @type {Element} */ (template.content.firstElementChild).cloneNode(true));
    for (const cell of cells(line)) {
      const value = row[cell.dataset.cell || ""];
      if (cell instanceof HTMLInputElement && cell.type === "checkbox") cell.checked = Boolean(value);
      else cell.value = value ?? "";
    }
    // What is not shown stays with the line.
    if (row.name) line.dataset.name = row.name;
    if (row.type) line.dataset.type = row.type;
    list.append(line);
    settle();
  }

  function focusLast() {
    /** @type {HTMLElement | null | undefined} */ (list.lastElementChild?.querySelector(CELLS))?.focus();
  }

  return {
    add,
    focusLast,
    /** @returns {Row[]} */
    read: () =>
      [...list.children].map((line) => {
        const { name, type } = /** @type {HTMLElement} */ (line).dataset;
        const entries = cells(line).map((cell) => [cell.dataset.cell, cell instanceof HTMLInputElement && cell.type === "checkbox" ? cell.checked : cell.value]);
        return { name, type, ...Object.fromEntries(entries) };
      }),
    /** @param {Row[]} rows */
    write(rows) {
      list.replaceChildren();
      for (const row of rows) add(row);
      settle();
    },
  };
}

/** @param {Element} line @returns {Cell[]} */
function cells(line) {
  return /** @type {Cell[]} */ ([...line.querySelectorAll(CELLS)]).filter((one) => one.dataset.cell);
}

/** @param {Element} line @param {HTMLButtonElement} button @returns {HTMLElement} the way back */
function twin(line, button) {
  return /** @type {HTMLElement} */ (line.querySelector("rowUp" in button.dataset ? "[data-row-down]" : "[data-row-up]"));
}
