/**
 * The widget's words, one line each: what it says by itself, and beside it what the organization says instead.
 * The words come out of the widget's own catalogues.
 */

/** @typedef {Record<string, string>} Words */

const HOLES = /\{\w+\}/g;

/**
 * @param {HTMLFormElement} form
 * @param {Record<string, string[]>} catalogues where a language's words are
 * @param {() => void} changed
 */
export function createWording(form, catalogues, changed) {
  const table = find(form, "[data-wording]");
  const language = /** @type {HTMLSelectElement} */ (find(form, "[data-wording-language]"));
  const search = /** @type {HTMLInputElement} */ (find(form, "[data-wording-search]"));
  const mine = /** @type {HTMLInputElement} */ (find(form, "[data-wording-mine]"));
  const none = find(form, "[data-wording-none]");
  /** @type {Record<string, Words>} */
  const known = {};
  /** @type {Record<string, Words>} */
  let own = {};

  language.addEventListener("change", () => void show());
  search.addEventListener("input", sift);
  mine.addEventListener("change", sift);
  // These steer the table, and are no settings.
  for (const one of [language, search, mine]) one.addEventListener("input", (event) => event.stopPropagation());
  table.addEventListener("input", (event) => {
    if (event.target instanceof HTMLTextAreaElement) take(event.target);
  });

  /** @param {string} tag @returns {Promise<Words>} */
  async function learn(tag) {
    if (!known[tag]) {
      const parts = await Promise.all(catalogues[tag].map((address) => import(address)));
      known[tag] = Object.assign({}, ...parts.map((one) => one.default));
    }
    return known[tag];
  }

  async function show() {
    const tag = language.value;
    const words = await learn(tag);
    if (tag !== language.value) return;
    const keys = Object.keys(words).sort();
    table.replaceChildren(...keys.map((key) => line(tag, key, words[key], own[tag]?.[key] || "")));
    sift();
  }

  function sift() {
    const wanted = search.value.trim().toLowerCase();
    let shown = 0;
    for (const row of /** @type {Iterable<HTMLElement>} */ (table.children)) {
      const field = /** @type {HTMLTextAreaElement} */ (row.querySelector("textarea"));
      const isThere = (!wanted || `${row.dataset.words} ${field.value}`.toLowerCase().includes(wanted)) && (!mine.checked || field.value !== "");
      row.hidden = !isThere;
      if (isThere) shown++;
    }
    none.hidden = shown > 0;
  }

  /** @param {HTMLTextAreaElement} field */
  function take(field) {
    const { key = "", tag = "" } = field.dataset;
    const words = { ...own[tag], [key]: field.value };
    if (!field.value.trim()) delete words[key];
    own = { ...own, [tag]: words };
    if (!Object.keys(words).length) delete own[tag];
    warn(field, known[tag][key]);
    changed();
  }

  return {
    show,
    read: () => own,
    /** @param {Record<string, Words>} words */
    write(words) {
      own = structuredClone(words);
      if (table.childElementCount) void show();
    },
    /** What the widget says in a language by itself. @param {string} tag */
    learn,
  };
}

/**
 * @param {string} tag
 * @param {string} key
 * @param {string} words
 * @param {string} instead
 */
function line(tag, key, words, instead) {
  const row = document.createElement("div");
  const said = document.createElement("label");
  const field = document.createElement("textarea");
  const warning = document.createElement("p");
  row.className = "wording__line";
  row.dataset.words = `${words} ${key}`;
  said.className = "wording__said";
  said.htmlFor = field.id = `word-${tag}-${key}`;
  said.textContent = words;
  said.lang = field.lang = tag;
  said.dir = field.dir = "auto";
  field.className = "textarea wording__field";
  field.rows = words.includes("\n") ? 2 : 1;
  field.maxLength = 400;
  field.value = instead;
  field.placeholder = "As it is";
  field.dataset.key = key;
  field.dataset.tag = tag;
  warning.className = "small bad wording__warning";
  warning.id = `${field.id}-warning`;
  warning.hidden = true;
  field.setAttribute("aria-describedby", warning.id);
  row.append(said, field, warning);
  if (instead) warn(field, words);
  return row;
}

/**
 * A hole such as {name} that was left out is only a pity; that is said and not forbidden.
 * @param {HTMLTextAreaElement} field
 * @param {string} words
 */
function warn(field, words) {
  const warning = /** @type {HTMLElement} */ (field.parentElement?.querySelector(".wording__warning"));
  const missing = field.value.trim() ? (words.match(HOLES) || []).filter((hole) => !field.value.includes(hole)) : [];
  const strange = (field.value.match(HOLES) || []).filter((hole) => !words.includes(hole));
  const said = [missing.length && `${missing.join(", ")} is missing and will not be said.`, strange.length && `Nothing stands for ${strange.join(", ")} here.`];
  warning.textContent = said.filter(Boolean).join(" ");
  warning.hidden = !warning.textContent;
}

/** @param {ParentNode} root @param {string} selector @returns {HTMLElement} */
function find(root, selector) {
  return /** @type {HTMLElement} */ (root.querySelector(selector));
}
