"""Bytes to text, whoever wrote them and whenever."""

from __future__ import annotations

import codecs
import re

# The longer marks first: that of UTF-32 begins like that of UTF-16.
MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
DECLARED = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?\s*([A-Za-z0-9_.:-]{2,40})""")
DECLARED_WITHIN = 2_048
SAMPLE = 65_536
WESTERN = "cp1252"
# What western text looks like to a guesser that knows fifty alphabets.
LIKE_WESTERN = re.compile(r"[\x00-\x7f\xa0-ÿ€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]*")
LETTERS_BEYOND = re.compile(r"[^\W\d_a-zA-Z]")
WESTERN_LETTERS = set("äöüßÄÖÜéèêëàâçîïôûùœæáíóúñåøÅØÆãõìòÉÈÀÇÑÁÍÓÚ")


def decode(data: bytes, *, markup: bool = False) -> str:
    """The text; what cannot be decoded becomes a replacement sign and never an error."""
    for mark, encoding in MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, "replace")
    if markup and (named := _declared(data)):
        return data.decode(named, "replace")
    if b"\x00" not in data[:SAMPLE]:
        try:
            return data.decode("utf-8")
        except UnicodeDecodeError:
            pass
    return data.decode(_guess(data), "replace")


def _declared(data: bytes) -> str | None:
    match = DECLARED.search(data[:DECLARED_WITHIN])
    if match is None:
        return None
    name = match.group(1).decode("ascii").lower()
    if name in {"iso-8859-1", "latin-1", "latin1", "us-ascii", "ascii"}:
        return WESTERN  # As browsers do it.
    try:
        found = codecs.lookup(name)
    except LookupError:
        return None
    # A declaration that can be read letter by letter is not written in two bytes a letter, and
    # codecs that do something else than decode text must not be had by name.
    if found.name.startswith(("utf-16", "utf-32")) or not getattr(found, "_is_text_encoding", 0):
        return None
    return found.name


def _guess(data: bytes) -> str:
    sample = data[:SAMPLE]
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    if max(even, odd) > len(sample) * 0.2:
        return "utf-16-le" if odd > even else "utf-16-be"
    if _mostly_utf8(sample):
        return "utf-8"
    if _plausibly_western(sample):
        return WESTERN
    from charset_normalizer import from_bytes

    best = from_bytes(sample).best()
    return best.encoding if best is not None else WESTERN


def _mostly_utf8(sample: bytes) -> bool:
    """A few bad bytes do not make it another encoding."""
    text = sample[:-4].decode("utf-8", "replace")
    beyond = len(LETTERS_BEYOND.findall(text))
    return text.count("\ufffd") * 20 < beyond


def _plausibly_western(sample: bytes) -> bool:
    """Between single letters of plain Latin, the bytes above 127 are common accented letters."""
    text = sample.decode(WESTERN, "replace")
    beyond = LETTERS_BEYOND.findall(text)
    letters = sum(map(str.isalpha, text))
    common = sum(letter in WESTERN_LETTERS for letter in beyond)
    return common >= 0.9 * len(beyond) and len(beyond) < 0.25 * letters
