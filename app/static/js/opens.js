/** `<button data-opens="id">` opens that dialog, `[data-dialog-close]` closes the one that it is in. */

export function bindOpens() {
  for (const element of document.querySelectorAll("[data-needs-script], [data-more-ways]")) /** @type {HTMLElement} */ (element).hidden = false;
  document.addEventListener("click", (event) => {
    const pressed = event.target instanceof Element ? event.target.closest("[data-opens], [data-dialog-close]") : null;
    if (!(pressed instanceof HTMLElement)) return;
    if (pressed.dataset.opens) open(pressed.dataset.opens);
    else pressed.closest("dialog")?.close();
  });
}

/** @param {string} id */
function open(id) {
  const dialog = document.getElementById(id);
  if (dialog instanceof HTMLDialogElement) dialog.showModal();
}
