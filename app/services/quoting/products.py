"""Which of several similar products a question is about, and whether the documents know it.

"Lantern 120" is not in documents that speak of "Lantern 60" and "Lantern 100", although nearly
every word of a question about it is.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from app.services.search.lexical import STOP_WORDS

WORD = re.compile(r"[^\W_]+(?:[-./][^\W_]+)*")
# What makes another product of a name.
KINDS = frozenset(
    (
        *(
            "pro",
            "max",
            "mini",
            "xl",
            "xxl",
            "plus",
            "ultra",
            "lite",
            "neo",
            "nano",
            "micro",
            "duo",
        ),
        *("ii", "iii", "iv", "se", "v2", "v3", "mk2", "mkii", "turbo", "evo", "deluxe"),
    )
)
# These are words like any other, unless they are written like a name.
KINDS_WITH_A_CAPITAL = KINDS | frozenset(
    (
        *("air", "go", "light", "one", "touch", "classic", "junior", "kids", "sport", "premium"),
        *("basic", "standard", "gold", "platinum", "business", "enterprise", "compact", "x", "s"),
    )
)
# A number with one of these behind it is a measure and no model.
UNITS = frozenset(
    (
        *("v", "w", "a", "mah", "ma", "mm", "cm", "m", "km", "g", "kg", "lb", "lux", "lumen", "nm"),
        *("lumens", "bar", "psi", "inch", "inches", "degrees", "watt", "watts", "volt", "volts"),
        *(
            "second",
            "seconds",
            "minute",
            "minutes",
            "hour",
            "hours",
            "day",
            "days",
            "week",
            "weeks",
        ),
        *("month", "months", "year", "years", "euro", "euros", "dollar", "dollars", "times", "of"),
        *("or", "and", "to", "x", "pieces", "units", "items", "percent", "people"),
    )
)
# What has a number behind it without being another thing of the same kind.
NOT_NAMES = frozenset(
    (
        *("january", "february", "march", "april", "may", "june", "july", "august", "september"),
        *(
            "october",
            "november",
            "december",
            "monday",
            "tuesday",
            "wednesday",
            "thursday",
            "friday",
        ),
        *("saturday", "sunday", "page", "step", "section", "chapter", "figure", "table", "room"),
        *("order", "orders", "ticket", "invoice", "number", "within", "after", "before", "until"),
        *(
            "over",
            "under",
            "than",
            "least",
            "most",
            "only",
            "between",
            "up",
            "since",
            "last",
            "next",
        ),
    )
)
# Letters and a number in one word, of which only the number changes: V50 and V65.
CODE = re.compile(r"([A-Za-z]{1,5})-?\d{1,5}[A-Za-z]{0,2}$")
CAPITAL_INSIDE = re.compile(r"(?<=[\w,;] )[^\W\d_a-z][\w-]+")
OFTEN = 3
NUMBERED = re.compile(r"^(?=.*\d)[\w./-]{1,8}$")


@dataclass(frozen=True)
class Models:
    """`asked` are names with their variants as in the question; `unknown` those not in evidence."""

    asked: frozenset[tuple[str, str]]
    unknown: frozenset[tuple[str, str]]

    @property
    def unknown_name(self) -> str:
        name, variant = next(iter(sorted(self.unknown)), ("", ""))
        return variant if variant.startswith(name) else f"{name} {variant}"

    def clash(self, text: str) -> bool:
        """Whether a text names another variant of what was asked about, and not the one asked."""
        if not self.asked:
            return False
        named = set(_variants(text))
        for name, variant in self.asked:
            others = {v for n, v in named if n == name} - {variant}
            if others and (name, variant) not in named:
                return True
        return False

    def names_asked(self, text: str) -> bool:
        return bool(self.asked & set(_variants(text)))


def models_in(question: str, texts: Sequence[str], titles: Sequence[str]) -> Models:
    """`texts` is the evidence with its titles; what a title names is a product of this house."""
    known: dict[str, set[str]] = defaultdict(set)
    for text in texts:
        for name, variant in _variants(text):
            known[name].add(variant)
    own = {word.lower() for title in titles for word in WORD.findall(title) if word[0].isupper()}
    own |= _often_named(texts)
    asked = {
        (name, variant)
        for name, variant in _variants(question, any_case=True)
        if name in known or (name in own and not CODE.match(variant))
    }
    unknown = {(name, variant) for name, variant in asked if variant not in known.get(name, ())}
    return Models(frozenset(asked), frozenset(unknown))


def _variants(text: str, *, any_case: bool = False) -> Iterable[tuple[str, str]]:
    """Each name that is followed by a number or by a word that makes a variant of it."""
    words = [match.group() for match in WORD.finditer(text)]
    for word in words:
        if code := CODE.match(word):
            yield code[1].lower(), word.lower()
    for place, (word, following) in enumerate(pairwise(words)):
        if not (any_case or word[0].isupper()) or not word[0].isalpha() or len(word) < 2:
            continue
        if word.lower() in STOP_WORDS or word.lower() in NOT_NAMES:
            continue
        after = words[place + 2].lower() if place + 2 < len(words) else ""
        lower = following.lower()
        kinds = KINDS_WITH_A_CAPITAL if following[0].isupper() else KINDS if any_case else ()
        if (NUMBERED.match(following) and after not in UNITS) or lower in kinds:
            yield word.lower(), lower


def _often_named(texts: Sequence[str]) -> set[str]:
    """Names that much of the evidence is about; one that is mentioned now and then is not ours."""
    counted = Counter(
        name for text in texts for name in {m.lower() for m in CAPITAL_INSIDE.findall(text)}
    )
    return {name for name, count in counted.items() if count >= OFTEN}
