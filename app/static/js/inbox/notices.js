/**
 * Telling somebody who looks elsewhere: a notification of the system, a soft sound, a number in the title. What is
 * wanted is kept in this browser.
 *
 * @import { Desk } from "./desk.js"
 */
import { toast } from "../toast.js";
import { openMenu } from "./menus.js";

const KEPT = "frontdesk-notices";
/** @type {{quiet: boolean, sound: boolean, desktop: boolean}} */
const USUAL = { quiet: false, sound: true, desktop: false };

/** @param {{desk: Desk, open: (id: string) => void}} parts */
export function createNotices({ desk, open }) {
  const button = /** @type {HTMLElement} */ (document.getElementById("quiet"));
  const title = document.title;
  let wish = read();
  let isMaster = true;
  /** @type {AudioContext | null} */
  let audio = null;

  const keep = (/** @type {Partial<typeof USUAL>} */ change) => {
    wish = { ...wish, ...change };
    try {
      localStorage.setItem(KEPT, JSON.stringify(wish));
    } catch {
      // It holds for as long as the page is open.
    }
    show();
  };
  const show = () => {
    const text = button.querySelector(".views__name");
    if (text) text.textContent = wish.quiet ? "Do not disturb" : "Notifications";
    button.classList.toggle("views__item--off", wish.quiet);
  };

  const allow = async () => {
    if (!("Notification" in window)) return toast("This browser shows no notifications.", "bad");
    if ((await Notification.requestPermission()) === "granted") keep({ desktop: true, quiet: false });
    else toast("The browser does not allow notifications for this page. Its settings can change that.", "bad");
  };

  button.addEventListener("click", () => openMenu(button, "Notifications", [
    { text: "Do not disturb", icon: "quiet", checked: wish.quiet, run: () => keep({ quiet: !wish.quiet }) },
    { text: "On this desktop", icon: "bell", checked: wish.desktop, run: () => (wish.desktop ? keep({ desktop: false }) : void allow()) },
    { text: "With a sound", icon: "bell", checked: wish.sound, run: () => keep({ sound: !wish.sound }) },
  ]));

  desk.hears((frame) => {
    if (frame.type === "notify" && !wish.quiet) tell(frame);
  });
  desk.shows(({ counts }) => {
    document.title = counts?.mine ? `(${counts.mine}) ${title}` : title;
  });
  // Of several tabs only the one that was used last rings.
  const others = "BroadcastChannel" in window ? new BroadcastChannel("frontdesk-notices") : null;
  others?.addEventListener("message", () => (isMaster = false));
  addEventListener("focus", () => {
    isMaster = true;
    others?.postMessage("mine");
  });

  /** @param {import("./types.js").Frame} frame */
  function tell({ conversation_id: id, title: head, text }) {
    const isLookedAt = !document.hidden && document.hasFocus() && id && desk.state.openId === id;
    if (isLookedAt || !isMaster) return;
    if (wish.sound) ring();
    if (!wish.desktop || !("Notification" in window) || Notification.permission !== "granted" || (!document.hidden && document.hasFocus())) return;
    const notice = new Notification(head, { body: text, tag: id || head, icon: "/favicon.ico" });
    notice.onclick = () => {
      focus();
      notice.close();
      // A ticket need not be about a conversation.
      if (id) open(id);
      else location.assign("/dashboard/tickets");
    };
  }

  /** Two soft tones, like the bell on a desk. */
  function ring() {
    try {
      audio ??= new AudioContext();
      const now = audio.currentTime;
      [880, 1318].forEach((pitch, at) => {
        const tone = /** @type {AudioContext} */ (audio).createOscillator();
        const volume = /** @type {AudioContext} */ (audio).createGain();
        tone.frequency.value = pitch;
        volume.gain.setValueAtTime(0, now + at * 0.09);
        volume.gain.linearRampToValueAtTime(0.06, now + at * 0.09 + 0.01);
        volume.gain.exponentialRampToValueAtTime(0.0001, now + at * 0.09 + 0.5);
        tone.connect(volume).connect(/** @type {AudioContext} */ (audio).destination);
        tone.start(now + at * 0.09);
        tone.stop(now + at * 0.09 + 0.55);
      });
    } catch {
      // A browser lets no page ring before somebody has clicked into it.
    }
  }

  show();
}

function read() {
  try {
    return { ...USUAL, ...JSON.parse(localStorage.getItem(KEPT) || "{}") };
  } catch {
    return USUAL;
  }
}
