/** One card of a long form at a time: tabs, with arrow keys, and the part's name in the address. */

/**
 * @param {HTMLElement} root
 * @param {(name: string) => void} shown
 * @returns {(name: string) => void} turns to a part
 */
export function bindParts(root, shown) {
  const bar = /** @type {HTMLElement} */ (root.querySelector("[data-parts]"));
  const tabs = /** @type {HTMLElement[]} */ ([...bar.querySelectorAll("[role=tab]")]);
  bar.hidden = false;
  for (const tab of tabs) {
    tab.addEventListener("click", () => open(tab));
    tab.addEventListener("keydown", (event) => move(event));
    const panel = document.getElementById(tab.getAttribute("aria-controls") || "");
    panel?.setAttribute("role", "tabpanel");
  }
  addEventListener("hashchange", () => open(named(location.hash.slice(1))));
  open(named(location.hash.slice(1)));

  /** @param {HTMLElement} tab */
  function open(tab) {
    for (const one of tabs) {
      const isThis = one === tab;
      one.ariaSelected = String(isThis);
      one.tabIndex = isThis ? 0 : -1;
      /** @type {HTMLElement} */ (document.getElementById(one.getAttribute("aria-controls") || "")).hidden = !isThis;
    }
    const name = tab.id.replace("tab-", "");
    if (location.hash.slice(1) !== name && (location.hash || tab !== tabs[0])) history.replaceState(null, "", `#${name}`);
    tab.scrollIntoView({ block: "nearest", inline: "nearest" });
    shown(name);
  }

  /** @param {KeyboardEvent} event */
  function move(event) {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const here = tabs.indexOf(/** @type {HTMLElement} */ (event.target));
    const next = event.key === "Home" ? tabs[0] : event.key === "End" ? tabs.at(-1) : step && tabs[(here + step + tabs.length) % tabs.length];
    if (!next) return;
    event.preventDefault();
    open(next);
    next.focus();
  }

  /** @param {string} name */
  function named(name) {
    return tabs.find((one) => one.id === `tab-${name}`) || tabs[0];
  }

  return (name) => open(named(name));
}

/** The name of the part that something is in. @param {Element} element */
export function partOf(element) {
  return element.closest("[data-part]")?.id.replace("part-", "") || "";
}
