"""What a model writes, cut into sentences while it is still writing.

A sentence is handed on as soon as its end is certain, for which the character that follows has to
be seen. What was looked at once is not looked at again: an answer arrives in a hundred pieces.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from app.reading.sentences import ABBREVIATION

LONGEST_SENTENCE = 2_000
MOST_CHARACTERS = 12_000
# The third time somebody says the same, nothing new will come. Single words may well return.
MOST_REPEATS = 3
MOST_REPEATS_OF_A_WORD = 8
FENCE = "```"
# Where a sentence may end, and where code begins, in which none ends.
_TURN = re.compile(r"[.!?…。！？\n`]")
_CLOSING = re.compile(r"[.!?…\"'”’»)*_~]*")
_WIDE = "。！？"
_MARK = (
    r"\[(?:\^|(?:passage|source|document)\s*)?\d{1,2}(?:\s*[,;–-]\s*\d{1,2})*\](?!\()"
    r"|【\d{1,2}[^】\n]{0,40}】"
)
_MARKS_HERE = re.compile(rf"[ \t]*(?:{_MARK})", re.IGNORECASE)
_ANY_MARK = re.compile(rf"(`[^`\n]*`)|[ \t]*(?:{_MARK})", re.IGNORECASE)
# What a mark looks like before all of it has arrived, and the way to it.
_HALF_A_MARK = re.compile(r"[ \t]*(?:\[[\w^ \t,;–-]{0,24}\]?|【[^】\n]{0,40})?\Z")
_RANGE = re.compile(r"(\d+)(?:\s*[–-]\s*(\d+))?")
_ONLY_A_NUMBER = re.compile(r"[\s*_]*\d{1,3}\.[*_]*\Z")
_WIDEST_RANGE = 8
_TAIL = 24
_NO_INITIAL = re.compile(r"[/?=&#+-]\Z|\d[ \u00a0]\Z")
_MARKERS = "-*+•|#>0123456789.) "


@dataclass(frozen=True)
class Piece:
    """A sentence, an item, a heading or a row; `lead` is what sets it apart from the one before.

    `marks` are the numbers of the passages that the model named for it, counted from one; they no
    longer stand in the text.
    """

    text: str
    lead: str = " "
    marks: tuple[int, ...] = ()


class SentenceStream:
    """Pieces of writing in, sentences out."""

    def __init__(self, most_characters: int = MOST_CHARACTERS) -> None:
        self._left = most_characters
        self._pending = ""
        self._seen = 0
        self._lead = ""
        self._said: Counter[str] = Counter()
        self.looping = False
        self.full = False

    @property
    def ended(self) -> bool:
        """Whatever comes now is not listened to: the model may be stopped."""
        return self.looping or self.full

    def feed(self, piece: str) -> list[Piece]:
        """The sentences that this piece completes."""
        if self.ended:
            return []
        self._pending += piece[: self._left]
        self._left -= len(piece)
        done: list[Piece] = []
        while not self.looping and (end := self._next_end()):
            self._release(end, done)
        if self._left < 0:
            self.full = True
        if len(self._pending) > LONGEST_SENTENCE and not self._is_code():
            self.looping = True
        return done

    def close(self) -> list[Piece]:
        """What is left when nothing more comes; of an answer that was cut off, nothing is."""
        done: list[Piece] = []
        if not self.ended:
            self._pending += "\n\n"
            self._seen = 0
            while not self.looping and (end := self._next_end(closing=True)):
                self._release(end, done)
        self._pending = ""
        return done

    def _next_end(self, *, closing: bool = False) -> int:
        """Behind the last character of the sentence that is complete, or nought."""
        self._skip_blank()
        if self._is_code():
            return self._end_of_code(closing=closing)
        while turn := _TURN.search(self._pending, self._seen):
            at = turn.start()
            if turn.group() == "`":
                beyond = self._beyond_code(at)
                if beyond < 0:
                    return 0
                self._seen = beyond
                continue
            end = self._end_at(at, closing=closing)
            if end > 0:
                return end
            if end < 0:
                # Not enough has been seen: it is looked at again with the next piece.
                self._seen = at
                return 0
            self._seen = at + 1
        self._seen = len(self._pending)
        return 0

    def _end_at(self, at: int, *, closing: bool) -> int:
        """The end if there is one here, nought if there is none, less if that is not known yet."""
        text = self._pending
        end = at if text[at] == "\n" else _CLOSING.match(text, at + 1).end()  # type: ignore[union-attr]
        if text[at] in _WIDE:
            end = max(end, at + 1)
        behind = end
        while mark := _MARKS_HERE.match(text, behind):
            behind = mark.end()
        if not closing and _HALF_A_MARK.match(text, behind):
            return -1
        if text[at] == "\n" or text[at] in _WIDE or behind > end:
            return behind
        return self._end_before(text, at, behind)

    def _end_before(self, text: str, at: int, behind: int) -> int:
        """A full stop ends a sentence if white space follows, and then what may begin another."""
        rest = text[behind:].lstrip(" \t")
        following = rest[0]
        if behind + len(rest) == len(text):
            return 0
        if following != "\n" and following.lstrip("\"'“‘«([*_")[:1].islower():
            return 0
        if (
            text[at] == "."
            and following != "\n"
            and self._is_abbreviated(text[: at + 1], following)
        ):
            return 0
        return behind

    def _is_abbreviated(self, sentence: str, following: str) -> bool:
        if sentence.strip("*_ ").lower() == "no.":
            return following.isdigit()
        if _ONLY_A_NUMBER.match(sentence):
            return "\n" in self._lead or not self._said
        found = ABBREVIATION.search(sentence[-_TAIL:])
        # The last letter of an address is no initial, nor is a unit: "900 g."
        return found is not None and not _NO_INITIAL.search(found.string[: found.start()])

    def _release(self, end: int, done: list[Piece]) -> None:
        whole = self._pending[:end]
        self._pending = self._pending[end:]
        self._seen = 0
        text, marks = _without_marks(whole)
        if not text:
            return
        lines = self._lead.count("\n")
        self._lead = ""
        if self._repeats(text):
            self.looping = True
            return
        done.append(Piece(text, "\n\n" if lines > 1 else "\n" if lines else " ", marks))

    def _repeats(self, text: str) -> bool:
        key = " ".join(text.lower().split())
        if not any(map(str.isalpha, key)):
            return False
        self._said[key] += 1
        is_long = " " in key.strip(_MARKERS)
        return self._said[key] >= (MOST_REPEATS if is_long else MOST_REPEATS_OF_A_WORD)

    def _skip_blank(self) -> None:
        """White space before a sentence says only how it is set apart."""
        bare = self._pending.lstrip()
        if blank := len(self._pending) - len(bare):
            self._lead += self._pending[:blank]
            self._pending = bare
            self._seen = 0

    def _is_code(self) -> bool:
        return self._pending.startswith(FENCE)

    def _end_of_code(self, *, closing: bool) -> int:
        """A block of code is one piece; one that never ends is no answer."""
        end = self._pending.find("\n" + FENCE, len(FENCE))
        if end >= 0:
            return end + 1 + len(FENCE)
        return len(self._pending) if closing else 0

    def _beyond_code(self, at: int) -> int:
        """Behind the code span that opens here; -1 while its end may still come."""
        line_end = self._pending.find("\n", at)
        close = self._pending.find("`", at + 1, None if line_end < 0 else line_end)
        if close >= 0:
            return close + 1
        return at + 1 if line_end >= 0 else -1


def _without_marks(text: str) -> tuple[str, tuple[int, ...]]:
    if "[" not in text and "【" not in text:
        return text.strip(), ()
    marks: dict[int, None] = {}

    def take(found: re.Match[str]) -> str:
        if found.group(1):
            return found.group()
        for first, last in _RANGE.findall(found.group().partition("†")[0]):
            until = min(int(last or first), int(first) + _WIDEST_RANGE)
            marks.update(dict.fromkeys(range(int(first), until + 1)))
        return ""

    return _ANY_MARK.sub(take, text).strip(), tuple(marks)
