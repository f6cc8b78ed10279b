/** What one is told of: the form of the profile, sent as one object. */
import { call } from "./api.js";
import { showError } from "./form-errors.js";
import { payload } from "./forms.js";
import { toast } from "./toast.js";

const form = /** @type {HTMLFormElement} */ (document.querySelector("[data-notifications]"));

form.addEventListener("submit", (event) => {
  event.preventDefault();
  void save();
});

async function save() {
  showError(form, null);
  const [method, path] = (form.dataset.notifications || "").split(" ");
  const { screen = [], mail = [], quiet_from: from, quiet_until: until } = payload(form);
  try {
    await call(method, path, { notifications: { screen, mail, quiet_from: from || null, quiet_until: until || null } });
    toast("Notifications saved.");
  } catch (error) {
    showError(form, error);
  }
}
