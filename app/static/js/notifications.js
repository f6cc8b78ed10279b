/** What one is told of: the form of the profile, sent as one object; how this browser tells it, and holds replies. */
import { call } from "./api.js";
import { showError } from "./form-errors.js";
import { payload } from "./forms.js";
import { bindHolding } from "./holding.js";
import { allowDesktop, createBell, isOnDesktop, keepWishes, showOnDesktop, wishes } from "./ringing.js";
import { toast } from "./toast.js";

const form = /** @type {HTMLFormElement} */ (document.querySelector("[data-notifications]"));

form.addEventListener("submit", (event) => {
  event.preventDefault();
  void save();
});

bindBrowser(/** @type {HTMLElement} */ (document.querySelector("[data-this-browser]")));
bindHolding(/** @type {HTMLElement} */ (document.querySelector("[data-holding]")));

/** @param {HTMLElement} box */
function bindBrowser(box) {
  const bell = createBell();
  const [desktop, sound, quiet] = ["desktop", "sound", "quiet"].map((name) => /** @type {HTMLInputElement} */ (box.querySelector(`[data-wish=${name}]`)));
  const show = () => {
    desktop.checked = isOnDesktop();
    sound.checked = wishes().sound;
    quiet.checked = wishes().quiet;
  };

  desktop.addEventListener("change", async () => {
    const problem = desktop.checked ? await allowDesktop() : void keepWishes({ desktop: false });
    if (problem) toast(problem, "bad");
    show();
  });
  sound.addEventListener("change", () => keepWishes({ sound: sound.checked }));
  quiet.addEventListener("change", () => keepWishes({ quiet: quiet.checked }));
  box.querySelector("[data-try]")?.addEventListener("click", async () => {
    await bell.wake();
    if (wishes().sound) bell.ring();
    if (isOnDesktop()) showOnDesktop("This is how it looks", "A click opens the conversation.", "try");
    else if (!wishes().sound) toast("This browser shows and plays nothing.");
  });
  addEventListener("storage", show);
  show();
}

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
