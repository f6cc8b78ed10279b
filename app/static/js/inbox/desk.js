/**
 * The state, and who listens to it. Changes are shown together with the next frame that the browser draws.
 *
 * @import { Frame, State } from "./types.js"
 */
import { emptyState, reduce } from "./store.js";

/** @typedef {ReturnType<typeof createDesk>} Desk */

/** @param {Partial<State>} start */
export function createDesk(start) {
  let state = emptyState(start);
  /** @type {((state: State) => void)[]} */
  const shows = [];
  /** @type {((frame: Frame, state: State, before: State) => void)[]} */
  const ears = [];
  let isDue = false;

  const show = () => {
    isDue = false;
    for (const run of shows) run(state);
  };

  return {
    get state() {
      return state;
    },
    /** @param {Frame} frame */
    tell(frame) {
      const before = state;
      state = reduce(state, frame);
      for (const run of ears) run(frame, state, before);
      if (isDue || state === before) return;
      isDue = true;
      // A page in the background gets no frames, but its title and its ears must keep up.
      if (document.hidden) setTimeout(show);
      else requestAnimationFrame(show);
    },
    /** Called when there is something new to be seen. @param {(state: State) => void} run */
    shows(run) {
      shows.push(run);
      run(state);
    },
    /** Called with every frame. @param {(frame: Frame, state: State, before: State) => void} run */
    hears(run) {
      ears.push(run);
    },
  };
}
