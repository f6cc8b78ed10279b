"""Markdown, CSV and plain text, in whatever encoding they come."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.reading.limits import Limits
from tests.reading.listening import hear, words_in
from tests.reading.papers import prose, sentence

# Markdown


def test_markdown_keeps_headings_lists_tables_and_code(tmp_path: Path) -> None:
    heard = hear(
        "# Guide\n\n## Steps\nDo this:\n\n1. Fill\n2. Boil\n   - slowly\n\n## Models\n\n"
        "| Name | Power |\n|---|---|\n| K1 | 2200 W |\n\n## Code\n\n```\nmake run\n  it\n```\n",
        "guide.md",
        tmp_path,
    )
    assert heard.end["title"] == "Guide"
    assert [(p["heading_path"], p["text"], p["kind"]) for p in heard.passages] == [
        (("Steps",), "Do this:\n1. Fill\n2. Boil\n  - slowly", "list"),
        (("Models",), "Name | Power\nK1 | 2200 W", "table"),
        (("Code",), "make run\n  it", "code"),
    ]


def test_markdown_comments_and_front_matter_are_not_read(tmp_path: Path) -> None:
    heard = hear(
        "---\ntitle: 'Returns'\nsecret: 1\n---\nText<!-- hidden --> here.\n\n"
        "<!-- more\n\nhidden -->\n\n"
        "<div>In <b>HTML</b></div>\n",
        "a.md",
        tmp_path,
    )
    assert heard.end["title"] == "Returns"
    assert heard.text == "Text here.\n\nIn HTML"


def test_markdown_says_what_its_links_and_pictures_say(tmp_path: Path) -> None:
    heard = hear("See [the *guide*](http://x.test/) ![a kettle](y.png)", "a.md", tmp_path)
    assert heard.text == "See the guide a kettle"


def test_U2_deeply_nested_markdown_ends(tmp_path: Path) -> None:
    heard = hear("> " * 2_000 + "deep\n\n" + "[" * 5_000 + "text", "a.md", tmp_path)
    assert heard.end["event"] in {"done", "failed"}


# CSV


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_csv_rows_say_what_their_values_mean(tmp_path: Path, delimiter: str) -> None:
    rows = (("Question", "Answer"), ("How much?", '"5, or 6; not 7|8"'), ("When?", "Now"))
    heard = hear("\n".join(delimiter.join(row) for row in rows), "faq.csv", tmp_path)
    assert heard.text == (
        "Question: How much?; Answer: 5, or 6; not 7|8\nQuestion: When?; Answer: Now"
    )


def test_csv_without_names_is_a_plain_table(tmp_path: Path) -> None:
    heard = hear("1,2\n3,4\n", "a.csv", tmp_path)
    assert heard.text == "1 | 2\n3 | 4"


def test_U2_characters_beyond_the_limit_are_left_out_with_a_warning(tmp_path: Path) -> None:
    rows = "name,text\n" + "\n".join(f"{n},{sentence(n)}" for n in range(500))
    heard = hear(rows, "a.csv", tmp_path, limits=Limits(characters=3_000))
    assert heard.end["characters"] <= 3_000
    assert heard.warnings == [(None, "Only the first 3,000 characters were read.")]


# Plain text


def test_underlined_numbered_and_capital_headings_are_recognised(tmp_path: Path) -> None:
    text = "\n\n".join(
        ["The guide\n=========", *prose(1), "Care\n----", *prose(2), "2.1 Descaling", *prose(3)]
    )
    heard = hear(text, "guide.txt", tmp_path)
    assert heard.headings == [(), ("Care",), ("2.1 Descaling",)]


def test_wrapped_lines_become_paragraphs_and_addresses_keep_their_lines(tmp_path: Path) -> None:
    heard = hear("\n".join(prose(1)) + "\n\nThe Shop\nStreet 5\nTown", "a.txt", tmp_path)
    assert heard.text == " ".join(prose(1)) + "\n\nThe Shop\nStreet 5\nTown"


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Größe und Gewicht: für alle Geräte gültig, außer für ältere.", "cp1252"),
        ("Le café est servi à l’été, déjà prêt “ici” — 5 €.", "cp1252"),
        ("Доставка осуществляется по всей стране в течение трёх дней, кроме выходных.", "cp1251"),
        ("Доставка осуществляется по всей стране в течение трёх дней, кроме выходных.", "koi8-r"),
        ("送料は全国一律五百円です。返品は三十日以内にお願いします。詳しくはこちら。", "shift_jis"),
        ("我们在三十天内接受退货。运费由客户承担。请保留原包装和收据，谢谢您的配合。", "gb18030"),
        ("Größe Ω Доставка", "utf-16"),
        ("Plain text in two bytes a letter, without a mark.", "utf-16-le"),
        ("Größe Ω Доставка", "utf-8-sig"),
    ],
)
def test_exotic_encodings_are_recognised(tmp_path: Path, text: str, encoding: str) -> None:
    assert hear(text.encode(encoding), "a.txt", tmp_path).text == text


def test_right_to_left_text_stays_as_it_is(tmp_path: Path) -> None:
    text = "משלוח חינם מעל 200 ש״ח."
    assert hear(text, "a.txt", tmp_path).text == text


@pytest.mark.parametrize("name", ["a.txt", "a.md"])
def test_nothing_of_the_text_is_lost(tmp_path: Path, name: str) -> None:
    text = "\n\n".join("\n".join(prose(number)) for number in range(40))
    assert hear(text, name, tmp_path).words() == words_in(text)
