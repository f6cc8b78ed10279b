/** Keeps the overview true while somebody looks at it: the page is fetched anew, and its live part put in place. */

import { writeTimes } from "./times.js";

const EVERY = 20_000;

async function refresh() {
  const shown = document.getElementById("now");
  if (!shown || document.hidden || shown.contains(document.activeElement)) return;
  const answer = await fetch(location.pathname, { headers: { Accept: "text/html" } });
  if (!answer.ok || answer.redirected) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.getElementById("now");
  if (!fresh) return;
  shown.replaceWith(document.adoptNode(fresh));
  writeTimes(fresh);
}

const soon = () => void refresh().catch(() => undefined);
setInterval(soon, EVERY);
document.addEventListener("visibilitychange", soon);
