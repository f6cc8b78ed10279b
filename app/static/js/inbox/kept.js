/**
 * What must outlive a reload of this tab, or a crash of the browser, for as long as the server does not have it. It
 * belongs to who wrote it: whoever signs in next in this tab finds nothing.
 */

/** @param {string} key @param {string} me @param {unknown} value */
export function remember(key, me, value) {
  try {
    sessionStorage.setItem(key, JSON.stringify({ me, value }));
  } catch {
    // A browser that keeps nothing still sends what it holds in memory.
  }
}

/** @param {string} key */
export function forget(key) {
  try {
    sessionStorage.removeItem(key);
  } catch {
    // Nothing was kept either.
  }
}

/** @param {string} key @param {string} me @returns {any} */
export function recall(key, me) {
  try {
    const kept = JSON.parse(sessionStorage.getItem(key) || "null");
    if (kept?.me === me) return kept.value;
    if (kept) forget(key);
  } catch {
    // What cannot be read is of no use to anybody.
  }
  return null;
}
