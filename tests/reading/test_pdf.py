"""PDF: structure comes back from print, and one bad page costs one page."""

from __future__ import annotations

import random
import time
from pathlib import Path

import pytest

from app.reading.limits import Limits
from tests.reading import papers
from tests.reading.listening import hear, words_in
from tests.reading.papers import all_of, lines, pdf, prose, raw_pdf

FILE = "guide.pdf"


def shown(text: str) -> bytes:
    return b"BT /F1 10 Tf 72 700 Td (" + text.encode("cp1252") + b") Tj ET"


# What it looks like


def test_headings_are_recognised_by_their_size(tmp_path: Path) -> None:
    page = lines("# Care", *prose(1), "## Cleaning", *prose(2), "## Storing", *prose(3))
    heard = hear(pdf(page, lines("# Repair", *prose(4))), FILE, tmp_path)
    assert heard.headings == [("Care",), ("Care", "Cleaning"), ("Care", "Storing"), ("Repair",)]


def test_bold_lines_of_their_own_are_headings_too(tmp_path: Path) -> None:
    def page(canvas: papers.Canvas) -> None:
        lines(*prose(1))(canvas)
        lines("Descaling", font="Helvetica-Bold", top=640)(canvas)
        lines(*prose(2), top=625)(canvas)

    heard = hear(pdf(page, title="Care"), FILE, tmp_path)
    assert heard.headings[-1] == ("Descaling",)


def test_bold_words_in_a_paragraph_are_no_heading(tmp_path: Path) -> None:
    def page(canvas: papers.Canvas) -> None:
        lines("Before every use of it the water has to be", *prose(1)[:2])(canvas)
        lines("fresh and cold", font="Helvetica-Bold", top=fourth)(canvas)
        lines("for the reasons that were given.", top=fourth - 12)(canvas)

    fourth = papers.TOP - 36
    heard = hear(pdf(page, title="Care"), FILE, tmp_path)
    assert heard.headings == [()]
    assert "fresh and cold for the reasons" in heard.text


def test_a_paragraph_goes_on_across_pages(tmp_path: Path) -> None:
    first = lines(*prose(1), "", "The lid has to be closed before the kettle is")
    heard = hear(pdf(first, lines("switched on again.")), FILE, tmp_path)
    assert "before the kettle is switched on again." in heard.text
    assert (heard.passages[0]["page_from"], heard.passages[0]["page_to"]) == (1, 2)


def test_broken_words_are_made_whole_and_compounds_keep_their_hyphen(tmp_path: Path) -> None:
    page = lines(
        "This kettle has a thermo-", "stat. It is a well-", "known part, and a well-known",
        "one at that.",
    )  # fmt: skip
    heard = hear(pdf(page), FILE, tmp_path)
    assert heard.text == (
        "This kettle has a thermostat. It is a well-known part, and a well-known one at that."
    )


def test_running_headers_footers_and_page_numbers_are_left_out(tmp_path: Path) -> None:
    heard = hear(papers.manual(12), FILE, tmp_path)
    assert "Product Guide" not in heard.text
    assert "Page" not in heard.text
    assert heard.end["title"] == "Kettle 3000 Product Guide"


def test_running_headers_that_name_the_chapter_are_left_out(tmp_path: Path) -> None:
    def page(number: int) -> papers.Paint:
        header = f"Chapter {number // 2 + 1}: Things   {number}"
        return all_of(lines(header, size=8, top=830), lines(*prose(number)))

    heard = hear(pdf(*map(page, range(1, 9))), FILE, tmp_path)
    assert "Chapter" not in heard.text


def test_what_repeats_in_the_text_stays(tmp_path: Path) -> None:
    def page(number: int) -> papers.Paint:
        return lines(*prose(number), "", "Unplug the kettle first.", "", *prose(number + 50))

    heard = hear(pdf(*map(page, range(1, 9))), FILE, tmp_path)
    assert heard.text.count("Unplug the kettle first.") == 8


def test_two_columns_are_read_one_after_the_other(tmp_path: Path) -> None:
    left, right = prose(1, 9, width=42), prose(2, 9, width=42)
    page = all_of(
        lines("# Both", top=800),
        lines(*left, top=760, x=60),
        lines(*right, top=758, x=320),
    )
    heard = hear(pdf(page, title="Columns"), FILE, tmp_path)
    flow = " ".join(heard.text.split())
    assert " ".join(left) in flow
    assert " ".join(right) in flow
    assert flow.index(left[0]) < flow.index(right[0])


def test_tables_are_rows_of_cells_below_their_header(tmp_path: Path) -> None:
    def page(canvas: papers.Canvas) -> None:
        lines("Here are all our models.")(canvas)
        for row, cells in enumerate([("Model", "Power", "Weight"), *rows]):
            canvas.setFont("Helvetica-Bold" if row == 0 else "Helvetica", 10)
            for column, cell in enumerate(cells):
                canvas.drawString(72 + 120 * column, 720 - 14 * row, cell)

    rows = [(f"K{number}", f"{number}00 W", f"{number} kg") for number in range(1, 45)]
    heard = hear(pdf(page, title="Models"), FILE, tmp_path, body_tokens=120)
    tables = [passage for passage in heard.passages if passage["kind"] == "table"]
    assert len(tables) > 2
    assert all("Model | Power | Weight\n" in passage["text"] for passage in tables)
    assert "K7 | 700 W | 7 kg" in heard.text


def test_lists_keep_their_marks_and_numbers(tmp_path: Path) -> None:
    page = lines("How to descale:", "1. Fill it with", "vinegar.", "2. Wait.", "• Not too long.")
    heard = hear(pdf(page), FILE, tmp_path)
    assert heard.text == ("How to descale:\n1. Fill it with vinegar.\n2. Wait.\n- Not too long.")


def test_ligatures_and_invisible_characters_are_cleaned(tmp_path: Path) -> None:
    cmap = (
        b"/CIDInit /ProcSet findresource begin begincmap 1 begincodespacerange <00> <FF> "
        b"endcodespacerange 3 beginbfchar <01> <FB01> <02> <202E> <03> <200B> endbfchar endcmap"
    )
    font = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/ToUnicode 100 0 R>>"
    stream = b"<</Length %d>>stream\n%s\nendstream" % (len(cmap), cmap)
    page = b"BT /F1 10 Tf 72 700 Td (the \001lter \002and\003 more) Tj ET"
    heard = hear(raw_pdf(page, fonts=font, extra=[stream]), FILE, tmp_path)
    assert heard.text == "the filter and more"


def test_right_to_left_text_is_read_as_it_is_spoken(tmp_path: Path) -> None:
    cmap = (
        b"begincmap 1 begincodespacerange <00> <FF> endcodespacerange 1 beginbfrange "
        b"<61> <7A> <05D0> endbfrange endcmap"
    )
    font = b"<</Type/Font/Subtype/Type1/BaseFont/Hebrew/ToUnicode 100 0 R>>"
    stream = b"<</Length %d>>stream\n%s\nendstream" % (len(cmap), cmap)
    # Painted from left to right, as every viewer shows it: the last word comes first.
    page = b"BT /F1 10 Tf 72 700 Td (fed 24 cba) Tj ET"
    heard = hear(raw_pdf(page, fonts=font, extra=[stream]), FILE, tmp_path)
    assert heard.text == "\u05d0\u05d1\u05d2 24 \u05d3\u05d4\u05d5"


def test_text_in_forms_pictures_and_brackets_is_found(tmp_path: Path) -> None:
    form = b"BT /F1 10 Tf 72 600 Td [(in)-20( the )-900(form)] TJ ET"
    stream = b"<</Type/XObject/Subtype/Form/BBox[0 0 595 842]/Length %d>>stream\n%s\nendstream" % (
        len(form),
        form,
    )
    page = (
        b"BT /F1 10 Tf 72 700 Td (a \\(nested (string)\\) \\101\\\n) Tj ET "
        b"BI /W 2 /H 2 /BPC 8 /CS /G ID (\xff)T EI\nQ /X1 Do"
    )
    heard = hear(raw_pdf(page, extra=[stream]), FILE, tmp_path)
    assert heard.text == "a (nested (string)) A\n\nin the form"


def test_nothing_of_the_text_is_lost(tmp_path: Path) -> None:
    texts = [text for number in range(30) for text in ("# Part " + str(number), *prose(number))]
    pages = [lines(*texts[start : start + 28]) for start in range(0, len(texts), 28)]
    heard = hear(pdf(*pages, title="All of it"), FILE, tmp_path)
    assert heard.words() == words_in(" ".join(texts))


def test_the_same_file_always_gives_the_same_passages(tmp_path: Path) -> None:
    content = papers.manual(8)
    assert hear(content, FILE, tmp_path).passages == hear(content, FILE, tmp_path).passages


# What can go wrong


def test_U3_an_encrypted_file_is_named_password_protected(tmp_path: Path) -> None:
    heard = hear(pdf(lines("secret"), password="open", owner="sesame"), FILE, tmp_path)
    assert heard.code == "password_protected"
    assert "password-protected" in heard.end["message"]


def test_U3_an_empty_password_opens(tmp_path: Path) -> None:
    assert hear(pdf(lines("public"), owner="sesame"), FILE, tmp_path).text == "public"


def test_U3_a_scan_is_told_to_be_one(tmp_path: Path) -> None:
    heard = hear(papers.scan(), FILE, tmp_path)
    assert heard.code == "no_text"
    assert heard.end["message"].startswith("No text found, this looks like a scan")


@pytest.mark.parametrize(
    "broken",
    [
        b"BT /F1 10 Tf (" + b"(" * 500,
        b"BT /F1 ten Tf 1 2 Td (lost) Tj [(a) /Name (b)] TJ ET",
        b"<< [ << ( >> ] Tj TJ Tm cm Tf Do ID",
        b"q " * 100_000,
        bytes(range(256)) * 50,
    ],
)
def test_U3_a_strange_page_keeps_the_others(tmp_path: Path, broken: bytes) -> None:
    heard = hear(raw_pdf(shown("before"), broken, shown("after")), FILE, tmp_path)
    assert {"before", "after"} <= set(heard.words())


def test_U3_a_failing_page_is_named_and_the_others_are_kept(tmp_path: Path) -> None:
    content = raw_pdf(shown("Before."), shown("Broken."), shown("After."))
    stream = content.index(b"13 0 obj")
    content = content[:stream] + content[stream:].replace(b"/FlateDecode", b"/NoSuchCode", 1)
    heard = hear(content, FILE, tmp_path)
    assert heard.text == "Before.\n\nAfter."
    assert heard.warnings == [(2, "This page is damaged and was left out.")]
    assert heard.end["warnings"] == 1


def test_U2_a_page_that_takes_too_long_is_left_out(tmp_path: Path) -> None:
    endless = shown("slow") + b" 1 0 0 1 0 0 cm" * 2_000_000
    content = raw_pdf(shown("Before."), endless, shown("After."))
    heard = hear(content, FILE, tmp_path, limits=Limits(page_seconds=0.3))
    assert heard.text == "Before.\n\nAfter."
    assert heard.warnings == [(2, "This page took too long to read and was left out.")]


def test_U2_forms_within_forms_end(tmp_path: Path) -> None:
    form = b"BT /F1 10 Tf (again) Tj ET /X1 Do /X1 Do"
    stream = (
        b"<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X1 100 0 R>>"
        b"/Font<</F1 3 0 R>>>>/Length %d>>stream\n%s\nendstream" % (len(form), form)
    )
    before = time.monotonic()
    hear(raw_pdf(b"/X1 Do", shown("end"), extra=[stream]), FILE, tmp_path)
    assert time.monotonic() - before < 5


def test_U3_a_bad_table_of_objects_is_mended(tmp_path: Path) -> None:
    content = pdf(lines("still there"))
    broken = content.replace(b"startxref\n", b"startxref\n9")
    assert hear(broken, FILE, tmp_path).text == "still there"


def test_U3_every_truncated_file_ends_in_a_clear_status(tmp_path: Path) -> None:
    content = papers.manual(3)
    for share in range(1, 20):
        heard = hear(content[: len(content) * share // 20], FILE, tmp_path)
        assert heard.end["event"] == "done" or heard.end["message"].endswith(".")


def test_U3_random_damage_never_escapes(tmp_path: Path) -> None:
    dice = random.Random(11)
    content = papers.manual(3)
    for _ in range(60):
        damaged = bytearray(content)
        for _ in range(20):
            damaged[dice.randrange(len(damaged))] = dice.randrange(256)
        heard = hear(bytes(damaged), FILE, tmp_path, limits=Limits(page_seconds=2))
        assert heard.end["event"] == "done" or heard.end["message"].endswith(".")


def test_U2_pages_beyond_the_limit_are_left_out_with_a_warning(tmp_path: Path) -> None:
    heard = hear(papers.manual(6), FILE, tmp_path, limits=Limits(pages=4))
    assert {passage["page_to"] for passage in heard.passages} == {1, 2, 3, 4}
    assert heard.warnings == [(None, "Only the first 4 of 6 pages were read.")]


def test_U2_characters_beyond_the_limit_are_left_out_with_a_warning(tmp_path: Path) -> None:
    heard = hear(papers.manual(6), FILE, tmp_path, limits=Limits(characters=5_000))
    assert 4_000 < heard.end["characters"] <= 5_000
    assert len(heard.warnings) == 1


def test_two_thousand_pages_are_read_in_seconds(tmp_path: Path) -> None:
    content = papers.manual(2_000)
    before = time.process_time()
    heard = hear(content, FILE, tmp_path)
    assert heard.end["pages"] == 2_000
    assert time.process_time() - before < 30
    told = [event["done"] for event in heard.events if event["event"] == "page"]
    assert told == sorted(told)
    assert told[-1] == 2_000
