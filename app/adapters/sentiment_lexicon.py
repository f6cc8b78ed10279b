"""What can be read off the words of a message alone: a dictionary's opinion, and support's own."""

from __future__ import annotations

import math
import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from app.adapters import sentiment_turns

PHRASES = Path(__file__).with_name("sentiment_phrases.toml")
# Mood is plain from the first lines; nobody's essay may hold up the conversation.
MOST_LETTERS = 1_500
WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
# An e-mail address is no handle, and "#4471" is an order.
HANDLE_OR_LINK = re.compile(r"(?<![\w.])@\w+|https?://\S+|^RT\b")
HASHTAG = re.compile(r"#(?=[^\W\d_])(\w+)")
INNER_CAPITAL = re.compile(r"(?<=[a-z])(?=[A-Z])")
QUESTION = re.compile(
    r"^\W*(?:hi|hello|hey|so|and|ok|sorry)?\W*"
    r"(?:how (?:do|can|long|much|many|does|early|to)|can|could|may"
    r"|what|which|where|when|is there|is it|is|are|do|does|will|would|who)\b.*\?",
    re.IGNORECASE | re.DOTALL,
)
EVERY_QUESTION = re.compile(r"\?(?!\?|!)")

SIGNS = {"good_marks", "bad_marks", "sad_marks"}
MOST_FOUND = 3

NAMES: tuple[str, ...] = (
    "compound", "pleasant", "unpleasant",
    "waiting", "failure", "again", "neglect", "money", "contempt", "rage", "profanity", "threat",
    "thanks", "praise", "irony", "negation", "address", "plea", "wish", "reproach", "letdown",
    "reply", "service", "fault", "sorrow", "scorn", "lack", "good_marks", "bad_marks", "sad_marks",
    *sentiment_turns.NAMES,
    "shouted", "shouted_words", "exclaimed", "doubted", "trailing", "question", "ends_asking",
    "length", "very_short",
)  # fmt: skip


def figures(text: str) -> tuple[float, ...]:
    """One number between -1 and about 1 for each of NAMES."""
    text = plain(text[:MOST_LETTERS]).replace("’", "'").strip()
    lowered = text.lower()
    found = {
        name: min(len(pattern.findall(lowered)), MOST_FOUND) / MOST_FOUND
        for name, pattern in _patterns().items()
    }
    turned = sentiment_turns.turned(lowered, _patterns(), lambda part: _opinion(part)[0])
    if turned.begins:
        # Courtesy that leads up to trouble is no praise.
        found.update(dict.fromkeys(sentiment_turns.RELIEF, 0.0))
    return (*_opinion(text[turned.begins :]), *found.values(), *turned.figures, *_shape(text))


def _opinion(text: str) -> tuple[float, float, float]:
    said = _dictionary().polarity_scores(text)
    return said["compound"], said["pos"], said["neg"]


def plain(text: str) -> str:
    """The text without handles and links, and hashtags as words: they say nothing of the mood.

    A text without any of them is given back as it is, so that its vector serves.
    """
    if not (HANDLE_OR_LINK.search(text) or HASHTAG.search(text)):
        return text
    bare = HASHTAG.sub(_spelled_out, HANDLE_OR_LINK.sub(" ", text))
    return " ".join(bare.split()).strip(" .:") or text


def _spelled_out(hashtag: re.Match[str]) -> str:
    return INNER_CAPITAL.sub(" ", hashtag[1])


def _shape(text: str) -> tuple[float, ...]:
    """How it is written, whatever it says."""
    words = WORD.findall(text)
    shouted = [word for word in words if len(word) > 2 and word.isupper()]
    return (
        len(shouted) / len(words) if words else 0.0,
        min(len(shouted), MOST_FOUND) / MOST_FOUND,
        min(text.count("!"), MOST_FOUND) / MOST_FOUND,
        float("??" in text or "?!" in text or "!?" in text),
        float("..." in text or "…" in text),
        float(bool(QUESTION.match(text)) and len(EVERY_QUESTION.findall(text)) > 0),
        float(text.endswith("?") and not text.endswith("??")),
        min(math.log1p(len(words)) / 5, 1.0),
        float(len(words) <= 3),
    )


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    return {
        name: re.compile(
            # Looking for lower case is much faster than looking for any case.
            "|".join(parts) if name in SIGNS else rf"(?<!\w)(?:{'|'.join(parts)})(?!\w)"
        )
        for name, parts in tomllib.loads(PHRASES.read_text("utf-8")).items()
    }


@cache
def _dictionary() -> Any:
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    return SentimentIntensityAnalyzer()
