/**
 * The panel's side of the page: what the loader fetches so that a visitor can type. All that is needed to send
 * and to answer comes after it, when he means to, or at once for whoever has talked to us before.
 *
 * @import { Room, Start } from "./types.js"
 */
import { palette } from "./colours.js";
import { h, icon } from "./dom.js";
import { createPanel } from "./panel.js";
import widgetStyle from "./widget.css";
import { direction, speak, t } from "./words.js";

const DOWN = "M6 9.5l6 6 6-6";

/** @param {Start} start */
export async function run(start) {
  const { key, base, data, config, host, root, launcher } = start;
  const look = config.widget;
  // What stands on the snippet outweighs the settings.
  for (const name of /** @type {const} */ (["side", "color", "theme", "locale"])) if (data[name]) look[name] = /** @type {any} */ (data[name]);
  const isPage = data.mode === "page";
  const night = matchMedia("(prefers-color-scheme: dark)");
  const narrow = matchMedia("(max-width: 480px)");
  /** @type {Record<string, Set<(detail: any) => void>>} */
  const heard = {};
  const frame = h(`div.fd ${isPage ? "whole" : look.side}`);
  let isOpen = false;
  /** @type {any} */
  let opener = null;
  /** @type {Promise<Room> | undefined} */
  let talking;

  /** @type {Room} */
  const room = /** @type {any} */ ({ config, base, key, data, isPage, style, emit, open, close, badge, talk, isOpen: () => isOpen });

  style(widgetStyle);
  await choose();
  build();
  paint();
  root.append(frame);
  if (launcher) {
    launcher.append(icon(DOWN));
    launcher.ariaHasPopup = "dialog";
  }
  reflect();
  night.onchange = paint;
  narrow.onchange = fit;
  visualViewport?.addEventListener("resize", fit);
  visualViewport?.addEventListener("scroll", fit);
  // A framework that makes the document anew takes us out with everything it does not know.
  new MutationObserver(() => host.isConnected || document.documentElement.append(host)).observe(document.documentElement, { childList: true });
  window.navigation?.addEventListener("navigatesuccess", start.place);
  document.addEventListener("click", ({ target }) => target instanceof Element && target.closest("[data-frontdesk=open]") && open());

  /** Sheets that are constructed need no leave of a page's content policy. @param {string} text */
  function style(text) {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(text);
    root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
  }

  function choose() {
    return speak([look.locale, ...navigator.languages], look.strings);
  }

  function build() {
    // A path of the desk's, and not of the page that shows it.
    if (look.logo_url) look.logo_url = new URL(look.logo_url, base).href;
    // Who calls the assistant just that may have it in the visitor's language.
    room.assistant = look.name === "Assistant" ? "" : look.name;
    room.name = room.assistant || config.organization.name;
    room.panel = createPanel(room);
    frame.dir = direction();
    if (isOpen) frame.replaceChildren(room.panel.element);
  }

  function paint() {
    const wish = look.theme;
    frame.dataset.theme = wish === "dark" || (wish !== "light" && night.matches) ? "dark" : "light";
    for (const [name, value] of Object.entries(palette(look.color || "", frame.dataset.theme))) {
      frame.style.setProperty(name, value);
      launcher?.style.setProperty(name, value);
    }
  }

  /** The part of a phone's screen that its keyboard leaves. */
  function fit() {
    if (visualViewport) {
      frame.style.setProperty("--tall", `${visualViewport.height}px`);
      frame.style.setProperty("--top", `${visualViewport.offsetTop}px`);
    }
    room.panel.element.ariaModal = isOpen && !isPage && narrow.matches ? "true" : null;
  }

  /** @param {boolean} [isQuiet] after a reload nobody asked for the focus */
  function open(isQuiet) {
    if (isOpen) return;
    isOpen = true;
    opener = root.activeElement || document.activeElement;
    frame.replaceChildren(room.panel.element);
    fit();
    reflect();
    room.panel.composer.grow();
    if (isQuiet !== true) room.panel.focus();
    emit("open");
    talk().then(() => room.setOpen(true));
  }

  function close() {
    if (!isOpen || isPage) return;
    isOpen = false;
    const hadFocus = room.panel.element.contains(root.activeElement);
    room.panel.element.remove();
    reflect();
    if (hadFocus) (opener === document.body ? launcher : opener)?.focus();
    emit("close");
    talk().then(() => room.setOpen(false));
  }

  function reflect() {
    host.classList.toggle("open", isOpen);
    if (launcher) launcher.ariaExpanded = String(isOpen);
    badge(room.desk?.state.unread);
  }

  /** @param {number} [count] */
  function badge(count = 0) {
    if (!launcher) return;
    const shown = isOpen ? 0 : Math.min(count, 99);
    launcher.toggleAttribute("data-unread", shown > 0);
    if (shown) launcher.dataset.unread = String(shown);
    launcher.ariaLabel = isOpen ? t("close") : shown ? t("open_unread", { n: shown }) : t("open");
  }

  function talk() {
    return (talking ||= import("./talk.js").then((talk) => talk.begin(room, frame)));
  }

  /** @param {string} name @param {unknown} [detail] */
  function emit(name, detail) {
    heard[name]?.forEach((fn) => fn(detail));
  }

  // Whoever has talked to us before is told of an answer on whatever page he is.
  if (isPage) open(true);
  else if (isKnown(`frontdesk:${key}:`)) void talk();

  return {
    open,
    close,
    toggle: () => (isOpen ? close() : open()),
    /** @param {string} jwt */
    identify: (jwt) => talk().then(({ desk }) => desk.identify(jwt)),
    reset: () => talk().then(({ desk }) => desk.reset()),
    /** @param {string} name @param {(detail: any) => void} fn */
    on(name, fn) {
      (heard[name] ||= new Set()).add(fn);
      return () => heard[name].delete(fn);
    },
    /** @param {string} name @param {(detail: any) => void} fn */
    off: (name, fn) => heard[name]?.delete(fn),
    unreadCount: () => room.desk?.state.unread || 0,
    /** @param {string} wish */
    async setLocale(wish) {
      data.locale = look.locale = wish;
      await choose();
      build();
      reflect();
      room.refill?.();
    },
    /** Shows the look that somebody is about to choose; nothing is kept. @param {import("./types.js").Look} wish */
    async preview(wish) {
      const { side, offset, launcher: own } = Object.assign(look, wish);
      host.className = frame.className = `fd ${side}`;
      host.style.setProperty("--x", `${offset?.x}px`);
      host.style.setProperty("--y", `${offset?.y}px`);
      launcher?.children[1].replaceChildren(own?.text || "");
      await choose();
      build();
      paint();
      reflect();
      room.refill?.();
    },
    /** @param {string} text */
    send(text) {
      open();
      void talk().then(() => room.submit(String(text)));
    },
  };
}

/** @param {string} drawer */
function isKnown(drawer) {
  try {
    return localStorage[`${drawer}token`] || sessionStorage[`${drawer}open`];
  } catch {
    return false;
  }
}
