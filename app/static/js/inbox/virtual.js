/** Which rows of a long list have to be there, all rows being of one height. */

/**
 * @param {{top: number, height: number, rowHeight: number, count: number, spare?: number}} about `spare` rows above and below
 * @returns {{from: number, to: number}} the first that is there, and the first that is not
 */
export function windowOf({ top, height, rowHeight, count, spare = 6 }) {
  const from = Math.max(0, Math.floor(top / rowHeight) - spare);
  const to = Math.min(count, Math.ceil((top + height) / rowHeight) + spare);
  return { from: Math.min(from, count), to: Math.max(to, 0) };
}

/**
 * Where to scroll so that the row one looked at stays in its place when others came in above.
 * @param {{top: number, rowHeight: number, before: string[], after: string[]}} about
 */
export function steady({ top, rowHeight, before, after }) {
  // Whoever is at the very top wants to see what comes in there.
  if (top < rowHeight / 2 || before === after) return top;
  for (let at = Math.floor(top / rowHeight); at < before.length; at++) {
    const now = after.indexOf(before[at]);
    if (now >= 0) return top + (now - at) * rowHeight;
  }
  return top;
}
