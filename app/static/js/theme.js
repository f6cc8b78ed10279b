/** The colour switch: a cookie, so that the server draws the next page right from its first byte. */

export function bindTheme() {
  for (const group of document.querySelectorAll("[data-theme-switch]")) {
    group.addEventListener("change", (event) => {
      if (event.target instanceof HTMLInputElement) choose(event.target.value);
    });
  }
}

/** @param {string} theme */
function choose(theme) {
  document.documentElement.dataset.theme = theme;
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `theme=${theme}; Path=/; Max-Age=31536000; SameSite=Lax${secure}`;
  for (const input of document.querySelectorAll("[data-theme-switch] input")) {
    const radio = /** @type {HTMLInputElement} */ (input);
    radio.checked = radio.value === theme;
  }
}
