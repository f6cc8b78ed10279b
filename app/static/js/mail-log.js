/** The mail log's older messages. */
import { bindMore, part } from "./rows.js";

/** @type {Record<string, string>} */
const TONES = { queued: "info", sending: "info", sent: "good", kept: "brass", failed: "bad" };

bindMore((row, item) => {
  part(row, "[data-subject]").textContent = item.subject;
  part(row, "[data-recipient]").textContent = item.recipient;
  part(row, "[data-tries]").textContent = String(item.tries);
  /** @type {HTMLTimeElement} */ (part(row, "[data-at]")).dateTime = item.sent_at || item.created_at;
  const status = part(row, "[data-status]");
  status.textContent = item.status.charAt(0).toUpperCase() + item.status.slice(1);
  if (TONES[item.status]) status.classList.add(`badge--${TONES[item.status]}`);
  const problem = part(row, "[data-error]");
  problem.textContent = item.last_error || "";
  problem.hidden = !item.last_error;
});
