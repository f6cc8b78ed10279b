import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { test } from "node:test";
import { palette } from "../../widget/colours.js";
import { createKeeping } from "../../widget/keeping.js";
import { speak, t } from "../../widget/words.js";

const FOLDER = new URL("../../widget/strings/", import.meta.url);
const LANGUAGES = ["en", "de", "fr", "es", "pt", "ar"];

/** The contrast of two colours as WCAG reckons it. */
function contrast(one, other) {
  const light = (colour) => {
    const [red, green, blue] = /** @type {string[]} */ (colour.match(/\d+/g)).map((value) => value / 255).map((value) => (value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const [low, high] = [light(one), light(other)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}

test("whatever colour an organization chose, everything can be read", () => {
  for (const colour of ["#17604b", "#fff", "#000000", "#ffe600", "#ff7a00", "#777777", "#e11d48", "#60a5fa", "#00ff00", "#1f2937", "nonsense", ""]) {
    for (const [theme, papers] of Object.entries({ light: ["rgb(247 248 248)", "rgb(255 255 255)"], dark: ["rgb(19 21 23)", "rgb(28 31 34)"] })) {
      const made = palette(colour, /** @type {any} */ (theme));
      assert.ok(contrast(made["--accent"], made["--on-accent"]) >= 4.5, `${colour} ${theme}: fill`);
      assert.ok(contrast(made["--accent-text"], made["--accent-soft"]) >= 4.5, `${colour} ${theme}: soft`);
      assert.ok(contrast(made["--accent-deep"], made["--on-accent"]) >= 4.5, `${colour} ${theme}: pressed`);
      for (const paper of papers) assert.ok(contrast(made["--accent-text"], paper) >= 4.4, `${colour} ${theme}: text ${contrast(made["--accent-text"], paper)}`);
    }
  }
});

test("a colour that can be read is left as it is", () => {
  assert.equal(palette("#17604b", "light")["--accent"], "rgb(23 96 75)");
});

test("every language has every word, with the same blanks in it", async () => {
  for (const part of ["", "-more"]) {
    const english = (await import(`../../widget/strings/en${part}.js`)).default;
    for (const language of LANGUAGES) {
      const words = (await import(`../../widget/strings/${language}${part}.js`)).default;
      assert.deepEqual(Object.keys(words).sort(), Object.keys(english).sort(), language);
      for (const [key, text] of Object.entries(words)) {
        assert.ok(String(text).trim(), `${language}: ${key}`);
        assert.deepEqual(String(text).match(/\{\w+\}/g)?.sort(), english[key].match(/\{\w+\}/g)?.sort(), `${language}: ${key}`);
      }
    }
  }
  assert.equal(readdirSync(FOLDER).length, LANGUAGES.length * 2);
});

test("the first wish that there are words for is spoken, as the organization words it", async () => {
  await speak(["sv", "de-AT", "fr"], { de: { send: "Ab damit" }, "de-AT": { menu: "Karte" } });
  assert.deepEqual([t("send"), t("menu"), t("close")], ["Ab damit", "Karte", "Chat schließen"]);
  await speak([null, "xx"]);
  assert.equal(t("open_unread", { n: 3 }), "Open chat, unread messages: 3");
});

test("where storage is denied, memory does", () => {
  const keeping = createKeeping("pk", () => {
    throw new Error("denied");
  });
  keeping.set("token", "vt_x");
  assert.equal(keeping.get("token"), "vt_x");
  keeping.set("token", null);
  assert.equal(keeping.get("token"), null);
});

test("where storage is full, memory does", () => {
  const full = /** @type {any} */ ({ getItem: () => null, setItem: () => { throw new Error("full"); }, removeItem() {} });
  const keeping = createKeeping("pk", () => full);
  keeping.changeOutbox(() => [/** @type {any} */ ({ client_id: "a", at: Date.now() })]);
  assert.equal(keeping.outbox().length, 1);
});

test("what waited for a day is not sent any more", () => {
  const keeping = createKeeping("pk", () => { throw new Error("denied"); });
  keeping.changeOutbox(() => [/** @type {any} */ ({ client_id: "old", at: Date.now() - 90_000_000 })]);
  assert.deepEqual(keeping.outbox(), []);
});

test("no word of the first catalogue is another in the second", async () => {
  for (const language of LANGUAGES) {
    const [first, second] = await Promise.all(["", "-more"].map((part) => import(`../../widget/strings/${language}${part}.js`)));
    assert.deepEqual(Object.keys(first.default).filter((key) => key in second.default), [], language);
  }
});
