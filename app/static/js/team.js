/** The team page: roles and capacities are changed where they are read, and put back when that is refused. */
import { call } from "./api.js";
import { ask } from "./dialog.js";
import { keep, sayError, toast } from "./toast.js";

for (const select of document.querySelectorAll("[data-role-of]")) {
  select.addEventListener("change", () => void changeRole(/** @type {HTMLSelectElement} */ (select)));
}

for (const field of document.querySelectorAll("[data-capacity-of]")) {
  field.addEventListener("change", () => void changeCapacity(/** @type {HTMLInputElement} */ (field)));
}
const automatic = /** @type {HTMLInputElement} */ (document.querySelector("[data-automatic]"));
automatic.addEventListener("change", () => void assign());

async function assign() {
  const wanted = automatic.checked;
  try {
    await call("PUT", "/api/organization/assignment", { automatic: wanted });
    toast(wanted ? "Conversations are given out in turn now." : "Conversations stay for all to take now.");
  } catch (error) {
    automatic.checked = !wanted;
    sayError(error);
  }
}

/** @param {HTMLInputElement} field */
async function changeCapacity(field) {
  const { capacityOf, name, mine, was = "0" } = field.dataset;
  if (!field.checkValidity()) {
    toast("Please use a whole number from 0 to 100.", "bad");
    field.value = was;
    return;
  }
  try {
    const { capacity } = await call("PATCH", `/api/users/${capacityOf}`, { capacity: Number(field.value) });
    field.dataset.was = field.value = String(capacity);
    const verb = mine ? "are" : "is";
    toast(capacity ? `${name} ${verb} given ${capacity} at once, at most.` : `${name} ${verb} given none by turn now.`);
  } catch (error) {
    field.value = was;
    sayError(error);
  }
}

/** @param {HTMLSelectElement} select */
async function changeRole(select) {
  const { roleOf, name, was } = select.dataset;
  const role = select.value;
  const sure = await ask(`Make ${name} an ${role}?`, consequence(role), `Make ${role}`, "calm");
  if (!sure) {
    select.value = was || "agent";
    return;
  }
  select.disabled = true;
  try {
    await call("PATCH", `/api/users/${roleOf}`, { role });
    keep(`${name} is an ${role} now.`);
    location.reload();
  } catch (error) {
    select.disabled = false;
    select.value = was || "agent";
    select.focus();
    sayError(error);
  }
}

/** @param {string} role */
function consequence(role) {
  return role === "admin"
    ? "Admins manage documents, people, keys and settings. They cannot touch the owner."
    : "Agents answer conversations. They no longer see people, keys and settings.";
}
