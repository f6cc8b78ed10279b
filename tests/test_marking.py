"""Marking the words of a question in a passage."""

from __future__ import annotations

import pytest

from app.services.search.marking import mark


@pytest.mark.parametrize(
    ("written", "asked", "marked"),
    [
        ("A parcel takes nine days.", "How long do parcels take?", ["parcel", "takes"]),
        ("The light and the mount.", "the mounting of it", ["mount"]),
        ("What is it?", "what is it", ["What", "is", "it"]),
        ("Nothing of the kind.", "helmets", []),
        ("<b>Rain</b> & snow", "<b>rain</b>", ["b", "Rain", "b"]),
        ("", "anything", []),
    ],
)
def test_words_are_found_by_their_stem(written: str, asked: str, marked: list[str]) -> None:
    assert [piece.text for piece in mark(written, asked) if piece.is_marked] == marked


@pytest.mark.parametrize("written", ["Rain, rain; no rain.\n\n  Rain", "שלום rain", "", "rain"])
def test_nothing_of_the_text_is_lost(written: str) -> None:
    assert "".join(piece.text for piece in mark(written, "rain")) == written
