"""An answer put together from the pieces that were chosen: whole, in order, and not too long."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise
from uuid import UUID

from app.services.quoting.lists import (
    MOST_LISTED_WORDS,
    announced,
    are_steps,
    is_left_open,
    words_of,
)
from app.services.quoting.pieces import LEADS_IN, Piece
from app.services.quoting.scores import Scored
from app.services.quoting.words import Wanted
from app.services.search.evidence import Sentence
from app.services.search.lexical import concepts_of

ENOUGH_WORDS = 60
SHORT_LIST_WORDS = 40
SHORT_TABLE_WORDS = 60
MOST_SOURCES = 2
MOST_FOLLOWING = 2
# A further piece has to be this likely, by itself and beside the best.
LIKELY = 0.06
BESIDE_THE_BEST = 0.15
# What stands in another passage is seldom about the same, so it has to be likelier.
FROM_ELSEWHERE = 0.3
# Or it has to speak of the matter, by its words and by its meaning, and to say so much of the
# question that was not said yet.
ON_THE_MATTER = 0.4
FARTHER_THAN_THE_BEST = 0.15
WORTH_ADDING = 0.2
# A list whose best item has less than this of its share is asked for as a whole.
ONE_ITEM = 0.55
# Below such a heading a sentence says the opposite of what it seems to say.
TURNS_ROUND = re.compile(
    r"\b(?:not|never|no|don['’]t|doesn['’]t|cannot|can['’]t|without|except\w*|avoid|exclu\w+|forbidden|wrong"
    r"|nicht|nie|kein\w*|ohne|außer|ne|pas|jamais|sans|sauf|nunca|sin|salvo|não|sem|exceto)\b",
    re.IGNORECASE,
)
# After so few words a visitor would have to ask again.
TOO_LITTLE = 15
LISTED = {"item", "step", "row"}
# A sentence that begins like this cannot be understood without the one before.
LEANS = re.compile(
    r"(?:it|its|they|their|them|this|these|that|those|he|she|his|her|such|also|then|so|but"
    r"|otherwise|hence|therefore|however|instead|after that|with that|below that|and|or|if so"
    r"|if not|in that case|the same|the other|both|neither|either|still|again|there|one|another"
    r"|the second|the first|es|er|sie|dies\w*|das|dann|sonst|aber|und|deshalb|dabei|danach|dort"
    r"|il|elle|ils|elles|cela|ce|ces|cette|celui\S*|puis|mais|sinon"
    r"|esto|este|esta|estos|ello|pero|luego|adem[aá]s|también|isto|este|isso|ele|ela|mas|depois|também)\b",
    re.IGNORECASE,
)


def laid_out(
    ranked: Sequence[Scored],
    pieces: Sequence[Piece],
    wanted: Wanted,
    documents: Sequence[UUID] = (),
) -> list[Sentence]:
    """The best piece with what belongs to it, and further likely ones as long as there is room.

    `documents` says of each source from which document it is.
    """
    best = ranked[0]
    chosen = _with_company(best, ranked, pieces, wanted)
    sources = [best.piece.source]
    for each in ranked[1:]:
        piece = each.piece
        if piece in chosen or _is_beside_the_point(each, best):
            continue
        if piece.source not in sources and len(sources) == MOST_SOURCES:
            continue
        if not _is_likely(each, best) and not _adds(each, best, chosen, wanted):
            continue
        more = [p for p in _joined_on(each, ranked, pieces, chosen, wanted) if p not in chosen]
        if (_fits(more, chosen) or are_steps(more, wanted)) and not _is_repeated(piece, chosen):
            chosen += more
            sources = [*dict.fromkeys([*sources, piece.source])]
    chosen += _going_on(best.piece, pieces, chosen)
    chosen += announced(pieces, chosen)
    chosen = [p for p in chosen if p is best.piece or not is_left_open(p, pieces, chosen)]
    if documents and _only_announces(best, chosen):
        more = _the_rest(ranked, pieces, chosen, wanted, documents)
        sources = [*dict.fromkeys([*sources, *(piece.source for piece in more)])]
        chosen += more
    ordered = sorted(chosen, key=lambda p: (sources.index(p.source), p.block, p.place))
    return list(_sentences(ordered))


def _is_beside_the_point(each: Scored, best: Scored) -> bool:
    """Whether it is of another product, or of a special case, as the best is not."""
    return any(each.figures[name] > best.figures[name] for name in ("clash", "special"))


def _is_likely(each: Scored, best: Scored) -> bool:
    is_here = each.piece.source == best.piece.source
    least = (BESIDE_THE_BEST if is_here else FROM_ELSEWHERE) * best.share
    return each.share >= max(LIKELY, least)


def _adds(each: Scored, best: Scored, chosen: Sequence[Piece], wanted: Wanted) -> bool:
    """Whether a piece speaks of something that was asked for and that is not said yet."""
    if each.figures["coverage"] < ON_THE_MATTER or _means_something_else(each, best):
        return False
    said = [stem for piece in chosen for stem in concepts_of(f"{piece.around} {piece.text}")]
    gain = wanted.coverage([*said, *concepts_of(each.piece.text)]) - wanted.coverage(said)
    return gain >= WORTH_ADDING


def _means_something_else(each: Scored, best: Scored) -> bool:
    """Whether it merely shares words with the question, as far as meaning was compared at all."""
    near, nearest = each.figures.get("meaning", 0.0), best.figures.get("meaning", 0.0)
    return near < nearest - FARTHER_THAN_THE_BEST


def _with_company(
    best: Scored, ranked: Sequence[Scored], pieces: Sequence[Piece], wanted: Wanted
) -> list[Piece]:
    piece = best.piece
    if piece.kind not in LISTED:
        return _understood(piece, pieces)
    block = [p for p in pieces if p.block_of == piece.block_of]
    inside = sum(each.share for each in ranked if each.piece in block)
    first = piece.kind == "step" and (wanted.kinds.how or piece.place == 0)
    whole = first or wanted.kinds.most or best.share < ONE_ITEM * inside
    if (whole or _is_shown_whole(best, block, ranked)) and words_of(block) <= MOST_LISTED_WORDS:
        return block
    return [piece]


def _is_shown_whole(best: Scored, block: Sequence[Piece], ranked: Sequence[Scored]) -> bool:
    """Whether a short list, or a short table of which no row is asked for by its own words."""
    if best.piece.kind != "row":
        return words_of(block) <= SHORT_LIST_WORDS
    others = [each.figures for each in ranked if each.piece in block and each is not best]
    is_named = all(best.figures["coverage"] > other["coverage"] for other in others)
    return not is_named and words_of(block) <= SHORT_TABLE_WORDS


def _understood(piece: Piece, pieces: Sequence[Piece]) -> list[Piece]:
    """The piece, behind the sentence before it if it leans on that one."""
    if piece.kind != "sentence" or not LEANS.match(piece.text):
        return [piece]
    for before, each in pairwise(pieces):
        same = (before.source, before.kind) == (piece.source, "sentence")
        if each == piece and same and words_of([before, piece]) <= ENOUGH_WORDS:
            return [before, piece]
    return [piece]


def _going_on(best: Piece, pieces: Sequence[Piece], chosen: Sequence[Piece]) -> list[Piece]:
    """What follows the best sentence in its paragraph, as it often says the rest."""
    following: list[Piece] = []
    for piece in pieces[pieces.index(best) + 1 :]:
        same = piece.block_of == best.block_of and best.kind == "sentence"
        if not same or len(following) == MOST_FOLLOWING or piece.text.endswith(LEADS_IN):
            break
        if piece in chosen:
            continue
        if not _fits([*following, piece], chosen):
            break
        following.append(piece)
    return following


def _only_announces(best: Scored, chosen: Sequence[Piece]) -> bool:
    """Whether a few words of prose were found that have no figure which was asked for."""
    is_prose = best.piece.kind == "sentence"
    return is_prose and best.figures["kind"] <= 0 and words_of(chosen) < TOO_LITTLE


def _the_rest(
    ranked: Sequence[Scored],
    pieces: Sequence[Piece],
    chosen: Sequence[Piece],
    wanted: Wanted,
    documents: Sequence[UUID],
) -> list[Piece]:
    """What the same document says next on the matter, where the best only announces it."""
    best = ranked[0]
    for each in ranked[1:]:
        same = documents[each.piece.source] == documents[best.piece.source]
        is_open = is_left_open(each.piece, pieces, chosen)
        if (
            same
            and each.piece not in chosen
            and not is_open
            and not _is_beside_the_point(each, best)
        ):
            return [p for p in _with_company(each, ranked, pieces, wanted) if p not in chosen]
    return []


def _fits(more: Sequence[Piece], chosen: Sequence[Piece]) -> bool:
    return words_of(more) + words_of(chosen) <= ENOUGH_WORDS


def _joined_on(
    each: Scored,
    ranked: Sequence[Scored],
    pieces: Sequence[Piece],
    chosen: Sequence[Piece],
    wanted: Wanted,
) -> list[Piece]:
    """The piece with what stands between it and a sentence that is quoted already."""
    piece = each.piece
    block = [p for p in pieces if p.block_of == piece.block_of]
    if piece.kind == "row" and _is_shown_whole(each, block, ranked) and _fits(block, chosen):
        return block
    block = [p for p in block if p.kind == piece.kind]
    if are_steps(block, wanted):
        return block
    places = [p.place for p in block if p in chosen]
    if piece.kind not in {"sentence", "step"} or not places:
        return _understood(piece, pieces)
    near = min(places, key=lambda place: abs(place - piece.place))
    first, last = sorted((near, piece.place))
    run = [p for p in block if first <= p.place <= last]
    return [*_understood(run[0], pieces), *run[1:]]


def _is_repeated(piece: Piece, chosen: Sequence[Piece]) -> bool:
    """Documents repeat each other; an answer need not."""
    said = " ".join(each.text for each in chosen).lower()
    return piece.text.lower() in said


def _sentences(chosen: Sequence[Piece]) -> Iterator[Sentence]:
    last: Piece | None = None
    for _, group in groupby(chosen, key=lambda p: p.block_of):
        block = list(group)
        yield from _block(block, last)
        last = block[-1]


def _block(block: list[Piece], last: Piece | None) -> Iterator[Sentence]:
    first = block[0]
    # Whatever an assistant says before a quotation stands in a paragraph of its own.
    apart = "\n\n" if last is None or _is_apart(last, first) else " "
    rests_on = (first.source,)
    if first.kind in LISTED:
        if first.lead_in and (last is None or last.text != first.lead_in):
            yield Sentence(first.lead_in, rests_on, apart)
            apart = "\n"
        elif _needs_heading(block, last):
            yield Sentence(_bold(first.around), rests_on, apart)
            apart = "\n\n"
        for number, piece in enumerate(block):
            bullet = "- " if piece.kind == "row" and len(block) > 1 else ""
            yield Sentence(bullet + piece.text, rests_on, apart if number == 0 else "\n")
        return
    if _needs_heading(block, last):
        yield Sentence(_bold(first.around), rests_on, apart)
        apart = "\n\n"
    for number, piece in enumerate(block):
        lead = "\n" if piece.kind == "code" else " "
        yield Sentence(piece.text, rests_on, apart if number == 0 else lead)


def _needs_heading(block: Sequence[Piece], last: Piece | None) -> bool:
    """Items and rows say what they are about only below their heading.

    "Please do not" above all, and whose opening hours they are.
    """
    first = block[0]
    is_said = last is not None and (last.source, last.around) == (first.source, first.around)
    if is_said or not first.around or first.lead_in:
        return False
    # One item of several, and a step that is not the first, are only clear below their heading.
    return first.kind in LISTED or bool(TURNS_ROUND.search(first.around))


def _bold(heading: str) -> str:
    return f"**{heading.replace('*', '')}**"


def _is_apart(last: Piece, piece: Piece) -> bool:
    return last.source != piece.source or bool({last.kind, piece.kind} & (LISTED | {"code"}))
