"""Numbers with their units, however they are written: 2,000 or 2000, two or 2, 59 € or €59.

Units of one kind become the smallest of them, so that ninety minutes are an hour and a half, and
sixty minutes an hour. Working days stay working days.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from app.services.grounding.measures import CURRENCIES, UNITS

_SMALL = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
WORDS: dict[str, float] = {word: number for number, word in enumerate(_SMALL)}
WORDS |= {word: (number + 2) * 10 for number, word in enumerate(_TENS)}
WORDS |= {"dozen": 12, "hundred": 100, "thousand": 1_000, "million": 1_000_000}
WORDS |= {"both": 2, "twice": 2, "couple": 2, "once": 1, "single": 1, "half": 0.5, "quarter": 0.25}
_TIMES = {"hundred": 100, "thousand": 1_000, "million": 1_000_000}
# Two words of one meaning; alone they are too common to be held to account as numbers.
VAGUE = frozenset({"one", "both", "once", "single", "half", "quarter", "twice", "couple", "zero"})
_FRACTIONS = {"½": 0.5, "¼": 0.25, "¾": 0.75, "⅓": 1 / 3, "⅔": 2 / 3, "⅛": 0.125}

_WORD = r"(?:" + "|".join(sorted(WORDS, key=len, reverse=True)) + r")"
_DIGITS = r"\d+(?:[.,’' \u202f\u00a0]\d{3})+(?:[.,]\d{1,2})?(?!\d)|\d+(?:[.,]\d+)*"
_FIGURE = re.compile(
    rf"(?P<currency>(?:[{CURRENCIES}]|\b(?:EUR|USD|GBP|CHF)\b)\s?)?(?<![\w])(?P<sign>[−–-](?=\d))?"
    rf"(?:(?P<clock>\d{{1,2}}:\d{{2}}(?::\d{{2}})?)(?!\d)"
    rf"|(?P<digits>{_DIGITS})(?P<fraction>[½¼¾⅓⅔⅛])?"
    rf"|(?P<lone>[½¼¾⅓⅔⅛])"
    rf"|(?P<words>{_WORD}(?:(?:[ -]|(?<=hundred)\sand\s|(?<=thousand)\sand\s){_WORD})*)\b"
    r"(?:\s(?:an?|of an?)(?=\s))?)"
    r"(?:\s?(?P<half>(?:am|a\.m\.|pm|p\.m\.)(?!\w)))?"
    r"(?:[ \u00a0\u202f-]?(?P<unit>°\s?[CF]\b|[€$£%°″Ω℃]|km/h\b"
    r"|(?:working|business)[ -]days?\b|[^\W\d_]+))?",
    re.IGNORECASE,
)
# A plain text without a digit, and without any of the words above, has no figure to look for.
_DIGIT = frozenset("0123456789")
_PLAIN_WORD = re.compile(r"\w+")
_RANGE = re.compile(r"\s*(?:to|and|or|bis|à|[–-]|×|x|until|till|through)\s*", re.IGNORECASE)
_COMPOUND = re.compile(r"[\s,]*(?:and\s+|und\s+|et\s+)?", re.IGNORECASE)
_GROUPED = re.compile(r"\d{1,3}(?:[.,’' \u202f\u00a0]\d{3})+(?:[.,]\d{1,2})?")


@dataclass(frozen=True)
class Figure:
    """`unit` is empty for a bare number; `start` and `end` say where it stands."""

    value: float
    unit: str
    start: int
    end: int
    written: str
    is_vague: bool = False
    size: float = 1.0


def figures_of(text: str) -> list[Figure]:
    """All figures in their order; the ends of a range share a unit, parts of a time are added."""
    if not _may_have_any(text):
        return []
    found = [figure for match in _FIGURE.finditer(text) if (figure := _figure(match))]
    for place in range(len(found) - 2, -1, -1):
        this, following = found[place], found[place + 1]
        between = text[this.end : following.start]
        if not this.unit and following.unit and _RANGE.fullmatch(between):
            found[place] = _with_unit_of(following, this)
    return _added(found, text)


def _may_have_any(text: str) -> bool:
    if not text.isascii() or not _DIGIT.isdisjoint(text):
        return True
    return not WORDS.keys().isdisjoint(_PLAIN_WORD.findall(text.lower()))


def _figure(match: re.Match[str]) -> Figure | None:
    value = _value(match)
    if value is None:
        return None
    unit, size, end = _unit_of(match)
    vague = bool(match["words"]) and match["words"].lower() in VAGUE and not unit
    return Figure(
        round(value * size, 6), unit, match.start(), end, text_of(match, end), vague, size
    )


def text_of(match: re.Match[str], end: int) -> str:
    """As it was written, for the reason that people read."""
    return match.string[match.start() : end].strip()


def _value(match: re.Match[str]) -> float | None:
    if match["clock"]:
        return _clock(match["clock"], match["half"])
    if match["words"]:
        return _in_words(match["words"].lower())
    if match["lone"]:
        return _FRACTIONS[match["lone"]]
    value = _in_digits(match["digits"])
    if match["fraction"]:
        value += _FRACTIONS[match["fraction"]]
    if match["half"]:
        return _clock(f"{int(value)}:00", match["half"]) if value <= 24 else None
    return -value if match["sign"] in ("−", "-") else value


def _clock(written: str, half: str | None) -> float:
    """Minutes since midnight."""
    hours, minutes = map(int, written.split(":")[:2])
    if half and half.lower().startswith("p") and hours < 12:
        hours += 12
    if half and half.lower().startswith("a") and hours == 12:
        hours = 0
    return hours * 60 + minutes


def _in_digits(written: str) -> float:
    if _GROUPED.fullmatch(written):
        whole, decimals = written, ""
        if len(written) > 3 and written[-3] in ".,":
            whole, decimals = written[:-3], written[-2:]
        elif len(written) > 2 and written[-2] in ".,":
            whole, decimals = written[:-2], written[-1:]
        digits = re.sub(r"\D", "", whole)
        return float(f"{digits}.{decimals or 0}")
    parts = re.split(r"[.,]", written)
    if len(parts) <= 2:
        return float(".".join(parts))
    # A version or a date: no number to reckon with, but one that can be compared.
    return float(parts[0]) * 1e6 + sum(float(p) * 1e3**-n for n, p in enumerate(parts[1:]))


def _in_words(written: str) -> float:
    total = current = 0.0
    for word in re.split(r"[\s-]+", written):
        if word == "and":
            continue
        if word in _TIMES:
            current = max(current, 1) * _TIMES[word]
            if _TIMES[word] > 100:
                total, current = total + current, 0.0
        else:
            current += WORDS[word]
    return total + current


def _unit_of(match: re.Match[str]) -> tuple[str, float, int]:
    without = match.end("unit") if match["unit"] is None else _before_unit(match)
    if match["clock"] or match["half"]:
        return "clock", 1, _before_unit(match)
    if match["currency"]:
        kind, size = UNITS[match["currency"].strip().lower()]
        return kind, size, _before_unit(match)
    if match["unit"]:
        written = match["unit"].lower().replace(" ", "")
        if written.startswith(("working", "business")):
            return "workday", 1, match.end()
        # A capital A or K behind a number is a unit, the article "a" is none.
        single = len(written) == 1 and written.isalpha()
        known = UNITS.get(written)
        if known and not (single and _is_other_word(match)):
            return known[0], known[1], match.end()
    return "", 1, _before_unit(match) if match["unit"] else max(without, match.end())


def _is_other_word(match: re.Match[str]) -> bool:
    return match["unit"] in ("a", "k", "w", "v", "n") or bool(match["words"])


def _before_unit(match: re.Match[str]) -> int:
    for name in ("half", "words", "fraction", "lone", "digits", "clock"):
        if match[name]:
            return match.end(name)
    return match.end()


def _with_unit_of(following: Figure, this: Figure) -> Figure:
    value = round(this.value * following.size, 6)
    return replace(this, value=value, unit=following.unit, size=following.size, is_vague=False)


def _added(found: list[Figure], text: str) -> list[Figure]:
    """Two hours and forty minutes are one time, and so are 2 h 40 min."""
    done: list[Figure] = []
    for figure in found:
        last = done[-1] if done else None
        if (
            last
            and figure.unit == last.unit == "s"
            and figure.value < last.value
            and last.value % 60 == 0
            and _COMPOUND.fullmatch(text[last.end : figure.start])
        ):
            done[-1] = Figure(
                last.value + figure.value,
                "s",
                last.start,
                figure.end,
                text[last.start : figure.end],
            )
        else:
            done.append(figure)
    return done
