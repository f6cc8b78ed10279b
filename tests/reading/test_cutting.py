"""Passages: along the structure, within the limit, with nothing lost on the way."""

from __future__ import annotations

import random
from itertools import pairwise

import pytest

from app.reading.blocks import Block, Code, Heading, ListItem, Paragraph, Record, TableRow, words_of
from app.reading.cutting import Passage, cut
from app.reading.sentences import sentences_of
from app.reading.tokens import TokenCounter, counter_for
from tests.reading.listening import words_in
from tests.reading.papers import TOKENIZER, sentence

LIMIT = 200


@pytest.fixture(scope="module")
def counter() -> TokenCounter:
    return counter_for(str(TOKENIZER) if TOKENIZER.is_file() else None)


def long_text(number: int, sentences: int) -> str:
    return " ".join(sentence(number * 100 + one) for one in range(sentences))


def texts(passages: list[Passage]) -> list[str]:
    return [passage.text for passage in passages]


def test_long_paragraphs_are_split_between_sentences_and_evenly(counter: TokenCounter) -> None:
    passages = cut([Paragraph(long_text(1, 40))], counter, LIMIT)
    assert all(text.endswith(".") for text in texts(passages))
    assert min(passage.tokens for passage in passages) > LIMIT / 2


def test_a_sentence_beyond_the_limit_is_split_between_words(counter: TokenCounter) -> None:
    passages = cut([Paragraph("word " * 1_000)], counter, LIMIT)
    assert sum(text.count("word") for text in texts(passages)) == 1_000


@pytest.mark.parametrize("text", ["x" * 9_000, "返品は三十日以内" * 400, "\U0001f600" * 900])
def test_text_without_spaces_is_cut_all_the_same(counter: TokenCounter, text: str) -> None:
    passages = cut([Paragraph(text)], counter, LIMIT)
    assert max(passage.tokens for passage in passages) <= LIMIT
    assert "".join("".join(texts(passages)).split()) == text


def test_a_list_stays_whole_with_the_sentence_that_leads_into_it(counter: TokenCounter) -> None:
    blocks: list[Block] = [Paragraph(long_text(1, 9)), Paragraph("Do this:")]
    blocks += [ListItem(sentence(n), 0, f"{n}.") for n in range(1, 8)]
    last = cut(blocks, counter, LIMIT)[-1]
    assert last.text.startswith("Do this:\n1. ")
    assert last.text.count("\n") == 7


def test_a_long_list_is_split_between_items(counter: TokenCounter) -> None:
    passages = cut([ListItem(sentence(n)) for n in range(60)], counter, LIMIT)
    assert len(passages) > 3
    assert all(line.startswith("- ") for text in texts(passages) for line in text.split("\n"))


def test_records_are_never_torn(counter: TokenCounter) -> None:
    passages = cut([Record(f"Name: {n}; Text: {sentence(n)}") for n in range(60)], counter, LIMIT)
    lines = [line for text in texts(passages) for line in text.split("\n")]
    assert len(lines) == 60
    assert all(line.startswith("Name: ") for line in lines)


def test_no_passage_spans_two_chapters(counter: TokenCounter) -> None:
    blocks: list[Block] = []
    for chapter in range(5):
        blocks += [Heading(1, f"Chapter {chapter}"), Paragraph("Short.")]
    passages = cut(blocks, counter, LIMIT)
    assert [passage.heading_path for passage in passages] == [(f"Chapter {n}",) for n in range(5)]


def test_small_sections_of_a_chapter_are_joined_below_their_headings(counter: TokenCounter) -> None:
    blocks: list[Block] = [Heading(1, "One"), Heading(1, "Two")]
    for section in range(3):
        blocks += [Heading(2, f"Part {section}"), Paragraph(f"Text {section}.")]
    passages = cut(blocks, counter, LIMIT)
    assert texts(passages)[-1] == "\n\n".join(f"Part {n}\n\nText {n}." for n in range(3))
    assert passages[-1].heading_path == ("Two",)


def test_a_heading_with_nothing_below_it_is_not_lost(counter: TokenCounter) -> None:
    passages = cut(
        [Heading(1, "A"), Paragraph("x"), Heading(1, "We close on Sundays")], counter, 200
    )
    assert texts(passages) == ["x", "We close on Sundays"]


def test_the_title_is_not_repeated_in_the_path(counter: TokenCounter) -> None:
    blocks: list[Block] = [Heading(1, "Guide"), Heading(2, "A"), Paragraph("x")]
    assert cut(blocks, counter, LIMIT, "Guide")[0].heading_path == ("A",)


def test_pages_are_those_of_the_text(counter: TokenCounter) -> None:
    blocks: list[Block] = [Paragraph(long_text(n, 8), n, n) for n in range(1, 5)]
    passages = cut(blocks, counter, LIMIT)
    assert (passages[0].page_from, passages[-1].page_to) == (1, 4)
    for before, after in pairwise(passages):
        assert before.page_from is not None
        assert after.page_from is not None
        assert before.page_from <= after.page_from


@pytest.mark.parametrize("seed", range(12))
def test_whatever_comes_nothing_is_lost_and_nothing_too_long(
    counter: TokenCounter, seed: int
) -> None:
    blocks = _some_blocks(random.Random(seed))
    limit = random.Random(seed).choice([40, 90, 200])
    passages = cut(blocks, counter, limit)
    assert passages == cut(blocks, counter, limit)
    for passage in passages:
        assert 0 < passage.tokens <= limit
        assert passage.tokens == counter.count(passage.text)
    headings = [block.text for block in blocks if isinstance(block, Heading)]
    body = [block for block in blocks if not isinstance(block, Heading)]
    found = words_in(" ".join(texts(passages)))
    assert words_in(" ".join(map(words_of, body))) <= found
    seen = found + words_in(" ".join(name for p in passages for name in p.heading_path))
    assert set(words_in(" ".join(headings))) <= set(seen)


@pytest.mark.skipif(not TOKENIZER.is_file(), reason="no tokenizer: run `make model` to get it")
def test_words_counted_one_by_one_add_up_to_the_whole() -> None:
    from tokenizers import Tokenizer

    model = Tokenizer.from_file(str(TOKENIZER))
    model.no_truncation()
    model.no_padding()
    exact = counter_for(str(TOKENIZER))
    for text in (
        long_text(3, 20),
        "Größe: 5×7cm (ca.)\n\n| a | b |",
        "返品は三十日 ok",
        "é e\u0301",
    ):
        assert exact.count(text) == len(model.encode(text, add_special_tokens=False).ids)


def test_sentences_end_where_they_end() -> None:
    text = 'Use approx. 5 l, e.g. of water. "Really?" Yes! Dr. No said so. Version 2.1 is out.'
    assert list(sentences_of(text)) == [
        "Use approx. 5 l, e.g. of water.",
        '"Really?"',
        "Yes!",
        "Dr. No said so.",
        "Version 2.1 is out.",
    ]


def _some_blocks(dice: random.Random) -> list[Block]:
    blocks: list[Block] = []
    for number in range(dice.randrange(5, 40)):
        text = long_text(number, dice.randrange(1, 12))
        blocks += dice.choice(
            [
                [Heading(dice.randrange(1, 5), f"Heading {number}")],
                [Paragraph(text, number, number)],
                [Paragraph("As follows:"), ListItem(text), ListItem(sentence(number), 1, "a)")],
                [
                    TableRow(("Name", "Text"), number, True),
                    *(TableRow((f"n{n}", sentence(n)), number) for n in range(dice.randrange(20))),
                ],
                [Code("\n".join(map(sentence, range(dice.randrange(1, 9)))))],
            ]
        )
    return blocks
