/**
 * In the frame of the preview: the widget as every site loads it, and around it a desk that is only played.
 * Whatever it would ask a server is answered here; the page's policy forbids it to ask one.
 */
import { CannedSocket, canned } from "./preview-desk.js";

const script = /** @type {HTMLScriptElement} */ (document.getElementById("preview"));
const { loader = "", look = "{}", organization = "" } = script.dataset;
const availability = { open: true, people_online: true, reopens_at: null, reply_time: "5 min" };
/** @type {any} */
let wanted = null;
let isBusy = false;
let was = "";
let isLoaded = false;

play();
addEventListener("message", ({ origin, source, data }) => {
  if (origin !== location.origin || source !== parent) return;
  if (data.type === "hello" && isLoaded) tell({ type: "ready" });
  if (data.type !== "show") return;
  wanted = data;
  void catchUp();
});
await loaded();
isLoaded = true;
tell({ type: "ready" });

/** What the widget would reach out with leads to the played desk, and what it keeps is forgotten. */
function play() {
  const config = { organization: { name: organization }, widget: { ...JSON.parse(look), hidden_on: [] }, availability };
  Object.assign(window, { WebSocket: CannedSocket, fetch: async () => new Response(JSON.stringify(config)) });
  for (const name of ["localStorage", "sessionStorage"]) Object.defineProperty(window, name, { value: memory() });
  // Somebody types beside this frame: it takes the focus only from whoever is in it.
  const focus = HTMLElement.prototype.focus;
  HTMLElement.prototype.focus = function focusHere(options) {
    if (document.hasFocus()) focus.call(this, options);
  };
}

/** @returns {Promise<void>} */
function loaded() {
  const tag = document.createElement("script");
  tag.src = loader;
  tag.dataset.key = "preview";
  document.head.append(tag);
  return new Promise((done) => {
    tag.addEventListener("load", () => {
      window.Frontdesk("on", "open", () => done());
      window.Frontdesk("open");
    });
  });
}

/** Only the last of what was typed meanwhile is shown. */
async function catchUp() {
  if (isBusy || !isLoaded) return;
  isBusy = true;
  while (wanted) {
    const next = wanted;
    wanted = null;
    await show(next);
  }
  isBusy = false;
}

/** @param {{look: any, state: string, shade: string}} wish */
async function show({ look: wish, state, shade }) {
  document.documentElement.dataset.shade = shade;
  const theme = wish.theme === "auto" ? shade : wish.theme;
  await window.Frontdesk("preview", { ...wish, theme, hidden_on: [] });
  const language = wish.locale || navigator.language;
  const stands = `${state} ${language}`;
  window.Frontdesk(state === "launcher" ? "close" : "open");
  if (stands !== was || state === "form") await turnTo(state, language, wish);
  was = stands;
  const launcher = /** @type {HTMLElement} */ (document.querySelector("frontdesk-widget")?.shadowRoot?.querySelector(".launcher"));
  tell({ type: "shown", accent: launcher.style.getPropertyValue("--accent"), ink: launcher.style.getPropertyValue("--on-accent") });
}

/** @param {string} state @param {string} language @param {any} wish */
async function turnTo(state, language, wish) {
  const talk = canned(language);
  await CannedSocket.begin(state === "conversation" ? talk : null);
  if (state !== "form" || !wish.prechat?.enabled) return;
  localStorage.removeItem("frontdesk:preview:details");
  window.Frontdesk("send", talk.question);
}

/** @param {object} what */
function tell(what) {
  parent.postMessage(what, location.origin);
}

/** Storage that lasts as long as this frame. */
function memory() {
  /** @type {Map<string, string>} */
  const kept = new Map();
  const storage = {
    getItem: (/** @type {string} */ name) => kept.get(name) ?? null,
    setItem: (/** @type {string} */ name, /** @type {string} */ value) => void kept.set(name, String(value)),
    removeItem: (/** @type {string} */ name) => void kept.delete(name),
  };
  return storage;
}
