"""Honest stand-ins: the same contracts as the real providers, kept in memory."""

from __future__ import annotations

from dataclasses import dataclass, field

from app.adapters import Adapters
from app.adapters.event_bus import MemoryBus
from app.adapters.identity import IdentityProvider
from app.adapters.job_queue import HeldJobQueue
from app.adapters.mailer import Letter
from app.errors import ProviderError


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


@dataclass
class QuietVectorStore:
    problem: str | None = None

    def check(self) -> str:
        if self.problem:
            raise ProviderError(self.problem)
        return "in memory"


def fakes(google: IdentityProvider | None = None) -> Adapters:
    """Everything that create_app needs, with nothing behind it."""
    return Adapters(
        mailer=KeepingMailer(),
        job_queue=HeldJobQueue(),
        event_bus=MemoryBus(),
        vector_store=QuietVectorStore(),
        google=google,
    )
