/**
 * How this browser tells of something: a notification of the system, a soft sound, or nothing for now. What is wanted
 * is kept in the browser, since each of them asks for leave by itself.
 */

const KEPT = "frontdesk-notices";
/** @typedef {{quiet: boolean, sound: boolean, desktop: boolean}} Wish */
/** @type {Wish} */
const USUAL = { quiet: false, sound: true, desktop: false };
/** It holds for as long as the page is open where the browser keeps nothing. @type {Wish} */
let wish = USUAL;

/** @returns {Wish} */
export function wishes() {
  try {
    const kept = localStorage.getItem(KEPT);
    if (kept) wish = { ...USUAL, ...JSON.parse(kept) };
  } catch {
    // Then it is what was wanted last.
  }
  return wish;
}

/** @param {Partial<Wish>} change */
export function keepWishes(change) {
  wish = { ...wishes(), ...change };
  try {
    localStorage.setItem(KEPT, JSON.stringify(wish));
  } catch {
    // See above.
  }
}

/** Wanted, and still allowed: a browser may take its leave back. */
export function isOnDesktop() {
  return wishes().desktop && "Notification" in window && Notification.permission === "granted";
}

/**
 * Asks the browser for leave. Says in words what is in the way, or nothing.
 * @returns {Promise<string>}
 */
export async function allowDesktop() {
  if (!("Notification" in window)) return "This browser shows no notifications.";
  if ((await Notification.requestPermission()) !== "granted") return "The browser does not allow notifications for this page. Its settings can change that.";
  keepWishes({ desktop: true, quiet: false });
  return "";
}

/** @param {string} title @param {string} text @param {string} tag one with the same takes its place */
export function showOnDesktop(title, text, tag) {
  return new Notification(title, { body: text, tag, icon: "/favicon.ico" });
}

/** Two soft tones, like the bell on a desk. */
export function createBell() {
  /** @type {AudioContext | null} */
  let audio = null;

  const wake = () => {
    try {
      audio ??= new AudioContext();
      return audio.resume().catch(() => {});
    } catch {
      // Without a sound there is still the number in the title.
    }
  };
  // No browser lets a page ring before somebody has done something in it.
  for (const kind of ["pointerdown", "keydown"]) addEventListener(kind, () => void wake(), { once: true, capture: true });

  return {
    wake,
    ring() {
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
    },
  };
}
