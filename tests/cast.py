"""The people of the tests: an owner, her admin and agent, the owner of another organization."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.adapters import Adapters
from app.adapters.mailer import Letter

PASSWORD = "correct horse battery staple"
LINK = re.compile(r"#token=(\S+)")


class Person:
    """Somebody with a browser of their own."""

    def __init__(self, app: Flask, email: str = "", name: str = "") -> None:
        self.app = app
        self.email = email
        self.name = name
        self.password = PASSWORD
        self.client: FlaskClient = app.test_client()
        self.facts: dict[str, Any] = {}

    @property
    def id(self) -> str:
        return str(self.facts["user"]["id"])

    @property
    def organization_id(self) -> str:
        return str(self.facts["organization"]["id"])

    def call(self, method: str, path: str, json: Any = None, **options: Any) -> TestResponse:
        """Ask as this person's browser would: with its cookies and their CSRF twin."""
        headers = dict(options.pop("headers", {}))
        name = "csrf_refresh_token" if path == "/api/auth/refresh" else "csrf_access_token"
        twin = self.client.get_cookie(name)
        if twin is not None:
            headers.setdefault("X-CSRF-TOKEN", twin.value)
        if json is not None:
            options["json"] = json
        return self.client.open(path, method=method, headers=headers, **options)

    def get(self, path: str, **options: Any) -> TestResponse:
        return self.call("GET", path, **options)

    def post(self, path: str, json: Any = None, **options: Any) -> TestResponse:
        return self.call("POST", path, json, **options)

    def patch(self, path: str, json: Any = None, **options: Any) -> TestResponse:
        return self.call("PATCH", path, json, **options)

    def put(self, path: str, **options: Any) -> TestResponse:
        return self.call("PUT", path, **options)

    def delete(self, path: str, **options: Any) -> TestResponse:
        return self.call("DELETE", path, **options)

    def sign_in(self, password: str | None = None) -> TestResponse:
        answer = self.post(
            "/api/auth/login", {"email": self.email, "password": password or self.password}
        )
        if answer.status_code == 200:
            self.facts = answer.get_json()
        return answer

    def sign_in_elsewhere(self) -> Person:
        """The same person in a second browser."""
        twin = Person(self.app, self.email, self.name)
        twin.password = self.password
        assert twin.sign_in().status_code == 200
        return twin

    def cookie(self, name: str) -> str:
        found = self.client.get_cookie(name)
        assert found is not None, f"no cookie {name}"
        return found.value

    def api_key(self, *scopes: str) -> dict[str, str]:
        """The header of a new API key of this person."""
        made = self.post("/api/api-keys", {"name": "robot", "scopes": list(scopes)})
        assert made.status_code == 201, made.get_json()
        return {"Authorization": f"Bearer {made.get_json()['secret']}"}


@dataclass
class Mailbox:
    """What has reached people, once the waiting jobs have run."""

    adapters: Adapters

    def letters(self, recipient: str, containing: str = "") -> list[Letter]:
        self.adapters.job_queue.run_all()  # type: ignore[attr-defined]
        sent: list[Letter] = self.adapters.mailer.sent  # type: ignore[attr-defined]
        return [
            letter
            for letter in sent
            if letter.recipient == recipient and containing in letter.subject
        ]

    def token(self, recipient: str, containing: str) -> str:
        """The secret in the newest letter whose subject contains this."""
        found = LINK.search(self.letters(recipient, containing)[-1].text)
        assert found is not None
        return found.group(1)


@dataclass
class Cast:
    """Everybody, signed in and ready."""

    owner: Person
    admin: Person
    agent: Person
    stranger: Person
    nobody: Person
    mailbox: Mailbox


def register(app: Flask, email: str, name: str, organization: str) -> Person:
    person = Person(app, email, name)
    answer = person.post(
        "/api/auth/register",
        {"email": email, "password": PASSWORD, "name": name, "organization": organization},
    )
    assert answer.status_code == 201, answer.get_json()
    person.facts = answer.get_json()
    return person


def hire(owner: Person, mailbox: Mailbox, email: str, name: str, role: str) -> Person:
    """Invite and accept, as people do."""
    assert owner.post("/api/invites", {"email": email, "role": role}).status_code == 201
    person = Person(owner.app, email, name)
    token = mailbox.token(email, "invites you")
    answer = person.post(
        "/api/auth/accept-invite", {"token": token, "name": name, "password": PASSWORD}
    )
    assert answer.status_code == 201, answer.get_json()
    person.facts = answer.get_json()
    return person


def assemble(app: Flask, adapters: Adapters) -> Cast:
    mailbox = Mailbox(adapters)
    owner = register(app, "olivia@harbour.example.com", "Olivia", "Harbour Books")
    return Cast(
        owner=owner,
        admin=hire(owner, mailbox, "adam@harbour.example.com", "Adam", "admin"),
        agent=hire(owner, mailbox, "aisha@harbour.example.com", "Aisha", "agent"),
        stranger=register(app, "stan@elsewhere.example.com", "Stan", "Elsewhere Ltd"),
        nobody=Person(app),
        mailbox=mailbox,
    )
