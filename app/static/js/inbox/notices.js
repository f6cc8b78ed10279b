/**
 * Telling somebody who looks elsewhere: a notification of the system, a soft sound, a number in the title. What is
 * wanted is kept in this browser.
 *
 * @import { Desk } from "./desk.js"
 */
import { toast } from "../toast.js";
import { openMenu } from "./menus.js";

const KEPT = "frontdesk-notices";
const TOLD_ONCE_FOR = 5_000;
/** @type {{quiet: boolean, sound: boolean, desktop: boolean}} */
const USUAL = { quiet: false, sound: true, desktop: false };

/** @param {{desk: Desk, open: (id: string) => void}} parts */
export function createNotices({ desk, open }) {
  const button = /** @type {HTMLElement} */ (document.getElementById("quiet"));
  const title = document.title;
  let wish = read();
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

  /** The browser may have taken its leave back. */
  const isAllowed = () => wish.desktop && "Notification" in window && Notification.permission === "granted";

  button.addEventListener("click", () => openMenu(button, "Notifications", [
    { text: "Do not disturb", icon: "quiet", checked: wish.quiet, run: () => keep({ quiet: !wish.quiet }) },
    { text: "On this desktop", icon: "bell", checked: isAllowed(), run: () => (isAllowed() ? keep({ desktop: false }) : void allow()) },
    { text: "With a sound", icon: "bell", checked: wish.sound, run: () => keep({ sound: !wish.sound }) },
  ]));

  desk.hears((frame) => {
    if (frame.type === "notify" && !wish.quiet) void tell(frame);
  });
  desk.shows(({ counts }) => {
    document.title = counts?.mine ? `(${counts.mine}) ${title}` : title;
  });
  // No browser lets a page ring before somebody has done something in it.
  for (const kind of ["pointerdown", "keydown"]) addEventListener(kind, () => void wake(), { once: true, capture: true });

  /** @param {import("./types.js").Frame} frame */
  async function tell(frame) {
    const { conversation_id: id, title: head, text, kind, seq } = frame;
    const isInFront = !document.hidden && document.hasFocus();
    const isLookedAt = isInFront && id && desk.state.openId === id;
    if (!(await isOurs(`${kind} ${id} ${seq} ${head}`, isLookedAt ? 0 : isInFront ? 60 : 120)) || isLookedAt) return;
    if (wish.sound) ring();
    if (!isAllowed() || isInFront) return;
    const notice = new Notification(head, { body: text, tag: id || head, icon: "/favicon.ico" });
    notice.onclick = () => {
      focus();
      notice.close();
      // A ticket need not be about a conversation.
      if (id) open(id);
      else location.assign("/dashboard/tickets");
    };
  }

  function wake() {
    try {
      audio ??= new AudioContext();
      return audio.resume().catch(() => {});
    } catch {
      // Without a sound there is still the number in the title.
    }
  }

  /** Two soft tones, like the bell on a desk. */
  function ring() {
    // What waits in an audio that sleeps would ring all at once when it wakes.
    if (audio?.state !== "running") return;
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
  }

  show();
}

/**
 * Of several tabs one tells: the one in which it is being read already, else the one in front, else any.
 * @param {string} what @param {number} patience in milliseconds
 * @returns {Promise<boolean>}
 */
async function isOurs(what, patience) {
  // Only pages that come by TLS or from this machine have locks, and only they have notifications.
  if (!navigator.locks) return true;
  if (patience) await new Promise((done) => setTimeout(done, patience));
  return new Promise((done) => {
    void navigator.locks.request(`frontdesk-notice ${what}`, { ifAvailable: true }, async (lock) => {
      done(Boolean(lock));
      if (lock) await new Promise((over) => setTimeout(over, TOLD_ONCE_FOR));
    });
  });
}

function read() {
  try {
    return { ...USUAL, ...JSON.parse(localStorage.getItem(KEPT) || "{}") };
  } catch {
    return USUAL;
  }
}
