"""Words as the check sees them: what means the same, what excludes what, what says little."""

from __future__ import annotations

import unicodedata

import Stemmer

from app.services.grounding import limits, vocabulary
from app.services.grounding.languages import ENGLISH, LITTLE, STEMMERS

_MOST_KEPT = 60_000
ABSOLUTE = frozenset(limits.ABSOLUTE.split())
ONLY = frozenset(limits.ONLY.split())
CONDITION = frozenset(limits.CONDITION.split())


class _Stems(dict[str, str]):
    """Words with what they are compared by; forgotten all at once when there are too many."""

    def __init__(self, language: str) -> None:
        self._stemmer = Stemmer.Stemmer(STEMMERS.get(language, "porter"))
        self._little = LITTLE.get(language, frozenset())
        self._is_english = language == ENGLISH

    def __missing__(self, word: str) -> str:
        if len(self) > _MOST_KEPT:
            self.clear()
        folded = unfolded(word)
        stemmed = str(self._stemmer.stemWord(word))
        if self._is_english:
            stemmed = _GROUP_OF.get(folded) or _GROUP_OF_STEM.get(stemmed) or stemmed
        self[word] = stemmed = "" if word in self._little else stemmed
        return stemmed


def unfolded(word: str) -> str:
    """Without accents and capitals."""
    if word.isascii():
        return word.lower()
    decomposed = unicodedata.normalize("NFKD", word.lower())
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def stems_for(language: str) -> dict[str, str]:
    """Look a lower-case word up in it: its stem, or nothing if the word says nothing."""
    if language not in _by_language:
        _by_language[language] = _Stems(language if language in STEMMERS else ENGLISH)
    return _by_language[language]


_english = Stemmer.Stemmer("porter")
_GROUP_OF: dict[str, str] = {}
_GROUP_OF_STEM: dict[str, str] = {}
_by_language: dict[str, dict[str, str]] = {}


def _learn_groups() -> None:
    for line in vocabulary.GROUPS.strip().splitlines():
        first, *others = line.split()
        name = str(_english.stemWord(first))
        for word in (first, *others):
            _GROUP_OF.setdefault(word, name)
            _GROUP_OF_STEM.setdefault(str(_english.stemWord(word)), name)


_learn_groups()
_STEMS = stems_for(ENGLISH)


def _stem(word: str) -> str:
    return _STEMS[word] or str(_english.stemWord(word))


SAYING_LITTLE = frozenset(_stem(word) for word in vocabulary.SAYING_LITTLE.split())
# From a word to the words that say the contrary; as written, since forms of one verb would meet.
OPPOSITES: dict[str, frozenset[str]] = {}
EXCLUSIVE: dict[str, frozenset[str]] = {}


def _learn_contraries() -> None:
    for line in vocabulary.OPPOSITES.strip().splitlines():
        one, other = line.split()
        OPPOSITES[one] = OPPOSITES.get(one, frozenset()) | {other}
        OPPOSITES[other] = OPPOSITES.get(other, frozenset()) | {one}
    for line in limits.EXCLUSIVE.strip().splitlines():
        members = frozenset(line.split())
        for member in members:
            EXCLUSIVE[member] = EXCLUSIVE.get(member, frozenset()) | (members - {member})


_learn_contraries()
