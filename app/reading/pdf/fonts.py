"""What the bytes of a painted string say, and how wide they are."""

from __future__ import annotations

import re
from typing import Any

from pypdf.generic._font import Font

BOLD_NAME = re.compile(r"bold|black|heavy|semibold|demi(?!light)", re.IGNORECASE)
MONO_NAME = re.compile(r"mono|courier|consol|typewriter|cmtt|menlo", re.IGNORECASE)
BOLD_WEIGHT = 600
FORCE_BOLD = 1 << 18
FIXED_PITCH = 1
CACHED_STRINGS = 20_000


class Glyphs:
    """One font of the document, built once however many pages use it."""

    def __init__(self, resource: Any) -> None:
        font = Font.from_font_resource(resource)
        self.bold = _is_bold(font)
        self.mono = bool(MONO_NAME.search(font.name)) or _flags(font) & FIXED_PITCH != 0
        self.space = float(font.space_width or 250) / 1000
        self.readable = font.interpretable and not _is_gibberish(font, resource)
        self._map: dict[Any, str] = font.character_map
        self._encoding = font.encoding
        self._widths = font.character_widths
        self._default = float(font.character_widths.get("default", 500))
        self._seen: dict[bytes, tuple[str, float, int, int]] = {}
        # Simple fonts have one byte a letter: a table each for the letters and for the widths.
        self._letters: list[str] = []
        if isinstance(font.encoding, dict):
            self._letters = [self._letter(code, font.encoding) for code in range(256)]
            self._byte_widths = [self._width(chr(code)) for code in range(256)]

    def read(self, string: bytes) -> tuple[str, float, int, int]:
        """The text, its width in ems, the number of glyphs and of single-byte spaces."""
        known = self._seen.get(string)
        if known is None:
            known = self._read(string)
            if len(self._seen) < CACHED_STRINGS:
                self._seen[string] = known
        return known

    def _read(self, string: bytes) -> tuple[str, float, int, int]:
        if self._letters:
            text = "".join(map(self._letters.__getitem__, string))
            width = sum(map(self._byte_widths.__getitem__, string))
            return text, width / 1000, len(string), string.count(b" ")
        codes = _decode(string, str(self._encoding))
        text = "".join([self._map.get(code, code) for code in codes])
        width = sum(map(self._width, codes))
        return text, width / 1000, len(codes), 0

    def _letter(self, code: int, encoding: dict[int, str]) -> str:
        letter = encoding.get(code, chr(code))
        letter = str(self._map.get(letter, self._map.get(chr(code), letter)))
        # The places that the usual encoding leaves empty all show a bullet.
        return "•" if letter == "\x7f" else letter

    def _width(self, code: str) -> float:
        return float(self._widths.get(code, self._default))


def _decode(string: bytes, encoding: str) -> str:
    try:
        return string.decode(encoding, "surrogatepass")
    except (UnicodeDecodeError, LookupError):
        return string.decode("utf-16-be", "replace")


def _flags(font: Font) -> int:
    # Whatever the file holds there: pypdf passes it on unseen.
    flags: object = font.font_descriptor.flags
    return int(flags) if isinstance(flags, int) else 0


def _is_bold(font: Font) -> bool:
    if BOLD_NAME.search(font.name) or _flags(font) & FORCE_BOLD:
        return True
    weight: object = font.font_descriptor.weight
    return isinstance(weight, int | float) and weight >= BOLD_WEIGHT


def _is_gibberish(font: Font, resource: Any) -> bool:
    """A subset font without a table back to Unicode: its codes are mere places in a drawer."""
    return (
        font.sub_type == "Type0"
        and not font.character_map
        and str(resource.get("/Encoding", "")).startswith("/Identity")
    )
