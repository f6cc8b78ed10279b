"""Text without what only a printer, a screen or a trickster needs."""

from __future__ import annotations

import re
import unicodedata

LIGATURES = {
    "\ufb00": "ff",
    "\ufb01": "fi",
    "\ufb02": "fl",
    "\ufb03": "ffi",
    "\ufb04": "ffl",
    "\ufb05": "st",
    "\ufb06": "st",
}
# Office programs print their bullets from symbol fonts, whose places Unicode keeps private.
SYMBOL_BULLETS = dict.fromkeys("\uf0b7\uf0a7\uf0a8\uf0d8\uf0fc\uf076\uf071\uf06e\uf06c", "•")
SPACES = dict.fromkeys("\u00a0\u1680\u202f\u205f\u3000", " ") | {
    chr(code): " " for code in range(0x2000, 0x200B)
}
SOFT_HYPHEN = "\u00ad"
# Joiners shape words in Persian, in Indic scripts and in emoji; elsewhere they only hide things.
JOINERS = "\u200c\u200d"
FIRST_JOINING_LETTER = "\u0600"
# Everything that a page in plain Latin script holds without any need of cleaning.
ORDINARY = re.compile(r"[\t\n -~¡-¬®-ÿĀ-ſ–—‘’‚“”„†‡•…‰‹›€™]*")
SUSPECT = re.compile(
    "["
    "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"  # controls
    "\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff"
    "\ud800-\udfff"  # halves of characters
    "\ue000-\uf8ff"  # private places
    "\U000e0000-\U000e0fff"  # tags and selectors, in which text can be hidden
    "\U000f0000-\U0010ffff"
    "]"
)
LINE_ENDS = re.compile("\r\n?|[\u0085\u2028\u2029\x0b\x0c]")
BLANKS = re.compile(r"[ \t\n]+")
ARABIC_SHAPES = re.compile("[\ufb50-\ufdff\ufe70-\ufefc]")
TRANSLATION = str.maketrans({**LIGATURES, **SYMBOL_BULLETS, **SPACES})


def clean(text: str) -> str:
    """The same words in ordinary characters. Line breaks and indentation stay as they are."""
    if ORDINARY.fullmatch(text):
        return text
    text = LINE_ENDS.sub("\n", text).translate(TRANSLATION)
    text = ARABIC_SHAPES.sub(lambda shape: unicodedata.normalize("NFKC", shape.group()), text)
    text = SUSPECT.sub(_kept, text)
    # NFC and not NFKC: x² stays x², and is not turned into x2.
    return unicodedata.normalize("NFC", text)


def clean_line(text: str) -> str:
    """Cleaned, on one line, with single spaces."""
    return BLANKS.sub(" ", clean(text).replace(SOFT_HYPHEN, "")).strip()


def clean_lines(text: str) -> str:
    """Cleaned, with its lines kept and nothing hanging over at their ends."""
    lines = clean(text).replace(SOFT_HYPHEN, "").split("\n")
    return "\n".join(line.rstrip() for line in lines).strip("\n")


def _kept(match: re.Match[str]) -> str:
    character = match.group()
    if character not in JOINERS:
        return ""
    text, at = match.string, match.start()
    inside = 0 < at < len(text) - 1
    joins = inside and text[at - 1] >= FIRST_JOINING_LETTER and text[at + 1] >= FIRST_JOINING_LETTER
    return character if joins else ""
