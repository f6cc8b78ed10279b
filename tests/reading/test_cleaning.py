"""Text is cleaned of what only printers, screens and tricksters need, and of nothing else."""

from __future__ import annotations

import pytest

from app.reading.cleaning import clean, clean_line, clean_lines


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("of\ufb01ce \ufb02oor e\ufb03cient", "office floor efficient"),
        ("x² and H₂O, 5½, ™", "x² and H₂O, 5½, ™"),
        ("a\u202eb\u2066c\u200b\ufeffd\x00e", "abcde"),
        ("soft\u00adware\u00a0now", "software now"),
        ("hid\U000e0041\U000e0042den", "hidden"),
        ("e\u0301", "é"),
        ("\uf0b7 item", "• item"),
        ("lone \ud800 half", "lone half"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("la\u200ctin", "latin"),
        ("one\u2028two\r\nthree", "one two three"),
    ],
)
def test_lines_are_cleaned(before: str, after: str) -> None:
    assert clean_line(before) == after


def test_ordinary_text_is_left_alone() -> None:
    text = "Ordinary – “quoted” text, für 5 €:\n\tindented"
    assert clean(text) is text


def test_line_breaks_and_indentation_of_code_stay() -> None:
    assert clean_lines("\n\nif x:  \r\n    y\n") == "if x:\n    y"
