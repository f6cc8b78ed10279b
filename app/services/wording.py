"""The assistant's own sentences, in six languages; whatever else it says comes from documents.

The sentences stand in `wordings.json`: a key, a language, a sentence with its facts in braces.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

FILE = Path(__file__).resolve().parent / "wordings.json"
LANGUAGES = ("en", "de", "fr", "es", "pt", "ar")
FALLBACK = "en"


def say(key: str, locale: str, **facts: str) -> str:
    """The sentence in the language of the locale ("de-AT" is German), or else in English."""
    return _catalogue()[key][language(locale)].format(**facts)


def language(locale: str) -> str:
    """Which of the languages that we speak comes nearest to a locale."""
    spoken = locale.replace("_", "-").partition("-")[0].lower()
    return spoken if spoken in LANGUAGES else FALLBACK


def keys() -> list[str]:
    return list(_catalogue())


@cache
def _catalogue() -> dict[str, dict[str, str]]:
    catalogue: dict[str, dict[str, str]] = json.loads(FILE.read_text("utf-8"))
    return catalogue
