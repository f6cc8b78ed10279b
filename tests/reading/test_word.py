"""Word documents: styles become structure, and bombs are refused before they are opened."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest

from app.reading.limits import MIB, Limits
from tests.reading import papers
from tests.reading.listening import hear, words_in
from tests.reading.papers import sentence, with_part, word, word_body

FILE = "guide.docx"
EMPTY = word(lambda _: None)
BODY = "word/document.xml"


def test_headings_lists_and_tables_keep_their_structure(tmp_path: Path) -> None:
    def build(document: Any) -> None:
        document.add_heading("Kettle guide", 0)
        document.add_heading("Care", 1)
        document.add_paragraph("It needs little care:")
        document.add_paragraph("Rinse it.", style="List Bullet")
        document.add_paragraph("Dry it.", style="List Bullet")
        document.add_heading("Models", 1)
        table = document.add_table(rows=0, cols=2, style="Table Grid")
        for cells in (("Model", "Power"), ("K1", "2200 W"), ("K2", "2400 W")):
            for cell, text in zip(table.add_row().cells, cells, strict=True):
                cell.text = text

    heard = hear(word(build), FILE, tmp_path)
    assert heard.end["title"] == "Kettle guide"
    assert [(p["heading_path"], p["text"], p["kind"]) for p in heard.passages] == [
        (("Care",), "It needs little care:\n- Rinse it.\n- Dry it.", "list"),
        (("Models",), "Model | Power\nK1 | 2200 W\nK2 | 2400 W", "table"),
    ]


def test_numbered_steps_count_as_word_counts_them(tmp_path: Path) -> None:
    def build(document: Any) -> None:
        for text in ("Fill.", "Boil.", "Pour."):
            document.add_paragraph(text, style="List Number")

    assert hear(word(build), FILE, tmp_path).text == "1. Fill.\n2. Boil.\n3. Pour."


def test_a_long_table_repeats_its_header(tmp_path: Path) -> None:
    def build(document: Any) -> None:
        table = document.add_table(rows=0, cols=2, style="Table Grid")
        for number in range(80):
            row = table.add_row().cells
            row[0].text, row[1].text = ("Part", "Price") if not number else (f"P{number}", "5 EUR")

    heard = hear(word(build), FILE, tmp_path, body_tokens=100)
    assert len(heard.passages) > 3
    assert all(passage["text"].startswith("Part | Price\n") for passage in heard.passages)


def test_deleted_and_hidden_text_is_not_read_and_footnotes_are(tmp_path: Path) -> None:
    body = word_body(
        "<w:p><w:r><w:t>The price is </w:t></w:r>"
        "<w:del><w:r><w:delText>10 </w:delText></w:r></w:del>"
        "<w:ins><w:r><w:t>12 EUR</w:t></w:r></w:ins>"
        "<w:r><w:rPr><w:vanish/></w:rPr><w:t>, or so</w:t></w:r>"
        '<w:r><w:footnoteReference w:id="2"/></w:r><w:r><w:t>.</w:t></w:r></w:p>'
    )
    notes = word_body('<w:footnote w:id="2"><w:p><w:r><w:t>With tax</w:t></w:r></w:p></w:footnote>')
    content = with_part(with_part(EMPTY, BODY, body), "word/footnotes.xml", notes)
    assert hear(content, FILE, tmp_path).text == "The price is 12 EUR [With tax] ."


def test_nothing_of_the_text_is_lost(tmp_path: Path) -> None:
    texts = [sentence(number) for number in range(300)]

    def build(document: Any) -> None:
        for at, text in enumerate(texts):
            if at % 30 == 0:
                document.add_heading(f"Part {at}", 1)
            document.add_paragraph(text, style="List Bullet" if at % 7 == 0 else None)

    heard = hear(word(build, title="All of it"), FILE, tmp_path)
    expected = " ".join(texts) + " ".join(f" Part {at}" for at in range(0, 300, 30))
    assert heard.words() == words_in(expected)


def test_an_empty_document_says_so(tmp_path: Path) -> None:
    heard = hear(EMPTY, FILE, tmp_path)
    assert (heard.code, heard.end["message"]) == (
        "no_text",
        "There is no text in this Word document.",
    )


# What can be done to a reader


def test_U4_a_bomb_is_refused_by_its_declared_size(tmp_path: Path) -> None:
    heard = hear(with_part(EMPTY, BODY, bytes(300 * MIB)), FILE, tmp_path)
    assert heard.code == "too_large"
    assert "Unpacked" in heard.end["message"]


def test_U4_a_bomb_is_refused_by_its_ratio(tmp_path: Path) -> None:
    heard = hear(with_part(EMPTY, "word/media/a.png", bytes(20 * MIB)), FILE, tmp_path)
    assert heard.code == "too_large"


def test_U4_a_bomb_that_lies_about_its_size_is_cut_off(tmp_path: Path) -> None:
    bomb = bytearray(with_part(EMPTY, BODY, b" " * (50 * MIB)))
    small = (1000).to_bytes(4, "little")
    for mark, offset in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        at = bomb.rindex(mark)
        bomb[at + offset : at + offset + 4] = small
    heard = hear(bytes(bomb), FILE, tmp_path, limits=Limits(unpacked_bytes=5 * MIB))
    assert heard.code in {"too_large", "unreadable"}


def test_U4_too_many_entries_are_refused(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(BODY, word_body("<w:p><w:r><w:t>x</w:t></w:r></w:p>"))
        for number in range(6_000):
            archive.writestr(f"word/{number}", b"")
    assert hear(buffer.getvalue(), FILE, tmp_path).code == "too_large"


@pytest.mark.parametrize(
    "declaration",
    [
        '<!DOCTYPE a [<!ENTITY x "ha"><!ENTITY y "&x;&x;&x;&x;&x;&x;&x;&x;">]>',
        '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE a SYSTEM "http://127.0.0.1:9/dtd">',
        '<!DOCTYPE a [<!ENTITY % p SYSTEM "http://127.0.0.1:9/dtd"> %p;]>',
    ],
)
def test_U5_no_entity_of_any_kind_is_taken(tmp_path: Path, declaration: str) -> None:
    body = word_body("<w:p><w:r><w:t>&x;</w:t></w:r></w:p>").decode()
    body = body.replace("?>", "?>" + declaration, 1)
    heard = hear(with_part(EMPTY, BODY, body.encode()), FILE, tmp_path)
    assert heard.code == "unreadable"
    assert "root:" not in str(heard.events)


def test_U3_damaged_documents_end_in_a_clear_status(tmp_path: Path) -> None:
    whole = word(lambda document: document.add_paragraph("text"))
    for content in (whole[:500], whole[:-400], with_part(whole, BODY, b"<w:document")):
        heard = hear(content, FILE, tmp_path)
        assert heard.code == "unreadable"
        assert "damaged" in heard.end["message"]


def test_U3_deep_nesting_is_survived(tmp_path: Path) -> None:
    deep = "<w:sdt>" * 50_000 + "<w:p><w:r><w:t>deep</w:t></w:r></w:p>" + "</w:sdt>" * 50_000
    assert hear(with_part(EMPTY, BODY, word_body(deep)), FILE, tmp_path).text == "deep"


def test_U3_an_encrypted_document_is_named_password_protected(tmp_path: Path) -> None:
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le")
    assert hear(ole, FILE, tmp_path).code == "password_protected"


def test_the_same_file_always_gives_the_same_passages(tmp_path: Path) -> None:
    content = word(lambda document: document.add_paragraph(" ".join(map(sentence, range(99)))))
    assert hear(content, FILE, tmp_path).passages == hear(content, FILE, tmp_path).passages
    assert papers.TOKENIZER.name == "tokenizer.json"
