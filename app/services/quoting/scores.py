"""Which piece of the evidence answers a question best, and how sure that is.

Words nominate; only what they nominate, and what stands in the best passages, is compared by
meaning. The weights were printed by `python -m scripts.fit_quoting`, all but these: of `warns` and
`most` the set has no question, and of questions in a word or two so few that what was fitted for
them (OF_GENERAL) is only rounded.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.services.quoting.pieces import Piece
from app.services.quoting.products import Models
from app.services.quoting.words import Wanted
from app.services.search import lexical
from app.services.search.evidence import Evidence
from app.services.search.standing import cases_in, unasked
from app.services.search.synonyms import concept

if TYPE_CHECKING:
    from app.adapters.embeddings import Vectors

MOST_COMPARED = 12
# What stands below is what not to do: no answer to a question that does not ask what one may do.
WARNS = re.compile(
    r"(?:please )?(?:do not|don['’]t|never|avoid|bitte nicht|nie\b|ne pas|nunca|não)", re.IGNORECASE
)
# What is not so says nothing about a matter as a whole.
DENIES = re.compile(r"\b(?:cannot|can['’]t|not|never|nicht|pas|no)\b", re.IGNORECASE)
# The share that words have in the score of a passage that was found by both.
BY_WORDS = 0.6
FEATURES = (
    *("meaning", "passage", "near", "words", "first", "coverage", "above", "before", "after"),
    *("pairs", "kind", "clash", "asks", "short", "long", "start", "row", "listed", "own_name"),
    *("step_how", "title", "opens", "starts"),
)
# Behind a name, "(3 March 1821 – 19 November 1897)" says when somebody was born and died.
LIFETIME = re.compile(r"\((?:[^()]*\b)?1?\d{3}\s*[–—-][^()]*\d{3,4}\)")
BORN_AND_DIED = frozenset(lexical.concepts_of("born birth died death lived"))
# What counts for a question in a word or two: it asks for a matter, and not for a detail.
OF_GENERAL = ("title", "opens", "starts")
WEIGHTS_WITH_MEANING: dict[str, float] = {
    "meaning": 8.54,
    "passage": 10.52,
    "near": 8.63,
    "words": -1.4,
    "coverage": 5.58,
    "above": 5.91,
    "before": 1.5,
    "after": 0.07,
    "pairs": 3.05,
    "kind": 0.99,
    "clash": -3.83,
    "asks": -4.03,
    "short": -0.8,
    "long": 1.38,
    "start": 0.38,
    "row": -0.44,
    "listed": 0.2,
    "own_name": -1.13,
    "step_how": 0.85,
    "warns": -3.0,
    "title": 5.0,
    "opens": 12.0,
    "starts": 1.0,
    "most": 4.0,
    "bound": 1.5,
    "who": 1.5,
    "spelled": 4.0,
    "special": -3.0,
    "denies": -2.5,
}
WEIGHTS_BY_WORDS: dict[str, float] = {
    "passage": 9.98,
    "words": 2.27,
    "first": 0.71,
    "coverage": 8.57,
    "above": 9.29,
    "before": 2.04,
    "after": -0.06,
    "pairs": 1.91,
    "kind": 2.06,
    "clash": -4.31,
    "asks": -2.25,
    "short": -0.29,
    "long": 0.54,
    "start": 0.49,
    "row": -0.46,
    "listed": 0.41,
    "own_name": -1.5,
    "step_how": 0.46,
    "warns": -3.0,
    "title": 5.0,
    "opens": 12.0,
    "starts": 1.0,
    "most": 4.0,
    "bound": 1.5,
    "who": 1.5,
    "spelled": 4.0,
    "special": -5.0,
    "denies": -2.5,
}


@dataclass(frozen=True, slots=True)
class Scored:
    """A piece with what speaks for it, and its share of the belief in all pieces together."""

    piece: Piece
    figures: dict[str, float]
    score: float
    share: float = 0.0


def measured(
    pieces: Sequence[Piece], evidence: Sequence[Evidence], wanted: Wanted, models: Models
) -> list[dict[str, float]]:
    """Everything about each piece that can be told without comparing meanings."""
    top = max((each.score for each in evidence), default=0.0)
    above = [frozenset(lexical.concepts_of(f"{each.title} {each.heading}")) for each in evidence]
    general = [_general(each.title, wanted) for each in evidence]
    near_top = [(each.score / top) ** 4 if top else 0.0 for each in evidence]
    special = _special(pieces, evidence, wanted)
    clashes = [models.clash(f"{each.title} {each.heading}") for each in evidence]
    stems = [lexical.stems_of(piece.text) for piece in pieces]
    meant = [_meant(piece, each) for piece, each in zip(pieces, stems, strict=True)]
    covered = [wanted.coverage(each) for each in meant]
    # Many pieces stand below the same heading.
    headings = {_over(piece, wanted) for piece in pieces}
    over = {heading: frozenset(lexical.concepts_of(heading)) for heading in headings}
    figures = []
    for place, piece in enumerate(pieces):
        source = piece.source
        around = over[_over(piece, wanted)] | above[source]
        clash = clashes[piece.source] and not models.names_asked(piece.text)
        before = place > 0 and _together(pieces[place - 1], piece)
        after = place + 1 < len(pieces) and _together(piece, pieces[place + 1])
        figures.append(
            _of_passage(evidence[piece.source], top)
            | _of_text(piece, stems[place], wanted)
            | _of_heading(piece, wanted, models)
            | {
                "coverage": covered[place],
                "above": wanted.coverage(around - meant[place]),
                "before": covered[place - 1] if before else 0.0,
                "after": covered[place + 1] if after else 0.0,
                "clash": float(clash or models.clash(piece.text)),
                "most": near_top[source] if wanted.kinds.most and piece.kind == "row" else 0.0,
                "special": special[place],
                "own_name": float(models.names_asked(piece.text)),
            }
            | _at_the_top(piece, evidence[source], general[source])
        )
    return figures


def nominated(figures: Sequence[dict[str, float]]) -> list[int]:
    """The places of the pieces that are worth comparing by meaning."""
    by_words = [_sum(each, WEIGHTS_BY_WORDS) for each in figures]
    return sorted(range(len(figures)), key=lambda n: -by_words[n])[:MOST_COMPARED]


def with_meaning(
    pieces: Sequence[Piece],
    figures: Sequence[dict[str, float]],
    chosen: Sequence[int],
    question: Vectors,
    rows: Vectors,
) -> None:
    """Whatever was not compared is taken to be as near as the farthest that was."""
    near = {place: float(row @ question) for place, row in zip(chosen, rows, strict=True)}
    least = min(near.values(), default=0.0)
    nearest: dict[int, float] = {}
    for place, value in near.items():
        source = pieces[place].source
        nearest[source] = max(value, nearest.get(source, least))
    for place, each in enumerate(figures):
        each["meaning"] = near.get(place, least)
        if "near" not in each:
            # A passage without a vector yet is as near as its best sentence.
            each["near"] = max(0.0, nearest.get(pieces[place].source, least))
            each["passage"] = BY_WORDS * each["passage"] + (1 - BY_WORDS) * each["near"]


def ranked(
    pieces: Sequence[Piece],
    figures: Sequence[dict[str, float]],
    weights: Mapping[str, float] | None = None,
) -> list[Scored]:
    """The best first, each with its share: a question with one clear answer gives it nearly all."""
    compared = bool(figures) and "meaning" in figures[0]
    weights = weights or (WEIGHTS_WITH_MEANING if compared else WEIGHTS_BY_WORDS)
    scores = [_sum(each, weights) for each in figures]
    most = max(scores, default=0.0)
    total = sum(math.exp(score - most) for score in scores)
    scored = [
        Scored(piece, each, score, math.exp(score - most) / total)
        for piece, each, score in zip(pieces, figures, scores, strict=True)
    ]
    return sorted(scored, key=lambda each: -each.score)


def _special(pieces: Sequence[Piece], evidence: Sequence[Evidence], wanted: Wanted) -> list[float]:
    """Whether a piece stands below a special case that nobody asked for."""
    cases = [cases_in(f"{each.title} {each.heading}") for each in evidence]
    scores = [each.score for each in evidence]
    exceptions = unasked(wanted.cases, list(zip(scores, cases, strict=True)))
    return [
        wanted.openness * bool((cases[piece.source] | cases_in(piece.around)) & exceptions)
        for piece in pieces
    ]


def _of_heading(piece: Piece, wanted: Wanted, models: Models) -> dict[str, float]:
    """Whether it stands below what not to do, or below what is not so."""
    denies = DENIES.search(piece.around) and not models.names_asked(piece.text)
    return {
        "warns": float(bool(WARNS.match(piece.around)) and not wanted.kinds.may),
        "denies": wanted.general * bool(denies),
    }


def _meant(piece: Piece, stems: Sequence[str]) -> frozenset[str]:
    meant = frozenset(map(concept, stems))
    return meant | BORN_AND_DIED if LIFETIME.search(piece.text) else meant


def _of_passage(passage: Evidence, top: float) -> dict[str, float]:
    near = {} if passage.meaning is None else {"near": passage.meaning}
    first = float(passage.score >= top)
    return {"passage": passage.score, "words": passage.words, "first": first, **near}


def _over(piece: Piece, wanted: Wanted) -> str:
    """What stands over a piece; the columns of a table only where its rows are compared."""
    return f"{piece.around} {piece.columns}" if wanted.kinds.most else piece.around


def _general(title: str, wanted: Wanted) -> dict[str, float]:
    """How much a question in a word or two is about this very document, and about how it begins.

    Who asks for a figure, steps or a reason wants just these; in a list of prices none comes first.
    """
    kinds = wanted.kinds
    if not wanted.general or kinds.price:
        return {}
    stems = frozenset(lexical.concepts_of(title))
    covered = wanted.coverage(stems)
    shared = sum(stem in wanted.weights for stem in stems) / max(len(stems), 1)
    asks_detail = kinds.time or kinds.number or kinds.how or kinds.who or kinds.why
    return {
        "title": wanted.general * covered,
        "opens": (wanted.general * covered * shared) ** (4 if asks_detail else 1),
        "starts": wanted.general / (2 if asks_detail else 1),
    }


def _at_the_top(piece: Piece, passage: Evidence, general: dict[str, float]) -> dict[str, float]:
    """Only the top of a document says what it is about, and the first sentence what follows."""
    if not general:
        return general
    opens = not (piece.block or passage.ordinal or passage.heading)
    begins = piece.place == 0 and piece.kind != "row"
    left_out = {name for name, there in (("opens", opens), ("starts", begins)) if not there}
    return {name: value for name, value in general.items() if name not in left_out}


def _of_text(piece: Piece, stems: Sequence[str], wanted: Wanted) -> dict[str, float]:
    listed = piece.kind in {"step", "item"}
    return {
        "pairs": wanted.neighbours(stems),
        "kind": wanted.kinds.met_by(piece.text),
        "asks": float(piece.text.endswith("?")),
        "short": float(len(stems) < 3),
        "long": min(1.0, len(stems) / 20),
        "start": float(piece.place == 0),
        "row": float(piece.kind == "row"),
        "listed": float(listed),
        "step_how": float(wanted.kinds.how and listed),
        "bound": float(wanted.kinds.bounded_by(piece.text)),
        "who": float(wanted.kinds.names_somebody(piece.text)),
        "spelled": wanted.spelled(piece.text),
    }


def _together(piece: Piece, other: Piece) -> bool:
    return piece.block_of == other.block_of


def _sum(figures: Mapping[str, float], weights: Mapping[str, float]) -> float:
    return sum(weights.get(name, 0.0) * value for name, value in figures.items())
