"""HTML: the page itself, and nothing of what a site puts around it."""

from __future__ import annotations

import time
from pathlib import Path

from tests.reading.listening import Heard, hear, words_in
from tests.reading.papers import sentence

AROUND = """<!doctype html><html><head><title>Shipping | The Shop</title>
<style>p {{ color: red }}</style><script>var secret = 1</script></head>
<body><header>The Shop</header>
<nav><a href="/">Home</a></nav>
<div class="cookie-banner">Cookies?</div>
<main><h1>Shipping</h1>{}</main><aside>Offers</aside><footer>Imprint</footer></body></html>"""


def page(markup: str, folder: Path) -> Heard:
    return hear(AROUND.format(markup), "shipping.html", folder)


def test_only_the_main_part_is_read(tmp_path: Path) -> None:
    heard = page("<p>We ship to <b>all</b> countries.</p><p hidden>Not shown</p>", tmp_path)
    assert heard.text == "We ship to all countries."
    assert heard.end["title"] == "Shipping"


def test_headings_lists_and_tables_keep_their_structure(tmp_path: Path) -> None:
    heard = page(
        "<h2>Ways</h2><p>There are two:</p><ol start=3><li>Air<ul><li>fast</ul><li>Sea</ol>"
        "<h2>Prices</h2><table><thead><tr><th>Zone<th>Price<tbody><tr><td>EU<td>5</table>",
        tmp_path,
    )
    assert [(p["heading_path"], p["text"]) for p in heard.passages] == [
        (("Ways",), "There are two:\n3. Air\n  - fast\n4. Sea"),
        (("Prices",), "Zone | Price\nEU | 5"),
    ]


def test_raised_digits_stay_raised(tmp_path: Path) -> None:
    assert page("<p>10<sup>2</sup> m<sup>2</sup></p>", tmp_path).text == "10² m²"


def test_preformatted_text_keeps_its_lines(tmp_path: Path) -> None:
    assert page("<pre>make run\n  it</pre>", tmp_path).text == "make run\n  it"


def test_a_page_without_a_main_part_is_read_whole(tmp_path: Path) -> None:
    heard = hear("<title>A</title><h1>B</h1><p>Text<br>here", "a.htm", tmp_path)
    assert heard.text == "Text here"


def test_a_main_part_that_holds_next_to_nothing_is_not_trusted(tmp_path: Path) -> None:
    markup = f"<main>Menu</main><div>{'<p>'.join(map(sentence, range(9)))}</div>"
    assert words_in(sentence(8)) <= hear(markup, "a.html", tmp_path).words()


def test_encodings_are_taken_from_the_page(tmp_path: Path) -> None:
    markup = "<meta charset=windows-1251><p>Доставка по всей стране</p>"
    assert hear(markup.encode("cp1251"), "a.html", tmp_path).text == "Доставка по всей стране"


def test_U5_nothing_that_a_page_names_is_fetched_or_expanded(tmp_path: Path) -> None:
    markup = (
        '<!DOCTYPE html [<!ENTITY x SYSTEM "file:///etc/passwd">]><p>one &x; two</p>'
        '<iframe src="http://127.0.0.1:9/"></iframe><object data="file:///etc/passwd"></object>'
    )
    assert "root:" not in hear(markup, "a.html", tmp_path).text


def test_U3_deep_nesting_is_survived(tmp_path: Path) -> None:
    before = time.monotonic()
    heard = hear("<div>" * 20_000 + "deep" + "<b>" * 10_000, "a.html", tmp_path)
    assert heard.text == "deep"
    assert time.monotonic() - before < 20


def test_U3_broken_markup_is_read_as_browsers_do(tmp_path: Path) -> None:
    heard = hear("<p>one<p>two</b></table><li>three<!-- never ends", "a.html", tmp_path)
    assert heard.words() == words_in("one two three")
