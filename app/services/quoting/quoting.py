"""An answer without a model: the sentences of the documents that say it, verbatim and cited."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import structlog
from flask import current_app

from app.adapters import adapters
from app.errors import ProviderError
from app.kept import Kept
from app.services.quoting import confidence, scores
from app.services.quoting.layout import laid_out
from app.services.quoting.pieces import Piece, pieces_of
from app.services.quoting.products import Models, models_in
from app.services.quoting.scores import Scored
from app.services.quoting.words import Wanted, wanted_of
from app.services.search import lexical
from app.services.search.evidence import Draft, Evidence
from app.services.search.question_vectors import question_vector

if TYPE_CHECKING:
    from app.adapters.embeddings import Vectors

log = structlog.get_logger(__name__)
MOST_KEPT = 4_000


class Band(StrEnum):
    """How an answer is offered."""

    ANSWERED = "answered"
    CLOSEST = "closest"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Quoted:
    """`confidence` says from 0 to 1 how likely the answer is right; unknown has no sentences."""

    band: Band
    draft: Draft
    confidence: float
    unknown_product: str = ""
    on_topic: float = 0.0


@dataclass(frozen=True)
class Weighed:
    """Everything that the decision rests on."""

    pieces: list[Piece]
    ranked: list[Scored]
    wanted: Wanted
    models: Models
    figures: dict[str, float]


def quote(question: str, evidence: Sequence[Evidence], previous: str = "") -> Quoted:
    """The best pieces of the evidence, and whether they may be called an answer."""
    weighed = weigh(question, evidence, previous)
    if not weighed.ranked:
        return Quoted(Band.UNKNOWN, Draft(), 0.0)
    unknown_product = weighed.models.unknown_name
    likely = confidence.right(weighed.figures)
    if unknown_product:
        likely *= confidence.ABOUT_ANOTHER
    topic = confidence.on_topic(weighed.figures)
    if unknown_product or not confidence.is_worth_showing(likely, topic):
        return Quoted(Band.UNKNOWN, Draft(), likely, unknown_product, topic)
    documents = [each.document_id for each in evidence]
    draft = Draft(laid_out(weighed.ranked, weighed.pieces, weighed.wanted, documents))
    band = Band.ANSWERED if likely >= confidence.SAID_FROM else Band.CLOSEST
    return Quoted(band, draft, likely, "", topic)


def weigh(question: str, evidence: Sequence[Evidence], previous: str = "") -> Weighed:
    """Take the evidence apart and say what speaks for each piece, and for the best of all."""
    asked = f"{previous}\n{question}".strip()
    texts = [f"{each.title}\n{each.heading}\n{each.text}" for each in evidence]
    wanted = wanted_of(question, previous, texts)
    models = models_in(asked, texts, [each.title for each in evidence])
    pieces = [piece for n, each in enumerate(evidence) for piece in pieces_of(each, n)]
    figures = scores.measured(pieces, evidence, wanted, models)
    _compare((asked, question), evidence, pieces, figures)
    ranked = scores.ranked(pieces, figures)
    return Weighed(pieces, ranked, wanted, models, summed_up(ranked, evidence, wanted, models))


def summed_up(
    ranked: Sequence[Scored], evidence: Sequence[Evidence], wanted: Wanted, models: Models
) -> dict[str, float]:
    """What the decision is made from, each figure about 0 to 1."""
    if not ranked:
        return {}
    best = ranked[0]
    passage = evidence[best.piece.source]
    figures = {
        "passage": best.figures["passage"],
        "words": passage.words,
        "found": wanted.found,
        "coverage": wanted.coverage(
            lexical.concepts_of(
                f"{passage.title} {passage.heading} {best.piece.around} {best.piece.text}"
            )
        ),
        "share": best.share,
        "spelled": best.figures["spelled"],
        "kind": best.figures["kind"],
        "clash": best.figures["clash"],
        "names": min(2.0, float(wanted.names_missing)),
        "product": float(bool(models.unknown)),
        "gap": best.score
        - next((s.score for s in ranked if s.piece.source != best.piece.source), 0.0),
    }
    if "meaning" in best.figures:
        figures["meaning"] = best.figures["meaning"]
        figures["near"] = max(each.figures["near"] for each in ranked)
        figures["nearest"] = max(figures["near"], *(s.figures["meaning"] for s in ranked))
    return figures


def _compare(
    asked: tuple[str, str],
    evidence: Sequence[Evidence],
    pieces: Sequence[Piece],
    figures: list[dict[str, float]],
) -> None:
    """Compare the likeliest pieces by meaning, where there is a model for that.

    `asked` is the question with the turn before it and without: a follow-up is half of each, or
    whatever the turn before was about would win.
    """
    import numpy

    vectors = [question_vector(text) for text in dict.fromkeys(asked)] if pieces else []
    known = [vector for vector in vectors if vector is not None]
    if not known:
        return
    question: Vectors = sum(known[1:], known[0]) / numpy.float32(len(known))
    chosen = scores.nominated(figures)
    try:
        rows = _vectors([_said(pieces, n, evidence) for n in chosen])
    except ProviderError as error:
        log.warning("quoted_by_words_alone", reason=str(error))
        return
    scores.with_meaning(pieces, figures, chosen, question, rows)


def _said(pieces: Sequence[Piece], place: int, evidence: Sequence[Evidence]) -> str:
    """What a piece means is clear only below its title and heading, and behind what goes before."""
    piece = pieces[place]
    text = piece.text
    if place and piece.kind == "sentence" and pieces[place - 1].block_of == piece.block_of:
        text = f"{pieces[place - 1].text} {text}"
    return ": ".join(filter(None, (evidence[piece.source].title, piece.around, text)))


def _vectors(texts: Sequence[str]) -> Vectors:
    import numpy

    kept: Kept[tuple[str, bytes], Vectors] = current_app.extensions.setdefault(
        "sentence_vectors", Kept(MOST_KEPT)
    )
    name = adapters.embeddings.name
    keys = [
        (name, hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=16).digest())
        for text in texts
    ]
    found = {key: kept.get(key) for key in keys}
    missing = {key: text for key, text in zip(keys, texts, strict=True) if found[key] is None}
    if missing:
        rows = adapters.embeddings.embed(list(missing.values()), hurry=True)
        for key, row in zip(missing, rows, strict=True):
            found[key] = row
            kept.put(key, row)
    return numpy.stack([row for key in keys if (row := found[key]) is not None])
