"""Where a message turns, and what the part behind the turn says."""

from __future__ import annotations

import time

import pytest

from app.adapters import sentiment_turns
from app.adapters.sentiment_lexicon import NAMES, figures


def read_off(text: str) -> set[str]:
    found = dict(zip(NAMES, figures(text), strict=True))
    return {name for name in sentiment_turns.NAMES if found[name]}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Thank you, but the gate is broken", {"courtesy", "turned_bad"}),
        ("Lovely boots, the left one leaks though", {"courtesy", "turned_bad"}),
        ("Thanks, but the door hums", {"courtesy", "turned_else"}),
        ("It was late and cracked, but your crew was wonderful", {"made_good"}),
        ("Great, but is it blue?", {"kind_question"}),
        ("Thanks, but I have got one", {"kind_refusal", "turned_else"}),
        ("The gate is shut but not locked. It is broken", {"turned_bad"}),
        ("Thank you, the gate works", set()),
        ("The parcel has not come yet and it is Friday", set()),
        ("No ifs and buts", set()),
        ("thanks, but", set()),
    ],
)
def test_a_turn_is_told_by_what_stands_before_and_behind_it(text: str, told: set[str]) -> None:
    assert read_off(text) == told


def test_praise_counts_for_nothing_when_it_leads_up_to_trouble() -> None:
    found = dict(zip(NAMES, figures("Great lamp, great price, but it broke"), strict=True))
    assert found["praise"] == 0
    assert found["compound"] < 0


def test_praise_behind_the_turn_counts() -> None:
    found = dict(zip(NAMES, figures("It broke, but your support was great"), strict=True))
    assert found["praise"] > 0
    assert found["compound"] > 0


def test_many_turns_take_no_longer_than_other_words() -> None:
    figures("warm")
    started = time.perf_counter()
    figures("thanks, but, though " * 500)
    assert time.perf_counter() - started < 0.1
