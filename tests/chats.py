"""Visitors who write, where no test looks at the socket itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from flask import Flask

from app.extensions import db
from app.services.conversation import conversations, escalation, speaking
from app.services.log import visitors
from app.services.log.visitors import Place
from tests.cast import Person


@dataclass
class Chat:
    """A visitor with a token, and the conversation that they have begun."""

    app: Flask
    organization_id: UUID
    token: str
    id: str = ""

    def say(self, text: str, **options: Any) -> str:
        """Say something; the id of the message."""
        with self.app.app_context():
            guest = visitors.find(self.organization_id, self.token)
            assert guest is not None
            conversation_id = UUID(self.id) if self.id else None
            said = conversations.say(
                guest, uuid4().hex, text, conversation_id=conversation_id, **options
            )
            self.id = str(said.state.id)
            return str(said.line.id)

    def tell(self, **known: Any) -> None:
        """Say who they are."""
        with self.app.app_context():
            guest = visitors.find(self.organization_id, self.token)
            assert guest is not None
            conversations.attach_contact(visitors.note_contact(guest, known))

    def ask_for_person(self) -> None:
        with self.app.app_context():
            guest = visitors.find(self.organization_id, self.token)
            assert guest is not None
            escalation.ask_for_person(guest, UUID(self.id), uuid4().hex)

    def be_answered(self, text: str, **body: Any) -> str:
        """What the assistant would say; the id of its message."""
        with self.app.app_context():
            added = speaking.say_as_assistant(
                UUID(self.id), 1, text=text, body=body, inside={"asked": "secret"}, changes={}
            )
            db.session.commit()
            assert added is not None
            return str(added[1].id)

    @property
    def header(self) -> dict[str, str]:
        return {"Authorization": f"Visitor {self.token}"}


def arrive(person: Person, **place: str) -> Chat:
    """A newcomer on the site of this person's organization."""
    organization_id = UUID(person.organization_id)
    with person.app.app_context():
        guest = visitors.arrive(organization_id, "", Place(**place))
    return Chat(person.app, organization_id, guest.token)


def begin(person: Person, text: str = "Do you deliver to Malta?", **place: str) -> Chat:
    """The same with a first message."""
    chat = arrive(person, **place)
    chat.say(text)
    return chat
