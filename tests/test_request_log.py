"""What is written down about a request, and what must never be."""

from __future__ import annotations

import io
import json
import logging
import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, text
from sqlalchemy.exc import OperationalError

from app.adapters import Adapters
from app.adapters.mailer import SendGridMailer
from app.extensions import db
from app.models import User
from app.services.mail import mail
from config import Testing
from tests.cast import Cast, Mailbox, Person, assemble, register
from tests.stubs.sendgrid import SendGridStub

SECRET_WORDS = "my-very-own-password-7"


class Log:
    """Everything that is logged while a test runs, as it would reach the operator."""

    def __init__(self) -> None:
        self._text = io.StringIO()
        (handler,) = logging.getLogger().handlers
        assert isinstance(handler, logging.StreamHandler)
        handler.setStream(self._text)

    @property
    def text(self) -> str:
        return self._text.getvalue()

    @property
    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.text.splitlines()]

    def requests(self) -> list[dict[str, Any]]:
        return [line for line in self.lines if line["event"] == "request"]


@pytest.fixture
def log(app: Flask) -> Iterator[Log]:
    """Taken over from pytest's own handlers, which come back afterwards."""
    root = logging.getLogger()
    before = root.handlers[:]
    root.handlers[:] = [handler for handler in before if type(handler) is logging.StreamHandler]
    stream = root.handlers[0].stream  # type: ignore[attr-defined]
    yield Log()
    root.handlers[0].setStream(stream)  # type: ignore[attr-defined]
    root.handlers[:] = before


@pytest.fixture
def config(database_url: str, tmp_path: Any) -> Testing:
    """At its most talkative."""
    return Testing(data_dir=tmp_path, database_url=database_url, log_level="DEBUG")


class TestO8Ids:
    def test_O8_every_line_is_json_and_names_its_request(self, app: Flask, log: Log) -> None:
        answer = app.test_client().get("/api/auth/me")
        (line,) = log.requests()
        assert line["request_id"] == answer.headers["X-Request-Id"]
        assert answer.get_json()["error"]["request_id"] == line["request_id"]
        assert (line["method"], line["rule"], line["status"]) == ("GET", "/api/auth/me", 401)
        assert line["milliseconds"] >= 0
        assert line["timestamp"].endswith("Z")

    def test_O8_every_request_has_an_id_of_its_own(self, app: Flask, log: Log) -> None:
        client = app.test_client()
        ids = {client.get("/").headers["X-Request-Id"] for _ in range(5)}
        assert len(ids) == 5

    @pytest.mark.parametrize("sent", ["0198c0de-0000-7000-8000-000000000000", "trace_42-abc"])
    def test_O8_a_harmless_id_is_kept(self, app: Flask, log: Log, sent: str) -> None:
        answer = app.test_client().get("/api/auth/me", headers={"X-Request-Id": sent})
        assert answer.headers["X-Request-Id"] == sent
        assert log.requests()[0]["request_id"] == sent

    @pytest.mark.parametrize(
        "sent",
        [
            "short",
            "x" * 65,
            'quote"and{brace}',
            "with blanks in it",
            "<script>alert(1)</script>",
            "åäö-åäö-å",
        ],
    )
    def test_O8_any_other_is_replaced(self, app: Flask, log: Log, sent: str) -> None:
        answer = app.test_client().get("/api/auth/me", headers={"X-Request-Id": sent})
        assert len(answer.headers["X-Request-Id"]) == 32
        assert sent not in log.text

    def test_O8_a_page_that_fails_shows_the_id(self, app: Flask, log: Log) -> None:
        answer = app.test_client().get("/no/such/page")
        assert answer.headers["X-Request-Id"] in answer.text

    def test_O8_the_audit_log_names_the_request_too(self, cast: Cast) -> None:
        headers = {"X-Request-Id": "trace_42-abc"}
        cast.owner.patch("/api/organization", {"name": "Harbour"}, headers=headers)
        with cast.owner.app.app_context():
            query = text("SELECT request_id FROM audit_entries ORDER BY id DESC LIMIT 1")
            assert db.session.scalar(query) == "trace_42-abc"

    def test_what_only_keeps_things_going_is_not_written_down(self, app: Flask, log: Log) -> None:
        client = app.test_client()
        page = client.get("/login").text
        asset = page.partition('href="/assets/')[2].partition('"')[0]
        assert client.get(f"/assets/{asset}").status_code == 200
        assert client.get("/health").status_code == 200
        assert [line["rule"] for line in log.requests()] == ["/login"]


class TestO8Secrets:
    def test_O8_no_secret_of_a_whole_day_is_in_the_log(self, app: Flask, log: Log) -> None:
        adapters = app.extensions["adapters"]
        secrets = list(live_a_day(app, Mailbox(adapters)))
        assert len(secrets) > 15
        assert len(log.requests()) > 12
        assert [secret for secret in secrets if secret in log.text] == []
        assert "example.com" not in log.text
        assert "#token" not in log.text

    def test_O8_what_stands_in_a_path_or_a_query_is_not_written_down(
        self, app: Flask, log: Log
    ) -> None:
        client = app.test_client()
        client.get("/reset-password?token=the-secret-token")
        client.get("/no/such/page/the-secret-token/olivia@harbour.example.com")
        client.get("/api/contacts?search=olivia@harbour.example.com")
        client.get("/api/auth/google/callback?code=the-secret-token&state=the-secret-token")
        client.get("/api/auth/me", headers={"Authorization": "Bearer the-secret-token"})
        assert len(log.requests()) == 5
        assert "the-secret-token" not in log.text
        assert "olivia" not in log.text

    def test_O8_the_client_of_the_mail_provider_is_kept_from_talking(
        self, app: Flask, adapters: Adapters, log: Log
    ) -> None:
        with SendGridStub(api_key="SG.very-secret-key") as sendgrid:
            adapters.mailer = SendGridMailer("SG.very-secret-key", "a@example.com", sendgrid.url)
            register(app, "olivia@harbour.example.com", "Olivia", "Harbour Books")
            sendgrid.answer_next_with(429)
            adapters.job_queue.run_all()  # type: ignore[attr-defined]
            assert len(sendgrid.attempts) == 2
        assert "very-secret-key" not in log.text
        assert "token=" not in log.text
        assert "example.com" not in log.text

    def test_O8_a_fault_is_written_down_without_what_was_being_stored(
        self, app: Flask, log: Log
    ) -> None:
        def fail() -> None:
            db.session.add(User(email="olivia@harbour.example.com", password_hash=SECRET_WORDS))
            db.session.commit()

        app.add_url_rule("/api/fail", view_func=fail)
        answer = app.test_client().get("/api/fail")
        assert answer.status_code == 500
        (fault,) = [line for line in log.lines if line["event"] == "unforeseen_error"]
        assert fault["request_id"] == answer.headers["X-Request-Id"]
        assert "IntegrityError" in fault["exception"]
        assert re.search("not.null", fault["exception"], re.IGNORECASE)
        assert SECRET_WORDS not in log.text
        assert "olivia" not in log.text

    def test_O8_a_job_that_fails_tells_nothing_of_the_letter(self, app: Flask, log: Log) -> None:
        with app.app_context():
            mail.post("welcome", "olivia@harbour.example.com", FACTS, organization_id=None)
            db.session.execute(text("UPDATE outbox_messages SET text = 'sealed by another'"))
            db.session.commit()
        app.extensions["adapters"].job_queue.run_all()
        assert "olivia" not in log.text.lower()


class TestTrouble:
    def test_a_database_that_goes_in_the_middle_still_leaves_an_answer_and_a_line(
        self, cast: Cast, app: Flask, log: Log
    ) -> None:
        gone: list[bool] = []

        def fail(_connection: object, _cursor: object, statement: str, *_: object) -> None:
            # The team is sorted by a CASE; who asks is known by then.
            if gone or "CASE" in statement:
                gone.append(True)
                raise OperationalError("SELECT", {}, Exception("the database has gone"))

        with app.app_context():
            event.listen(db.engine, "before_cursor_execute", fail)
        answer = cast.owner.get("/api/team")
        assert answer.status_code == 500
        assert answer.get_json()["error"]["code"] == "internal_error"
        line = log.requests()[-1]
        assert (line["rule"], line["status"]) == ("/api/team", 500)
        assert line["user_id"] == cast.owner.id
        assert answer.headers["X-Request-Id"] == line["request_id"]


FACTS = {"name": "Olivia", "organization": "Harbour", "public_url": "https://desk.example.com"}


def live_a_day(app: Flask, mailbox: Mailbox) -> Iterator[str]:
    """Do everything that has to do with secrets once, and name each of them."""
    cast = assemble(app, mailbox.adapters)
    owner = cast.owner
    yield owner.password
    for letter in mailbox.adapters.mailer.sent:  # type: ignore[attr-defined]
        yield letter.text.partition("#token=")[2].split()[0] if "#token=" in letter.text else "~~~~"
    for person in (owner, cast.admin, cast.agent):
        for cookie in ("access", "refresh"):
            yield person.cookie(f"{cookie}_token_cookie")
            yield person.cookie(f"csrf_{cookie}_token")
    yield owner.post("/api/organization/identity-secret").get_json()["secret"]
    key = owner.api_key("contacts:read")
    yield key["Authorization"].removeprefix("Bearer ")
    app.test_client().get("/api/contacts", headers=key)
    owner.post("/api/auth/login", {"email": owner.email, "password": SECRET_WORDS})
    yield SECRET_WORDS
    pair = Person(app).post(
        "/api/auth/login",
        {"email": owner.email, "password": owner.password, "transport": "bearer"},
    )
    yield from (pair.get_json()["access_token"], pair.get_json()["refresh_token"])
    owner.post("/api/auth/forgot-password", {"email": owner.email})
    reset = mailbox.token(owner.email, "password")
    yield reset
    answer = owner.post("/api/auth/reset-password", {"token": reset, "password": SECRET_WORDS})
    assert answer.status_code == 204
    owner.post("/api/auth/reset-password", {"token": reset, "password": SECRET_WORDS})
