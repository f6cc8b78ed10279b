"""What a file is: its name, its type and its first bytes have to agree."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.reading import papers
from tests.reading.listening import hear
from tests.reading.papers import lines, pdf, word

PDF = pdf(lines("text"))
WORD = word(lambda document: document.add_paragraph("text"))
PNG = b"\x89PNG\r\n\x1a\n" + bytes(100)
DOCX_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@pytest.mark.parametrize(
    ("content", "name", "looks_like"),
    [
        (WORD, "a.pdf", "a Word document"),
        (b"<!DOCTYPE html><html>Please sign in</html>", "a.pdf", "a web page"),
        (PNG, "a.pdf", "a picture"),
        (PDF, "a.docx", "a PDF"),
        (PDF, "a.md", "a PDF"),
        (WORD, "a.csv", "a Word document"),
        (PNG, "a.txt", "a picture"),
        (b"\x7fELF" + bytes(50), "a.html", "a program"),
    ],
)
def test_U6_a_file_that_is_not_what_its_name_says_is_refused(
    tmp_path: Path, content: bytes, name: str, looks_like: str
) -> None:
    heard = hear(content, name, tmp_path)
    assert heard.code == "wrong_type"
    assert "although its name says so" in heard.end["message"]
    assert f"It looks like {looks_like}." in heard.end["message"]


def test_U6_words_that_only_pretend_to_be_a_pdf(tmp_path: Path) -> None:
    heard = hear(b"Dear reader, this is text.", "a.pdf", tmp_path)
    assert heard.end["message"].startswith("This is not a PDF although its name says so.")


def test_U6_name_and_declared_type_have_to_agree(tmp_path: Path) -> None:
    assert hear(PDF, "a.pdf", tmp_path, media_type=DOCX_TYPE).code == "wrong_type"
    assert hear(PDF, "a.pdf", tmp_path, media_type="application/octet-stream").text == "text"
    assert hear("text", "a.md", tmp_path, media_type="text/plain; charset=utf-8").text == "text"


def test_U6_without_an_extension_the_declared_type_counts(tmp_path: Path) -> None:
    assert hear("<p>text", "page", tmp_path, media_type="text/html").text == "text"
    assert hear("text", "page", tmp_path).code == "unsupported"


@pytest.mark.parametrize("name", ["a.doc", "a.xlsx", "a.pptx", "a.exe", "a.odt"])
def test_other_kinds_are_refused_with_a_way_out(tmp_path: Path, name: str) -> None:
    heard = hear(b"anything", name, tmp_path)
    assert heard.code == "unsupported"


@pytest.mark.parametrize("name", ["a.pdf", "a.docx", "a.html", "a.md", "a.csv", "a.txt"])
@pytest.mark.parametrize("content", [b"", b" \n\x00", b"\xef\xbb\xbf"])
def test_empty_files_are_told_to_be_empty(tmp_path: Path, name: str, content: bytes) -> None:
    heard = hear(content, name, tmp_path)
    assert heard.end["event"] == "failed"
    assert heard.code in {"empty", "no_text", "wrong_type"}


def test_U3_binary_rubbish_is_not_taken_for_text(tmp_path: Path) -> None:
    assert hear(bytes(range(256)) * 40, "a.txt", tmp_path).code == "wrong_type"


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("product_guide.md", "product guide"),
        ("../../etc/passwd.md", "passwd"),
        ("..\\..\\boot.md", "boot"),
        ("a\x00b.md", "ab"),
        ("invoice\u202efdp.md", "invoicefdp"),
        ("<script>alert(1)</script>.md", "script>"),
        ("מדריך למשתמש.md", "מדריך למשתמש"),
    ],
)
def test_U7_strange_names_become_harmless_titles(tmp_path: Path, name: str, title: str) -> None:
    assert hear("text", name, tmp_path).end["title"] == title


def test_titles_that_programs_write_are_not_believed(tmp_path: Path) -> None:
    for declared in ("untitled", "Microsoft Word - guide_v2.doc", "Document1", "a.indd"):
        heard = hear(pdf(lines("# Care", *papers.prose(1)), title=declared), "b.pdf", tmp_path)
        assert heard.end["title"] == "Care"
