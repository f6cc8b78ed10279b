/**
 * What outlives a page, one drawer a widget key. Where a browser forbids storage everything works, until the
 * page is left.
 *
 * @import { Outgoing } from "./types.js"
 */

const A_DAY = 86_400_000;

/**
 * @param {string} key
 * @param {() => Storage} [find]
 */
export function createKeeping(key, find = () => localStorage) {
  const prefix = `frontdesk:${key}:`;
  /** @type {Record<string, string>} */
  const memory = {};
  /** @type {Storage | null} */
  let storage = null;
  try {
    storage = find();
  } catch {
    // Denied: see above.
  }

  /** @param {string} name @returns {any} */
  const get = (name) => {
    try {
      const text = storage ? storage.getItem(prefix + name) : memory[name];
      return text ? JSON.parse(text) : null;
    } catch {
      return null;
    }
  };

  /** @param {string} name @param {unknown} value */
  const set = (name, value) => {
    const text = value == null ? "" : JSON.stringify(value);
    memory[name] = text;
    try {
      if (text) storage?.setItem(prefix + name, text);
      else storage?.removeItem(prefix + name);
    } catch {
      // Full or withdrawn: from now on memory alone remembers.
      storage = null;
    }
  };

  return {
    get,
    set,
    /** @returns {Outgoing[]} */
    outbox: () => (get("outbox") || []).filter((/** @type {Outgoing} */ one) => Date.now() - one.at < A_DAY),
    /** Read anew each time, since another tab writes into the same drawer. @param {(box: Outgoing[]) => Outgoing[]} change */
    changeOutbox(change) {
      const box = change(this.outbox());
      set("outbox", box.length ? box : null);
      return box;
    },
    /** Another tab changed something. @param {(name: string) => void} run */
    watch(run) {
      addEventListener("storage", (event) => {
        if (event.key === null) run("token");
        else if (event.key.startsWith(prefix)) run(event.key.slice(prefix.length));
      });
    },
  };
}
