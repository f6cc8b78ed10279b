"""A furnished house: an organization that has learned something, its key, a visitor, a model."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from flask import Flask

from tests.cast import Cast, Person
from tests.fakes import ScriptedModel
from tests.open_house import Guest, House, opened

TEA = "Tea is served at four in the afternoon. Coffee is served at nine in the morning."
CATS = "Cats are welcome in the reading room. Dogs have to wait outside."


def teach(person: Person, title: str, text: str) -> str:
    """Have the person's organization learn a text; the jobs run at once."""
    made = person.post("/api/documents/text", {"title": title, "text": text})
    assert made.status_code in {201, 202}, made.get_json()
    person.app.extensions["adapters"].job_queue.run_all()
    return str(made.json["items"][0]["document"]["id"])


def widget_key(person: Person) -> str:
    return str(person.get("/api/organization").json["widget_key"])


@dataclass
class Room:
    """Everything that a story about an answer needs."""

    house: House
    cast: Cast
    guest: Guest
    conversation_id: str = ""

    @property
    def model(self) -> ScriptedModel:
        (model,) = self.house.app.extensions["adapters"].language_models
        found: ScriptedModel = model
        return found

    def script(self, *models: ScriptedModel) -> None:
        """Which models there are, in the order in which they are asked."""
        self.house.app.extensions["adapters"].language_models = models

    def ask(self, text: str) -> dict[str, Any]:
        """Say something, have it dealt with, and see what comes of it."""
        self.say(text)
        self.house.run_jobs()
        return self.guest.event(author="assistant")

    def say(self, text: str) -> dict[str, Any]:
        accepted = self.guest.say(text)
        self.conversation_id = accepted["conversation_id"]
        return accepted

    def take_over(self, person: Person | None = None) -> None:
        path = f"/api/conversations/{self.conversation_id}/takeover"
        answer = (person or self.cast.agent).post(path)
        assert answer.status_code == 200, answer.get_json()

    def log(self) -> list[dict[str, Any]]:
        """The whole log, as the team reads it."""
        path = f"/api/conversations/{self.conversation_id}/messages"
        items: list[dict[str, Any]] = self.cast.agent.get(path).json["items"]
        return items


@contextmanager
def furnished(app: Flask, cast: Cast, documents: dict[str, str]) -> Iterator[Room]:
    """A room whose organization has learned these, by their titles."""
    for title, text in documents.items():
        teach(cast.owner, title, text)
    with opened(app) as house:
        guest = house.guest(widget_key(cast.owner))
        guest.connect()
        yield Room(house, cast, guest)


def interrupted(pieces: list[str], at: int, act: Callable[[], None]) -> Callable[[Any], Any]:
    """A model's answer during which something happens, before the piece with this number."""

    def answer(_messages: Any) -> Iterator[str]:
        for number, piece in enumerate(pieces):
            if number == at:
                act()
            yield piece
        if at >= len(pieces):
            act()

    return answer


@contextmanager
def working(house: House) -> Iterator[threading.Thread]:
    """The jobs that wait now, done meanwhile on a thread of their own."""
    thread = threading.Thread(target=house.run_jobs)
    thread.start()
    try:
        yield thread
    finally:
        thread.join(20)
