"""What files and documents may be called, so that a name shows what it says."""

from __future__ import annotations

from pathlib import PurePosixPath, PureWindowsPath

# Marks that reverse the writing direction can show "fdp.exe" as "exe.pdf".
REVERSING = frozenset(map(chr, (*range(0x202A, 0x202F), *range(0x2066, 0x206A))))
MISLEADING = REVERSING | frozenset(map(chr, (0x200B, 0xFEFF, 0x200E, 0x200F)))
# A language may need a mark to join or to part letters, or a space of its own.
LINE_BREAKS = frozenset("\u2028\u2029\u0085")


def bare_name(name: str) -> str:
    """The last part of whatever path was sent, without what only confuses an eye or a terminal."""
    last = PurePosixPath(PureWindowsPath(name).name).name
    visible = "".join(each for each in last if each.isprintable() and each not in MISLEADING)
    return visible.strip(" .")[-200:] or "document"


def is_one_plain_line(written: str) -> bool:
    """Whether it has no line breaks, no control characters, and nothing that turns it around."""
    return not any(map(_is_out_of_place, written))


def one_plain_line(written: str) -> str:
    """What is left without those: for a title that nobody typed, but that stood in a file."""
    spaced = "".join(" " if _is_out_of_place(each) else each for each in written)
    return " ".join(spaced.split())


def _is_out_of_place(character: str) -> bool:
    code = ord(character)
    return (
        code < 0x20
        or 0x7F <= code < 0xA0
        or 0xD800 <= code <= 0xDFFF
        or character in REVERSING
        or character in LINE_BREAKS
    )
