"""What the styles of a Word document mean, and how it counts its lists."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from app.reading.word.markup import Attributes, follow

HEADING_NAME = re.compile(
    r"(?:heading|überschrift|titre|título|titolo|kop|rubrik) ?([1-9])", re.IGNORECASE
)
LEVELS = 9
DEEPEST_STYLE = 20
MOST_COUNTED = 100_000


@dataclass
class Style:
    name: str = ""
    based_on: str = ""
    outline: int | None = None
    list_id: str = ""
    list_level: int = 0


@dataclass
class ListLevel:
    kind: str = "bullet"
    pattern: str = ""
    start: int = 1


@dataclass
class Styles:
    """By their ids, which are not the names that people see."""

    known: dict[str, Style] = field(default_factory=dict)

    def heading_level(self, style_id: str) -> int | None:
        for style in self._ancestors(style_id):
            if match := HEADING_NAME.fullmatch(style.name):
                return int(match.group(1))
            if style.outline is not None:
                return style.outline + 1 if style.outline < LEVELS else None
        return None

    def is_title(self, style_id: str) -> bool:
        return self.known.get(style_id, Style()).name.lower() == "title"

    def list_of(self, style_id: str) -> tuple[str, int]:
        for style in self._ancestors(style_id):
            if style.list_id:
                return style.list_id, style.list_level
            # Word's own list styles often say so by their name alone.
        name = self.known.get(style_id, Style()).name.lower()
        return ("bullet", 0) if name.startswith("list bullet") else ("", 0)

    def _ancestors(self, style_id: str) -> list[Style]:
        found: list[Style] = []
        while style_id in self.known and len(found) < DEEPEST_STYLE:
            found.append(self.known[style_id])
            style_id = found[-1].based_on
        return found


@dataclass
class Numbering:
    """Lists by id; each counts on through the document, as Word does it."""

    levels: dict[str, dict[int, ListLevel]] = field(default_factory=dict)
    abstract_of: dict[str, str] = field(default_factory=dict)
    _counts: dict[tuple[str, int], int] = field(default_factory=dict)

    def marker(self, list_id: str, depth: int) -> str:
        abstract = self.abstract_of.get(list_id, list_id)
        levels = self.levels.get(abstract, {})
        level = levels.get(depth, ListLevel())
        if level.kind in {"bullet", "none"} or not level.pattern:
            return "-"
        key = (list_id, depth)
        self._counts[key] = min(self._counts.get(key, level.start - 1) + 1, MOST_COUNTED)
        for deeper in range(depth + 1, LEVELS):
            self._counts.pop((list_id, deeper), None)
        marker = level.pattern
        for above in range(depth + 1):
            known = levels.get(above, ListLevel())
            number = self._counts.get((list_id, above), known.start)
            marker = marker.replace(f"%{above + 1}", _written(number, known.kind))
        return marker.strip() or "-"


def read_styles(part: bytes | None) -> Styles:
    styles = Styles()
    current = Style()

    def enter(name: str, given: Attributes) -> None:
        nonlocal current
        value = given.get("val", "")
        if name == "style":
            current = styles.known[given.get("styleId", "")] = Style()
        elif name == "name":
            current.name = value
        elif name == "basedOn":
            current.based_on = value
        elif name == "outlineLvl":
            current.outline = _number(value, LEVELS)
        elif name == "numId":
            current.list_id = value
        elif name == "ilvl":
            current.list_level = _number(value, 0)

    if part:
        follow(part, enter, _ignore, _ignore)
    return styles


def read_numbering(part: bytes | None) -> Numbering:
    numbering = Numbering()
    levels: dict[int, ListLevel] = {}
    level = ListLevel()
    list_id = ""

    def enter(name: str, given: Attributes) -> None:
        nonlocal levels, level, list_id
        value = given.get("val", "")
        if name == "abstractNum":
            levels = numbering.levels[given.get("abstractNumId", "")] = {}
        elif name == "lvl":
            level = levels[_number(given.get("ilvl", ""), 0)] = ListLevel()
        elif name == "numFmt":
            level.kind = value
        elif name == "lvlText":
            level.pattern = value[:40]
        elif name == "start":
            level.start = _number(value, 1)
        elif name == "num":
            list_id = given.get("numId", "")
            # What overrides a level must not change the list that it was taken from.
            level = ListLevel()
        elif name == "abstractNumId":
            numbering.abstract_of[list_id] = value

    if part:
        follow(part, enter, _ignore, _ignore)
    return numbering


def _ignore(_: str) -> None:
    return


def _number(value: str, otherwise: int) -> int:
    return int(value) if value.isdecimal() and len(value) < 7 else otherwise


def _written(number: int, kind: str) -> str:
    if kind in {"lowerLetter", "upperLetter"} and 1 <= number <= 26:
        letter = chr(ord("a") + number - 1)
        return letter.upper() if kind == "upperLetter" else letter
    if kind in {"lowerRoman", "upperRoman"} and 1 <= number <= 50:
        roman = _roman(number)
        return roman.upper() if kind == "upperRoman" else roman
    return str(number)


def _roman(number: int) -> str:
    written = ""
    for value, letters in ((50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv")):
        while number >= value:
            written += letters
            number -= value
    return written + "i" * number
