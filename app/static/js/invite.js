/** Reads an invitation by the token of its link, shows whose it is, and accepts it. */
import { ApiError, call } from "./api.js";
import { showStep, takeToken } from "./steps.js";

const form = /** @type {HTMLFormElement} */ (document.querySelector("[data-invite]"));

void open(takeToken());

/** @param {string} token */
async function open(token) {
  if (!token) {
    showStep("broken");
    return;
  }
  try {
    const invitation = await call("POST", "/api/auth/invitation", { token });
    form.dataset.body = JSON.stringify({ token });
    const email = /** @type {HTMLInputElement} */ (document.getElementById("f-email"));
    email.value = invitation.email;
    showStep("form", { organization: nameOf(invitation.organization), inviter: nameOf(invitation.invited_by) || "A colleague", role: roleWords(invitation.role) });
  } catch (error) {
    showStep("broken", error instanceof ApiError ? { message: error.message } : {});
  }
}

/**
 * @param {{name: string} | string | null} thing
 * @returns {string}
 */
function nameOf(thing) {
  return typeof thing === "string" ? thing : thing?.name || "";
}

/** @param {string} role */
function roleWords(role) {
  return role === "agent" ? "an agent" : role === "admin" ? "an admin" : `the ${role}`;
}
