"""The lines that stand on every page and belong to none: headers, footers, page numbers."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator

from app.reading.pdf.lines import Line

OUTERMOST = 3
SAME_HEIGHT = 3.0
FEWEST_PAGES = 3
# The margins in which such lines stand, as a share of the printed height.
MARGIN = 0.1
LARGER = 1.12
DIGITS = re.compile(r"\d+")
PAGE_NUMBER = re.compile(
    r"(?:page|seite|página|pagina|p\.|[-–—|•·]|\s)*(?:\d{1,4}|[ivxlc]{1,6})"
    r"(?:\s*(?:/|of|von|de|di|sur|[-–—|•·])\s*\d{0,4})?\s*",
    re.IGNORECASE,
)
SHARE_OF_HEADINGS = 0.5
MOST = 0.6
Place = tuple[bool, int]
Found = list[tuple[int, Line]]


def without_running_lines(pages: list[list[Line]], body_size: float) -> list[list[Line]]:
    """What repeats at the same place at the top or the bottom of pages is taken away."""
    if len(pages) < FEWEST_PAGES:
        return pages
    gone = {
        id(line)
        for found in _by_place(pages).values()
        for line in _running(found, len(pages), body_size)
    }
    if not gone:
        return pages
    return [[line for line in lines if id(line) not in gone] for lines in pages]


def _by_place(pages: list[list[Line]]) -> dict[Place, Found]:
    """The outermost lines of every page, by height: in columns the last read is not the lowest."""
    highest = max((line.y for lines in pages for line in lines), default=0.0)
    lowest = min((line.y for lines in pages for line in lines), default=0.0)
    margin = (highest - lowest) * MARGIN
    places: dict[Place, Found] = defaultdict(list)
    for index, lines in enumerate(pages):
        by_height = sorted(lines, key=lambda line: -line.y)
        for line in by_height[:OUTERMOST]:
            if line.y >= highest - margin:
                places[True, round(line.y / SAME_HEIGHT)].append((index, line))
        for line in by_height[-OUTERMOST:]:
            if line.y <= lowest + margin:
                places[False, round(line.y / SAME_HEIGHT)].append((index, line))
    return places


def _running(found: Found, pages: int, body_size: float) -> Iterator[Line]:
    """Of the lines at one place, those that repeat or count the pages."""
    if len({index for index, _ in found}) < FEWEST_PAGES:
        return
    wordings: dict[str, Found] = defaultdict(list)
    for index, line in found:
        wordings[DIGITS.sub("#", line.text)].append((index, line))
    small = [(index, line) for index, line in found if line.size <= body_size * LARGER]
    counting = _counts_pages(small)
    for pattern, same in wordings.items():
        large = same[0][1].size > body_size * LARGER
        number = PAGE_NUMBER.fullmatch(same[0][1].text) is not None
        if (counting and not large and ("#" in pattern or number)) or _repeats(
            same, pages, large, number
        ):
            yield from (line for _, line in same)


def _repeats(found: Found, pages: int, large: bool, number: bool) -> bool:
    """Large print that comes back may be the name of a recurring section, unless it is on most."""
    on_pages = len({index for index, _ in found})
    if on_pages < FEWEST_PAGES or (large and on_pages < SHARE_OF_HEADINGS * pages):
        return False
    if len({line.text for _, line in found}) == 1:
        return True
    return (number or not found[0][1].bold) and _counts_pages(found)


def _counts_pages(found: Found) -> bool:
    """Whether a number goes up with the pages in most of these lines."""
    if len(found) < FEWEST_PAGES:
        return False
    offsets: Counter[int] = Counter()
    for index, line in found:
        offsets.update({int(digits[-9:]) - index for digits in DIGITS.findall(line.text)})
    most = offsets.most_common(1)
    return bool(most) and most[0][1] >= max(FEWEST_PAGES, MOST * len(found))
