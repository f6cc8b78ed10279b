/**
 * The pen: text, files, and the way to a person, which is always there.
 *
 * @import { Room } from "./types.js"
 */
import { h, ICONS, icon, iconButton } from "./dom.js";
import { t } from "./words.js";

/** @param {Room} room */
export function createComposer(room) {
  let isStop = false;
  /** Files that wait for the text, and whether there is an answer to stop: told by whoever knows. */
  const order = { files: 0, answering: false };

  const text = h("textarea", { rows: 1, maxlength: 8000, placeholder: t("write"), "aria-label": t("write"), enterkeyhint: "send", dir: "auto", oninput: grow, onkeydown: pressed, onpaste: paste });
  const chips = h("div.chips");
  const picker = h("input", { type: "file", multiple: true, hidden: true, onchange: () => take(picker.files) });
  const go = iconButton(ICONS.send, t("send"), act, "go");
  const person = h("button.person", { onclick: async () => (await room.talk()).person() }, icon(ICONS.person), t("person"));
  const smile = iconButton(ICONS.smile, t("emoji"), async () => (await room.talk()).emoji(smile));
  const pen = h("div.pen", {}, chips, text, picker, h("div.tools", {}, iconButton(ICONS.clip, t("attach"), () => picker.click()), smile, person, go));
  const element = h("div.composer", {}, pen, room.config.widget.show_branding !== false && h("p.brand", {}, t("brand")));

  function grow() {
    text.style.height = 0;
    // Nothing has a height while the panel is closed.
    text.style.height = text.scrollHeight ? `${text.scrollHeight}px` : "";
    const hasWords = text.value.trim() || order.files;
    isStop = order.answering && !hasWords;
    const label = t(isStop ? "stop" : "send");
    go.classList.toggle("stop", isStop);
    go.ariaLabel = go.title = label;
    go.replaceChildren(icon(isStop ? ICONS.stop : ICONS.send));
    go.disabled = !isStop && !hasWords;
  }

  /** @param {KeyboardEvent} event */
  function pressed(event) {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    if (!go.disabled && !isStop) void act();
  }

  async function act() {
    const stops = isStop;
    const { desk, submit } = await room.talk();
    if (stops) desk.mention({ type: "stop" });
    else submit(text.value);
  }

  /** @param {ClipboardEvent} event */
  function paste(event) {
    const files = event.clipboardData?.files;
    if (!files?.length) return;
    event.preventDefault();
    void take(files);
  }

  /** @param {FileList} files */
  async function take(files) {
    const chosen = [...files];
    picker.value = "";
    (await room.talk()).take(chosen);
  }

  grow();
  return { element, text, pen, chips, person, order, grow };
}
