"""What answers in words: any model behind an endpoint that speaks OpenAI's protocol."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from app.errors import ProviderError

Role = Literal["system", "user", "assistant"]
Kind = Literal[
    "auth", "rate", "timeout", "unreachable", "server",
    "cut", "rubbish", "open", "refused", "cancelled",
]  # fmt: skip
PIECES = re.compile(r"\w+|[^\w\s]")
LETTERS_A_TOKEN = 5
LAST_LATIN = "\u024f"
FIRST_IDEOGRAPHIC = "\u2e80"
# The marks that every message is wrapped in.
TOKENS_A_MESSAGE = 4


@dataclass(frozen=True)
class Message:
    """One turn of what the model gets to read."""

    role: Role
    content: str


@dataclass
class Usage:
    """What an answer took; `estimated` where the provider did not say."""

    input_tokens: int
    output_tokens: int
    # Millionths of a dollar, or None where nobody knows the price.
    cost_micros: int | None
    estimated: bool

    def __add__(self, other: Usage) -> Usage:
        costs = [each for each in (self.cost_micros, other.cost_micros) if each is not None]
        return Usage(
            self.input_tokens + other.input_tokens,
            self.output_tokens + other.output_tokens,
            sum(costs) if costs else None,
            self.estimated or other.estimated,
        )


class ModelFailed(ProviderError):
    """No answer, or not all of it. `kind` says why, the message is for the team's log."""

    def __init__(
        self,
        message: str,
        kind: Kind,
        *,
        permanent: bool = False,
        before_first_token: bool = True,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(message, permanent=permanent)
        self.kind = kind
        self.before_first_token = before_first_token
        self.retry_after = retry_after


class Answering(Protocol):
    """An answer on its way. Nothing is asked before the first piece is."""

    @property
    def usage(self) -> Usage:
        """What it took so far; final when the iteration has ended, however it ended."""

    @property
    def finish_reason(self) -> str:
        """Empty before the end; "length" where the limit of tokens cut the last sentence."""

    def __iter__(self) -> Iterator[str]:
        """The pieces, or ModelFailed. It can be iterated once."""

    def cancel(self) -> None:
        """From any thread or greenlet: the iteration ends at once, with the kind "cancelled"."""


class LanguageModel(Protocol):
    """The contract of every provider."""

    @property
    def name(self) -> str: ...

    def answer(
        self, messages: Sequence[Message], *, max_tokens: int, temperature: float = 0.2
    ) -> Answering: ...


def estimated_tokens(text: str) -> int:
    """About what a model would count, without its vocabulary: that would have to be fetched."""
    return sum(map(_estimate, PIECES.findall(text)))


def estimated_prompt(messages: Sequence[Message]) -> int:
    return sum(TOKENS_A_MESSAGE + estimated_tokens(each.content) for each in messages)


def _estimate(piece: str) -> int:
    # Words of other scripts are spelled in more pieces, ideographs one by one.
    if piece[0] >= FIRST_IDEOGRAPHIC:
        return len(piece)
    letters = LETTERS_A_TOKEN if piece[0] <= LAST_LATIN else LETTERS_A_TOKEN // 2
    return -(-len(piece) // letters)
