import assert from "node:assert/strict";
import { test } from "node:test";
import { parse, parseSentences, plain, safeAddress } from "../../widget/markdown.js";

/** The tree in a line: `p(text em(text))`. */
const line = (branches) => branches.map((one) => ("text" in one ? one.text : "cite" in one ? `[${one.cite}]` : "start" in one ? "" : `${one.tag}${one.href ? `<${one.href}>` : ""}(${line(one.children)})`)).join("");
const read = (text) => line(parse(text));
const sentence = (text, lead = " ", citations = []) => ({ text, lead, citations });

test("paragraphs, breaks and marks", () => {
  assert.equal(read("One **two** *three* `four` ~~five~~ __bold__\nsix\n\nseven"), "p(One strong(two) em(three) code(four) s(five) strong(bold)br()six)p(seven)");
  assert.equal(read("2 * 3 * 4 and snake_case_name"), "p(2 * 3 * 4 and snake_case_name)");
  assert.equal(read("**bold *and leaning***"), "p(strong(bold em(and leaning)))");
  assert.equal(read("\\*not leaning\\*"), "p(*not leaning*)");
});

test("lists, one in another, and where they start", () => {
  assert.equal(read("- a\n- b\n  - c\n- d"), "ul(li(a)li(bul(li(c)))li(d))");
  assert.equal(read("3. a\n4. b"), "ol(li(a)li(b))");
  assert.equal(parse("3. a")[0].ordered, 3);
  assert.equal(read("Before:\n- a"), "p(Before:)ul(li(a))");
});

test("headings, quotes, code and tables", () => {
  assert.equal(read("## A\n> b\n```js\n<i>*c*\n```\n"), "h4(A)blockquote(p(b))pre(code(<i>*c*))");
  assert.equal(read("| a | b |\n|---|:-:|\n| 1 | **2** |"), "table(tr(th(a)th(b))tr(td(1)td(strong(2))))");
  assert.equal(read("a | b, no table"), "p(a | b, no table)");
});

test("links lead to the web, a mailbox or a telephone only", () => {
  assert.equal(read("[a](https://x.example/y) <mailto:a@b.example> https://c.example/d."), "p(a<https://x.example/y>(a) a<mailto:a@b.example>(a@b.example) a<https://c.example/d>(https://c.example/d).)");
  for (const bad of ["javascript:alert(1)", "JaVaScRiPt:alert`1`", "data:text/html,x", "vbscript:x", "//evil.example", "/relative", "java\tscript:x"]) {
    assert.equal(safeAddress(bad), "", bad);
    assert.doesNotMatch(read(`[a](${bad})`), /<(?!https?|mailto|tel)/);
  }
});

test("pictures are dropped, markup is text", () => {
  assert.equal(read("a ![pixel](https://evil.example/p.png) b"), "p(a  b)");
  assert.equal(read("<img src=x onerror=alert(1)>"), "p(<img src=x onerror=alert(1)>)");
});

test("sentences keep their places, and each its sources", () => {
  const tree = parseSentences([sentence("First.", "", [1]), sentence("Second.", " ", [1, 2]), sentence("Item.", "\n\n- ", [3]), sentence("Next.", "\n- ")]);
  assert.equal(line(tree), "p(First.[1] Second.[1][2])ul(li(Item.[3])li(Next.))");
});

test("a sentence that brings its own bullet or table is still one", () => {
  assert.equal(line(parseSentences([sentence("- a", "", [1]), sentence("- b", "\n")])), "ul(li(a[1])li(b))");
  assert.equal(line(parseSentences([sentence("| a | b |\n|---|---|\n| 1 | 2 |", "", [4])])), "table(tr(th(a)th(b))tr(td(1)td(2 [4])))");
});

test("a list out of one source bears its mark once, and its heading none", () => {
  const rows = [sentence("**Shop**", "", [1]), sentence("- Monday", "\n\n", [1]), sentence("- Sunday", "\n", [1]), sentence("- By hand", "\n", [2])];
  assert.equal(line(parseSentences(rows)), "p(strong(Shop))ul(li(Monday)li(Sunday[1])li(By hand[2]))");
  assert.equal(line(parseSentences([sentence("One.", "", [1]), sentence("Two.", "\n\n", [1])])), "p(One.[1])p(Two.[1])");
});

test("nobody can bring the private marks along", () => {
  assert.equal(read("a \uE0009\uE001 b"), "p(a 9 b)");
  assert.equal(line(parseSentences([sentence("a \uE0009\uE001", "", [1])])), "p(a 9[1])");
  assert.equal(line(parseSentences([sentence("a", "", ["1\uE001<b>"])])), "p(a)");
});

test("what is spoken has no marks", () => {
  assert.equal(plain(parse("Use **this** [page](https://a.example).\n- one\n- two")).trim(), "Use this page. one two");
});

test("a long hostile text is read in no time", () => {
  const began = Date.now();
  for (const text of ["*".repeat(8000), "[".repeat(8000), "`".repeat(7999), "**a".repeat(2600), "_a".repeat(4000), "> ".repeat(4000), "- ".repeat(4000), "![](".repeat(2000), "|-".repeat(4000), "<https:".repeat(1100)]) parse(text);
  assert.ok(Date.now() - began < 1500, `${Date.now() - began} ms`);
});
