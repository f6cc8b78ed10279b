/** The widget on somebody's site: this page notices when it is seen there, and shows the identity secret once. */
import { call } from "./api.js";
import { showSecret } from "./dialog.js";
import { writeTimes } from "./times.js";
import { Watch } from "./watch.js";

/** @typedef {{origin: string, last_seen_at: string}} Site */

const LATELY = 7 * 24 * 3_600_000;
const box = part(document, "[data-installed]");
const template = /** @type {HTMLTemplateElement} */ (document.getElementById("site-row"));

document.querySelector("[data-identity-secret]")?.addEventListener("api:done", (event) => {
  event.preventDefault();
  showSecret("identity-dialog", /** @type {CustomEvent} */ (event).detail.secret);
});
document.querySelector("form[data-api]")?.addEventListener("api:done", (event) => {
  const field = /** @type {HTMLTextAreaElement} */ (document.getElementById("f-allowed_domains"));
  field.value = /** @type {CustomEvent} */ (event).detail.allowed_domains.join("\n");
});
new Watch(look).start();

/** It goes on after the first site: a second one may be what somebody waits for. */
async function look() {
  const { installed_on: sites } = await call("GET", "/api/organization/widget");
  if (sites.some(isFresh)) show(sites);
  return true;
}

/** What was seen long ago is drawn by the server already, as that. @param {Site} site */
function isFresh({ last_seen_at: at }) {
  return Date.now() - Date.parse(at) < LATELY;
}

/** @param {Site[]} sites */
function show(sites) {
  const title = part(box, "[data-installed-title]");
  box.classList.remove("installed--waiting", "installed--quiet");
  box.classList.add("installed--there");
  part(box, "[data-installed-there]").hidden = false;
  part(box, "[data-installed-waiting]").hidden = true;
  // Said once, and not again with every look.
  if (title.textContent !== "The widget is on your site") title.textContent = "The widget is on your site";
  part(box, "[data-installed-text]").textContent = "Seen on these sites:";
  const list = part(box, "[data-sites]");
  list.replaceChildren(...sites.map(line));
  writeTimes(list);
}

/** @param {Site} site */
function line({ origin, last_seen_at: at }) {
  const row = /** @type {HTMLElement} */ (/** @type {Element} */ (template.content.firstElementChild).cloneNode(true));
  part(row, "[data-origin]").textContent = origin;
  /** @type {HTMLTimeElement} */ (row.querySelector("time")).dateTime = at;
  return row;
}

/** @param {ParentNode} root @param {string} selector @returns {HTMLElement} */
function part(root, selector) {
  return /** @type {HTMLElement} */ (root.querySelector(selector));
}
