"""Which font has which character. All of them come with the requirements."""

from __future__ import annotations

import functools
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

TEXT = "NotoSans[wght].ttf"
ITALIC = "NotoSans-Italic[wght].ttf"
# In the order in which they are asked; what has letters comes before what has pictures.
SCRIPTS = (
    *("Arabic", "Hebrew", "Devanagari", "Thai", "Bengali", "Tamil", "Telugu", "Gujarati"),
    *("Gurmukhi", "Kannada", "Malayalam", "Oriya", "Sinhala", "Khmer", "Lao", "Myanmar"),
    *("Georgian", "Armenian", "Ethiopic", "Symbols"),
)
PACKAGES = ("manimgx_fonts", "noto_cjk_sans_jp_regular")
EMOJI = "NotoEmoji[wght].ttf"
# One file for the characters of China, Japan and Korea.
EAST_ASIAN = "NotoSansCJKjp-Regular.otf"


@dataclass(frozen=True)
class Typeface:
    """A file with a font, and what it can write."""

    name: str
    path: Path
    characters: frozenset[int]


def faces_for(characters: set[int]) -> tuple[list[Typeface], set[int]]:
    """The fonts that are needed beside the one for the text, and what none of them has."""
    missing = characters - characters_of(own(TEXT))
    chosen: list[Typeface] = []
    for path in _candidates():
        if not missing:
            break
        covered = characters_of(path)
        if missing & covered:
            chosen.append(Typeface(f"face{len(chosen)}", path, covered))
            missing -= covered
    return chosen, missing


def own(name: str) -> Path:
    """A font of the package that has all but East Asia's."""
    return _folder(PACKAGES[0]) / name


@functools.cache
def characters_of(path: Path) -> frozenset[int]:
    from fontTools.ttLib import TTFont

    with TTFont(path, lazy=True) as font:
        return frozenset(font.getBestCmap() or ())


def _candidates() -> Iterator[Path]:
    for script in SCRIPTS:
        yield own(f"NotoSans{script}[wght].ttf")
    yield _folder(PACKAGES[1]) / EAST_ASIAN
    yield own(EMOJI)


def _folder(package: str) -> Path:
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError(f"{package} is not installed in {sys.prefix}")
    return Path(spec.origin).parent
