"""How each message of a visitor sounds, and what the whole conversation asks of the team."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import takewhile
from typing import TYPE_CHECKING, Any, Self

from app.adapters import adapters
from app.adapters.sentiment_model import Label
from app.models import Priority
from app.services.moods.sentiment_signals import find_signals

if TYPE_CHECKING:
    from app.adapters.embeddings import Vectors

# Strong enough to call a person at once, and enough for a message to count as an unhappy one.
FURIOUS = 0.8
UPSET = 0.4
# An insult needs less in the words around it.
UPSET_WITH_INSULT = 0.55
UNHAPPY_IN_A_ROW = 3
# Signals that are nothing but anger.
FURY = frozenset({"profanity", "shouting"})
# How much of the weight of one message the message before it has.
FADING = 0.6
# What reads like this is praise, if nothing is asked.
GLAD = 0.5
ASKING = frozenset("?¿؟？")
ORDINALS = ("First", "Second", "Third", "Fourth", "Fifth", "Sixth", "Seventh", "Eighth", "Ninth")
MENTIONS = (("safety", "a danger"), ("refund", "a refund"), ("legal_threat", "a lawyer or court"))


@dataclass(frozen=True)
class Reading:
    """What was read from one message; kept with it."""

    label: Label
    score: float
    anger: float
    signals: tuple[str, ...]
    read_by: str

    def is_praise(self, text: str) -> bool:
        """Whether somebody is glad and asks nothing, at least not with the sign for it."""
        return self.label == "positive" and self.score >= GLAD and not ASKING & set(text)

    def to_json(self) -> dict[str, Any]:
        return {**asdict(self), "label": str(self.label), "signals": list(self.signals)}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Self:
        return cls(
            Label(kept["label"]),
            float(kept["score"]),
            float(kept["anger"]),
            tuple(kept["signals"]),
            str(kept["read_by"]),
        )

    @property
    def calmed(self) -> Self:
        """The same without the anger: what somebody of the team has said that it was not."""
        label = Label.NEUTRAL if self.label is Label.NEGATIVE else self.label
        signals = tuple(each for each in self.signals if each not in FURY)
        return replace(self, label=label, score=max(self.score, 0.0), anger=0.0, signals=signals)

    @property
    def unhappy(self) -> bool:
        """With us, that is: a problem merely stated is bad news, not a complaint about us."""
        return self.label is Label.NEGATIVE and self.anger >= UPSET

    @property
    def furious(self) -> bool:
        insulted = bool({"profanity", "shouting"} & set(self.signals))
        return self.label is Label.NEGATIVE and (
            self.anger >= FURIOUS or (insulted and self.anger >= UPSET_WITH_INSULT)
        )


@dataclass(frozen=True)
class Standing:
    """Where a conversation stands, and why, in sentences for the team."""

    mood: float
    priority: Priority
    reasons: tuple[str, ...]
    escalate: bool
    wants_person: bool


def read(text: str, earlier: Sequence[str] = (), vector: Vectors | None = None) -> Reading:
    """Read one message of a visitor; `earlier` are the same visitor's messages before it."""
    impression = adapters.sentiment.read(text, vector)
    # Anger is told in languages that the label is not.
    angry = impression.anger >= FURIOUS
    return Reading(
        Label.NEGATIVE if angry else impression.label,
        min(impression.score, -impression.anger) if angry else impression.score,
        impression.anger,
        find_signals(text, earlier),
        impression.read_by,
    )


def assess(readings: Sequence[Reading]) -> Standing:
    """Weigh all of a visitor's messages, the newest last."""
    if not readings:
        return Standing(0.0, Priority.LOW, (), escalate=False, wants_person=False)
    newest, in_a_row = readings[-1], _unhappy_in_a_row(readings)
    wants_person = "asks_for_person" in newest.signals
    said = {signal for reading in readings for signal in reading.signals}
    alarming = bool({"safety", "legal_threat"} & set(newest.signals))
    too_often = in_a_row >= UNHAPPY_IN_A_ROW
    return Standing(
        mood=_mood(readings),
        priority=_priority(readings, said, in_a_row),
        reasons=tuple(_reasons(newest, said, in_a_row)),
        escalate=wants_person or alarming or newest.furious or too_often,
        wants_person=wants_person,
    )


def _unhappy_in_a_row(readings: Sequence[Reading]) -> int:
    return len(list(takewhile(lambda reading: reading.unhappy, reversed(readings))))


def _mood(readings: Sequence[Reading]) -> float:
    weights = [FADING**age for age in range(len(readings))]
    felt = sum(
        weight * _felt(reading) for weight, reading in zip(weights, reversed(readings), strict=True)
    )
    return round(felt / sum(weights), 4)


def _felt(reading: Reading) -> float:
    """A complaint told calmly weighs half of an angry one."""
    if reading.score >= 0:
        return reading.score
    return reading.score * (0.5 + 0.5 * min(1.0, reading.anger / FURIOUS))


def _priority(readings: Sequence[Reading], said: set[str], in_a_row: int) -> Priority:
    newest, angry = readings[-1], any(reading.furious for reading in readings[-3:])
    if "safety" in said or ("legal_threat" in said and angry):
        return Priority.URGENT
    leaving = "churn_threat" in said and any(reading.unhappy for reading in readings)
    if "legal_threat" in said or angry or in_a_row >= UNHAPPY_IN_A_ROW or leaving:
        return Priority.HIGH
    if newest.unhappy or said & {"asks_for_person", "churn_threat", "repeated_demand"}:
        return Priority.MEDIUM
    if "refund" in said and newest.label is Label.NEGATIVE:
        return Priority.MEDIUM
    return Priority.LOW


def _reasons(newest: Reading, said: set[str], in_a_row: int) -> Iterable[str]:
    mentioned = [words for signal, words in MENTIONS if signal in said]
    if mentioned:
        yield f"Mentions {_listed(mentioned)}"
    if "asks_for_person" in newest.signals:
        yield "Asks for a person"
    if newest.furious:
        yield "Is very angry"
    elif newest.unhappy and in_a_row == 1:
        yield "Sounds upset"
    if in_a_row > 1:
        yield f"{_ordinal(in_a_row)} negative message in a row"
    if "churn_threat" in said:
        yield "Speaks of leaving"
    if "repeated_demand" in newest.signals:
        yield "Had to ask the same thing again"


def _listed(words: Sequence[str]) -> str:
    *others, last = words
    return f"{', '.join(others)} and {last}" if others else last


def _ordinal(count: int) -> str:
    return ORDINALS[count - 1] if count <= len(ORDINALS) else f"{count}th"
