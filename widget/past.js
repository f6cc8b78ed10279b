/**
 * The conversations of before, and the way to a new one.
 *
 * @import { PastItem, Room } from "./types.js"
 */
import { h, ICONS, icon } from "./dom.js";
import { moment, t } from "./words.js";

/** @param {Room} room */
export function openPast(room) {
  const { desk } = room;
  const rows = h("div.rows", { role: "list" });
  const element = h("div.form past-list", {}, rows, h("button.main", { onclick: () => go(null) }, t("new")));

  /** @param {string | null} id */
  function go(id) {
    leave();
    room.leaveSheet();
    desk.go(id);
  }

  function show() {
    const { past } = desk.state;
    if (!past) return rows.replaceChildren(h("p.nothing", {}, t("loading")));
    rows.replaceChildren(...(past.length ? past.map((one) => row(one, go)) : [h("p.nothing", {}, t("no_past"))]));
  }

  const leave = desk.subscribe((_, { type }) => {
    if (!element.isConnected) leave();
    else if (type === "conversations") show();
  });
  show();
  room.sheet(t("past"), element);
  desk.tell({ type: "list" });
}

/** @param {PastItem} item @param {(id: string) => void} go */
function row({ id, preview, last_message_at: at, status, unread }, go) {
  const isToday = new Date(at).toDateString() === new Date().toDateString();
  const when = moment(at, isToday ? { timeStyle: "short" } : { day: "numeric", month: "short", year: "numeric" });
  return h(
    "div",
    { role: "listitem" },
    h(
      `button.row${unread ? " unread" : ""}`,
      { onclick: () => go(id) },
      h("div", {}, h("p", { dir: "auto" }, preview || "…"), h("small", {}, `${when} · ${t(status === "closed" ? "is_closed" : "is_open")}`)),
      unread > 0 && h("em", { "aria-label": t("unread", { n: unread }) }, String(unread)),
      icon(ICONS.next),
    ),
  );
}
