/**
 * Telling somebody who looks elsewhere: a notification of the system, a soft sound, a number in the title.
 *
 * @import { Desk } from "./desk.js"
 */
import { allowDesktop, createBell, isOnDesktop, keepWishes, showOnDesktop, wishes } from "../ringing.js";
import { toast } from "../toast.js";
import { openMenu } from "./menus.js";

const TOLD_ONCE_FOR = 5_000;
const PROFILE = "/dashboard/settings/profile#notifications";

/** @param {{desk: Desk, open: (id: string) => void}} parts */
export function createNotices({ desk, open }) {
  const button = /** @type {HTMLElement} */ (document.getElementById("quiet"));
  const title = document.title;
  const bell = createBell();

  const show = () => {
    const { quiet } = wishes();
    const text = button.querySelector(".views__name");
    if (text) text.textContent = quiet ? "Do not disturb" : "Notifications";
    button.classList.toggle("views__item--off", quiet);
  };
  /** @param {Partial<import("../ringing.js").Wish>} change */
  const keep = (change) => {
    keepWishes(change);
    show();
  };
  const allow = async () => {
    const problem = await allowDesktop();
    if (problem) toast(problem, "bad");
    show();
  };

  button.addEventListener("click", () => {
    const { quiet, sound } = wishes();
    openMenu(button, "Notifications", [
      { text: "Do not disturb", icon: "quiet", checked: quiet, run: () => keep({ quiet: !quiet }) },
      { text: "On this desktop", icon: "bell", checked: isOnDesktop(), run: () => (isOnDesktop() ? keep({ desktop: false }) : void allow()) },
      { text: "With a sound", icon: "bell", checked: sound, run: () => keep({ sound: !sound }) },
      { text: "What I am told of…", icon: "settings", run: () => location.assign(PROFILE) },
    ]);
  });
  addEventListener("storage", show);

  desk.hears((frame) => {
    if (frame.type === "notify" && !wishes().quiet) void tell(frame);
  });
  desk.shows(({ counts }) => {
    document.title = counts?.mine ? `(${counts.mine}) ${title}` : title;
  });

  /** @param {import("./types.js").Frame} frame */
  async function tell({ conversation_id: id, title: head, text, kind, seq }) {
    const isInFront = !document.hidden && document.hasFocus();
    const isLookedAt = isInFront && id && desk.state.openId === id;
    if (!(await isOurs(`${kind} ${id} ${seq} ${head}`, isLookedAt ? 0 : isInFront ? 60 : 120)) || isLookedAt) return;
    if (wishes().sound) bell.ring();
    if (!isOnDesktop() || isInFront) return;
    const notice = showOnDesktop(head, text, id || head);
    notice.onclick = () => {
      focus();
      notice.close();
      // A ticket need not be about a conversation.
      if (id) open(id);
      else location.assign("/dashboard/tickets");
    };
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
