"""Placeholder until the real one is put here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from app.models import Priority


@dataclass(frozen=True)
class Reading:
    label: str = "neutral"
    score: float = 0.0
    anger: float = 0.0
    signals: tuple[str, ...] = ()
    read_by: str = ""

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, said: dict[str, Any]) -> Reading:
        return cls(**{**said, "signals": tuple(said["signals"])})


@dataclass(frozen=True)
class Standing:
    mood: float = 0.0
    priority: Priority = Priority.LOW
    reasons: tuple[str, ...] = ()
    escalate: bool = False
    wants_person: bool = False


def read(text: str, earlier: Sequence[str] = (), vector: Any = None) -> Reading:
    return Reading()


def assess(readings: Sequence[Reading]) -> Standing:
    return Standing()
