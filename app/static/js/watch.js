/** Looks again and again while something is under way: often at first, seldom later, never while nobody sees it. */

const OFTEN = 1500;
const SELDOM = 6000;
const OFTEN_FOR = 90_000;

export class Watch {
  /** @type {() => Promise<boolean>} */
  #look;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  #since = 0;
  #isOn = false;

  /** @param {() => Promise<boolean>} look says whether there is still something to wait for */
  constructor(look) {
    this.#look = look;
    document.addEventListener("visibilitychange", () => {
      if (this.#isOn && !document.hidden) this.#wait(0);
    });
  }

  /** Begins, or begins anew with short pauses. */
  start() {
    this.#since = Date.now();
    this.#isOn = true;
    this.#wait(OFTEN);
  }

  /** @param {number} milliseconds */
  #wait(milliseconds) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#again(), milliseconds);
  }

  async #again() {
    if (document.hidden) return;
    try {
      this.#isOn = await this.#look();
    } catch {
      // The next look may go better; a failure that matters is said where the reader does something.
    }
    if (this.#isOn) this.#wait(Date.now() - this.#since < OFTEN_FOR ? OFTEN : SELDOM);
  }
}
