/** The page of keys. */
import { h } from "../../../../widget/dom.js";
import { icon } from "./icons.js";
import { HELP } from "./keys.js";

export function showHelp() {
  const back = /** @type {HTMLElement | null} */ (document.activeElement);
  const dialog = h(
    "dialog.dialog dialog--help",
    { "aria-labelledby": "help-title" },
    h("header.help__head", {}, h("h2", { id: "help-title" }, "Keys"), h("button.tool tool--icon", { "aria-label": "Close", onclick: () => dialog.close() }, icon("close"))),
    h("div.help", {}, ...HELP.map(([title, keys]) => h("section", {}, h("h3", {}, title), h("dl", {}, ...keys.map(([key, text]) => h("div", {}, h("dt", {}, ...key.split(" ").map((one) => h("kbd.key", {}, one))), h("dd", {}, text))))))),
    h("p.help__foot", {}, "None of them does anything while you write."),
  );
  dialog.addEventListener("close", () => {
    dialog.remove();
    back?.focus({ preventScroll: true });
  });
  document.body.append(dialog);
  dialog.showModal();
}
