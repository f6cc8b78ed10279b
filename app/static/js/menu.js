/** Menus are native popovers; here they get their place beside their button, and arrow keys. */

export function bindMenus() {
  for (const menu of document.querySelectorAll(".menu[popover]")) {
    const box = /** @type {HTMLElement} */ (menu);
    if (box.classList.contains("menu--row")) bindRowMenu(box);
    box.addEventListener("keydown", (event) => move(box, event));
  }
  // A menu is placed for where its button is now, so it moves along when the page moves. Closing it then would
  // undo the very click that opened it, when the page had still been settling.
  addEventListener("scroll", () => {
    const open = /** @type {HTMLElement | null} */ (document.querySelector(".menu--row:popover-open"));
    if (open) place(open);
  }, { passive: true });
  // On a phone the settings' tabs scroll sideways: the one that is open should be in sight.
  document.querySelector(".settings__list [aria-current]")?.scrollIntoView({ inline: "center", block: "nearest" });
}

/** @param {HTMLElement} menu */
function bindRowMenu(menu) {
  menu.addEventListener("beforetoggle", (event) => {
    if (/** @type {ToggleEvent} */ (event).newState === "open") place(menu);
  });
  menu.addEventListener("toggle", (event) => {
    const first = /** @type {HTMLElement | null} */ (menu.querySelector(".menu__item"));
    if (/** @type {ToggleEvent} */ (event).newState === "open") first?.focus();
  });
}

/**
 * A menu in a row opens below its button, or above where there is no room.
 * @param {HTMLElement} menu
 */
function place(menu) {
  const button = document.querySelector(`[popovertarget="${CSS.escape(menu.id)}"]`);
  if (!button) return;
  const { top, bottom, right } = button.getBoundingClientRect();
  const above = innerHeight - bottom < 240;
  menu.style.top = above ? "auto" : `${bottom + 6}px`;
  menu.style.bottom = above ? `${innerHeight - top + 6}px` : "auto";
  menu.style.right = `${Math.max(8, document.documentElement.clientWidth - right)}px`;
  menu.style.left = "auto";
}

/**
 * @param {HTMLElement} menu
 * @param {KeyboardEvent} event
 */
function move(menu, event) {
  const items = /** @type {HTMLElement[]} */ (Array.from(menu.querySelectorAll(".menu__item")));
  const now = items.indexOf(/** @type {HTMLElement} */ (document.activeElement));
  /** @type {Record<string, number>} */
  const places = { ArrowDown: now + 1, ArrowUp: now - 1, Home: 0, End: -1 };
  if (!(event.key in places) || !items.length || event.target instanceof HTMLInputElement) return;
  event.preventDefault();
  items.at(places[event.key] % items.length)?.focus();
}
