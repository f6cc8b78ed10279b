/**
 * Which panes are seen: all of them where there is room, one at a time on a phone.
 *
 * @import { Desk } from "./desk.js"
 */
const KEPT = "frontdesk-side";

/** @param {{desk: Desk, root: HTMLElement}} parts */
export function createPanes({ desk, root }) {
  const side = /** @type {HTMLElement} */ (document.getElementById("side"));
  const wide = matchMedia("(min-width: 1400px)");
  let isWanted = localStorage.getItem(KEPT) !== "no";
  // Where it lies over the conversation it is shown only when it is asked for.
  let isOver = false;

  const show = () => {
    const isShown = wide.matches ? isWanted : isOver;
    side.hidden = !isShown || !desk.state.openId;
    root.dataset.side = String(!side.hidden);
    for (const one of document.querySelectorAll(".head__side")) one.setAttribute("aria-expanded", String(isShown));
  };
  wide.addEventListener("change", show);
  desk.shows(({ link }) => {
    root.dataset.link = link;
    show();
  });

  return {
    /** @param {"list" | "thread"} pane */
    show(pane) {
      root.dataset.pane = pane;
      isOver = false;
      show();
    },
    toggleSide() {
      if (wide.matches) {
        isWanted = !isWanted;
        localStorage.setItem(KEPT, isWanted ? "yes" : "no");
      } else isOver = !isOver;
      show();
    },
  };
}
