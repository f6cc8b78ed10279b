/** The team page: a role is changed where it is read, and put back when that is refused. */
import { call } from "./api.js";
import { ask } from "./dialog.js";
import { keep, sayError } from "./toast.js";

for (const select of document.querySelectorAll("[data-role-of]")) {
  select.addEventListener("change", () => void changeRole(/** @type {HTMLSelectElement} */ (select)));
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
