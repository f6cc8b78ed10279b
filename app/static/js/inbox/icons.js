/** Frontdesk's icons, as the server has drawn them into the page. */

/** @type {Map<string, Element>} */
const drawn = new Map();

/**
 * @param {string} name
 * @param {number} [size]
 * @returns {Node}
 */
export function icon(name, size = 18) {
  if (!drawn.size) collect();
  const made = /** @type {Element | undefined} */ (drawn.get(name)?.cloneNode(true));
  if (!made) return document.createTextNode("");
  made.setAttribute("width", String(size));
  made.setAttribute("height", String(size));
  return made;
}

function collect() {
  const template = /** @type {HTMLTemplateElement | null} */ (document.getElementById("inbox-icons"));
  for (const one of template?.content.querySelectorAll("[data-icon]") || []) {
    if (one.firstElementChild) drawn.set(one.getAttribute("data-icon") || "", one.firstElementChild);
  }
}
