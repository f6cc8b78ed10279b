/**
 * Making somebody look: a preview above the launcher, two notes of sound, the title of the page.
 *
 * @import { Room } from "./types.js"
 * @import { createKeeping } from "./keeping.js"
 */
import { face, h, ICONS, iconButton } from "./dom.js";
import { bare } from "./thread.js";
import { t } from "./words.js";

const NOTES = [659, 988];
const BLINK = 1500;

/** @type {any} */
let blinking = 0;
let title = "";

/** @param {{room: Room, frame: HTMLElement, isNew: boolean}} what */
export function attract({ room, frame, isNew }) {
  const { desk, config, open } = room;
  const { state, keeping } = desk;
  const look = config.widget;
  const isOpen = room.isOpen();
  const old = frame.querySelector(".preview");
  if (isOpen || !state.unread) old?.remove();
  if (!isNew) return;
  const event = state.events.findLast(({ kind, author }) => kind === "message" && author.kind !== "visitor");
  if (!isOpen && event) {
    old?.remove();
    const isPerson = event.author.kind === "person";
    const name = isPerson ? event.author.name : room.assistant || t("assistant");
    const words = h("button.words", { onclick: () => open() }, h("b", {}, h("bdi", {}, name)), h("span", { dir: "auto" }, bare(event.text)));
    const preview = h("div.preview", { role: "status" }, face(name, isPerson ? event.author.picture_url : look.logo_url), words, iconButton(ICONS.close, t("dismiss"), () => preview.remove()));
    frame.append(preview);
  }
  if (isOpen && !document.hidden) return;
  if (!isMuted(keeping) && look.sounds !== false) play();
  if (document.hidden) flash(t("new_message"));
}

/** @param {ReturnType<typeof createKeeping>} keeping */
export function isMuted(keeping) {
  return keeping.get("muted") === true;
}

/** @param {ReturnType<typeof createKeeping>} keeping @param {boolean} muted */
export function setMuted(keeping, muted) {
  keeping.set("muted", muted);
  if (!muted) play();
}

/** Made and not fetched: two soft notes. A browser that wants a gesture first stays silent. */
function play() {
  try {
    const context = new AudioContext();
    if (context.state === "suspended") return void context.close();
    NOTES.forEach((pitch, at) => {
      const start = context.currentTime + at * 0.11;
      const tone = context.createOscillator();
      const volume = context.createGain();
      tone.frequency.value = pitch;
      volume.gain.setValueAtTime(0, start);
      volume.gain.linearRampToValueAtTime(0.07, start + 0.02);
      volume.gain.exponentialRampToValueAtTime(0.0001, start + 0.4);
      tone.connect(volume).connect(context.destination);
      tone.start(start);
      tone.stop(start + 0.42);
      if (at) tone.onended = () => context.close();
    });
  } catch {
    // Sound is never needed.
  }
}

/** @param {string} words */
function flash(words) {
  if (blinking) return;
  title = document.title;
  let isOn = false;
  blinking = setInterval(() => {
    isOn = !isOn;
    document.title = isOn ? words : title;
  }, BLINK);
  document.addEventListener("visibilitychange", calm);
}

function calm() {
  clearInterval(blinking);
  blinking = 0;
  document.removeEventListener("visibilitychange", calm);
  document.title = title;
}
