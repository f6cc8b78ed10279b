"""What a wording asks for, and which of several sentences says just that."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID, uuid5

import pytest
from flask import Flask

from app.adapters.embeddings import NoEmbeddings
from app.services.quoting.kinds import kinds_of
from app.services.quoting.quoting import Band, Quoted, quote, weigh
from app.services.search.evidence import Evidence
from tests.fakes import fakes

HOUSE = UUID("0c8a6d1f-2b11-4c5b-9d57-6a3e5f0e2f67")


@pytest.fixture(autouse=True)
def bare_app() -> Iterator[None]:
    chosen = fakes()
    chosen.embeddings = NoEmbeddings()
    app = Flask(__name__)
    app.extensions["adapters"] = chosen
    with app.app_context():
        yield


def passages(title: str, words: float, *texts: str) -> list[Evidence]:
    return [
        Evidence(uuid5(HOUSE, text), HOUSE, title, text, score=0.6, words=words, pairs=0.3)
        for text in texts
    ]


def asked(question: str, *texts: str, title: str = "Storage", words: float = 0.6) -> Quoted:
    return quote(question, passages(title, words, *texts))


@pytest.mark.parametrize(
    ("question", "is_time"),
    [
        ("When does the shop open?", True),
        ("hello, when does the shop open", True),
        ("Can you tell me when the shop opens?", True),
        ("do you know when it opens", True),
        ("What happens when the lid is open?", False),
        ("why does the lamp blink when I charge it", False),
        ("Can I ride when it rains?", False),
    ],
)
def test_when_asks_for_a_time_only_where_it_begins_to_ask(question: str, *, is_time: bool) -> None:
    assert kinds_of(question).time is is_time


def test_who_asks_how_much_may_be_is_told_the_bound() -> None:
    quoted = asked(
        "How large can a file be?",
        "A file begins with a header of 8 bytes. A large file is sent in 3 parts. "
        "A file may have up to 5 GB.",
    )
    assert "up to 5 GB" in " ".join(quoted.draft.text.split()[:25])


def test_years_behind_a_name_say_when_somebody_was_born() -> None:
    quoted = asked(
        "When was Marta Oldenburg born?",
        "Marta Oldenburg (3 March 1821 – 19 November 1897) was a botanist.",
        "Marta Oldenburg was born in a harbour town. Her mother taught her Latin.",
        title="Marta Oldenburg",
    )
    assert quoted.draft.sentences[0].text.startswith("Marta Oldenburg (3 March 1821")


def test_who_is_answered_by_a_name() -> None:
    steel = "The lock at the river was built with gates of steel."
    name = "The lock was built at the river by the engineer Ewald Stern."
    for question, best in (
        ("Who built the lock at the river?", name),
        ("lock at the river", steel),
    ):
        ranked = weigh(question, passages("Storage", 0.6, f"{steel} {name}")).ranked
        assert ranked[0].piece.text == best


def test_a_name_of_code_that_stands_there_is_no_word_like_another() -> None:
    text = "Above that we answer with the code slow_down; wait and double the pause each time."
    other = "Do not slow down in the curve. What goes down slowly comes up slowly."
    quoted = asked("I get slow_down, what now", other, text, words=0.3)
    assert quoted.draft.sentences[0].text == text
    assert quoted.band is not Band.UNKNOWN
    assert asked("I get speed_up, what now", other, text, words=0.3).confidence < quoted.confidence


def test_a_real_word_is_not_taken_for_a_shorter_one_beside_it() -> None:
    wrong = "A professor gave her a key."
    right = "She is buried in the churchyard; the grave has a stone."
    assert asked("Where is the grave?", wrong, right).draft.sentences[0].text == right


def test_steps_are_not_begun_in_their_middle() -> None:
    steps = """1. Start the upload, which gives an id.
2. Send parts of 8 MB to 512 MB, in any order, of large files.
3. Finish with the list of the checksums."""
    text = f"One request stores files of 5 GB. For larger files upload in parts:\n\n{steps}"
    quoted = asked("how do I upload files larger than 5 GB in parts", text)
    assert steps in quoted.draft.text


def test_a_sentence_that_announces_a_list_brings_the_list_or_stays_away() -> None:
    text = "The regions are in the north and in the south:\n\n- eu-north\n- eu-south"
    quoted = asked("which regions are in the north and in the south", text)
    assert "- eu-north\n- eu-south" in quoted.draft.text
    items = "\n".join(f"- region {n}: one of many that are much too far away" for n in range(30))
    long = f"Storage is kept in regions. The regions are these:\n\n{items}"
    assert not asked("where is storage kept", long).draft.text.endswith(":")


def test_a_number_that_an_item_is_named_by_finds_the_item() -> None:
    items = "- 401: the token has run out.\n- 409: somebody else changed it; read it again."
    other = "We had 409 visitors, and many errors were found in what they wrote about it."
    quoted = asked("what does error 409 mean", other, f"Errors are these:\n\n{items}", words=0.3)
    assert "- 409: somebody else changed it" in quoted.draft.text
    assert weigh("is 409 much", passages("Storage", 0.3, other)).ranked[0].figures["spelled"] == 0


def test_what_is_not_so_says_nothing_about_a_matter_as_a_whole() -> None:
    text = """Where we do not store files

- Storage of files on ships is too wet.

Places

- The north is dry."""
    first, *_, last = weigh("storage", passages("Storage", 0.6, text)).ranked
    assert (first.piece.text, first.figures["denies"]) == ("- The north is dry.", 0.0)
    assert last.figures["denies"] == 1.0
