"""What a text says, taken apart: words by their stems, figures, names, codes, denials."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from sys import intern
from typing import Any, NamedTuple, TypeVar

from app.services.grounding.figures import Figure, figures_of
from app.services.grounding.languages import DENYING, ENGLISH
from app.services.grounding.names import names_of
from app.services.grounding.words import stems_for

T = TypeVar("T")
_TOKEN = re.compile(r"[^\W_]+(?:['’][^\W\d_]+)?")
_CODE = re.compile(
    r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+|(?:https?://|www\.)[^\s<>()\"'`|]*[\w/]"
    r"|\b[A-Za-z]{1,8}-?\d[\w-]*|\b\w+(?:_\w+)+",
)
# Without any of these there is no code, and most sentences need not be searched for one.
_MAYBE_CODE = re.compile(r"[@_\d]|http|www\.")
# The commas of a list part nothing: "Crashes, theft and loss".
_LISTED = r"(?!(?:the\s)?[\w:.-]+(?:\s[\w:.-]+)?(?:,|\s(?:and|or|und|oder|et|ou|y|o|e)\s))"
_CLAUSE = re.compile(
    rf",\s{_LISTED}|[;:()—–|]\s|\s(?:but|while|whereas|although|though|aber|mais|pero)\s"
    r"|\s(?:and|und|et|y)\s(?=(?:the\s)?[\d.,]+\s?\S+\s(?:for|with|in|on|at|für|pour|para)\s)"
)
_CONTRACTED = ("n't", "n’t")
_BOUND = re.compile(
    r"\b(?:(?P<less>at most|up to|below|under|within|maximum(?: of)?|max\.?|not exceed(?:ing)?"
    r"|until|(?:no|not|never) (?:more|longer|later) than"
    r"|(?<!no )(?<!not )(?<!never )(?:less|fewer) than)"
    r"|(?P<more>at least|over|above|minimum(?: of)?|min\.?|exceed(?:s|ing)?|beyond|from"
    r"|starting at|(?:no|not|never) (?:less|fewer) than|(?:more|longer) than))"
    r"\s+(?:the\s+|an?\s+)?$",
    re.IGNORECASE,
)
_OR_MORE = re.compile(r"^\s*(?:or|and) (?:more|above|over|longer)\b", re.IGNORECASE)
_OR_LESS = re.compile(r"^\s*(?:or|and) (?:less|fewer|below|under|shorter)\b", re.IGNORECASE)
_NOTHING: frozenset[Any] = frozenset()
_SCOPE = 5
_NEXT_WORD = 2
# A denial that is only supposed denies nothing.
_SUPPOSING = frozenset(
    ("if", "when", "where", "unless", "until", "whether", "wenn", "falls", "si", "quando", "cuando")
)
_SEGMENT = re.compile(r"[,;:()—–|]\s|\s(?:and|or|but|und|oder|et|ou|y|o|e)\s")
AT_MOST, AT_LEAST = "at most", "at least"
_NOT_A_DENIAL = re.compile(
    r"^\W*(?:no|nein|non|nee)\b(?=[.,;!])|\bnot only\b"
    r"|\bno (?:more|less|later|longer|fewer) than\b|\bnot (?:more|less) than\b"
    r"|\bif not\b|\bwhy not\b|\bno problem\b|\bnot exceed"
    r"|\b(?:or not|oder nicht|ou non|ou pas|o no|ou não)(?=\s*(?:[.,;:!?)]|$))|\bwhether or not\b",
    re.IGNORECASE,
)


class Word(NamedTuple):
    """A word that says something; `clause` counts from nought."""

    stem: str
    written: str
    start: int
    clause: int
    is_denied: bool


@dataclass(frozen=True)
class Amount:
    """A figure, whether it is a bound, and the clause in which it stands."""

    figure: Figure
    bound: str
    clause: int
    # What is counted: "five parcels". Nothing where the unit says it.
    of: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """`initials` begin a sentence with a capital: names only if they are names elsewhere."""

    words: tuple[Word, ...]
    amounts: tuple[Amount, ...]
    names: frozenset[str]
    initials: frozenset[str]
    codes: frozenset[str]
    # Every word but for capitals; a set would take five times the memory, and thousands are kept.
    told: tuple[str, ...]
    names_in: tuple[frozenset[str], ...]
    denying_clauses: frozenset[int]
    name_places: tuple[tuple[str, int], ...]
    segments: tuple[int, ...]
    language: str

    @property
    def written(self) -> frozenset[str]:
        return frozenset(self.told)

    @property
    def opening(self) -> str:
        """The first word: a yes or a no answers what stands above."""
        return self.told[0] if self.told else ""

    @property
    def stems(self) -> frozenset[str]:
        """The words that say something, by what their forms have in common."""
        return frozenset([word.stem for word in self.words])

    @property
    def denied(self) -> frozenset[str]:
        return frozenset([word.stem for word in self.words if word.is_denied])

    @property
    def keys(self) -> frozenset[object]:
        """All that another text can be found by."""
        figures = [(each.figure.value, each.figure.unit) for each in self.amounts]
        return self.stems.union(self.names, self.initials, self.codes, figures)


@lru_cache(maxsize=8_000)
def facts_of(text: str, language: str = ENGLISH) -> Facts:
    """Read a sentence, a row or a heading."""
    codes = _codes_of(text)
    bare = _CODE.sub(lambda found: " " * len(found.group()), text) if codes else text
    tokens = _tokens_of(bare)
    told = tokens if bare is text else _tokens_of(text)
    clauses = [found.start() for found in _CLAUSE.finditer(bare)]
    names, initials, numbered = names_of(bare, language)
    figures = [each for each in figures_of(bare) if each.start not in numbered]
    words, denying = _words_of(bare, tokens, language, clauses, figures)
    return Facts(
        words=tuple(words),
        amounts=tuple(_amount(each, bare, clauses, words) for each in figures),
        names=_some(name for name, _ in names),
        initials=_some(initials),
        codes=codes,
        told=tuple(each for _, each in told),
        names_in=_by_clause(names, clauses),
        denying_clauses=_some(denying),
        name_places=tuple(names),
        segments=tuple(found.start() for found in _SEGMENT.finditer(bare)),
        language=language,
    )


def _codes_of(text: str) -> frozenset[str]:
    if not _MAYBE_CODE.search(text):
        return _NOTHING
    return _some(found.group().lower().rstrip(".-") for found in _CODE.finditer(text))


def _tokens_of(text: str) -> list[tuple[int, str]]:
    """The words as written, but for capitals, with their places; each word is kept once."""
    return [(found.start(), intern(found.group().lower())) for found in _TOKEN.finditer(text)]


def _some(values: Iterable[T]) -> frozenset[T]:
    """Thousands of sentences are kept, and most sets of each are empty: these are one."""
    return frozenset(values) or _NOTHING


def _amount(figure: Figure, text: str, clauses: list[int], words: list[Word]) -> Amount:
    before = text[max(0, figure.start - 24) : figure.start]
    after = text[figure.end : figure.end + 16]
    said = _BOUND.search(before)
    bound = ""
    if (said and said["less"]) or _OR_LESS.match(after):
        bound = AT_MOST
    elif said or _OR_MORE.match(after):
        bound = AT_LEAST
    counted = "" if figure.unit else _counted(figure, words)
    return Amount(figure, bound, _clause_at(figure.start, clauses), counted)


def _counted(figure: Figure, words: list[Word]) -> str:
    following = next((word for word in words if word.start >= figure.end), None)
    near = following and following.start - figure.end <= _NEXT_WORD
    return following.stem if following and near else ""


def _clause_at(place: int, clauses: list[int]) -> int:
    return bisect_left(clauses, place)


def _by_clause(names: list[tuple[str, int]], clauses: list[int]) -> tuple[frozenset[str], ...]:
    return tuple(
        _some(name for name, place in names if _clause_at(place, clauses) == clause)
        for clause in range(len(clauses) + 1)
    )


def _words_of(
    text: str,
    tokens: Sequence[tuple[int, str]],
    language: str,
    clauses: list[int],
    figures: list[Figure],
) -> tuple[list[Word], set[int]]:
    stems = stems_for(language)
    denying = DENYING.get(language, DENYING[ENGLISH])
    taken = [(each.start, each.end) for each in figures]
    words: list[Word] = []
    denied_until, denied_in, supposing = -1, -1, -1
    denies: set[int] = set()
    for place, written in tokens:
        clause = bisect_left(clauses, place) if clauses else 0
        if written in _SUPPOSING:
            supposing = clause
        is_denial = written in denying or written.endswith(_CONTRACTED)
        if is_denial and clause != supposing and not _is_harmless(place, text):
            denied_until, denied_in = len(words) + _SCOPE, clause
            denies.add(clause)
            continue
        if written[0].isdigit() or (taken and _within(place, taken)):
            continue
        plain = written
        if not written.isalnum():
            plain = written.replace("’", "'").removesuffix("'s")
        if stem := stems[plain]:
            denied = len(words) < denied_until and clause == denied_in
            words.append(Word(stem, plain, place, clause, denied))
    return words, denies


def _is_harmless(place: int, text: str) -> bool:
    """Whether it only looks like a denial: "not only", "no later than"."""
    return _within(place, [found.span() for found in _NOT_A_DENIAL.finditer(text)])


def _within(place: int, spans: list[tuple[int, int]]) -> bool:
    return any(start <= place < end for start, end in spans)
