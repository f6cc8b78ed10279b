"""Where one sentence ends and the next begins."""

from __future__ import annotations

import re
from collections.abc import Iterator

ENDS = re.compile(r"(?<=[.!?…])[\"'”’»)\]]*\s+(?=[\"'“‘«(\[]*[^\W_a-z])|(?<=[。！？])|\n+")
# A full stop behind these ends no sentence.
ABBREVIATION = re.compile(
    r"(?:\b(?:e\.g|i\.e|etc|vs|cf|ca|approx|no|nr|fig|figs|vol|pp?|sec|ch|dr|mr|mrs|ms|prof|st|inc|"
    r"ltd|co|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec|z\.b|d\.h|bzw|ggf|usw|tel|min|max|art|"
    r"abs|ex)|\b[A-Za-z]|^\W*\d{1,3})\.$",
    re.IGNORECASE,
)


def sentences_of(text: str) -> Iterator[str]:
    """In their order; joined by spaces they are the text again, apart from its line breaks."""
    start = 0
    for end in ENDS.finditer(text):
        sentence = text[start : end.end()]
        if "\n" not in end.group() and ABBREVIATION.search(sentence.rstrip()[-24:]):
            continue
        if sentence.strip():
            yield sentence.strip()
        start = end.end()
    if text[start:].strip():
        yield text[start:].strip()
