"""Honest stand-ins: the same contracts as the real providers, kept in memory."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

import numpy

from app.adapters import Adapters
from app.adapters.embeddings import NoEmbeddings
from app.adapters.event_bus import MemoryBus
from app.adapters.file_storage import FsspecStorage
from app.adapters.identity import IdentityProvider
from app.adapters.job_queue import HeldJobQueue
from app.adapters.language_model import Message, ModelFailed, Usage, estimated_prompt
from app.adapters.mailer import Letter
from app.adapters.sentiment_model import LexiconSentiment
from app.adapters.text_extraction import ReadingProcess
from app.adapters.web_client import Refused, WebAnswer
from app.errors import ProviderError
from tests.stubs.chat_replies import grounded, tokens_of

Said = str | ModelFailed | Callable[[list[Message]], Iterable[str]]


@dataclass
class KeepingMailer:
    """Delivers into a list; `failures` are raised first, one a call."""

    delivers: bool = True
    sent: list[Letter] = field(default_factory=list)
    failures: list[ProviderError] = field(default_factory=list)

    def send(self, letter: Letter) -> None:
        if self.failures:
            raise self.failures.pop(0)
        self.sent.append(letter)


class MemoryVectors:
    """Exact cosines over whatever was put."""

    def __init__(self, problem: str | None = None) -> None:
        self.kept: dict[tuple[UUID, str], dict[UUID, Any]] = {}
        self.problem = problem

    def put(self, organization_id: UUID, space: str, ids: Sequence[UUID], vectors: Any) -> None:
        self._answer_or_fail()
        self.kept.setdefault((organization_id, space), {}).update(zip(ids, vectors, strict=True))

    def nearest(
        self, organization_id: UUID, space: str, vector: Any, limit: int
    ) -> dict[UUID, float]:
        known = self.kept.get((organization_id, space), {})
        cosines = self.similarities(organization_id, space, vector, list(known))
        ranked = sorted(cosines.items(), key=lambda pair: -pair[1])
        return dict(ranked[:limit])

    def similarities(
        self, organization_id: UUID, space: str, vector: Any, ids: Sequence[UUID]
    ) -> dict[UUID, float]:
        self._answer_or_fail()
        known = self.kept.get((organization_id, space), {})
        return {each: float(known[each] @ vector) for each in ids if each in known}

    def ids(self, organization_id: UUID, space: str) -> set[UUID]:
        return set(self.kept.get((organization_id, space), {}))

    def remove(self, organization_id: UUID, ids: Sequence[UUID]) -> None:
        self._answer_or_fail()
        for (owner, _), known in self.kept.items():
            if owner == organization_id:
                for each in ids:
                    known.pop(each, None)

    def drop(self, organization_id: UUID, *, keep: str | None = None) -> None:
        for owner, space in list(self.kept):
            if owner == organization_id and space != keep:
                del self.kept[owner, space]

    def check(self) -> str:
        self._answer_or_fail()
        return "in memory"

    def _answer_or_fail(self) -> None:
        if self.problem:
            raise ProviderError(self.problem)


class LetterVectors:
    """Counts letters: a poor model, but an honest one, and it needs no file."""

    name = "letters"
    dimension = 26
    max_tokens = 254
    available = True

    def embed(self, texts: Sequence[str], *, hurry: bool = False) -> Any:
        counts = numpy.array(
            [[1e-6 + text.lower().count(chr(97 + place)) for place in range(26)] for text in texts],
            dtype=numpy.float32,
        )
        return counts / numpy.linalg.norm(counts, axis=1, keepdims=True)

    def count_tokens(self, text: str) -> int:
        return len(text.split())


class ScriptedModel:
    """Says what it is told to, piece by piece, and else what the passages say.

    A script has texts, failures to raise, and functions from the prompt to pieces, one an answer.
    """

    def __init__(self, *script: Said, name: str = "scripted") -> None:
        self.name = name
        self.script = list(script)
        self.asked: list[list[Message]] = []

    def answer(
        self, messages: Sequence[Message], *, max_tokens: int, temperature: float = 0.2
    ) -> ScriptedAnswer:
        self.asked.append(list(messages))
        return ScriptedAnswer(self.script.pop(0) if self.script else grounded_reply, messages)


class ScriptedAnswer:
    """One answer of a ScriptedModel; a failure that is raised midway comes out of a function."""

    def __init__(self, said: Said, messages: Sequence[Message]) -> None:
        self.cancelled = False
        self.finish_reason = ""
        self.usage = Usage(estimated_prompt(messages), 0, 7, estimated=False)
        self._said = said
        self._messages = list(messages)

    def cancel(self) -> None:
        self.cancelled = True

    def __iter__(self) -> Iterator[str]:
        spoke = False
        for piece in self._pieces():
            if self.cancelled:
                raise ModelFailed("Called off.", "cancelled", before_first_token=not spoke)
            self.usage.output_tokens += 1
            spoke = True
            yield piece
        self.finish_reason = "stop"

    def _pieces(self) -> Iterable[str]:
        if isinstance(self._said, ModelFailed):
            raise self._said
        if callable(self._said):
            return self._said(self._messages)
        return tokens_of(self._said)


def grounded_reply(messages: Sequence[Message]) -> Iterable[str]:
    """Sentences of the passages with their numbers."""
    return tokens_of(grounded([{"role": each.role, "content": each.content} for each in messages]))


class NoWeb:
    """A web of a few pages that a test has put there."""

    def __init__(self) -> None:
        self.pages: dict[str, WebAnswer] = {}

    def check(self, url: str) -> None:
        if "private" in url:
            raise Refused("That is an address inside a private network.")

    def get(self, url: str) -> WebAnswer:
        self.check(url)
        if url not in self.pages:
            raise ProviderError("The page answers 404.", permanent=True)
        return self.pages[url]


def fakes(google: IdentityProvider | None = None) -> Adapters:
    """Everything that create_app needs, with nothing behind it."""
    return Adapters(
        mailer=KeepingMailer(),
        job_queue=HeldJobQueue(),
        event_bus=MemoryBus(),
        vector_store=MemoryVectors(),
        embeddings=LetterVectors(),
        file_storage=FsspecStorage(f"memory://{uuid4().hex}"),
        text_extraction=ReadingProcess(),
        web_client=NoWeb(),
        sentiment=LexiconSentiment(),
        google=google,
        open_language_model=lambda key, name: ScriptedModel(name=f"{name} by {key}"),
    )


def fakes_by_words() -> Adapters:
    """Found by words alone, for tests in which meanings that are chance would decide."""
    chosen = fakes()
    chosen.embeddings = NoEmbeddings()
    return chosen
