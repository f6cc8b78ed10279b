"""A model's writing cut into sentences while it arrives."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.services.answering.sentence_stream import Piece, SentenceStream

URL = "https://a.example/x.y?z"
ANSWER = """Yes, you can. Orders of €40.50 or more are free [1].
It takes 2.5 days, e.g. to Mr. Smith.[2][3]

1. Open the clamp. Then close it.
2. Tighten `a. B` well. [4]

- **Note.** Do this
- That [1, 3]

| Mode | Time |
|---|---|
| Town | 6 h [2] |

No. See https://a.example/b.c?d=1 and [a page](https://a.example). It is 5 p.m. now."""


def cut(text: str, size: int = 1) -> list[Piece]:
    stream = SentenceStream()
    done = [
        piece
        for start in range(0, len(text), size)
        for piece in stream.feed(text[start : start + size])
    ]
    return done + stream.close()


def texts(text: str, size: int = 1) -> list[str]:
    return [piece.text for piece in cut(text, size)]


@pytest.mark.parametrize(
    ("written", "sentences"),
    [
        ("One. Two! Three? Four", ["One.", "Two!", "Three?", "Four"]),
        ("It weighs 1.5 kg. It is red.", ["It weighs 1.5 kg.", "It is red."]),
        ("See e.g. Mr. Smith at 9. Then go.", ["See e.g. Mr. Smith at 9.", "Then go."]),
        (f"Look at {URL}. Then go.", [f"Look at {URL}.", "Then go."]),
        ("It weighs 900 g. It is red.", ["It weighs 900 g.", "It is red."]),
        ("No. We do not.", ["No.", "We do not."]),
        ("He said “stop.” Then he left.", ["He said “stop.”", "Then he left."]),
        ("Use `a. B` or ask. Yes.", ["Use `a. B` or ask.", "Yes."]),
        ("1. First\n2. Second", ["1. First", "2. Second"]),
        ("# Title\nText", ["# Title", "Text"]),
        ("これは文です。次の文です。", ["これは文です。", "次の文です。"]),
        ("Wait… What?", ["Wait…", "What?"]),
        ("", []),
        (" \n\n ", []),
    ],
)
def test_sentences_end_where_a_reader_ends_them(written: str, sentences: list[str]) -> None:
    assert texts(written) == sentences


def test_how_the_pieces_arrive_makes_no_difference() -> None:
    whole = cut(ANSWER, 10_000)
    for size in (1, 2, 3, 7, 40):
        assert cut(ANSWER, size) == whole


@given(st.text(alphabet="aB. !?\n[1]`-|*:0", max_size=80), st.integers(1, 9))
def test_any_writing_is_cut_alike_in_any_pieces(written: str, size: int) -> None:
    assert cut(written, size) == cut(written, 100)


def test_nothing_but_marks_and_white_space_is_lost() -> None:
    kept = "".join("".join(texts(ANSWER)).split())
    bare = ANSWER
    for mark in (" [1].", "[2][3]", " [4]", " [1, 3]", " [2]"):
        bare = bare.replace(mark, "." if mark.endswith(".") else "")
    assert kept == "".join(bare.split())


def test_marks_belong_to_the_sentence_before_them() -> None:
    marks = {piece.text: piece.marks for piece in cut(ANSWER)}
    assert marks["Orders of €40.50 or more are free."] == (1,)
    assert marks["It takes 2.5 days, e.g. to Mr. Smith."] == (2, 3)
    assert marks["2. Tighten `a. B` well."] == (4,)
    assert marks["- That"] == (1, 3)
    assert marks["| Town | 6 h |"] == (2,)
    assert marks["Yes, you can."] == ()


@pytest.mark.parametrize(
    ("written", "marks"),
    [
        ("So. [1] [2]\nMore", (1, 2)),
        ("So [1-3].", (1, 2, 3)),
        ("So.[^2]", (2,)),
        ("So【3†source】.", (3,)),
        ("So [passage 2].", (2,)),
        ("So [link](https://a.example).", ()),
        ("So `[1]`.", ()),
        ("So [1](https://a.example).", ()),
    ],
)
def test_marks_are_understood_as_models_write_them(written: str, marks: tuple[int, ...]) -> None:
    first = cut(written)[0]
    assert first.marks == marks
    assert first.text.startswith("So")


def test_a_sentence_comes_as_soon_as_the_next_begins() -> None:
    stream = SentenceStream()
    assert stream.feed("It is red. ") == []
    assert [each.text for each in stream.feed("I")] == ["It is red."]


def test_what_sets_pieces_apart_is_kept() -> None:
    leads = {piece.text: piece.lead for piece in cut(ANSWER)}
    assert leads["Orders of €40.50 or more are free."] == " "
    assert leads["1. Open the clamp."] == "\n\n"
    assert leads["Then close it."] == " "
    assert leads["2. Tighten `a. B` well."] == "\n"


def test_a_block_of_code_is_one_piece() -> None:
    written = "Run this:\n```sh\nls. A\n\nB. C\n```\nThen stop."
    assert texts(written) == ["Run this:", "```sh\nls. A\n\nB. C\n```", "Then stop."]


def test_L7_the_same_sentence_a_third_time_ends_the_answer() -> None:
    stream = SentenceStream()
    done = [piece.text for _ in range(50) for piece in stream.feed("I am a model. ")]
    assert done == ["I am a model."] * 2
    assert stream.looping
    assert stream.feed("Something new. And more.") == []
    assert stream.close() == []


def test_L7_a_sentence_without_an_end_ends_the_answer() -> None:
    stream = SentenceStream()
    for _ in range(2_000):
        assert stream.feed("very ") == []
    assert stream.looping


def test_L7_an_answer_has_a_longest_length() -> None:
    stream = SentenceStream(most_characters=100)
    done = [p.text for n in range(100) for p in stream.feed(f"This is sentence {n}. ")]
    assert stream.full
    assert 3 <= len(done) <= 6
    assert stream.close() == []


def test_steps_and_rows_may_repeat_a_word() -> None:
    assert len(texts("- yes\n- no\n- yes\n- no\n- yes\n- no")) == 6


@pytest.mark.slow
def test_a_hundred_pieces_cost_less_than_a_millisecond() -> None:
    pieces = [f"word{n}{'. ' if n % 12 == 11 else ' '}" for n in range(100)]
    best = 1.0
    for _ in range(20):
        start = time.process_time()
        stream = SentenceStream()
        for piece in pieces:
            stream.feed(piece)
        stream.close()
        best = min(best, time.process_time() - start)
    assert best < 0.001
