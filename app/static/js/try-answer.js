/** What a visitor would be told, asked for once the passages are there: a model may take its time. */

import { ApiError, call } from "./api.js";
import { prose } from "./inbox/prose.js";

/** @type {Record<string, [string, string]>} */
const OUTCOMES = {
  answered: ["Answered", "good"],
  closest: ["With a reservation", "brass"],
  unknown: ["Not answered", "bad"],
  chat: ["Small talk", "info"],
};

const card = /** @type {HTMLElement | null} */ (document.querySelector("[data-tried]"));
if (card) void ask(card);

/** @param {HTMLElement} card */
async function ask(card) {
  const { question, previous } = card.dataset;
  card.hidden = false;
  try {
    show(card, await call("POST", "/api/knowledge/ask", { question, previous }));
  } catch (error) {
    part(card, "text").textContent = error instanceof ApiError ? error.message : "The answer could not be fetched.";
  }
}

/** @param {HTMLElement} card @param {any} tried */
function show(card, tried) {
  const [words, tone] = OUTCOMES[tried.outcome] || [tried.outcome, "info"];
  const badge = part(card, "outcome");
  badge.textContent = words;
  badge.className = `badge badge--${tone}`;
  badge.hidden = false;
  part(card, "text").replaceChildren(...prose(tried.answer));
  const facts = [
    tried.outcome !== "chat" && tried.outcome !== "unknown" && `${Math.round(tried.confidence * 100)} % sure`,
    tried.model ? `written by ${tried.model}` : tried.citations.length > 0 && "quoted from the documents",
    `the question sounds ${tried.sentiment}`,
  ];
  part(card, "facts").textContent = facts.filter(Boolean).join(" · ");
  const withheld = tried.withheld.map((/** @type {{text: string, reason: string}} */ one) => {
    const line = document.createElement("li");
    line.textContent = `“${one.text}” ${one.reason}`;
    return line;
  });
  part(card, "withheld").replaceChildren(...withheld);
  part(card, "refused").hidden = !withheld.length;
}

/** @param {HTMLElement} card @param {string} name */
function part(card, name) {
  return /** @type {HTMLElement} */ (card.querySelector(`[data-part="${name}"]`));
}
