/**
 * Every word that is shown, in the visitor's language.
 *
 * @import { Words } from "./types.js"
 */

/** What is shown before anything is said, and the rest. @type {Record<string, (() => Promise<{default: Words}>)[]>} */
const LANGUAGES = {
  en: [() => import("./strings/en.js"), () => import("./strings/en-more.js")],
  de: [() => import("./strings/de.js"), () => import("./strings/de-more.js")],
  fr: [() => import("./strings/fr.js"), () => import("./strings/fr-more.js")],
  es: [() => import("./strings/es.js"), () => import("./strings/es-more.js")],
  pt: [() => import("./strings/pt.js"), () => import("./strings/pt-more.js")],
  ar: [() => import("./strings/ar.js"), () => import("./strings/ar-more.js")],
};
const RIGHT_TO_LEFT = ["ar"];

/** @type {Words} */
let words = {};
let tongue = "en";
let region = "en";
/** @type {Record<string, Words>} */
let own = {};

/**
 * Takes the first of the wishes that there is a catalogue for.
 * @param {(string | null | undefined)[]} wishes
 * @param {Record<string, Words>} [worded] what the organization words differently, a locale each
 */
export async function speak(wishes, worded = {}) {
  own = worded;
  region = wishes.find((wish) => wish && language(wish) in LANGUAGES) || "en";
  tongue = language(region);
  await learn(0);
}

/** The rest of the words, for when somebody talks. */
export const more = () => learn(1);

/** @param {number} part */
async function learn(part) {
  words = { ...words, ...(await LANGUAGES[tongue][part]()).default, ...own[tongue], ...own[region] };
}

/**
 * @param {string} key
 * @param {Record<string, unknown>} [values]
 */
export function t(key, values = {}) {
  return (words[key] ?? key).replace(/\{(\w+)\}/g, (_, name) => String(values[name] ?? ""));
}

/** How long, where it is one of the usual wordings; else as the organization says it. @param {string} time */
export const duration = (time) => words[time.replace(/\W+/g, "_")] ?? time;

/** The language tag, for attributes and for Intl. */
export const locale = () => region;
export const direction = () => (RIGHT_TO_LEFT.includes(tongue) ? "rtl" : "ltr");

/**
 * @param {string} at
 * @param {Intl.DateTimeFormatOptions} form
 */
export function moment(at, form) {
  return new Intl.DateTimeFormat(region, form).format(new Date(at));
}

/** When somebody is there again, as one says it. @param {string} at */
export function reopening(at) {
  const isSoon = Date.parse(at) - Date.now() < 86_400_000;
  return moment(at, isSoon ? { hour: "numeric", minute: "2-digit" } : { weekday: "long", hour: "numeric", minute: "2-digit" });
}

/** @param {string} tag */
function language(tag) {
  return tag.toLowerCase().split("-")[0];
}
