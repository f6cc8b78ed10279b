/** A handful of faces and signs; whoever wants more has them on his keyboard. */
import { h } from "./dom.js";
import { t } from "./words.js";

const ALL = "😀 😄 😊 🙂 😉 😍 🤩 😎 🤗 🤔 😅 😂 😇 🙃 😴 😐 😕 🙁 😢 😭 😤 😠 😱 🤯 👍 👎 👏 🙏 🙌 👋 💪 🤝 ❤️ 💚 💔 ✨ 🎉 🎁 🔥 ⭐ ✅ ❌ ❗ ❓ 💡 📦 🚚 💳 📎 📷 🕒 📞 ✉️ 🔑 🛠️ 🚲 ☀️ 🌧️ ☕ 🍀".split(" ");
const WIDE = 8;

/**
 * @param {HTMLElement} place
 * @param {HTMLElement} button
 * @param {(text: string) => void} write
 */
export function openEmoji(place, button, write) {
  const old = place.querySelector(".emoji");
  if (old) return old.dispatchEvent(new Event("leave"));
  const root = /** @type {ShadowRoot} */ (place.getRootNode());
  const list = h(
    "div.emoji",
    { role: "group", "aria-label": t("emoji"), onkeydown: move, onleave: leave },
    ...ALL.map((one, at) => h("button", { "aria-label": one, tabindex: at ? -1 : 0, onclick: () => (leave(), write(one)) }, one)),
  );
  place.append(list);
  button.setAttribute("aria-expanded", "true");
  list.firstChild.focus();
  root.addEventListener("pointerdown", outside);

  /** @param {Event} event */
  function outside({ target }) {
    if (!list.contains(target) && !button.contains(/** @type {Node} */ (target))) leave();
  }

  function leave() {
    const hadFocus = list.contains(root.activeElement);
    list.remove();
    root.removeEventListener("pointerdown", outside);
    button.setAttribute("aria-expanded", "false");
    if (hadFocus) button.focus();
  }

  /** @param {KeyboardEvent} event */
  function move(event) {
    const stops = [...list.children];
    const here = stops.indexOf(root.activeElement);
    const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: WIDE, ArrowUp: -WIDE }[event.key];
    if (event.key === "Escape") leave();
    else if (!step) return;
    else stops.at((here + (getComputedStyle(list).direction === "rtl" && Math.abs(step) === 1 ? -step : step)) % stops.length)?.focus();
    event.preventDefault();
    event.stopPropagation();
  }
}
