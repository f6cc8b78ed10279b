/** Confirms an address with the token of a mailed link, as soon as the page is open. */
import { ApiError, call } from "./api.js";
import { dropToken, showStep, takeToken } from "./steps.js";

void verify(takeToken());

/** @param {string} token */
async function verify(token) {
  if (!token) {
    showStep("broken", { message: "The link is incomplete. Open it again from the mail, in one piece." });
    return;
  }
  try {
    const answer = await call("POST", "/api/auth/verify-email", { token });
    dropToken();
    showStep("done", { email: answer.email });
  } catch (error) {
    showStep("broken", { message: error instanceof ApiError ? error.message : "Please load the page again." });
  }
}
