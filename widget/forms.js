/**
 * The few questions a visitor is asked: before the first message, on the way to a person, for an address.
 *
 * @import { Field, Look, Room } from "./types.js"
 */
import { face, h } from "./dom.js";
import { duration, reopening, t } from "./words.js";

/** @typedef {Field & {value?: string, rows?: number}} Asked */

/**
 * @param {Room} room
 * @param {NonNullable<Look["prechat"]>} prechat
 * @param {(fields: Record<string, string>) => void} send
 */
export function preChat(room, { fields, consent }, send) {
  ask(room, { title: t("prechat"), lead: [t("prechat_lead")], fields, consent, action: t("prechat_go") }, (values) => {
    room.desk.keeping.set("details", { email: values.email || "given" });
    send(values);
  });
}

/** @param {Room} room @param {string} [reason] */
export function personForm(room, reason = "") {
  const { visitor, availability = room.config.availability } = room.desk.state;
  const { open, people_online: isSomebody, reopens_at: at, reply_time: time, message } = availability || room.config.availability;
  const isNow = open && isSomebody;
  const expect = isNow ? t(time ? "person_now" : "person_here", { time: duration(time) }) : at && !open ? t("person_later", { time: reopening(at) }) : t("person_mail");
  const about = field("reason", t(isNow ? "person_reason" : "message"), "textarea", !isNow);
  const whom = [...(visitor?.name ? [] : [field("name", t("name"), "text")]), ...(visitor?.email ? [] : [field("email", t("email"), "email", !isNow)])];
  // Where nobody is there the message is what matters; where somebody comes, who it is.
  const fields = isNow ? [...whom, { ...about, value: reason }] : [{ ...about, value: reason }, ...whom];
  ask(room, { title: t(isNow ? "person" : "leave_message"), lead: open || !message ? [expect] : [message, expect], fields, action: t(isNow ? "person_go" : "message_go") }, (values) => {
    room.desk.escalate(values);
    if (room.desk.link !== "open") room.toast(t("will_send"));
  });
}

/** @param {Room} room */
export function contactForm(room) {
  ask(room, { title: t("leave_email"), lead: [t("email_why")], fields: [field("email", t("email"), "email", true), field("name", t("name"), "text")], action: t("save") }, (values) => {
    room.desk.tell({ type: "contact", ...values });
    room.toast(t("contact_kept"));
  });
}

/** @param {Room} room */
export function transcriptForm(room) {
  const email = { ...field("email", t("email"), "email", true), value: room.desk.state.visitor?.email || "" };
  ask(room, { title: t("transcript_mail"), lead: [t("transcript_lead")], fields: [email], action: t("send") }, (values) => {
    room.desk.tell({ type: "transcript", ...values });
    room.toast(t("transcript_sent"));
  });
}

/** @param {Room} room @param {"end" | "erase"} what */
export function confirm(room, what) {
  ask(room, { title: t(what), lead: [t(`${what}_lead`)], fields: [], action: t(`${what}_go`), isBad: what === "erase" }, () => room.desk.tell({ type: what }));
}

/** @param {string} name @param {string} label @param {string} type @param {boolean} required @returns {Asked} */
function field(name, label, type, required = false) {
  return { name, label, type, required };
}

/**
 * @param {Room} room
 * @param {{title: string, lead: string[], fields: Asked[], consent?: string | null, action: string, isBad?: boolean}} what
 * @param {(values: Record<string, string>) => void} done
 */
function ask(room, { title, lead, fields, consent, action, isBad }, done) {
  const rows = fields.map(inputOf);
  const agreed = consent && h("input", { type: "checkbox", required: true, id: "agreed" });
  const check = agreed && h("div", {}, h("label.check", {}, agreed, h("span", { dir: "auto" }, consent)), h("div.field", {}, h("small", { id: "agreed-problem", role: "alert" })));
  const { person } = room.desk.state.conversation || {};
  const name = person?.name || room.name;
  const form = h(
    "form.form",
    { novalidate: true, onsubmit: submit },
    h("div.lead", {}, face(name, person?.picture_url || room.config.widget.logo_url), h("div", { dir: "auto" }, ...lead.map((line) => h("p", {}, line)))),
    ...rows.map((row) => row.element),
    check,
    h(`button.main${isBad ? " bad" : ""}`, { type: "submit" }, action),
    !rows.length && h("button.quiet", { onclick: room.leaveSheet }, t("cancel")),
  );
  room.sheet(title, form);

  /** @param {Event} event */
  function submit(event) {
    event.preventDefault();
    const inputs = [...rows.map((row) => row.input), ...(agreed ? [agreed] : [])];
    for (const input of inputs) complain(input, form);
    const wrong = inputs.find((input) => !input.validity.valid);
    if (wrong) return wrong.focus();
    const values = rows.map(({ input }) => [input.name, input.value.trim()]).filter(([, value]) => value);
    room.leaveSheet();
    done(Object.fromEntries(values));
  }
}

/** @param {Asked} field */
function inputOf({ name, label, type, required, value }) {
  const id = `ask-${name}`;
  const same = { id, name, required, dir: "auto", "aria-describedby": `${id}-problem` };
  const auto = { name: "name", email: "email", phone: "tel" }[name];
  const input = type === "textarea" ? h("textarea", { ...same, rows: 4, maxlength: 2000 }) : h("input", { ...same, type, autocomplete: auto, maxlength: 200 });
  input.value = value || "";
  const optional = required ? "" : ` (${t("optional")})`;
  return { input, element: h("div.field", {}, h("label", { for: id }, label + optional), input, h("small", { id: `${id}-problem`, role: "alert" })) };
}

/** Says at the field what is wrong with it. @param {HTMLInputElement} input @param {HTMLElement} form */
function complain(input, form) {
  const { valid, valueMissing } = input.validity;
  input.setAttribute("aria-invalid", String(!valid));
  const place = form.querySelector(`#${CSS.escape(input.id)}-problem`);
  if (place) place.textContent = valid ? "" : t(valueMissing ? "missing" : "not_email");
}
