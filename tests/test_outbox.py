"""Mail by way of the outbox: what was promised goes out once, whatever dies on the way."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import text, update
from sqlalchemy.exc import OperationalError

from app.adapters import Adapters
from app.adapters.job_queue import HeldJobQueue
from app.adapters.mailer import Letter, NoMailer
from app.errors import ProviderError
from app.extensions import db, vault
from app.jobs import Sweeper, sweep
from app.models import MailStatus, OutboxMessage, now
from app.services.mail import mail
from app.services.work import back_off
from tests.cast import Cast
from tests.fakes import KeepingMailer

FACTS = {
    "name": "Olivia",
    "organization": "Harbour Books",
    "link": "https://desk.example.com/reset-password#token=very-secret",
    "public_url": "https://desk.example.com",
}
RECIPIENT = "olivia@harbour.example.com"
LONG = 20.0


@pytest.fixture
def opened(app: Flask) -> Iterator[Flask]:
    with app.app_context():
        yield app
        db.session.remove()


@pytest.fixture
def mailer(adapters: Adapters) -> KeepingMailer:
    found: Any = adapters.mailer
    return found


@pytest.fixture
def queue(adapters: Adapters) -> HeldJobQueue:
    found: Any = adapters.job_queue
    return found


@dataclass
class SlowMailer:
    """Takes its time, so that others can come in between."""

    delivers: bool = True
    sent: list[str] = field(default_factory=list)

    def send(self, letter: Letter) -> None:
        time.sleep(0.05)
        self.sent.append(letter.message_id)


def promise() -> UUID:
    message = mail.post("reset_password", RECIPIENT, FACTS, organization_id=None)
    db.session.commit()
    return message.id


def found(message_id: UUID) -> OutboxMessage:
    db.session.expire_all()
    return db.session.get_one(OutboxMessage, message_id)


def change(message_id: UUID, **values: Any) -> None:
    db.session.execute(update(OutboxMessage).where(OutboxMessage.id == message_id).values(**values))
    db.session.commit()


def stored(column: str) -> list[Any]:
    """What really stands in the table, past the models."""
    rows = db.session.execute(text(f"SELECT {column} FROM outbox_messages ORDER BY id"))
    return list(rows.scalars())


class TestPromising:
    def test_nothing_is_asked_for_before_the_commit(
        self, opened: Flask, queue: HeldJobQueue
    ) -> None:
        mail.post("reset_password", RECIPIENT, FACTS, organization_id=None)
        assert queue.depth() == 0
        db.session.commit()
        assert queue.depth() == 1

    def test_a_change_that_is_undone_writes_to_nobody(
        self, opened: Flask, queue: HeldJobQueue
    ) -> None:
        mail.post("reset_password", RECIPIENT, FACTS, organization_id=None)
        db.session.rollback()
        db.session.commit()
        assert (queue.depth(), stored("id")) == (0, [])

    def test_a_savepoint_neither_wakes_too_early_nor_forgets(
        self, opened: Flask, queue: HeldJobQueue
    ) -> None:
        mail.post("reset_password", RECIPIENT, FACTS, organization_id=None)
        with db.session.begin_nested():
            db.session.execute(text("SELECT 1"))
        assert queue.depth() == 0
        with pytest.raises(RuntimeError), db.session.begin_nested():
            raise RuntimeError("only this part is undone")
        db.session.commit()
        assert queue.depth() == 1

    def test_the_link_stands_nowhere_in_the_database(self, opened: Flask) -> None:
        message = found(promise())
        assert "very-secret" in (message.text or "")
        assert "very-secret" in (message.html or "")
        for column in ("text", "html"):
            (sealed,) = stored(column)
            assert "very-secret" not in sealed
            assert "very-secret" in vault.open(sealed)

    def test_without_a_provider_the_message_is_kept_to_be_read(
        self, opened: Flask, adapters: Adapters, queue: HeldJobQueue
    ) -> None:
        adapters.mailer = NoMailer()
        message = found(promise())
        assert message.status is MailStatus.KEPT
        assert (queue.depth(), sweep()) == (0, 0)
        assert "very-secret" in (message.text or "")


class TestCarrying:
    def test_a_message_goes_out_and_its_body_is_wiped(
        self, opened: Flask, mailer: KeepingMailer, queue: HeldJobQueue
    ) -> None:
        message_id = promise()
        queue.run_all()
        (letter,) = mailer.sent
        assert letter.recipient == RECIPIENT
        assert "very-secret" in letter.text
        message = found(message_id)
        assert (message.status, message.tries, message.lease_until) == (MailStatus.SENT, 1, None)
        assert message.sent_at is not None
        assert (stored("text"), stored("html")) == ([None], [None])

    def test_two_workers_carry_it_once(self, app: Flask, adapters: Adapters) -> None:
        adapters.mailer = slow = SlowMailer()
        with app.app_context():
            messages = [promise() for _ in range(5)]

        def work() -> None:
            for message_id in messages:
                with app.app_context():
                    mail.deliver(message_id)

        workers = [threading.Thread(target=work) for _ in range(4)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join(LONG)
        assert sorted(slow.sent) == sorted(map(str, messages))

    def test_carrying_it_again_does_nothing(self, opened: Flask, mailer: KeepingMailer) -> None:
        message_id = promise()
        mail.deliver(message_id)
        mail.deliver(message_id)
        assert len(mailer.sent) == 1

    def test_no_transaction_is_held_while_the_provider_thinks(
        self, opened: Flask, adapters: Adapters
    ) -> None:
        message_id = promise()
        states: list[bool] = []

        class Watching(KeepingMailer):
            def send(self, letter: Letter) -> None:
                states.append(db.session().in_transaction())

        adapters.mailer = Watching()
        mail.deliver(message_id)
        assert states == [False]


class TestTrouble:
    def test_a_passing_failure_is_tried_again_later(
        self, opened: Flask, mailer: KeepingMailer, queue: HeldJobQueue
    ) -> None:
        mailer.failures.append(ProviderError("SendGrid answered 503."))
        message_id = promise()
        queue.run_all()
        message = found(message_id)
        assert (message.status, message.tries) == (MailStatus.QUEUED, 1)
        assert message.last_error == "SendGrid answered 503."
        assert message.due_at > now() + timedelta(seconds=10)
        assert sweep() == 0
        mail.deliver(message_id)
        assert mailer.sent == []
        change(message_id, due_at=now())
        assert sweep() == 1
        queue.run_all()
        assert len(mailer.sent) == 1
        assert found(message_id).last_error == ""

    def test_each_wait_is_twice_the_last_and_an_hour_at_most(self) -> None:
        waits = [round((back_off(tries) - now()).total_seconds()) for tries in range(1, 12)]
        assert waits[:4] == [15, 30, 60, 120]
        assert waits[-1] == 3600

    def test_it_is_given_up_after_some_tries(self, opened: Flask, mailer: KeepingMailer) -> None:
        mailer.failures = [ProviderError("SendGrid answered 503.")] * (mail.MAX_TRIES + 5)
        message_id = promise()
        for _ in range(mail.MAX_TRIES):
            assert found(message_id).status is MailStatus.QUEUED
            change(message_id, due_at=now())
            mail.deliver(message_id)
        assert found(message_id).status is MailStatus.FAILED
        assert (stored("text"), stored("html")) == ([None], [None])
        assert len(mailer.failures) == 5
        assert sweep() == 0

    def test_what_the_provider_will_never_take_is_given_up_at_once(
        self, opened: Flask, mailer: KeepingMailer, queue: HeldJobQueue
    ) -> None:
        mailer.failures.append(ProviderError("SendGrid answered 400.", permanent=True))
        message_id = promise()
        queue.run_all()
        message = found(message_id)
        assert (message.status, message.tries) == (MailStatus.FAILED, 1)
        assert message.last_error == "SendGrid answered 400."
        assert stored("text") == [None]

    def test_a_message_that_kills_every_worker_is_given_up_too(
        self, opened: Flask, mailer: KeepingMailer
    ) -> None:
        message_id = promise()
        change(message_id, tries=mail.MAX_TRIES, lease_until=now() - timedelta(seconds=1))
        mail.deliver(message_id)
        assert found(message_id).status is MailStatus.FAILED
        assert mailer.sent == []

    def test_a_body_sealed_by_another_key_is_given_up_in_words(
        self, opened: Flask, mailer: KeepingMailer
    ) -> None:
        message_id = promise()
        db.session.execute(text("UPDATE outbox_messages SET text = 'sealed by another'"))
        db.session.commit()
        mail.deliver(message_id)
        message = found(message_id)
        assert message.status is MailStatus.FAILED
        assert "ENCRYPTION_KEY" in message.last_error
        assert mailer.sent == []


class TestLeases:
    def test_who_holds_the_lease_is_left_alone(self, opened: Flask, mailer: KeepingMailer) -> None:
        message_id = promise()
        change(message_id, lease_until=now() + timedelta(seconds=30), tries=1)
        assert sweep() == 0
        mail.deliver(message_id)
        assert mailer.sent == []

    def test_a_worker_that_died_loses_its_lease_and_the_mail_goes_out(
        self, opened: Flask, mailer: KeepingMailer, queue: HeldJobQueue
    ) -> None:
        message_id = promise()
        queue.stop()
        change(message_id, lease_until=now() - timedelta(seconds=1), tries=1)
        queue.start(lambda _name, row_id: mail.deliver(row_id))
        assert sweep() == 1
        queue.run_all()
        assert len(mailer.sent) == 1
        assert found(message_id).tries == 2


class TestLosingAccess:
    NEW = "new@harbour.example.com"

    @pytest.fixture(autouse=True)
    def invited(self, cast: Cast, mailer: KeepingMailer, queue: HeldJobQueue) -> None:
        """The admin has invited somebody, and the mail has not left yet."""
        queue.run_all()
        mailer.sent.clear()
        answer = cast.admin.post("/api/invites", {"email": self.NEW, "role": "agent"})
        assert answer.status_code == 201

    def test_to_begin_with_it_would_go_out(
        self, mailer: KeepingMailer, queue: HeldJobQueue
    ) -> None:
        queue.run_all()
        assert [letter.recipient for letter in mailer.sent] == [self.NEW]

    def test_A7_suspending_cancels_what_they_caused(
        self, cast: Cast, mailer: KeepingMailer, queue: HeldJobQueue
    ) -> None:
        change_colleague(cast, active=False)
        queue.run_all()
        assert mailer.sent == []
        with cast.owner.app.app_context():
            assert stored("status")[-1] == "cancelled"
            assert (stored("text")[-1], stored("html")[-1]) == (None, None)

    def test_A7_suspending_at_the_last_moment_still_cancels(
        self, cast: Cast, mailer: KeepingMailer, queue: HeldJobQueue
    ) -> None:
        with cast.owner.app.app_context():
            db.session.execute(text("UPDATE users SET active = false WHERE name = 'Adam'"))
            db.session.commit()
        queue.run_all()
        assert mailer.sent == []

    def test_A7_demoting_cancels_the_invitations_that_have_not_left(
        self, cast: Cast, mailer: KeepingMailer, queue: HeldJobQueue
    ) -> None:
        change_colleague(cast, role="agent")
        queue.run_all()
        assert mailer.sent == []

    def test_mail_to_oneself_still_arrives_after_a_demotion(
        self, cast: Cast, mailer: KeepingMailer, queue: HeldJobQueue
    ) -> None:
        cast.nobody.post("/api/auth/forgot-password", {"email": cast.admin.email})
        change_colleague(cast, role="agent")
        queue.run_all()
        assert [letter.recipient for letter in mailer.sent] == [cast.admin.email]


def change_colleague(cast: Cast, **changes: Any) -> None:
    assert cast.owner.patch(f"/api/users/{cast.admin.id}", changes).status_code == 200


class TestSweeper:
    def test_it_finds_what_the_queue_has_lost(
        self, app: Flask, mailer: KeepingMailer, queue: HeldJobQueue
    ) -> None:
        queue.stop()
        with app.app_context():
            promise()
        queue.start(lambda _name, row_id: mail.deliver(row_id))
        sweeper = Sweeper(app, seconds=60)
        sweeper.start()
        self._wait_until(lambda: queue.depth() == 1)
        sweeper.stop()
        with app.app_context():
            queue.run_all()
        assert len(mailer.sent) == 1

    def test_it_outlives_a_database_that_is_away(
        self, app: Flask, adapters: Adapters, queue: HeldJobQueue
    ) -> None:
        class Moody(HeldJobQueue):
            complaints = 0

            def enqueue(self, name: str, row_id: UUID) -> None:
                if self.complaints < 2:
                    self.complaints += 1
                    raise OperationalError("SELECT", {}, Exception("away"))
                super().enqueue(name, row_id)

        with app.app_context():
            promise()
        adapters.job_queue = moody = Moody()
        moody.start(lambda _name, _row: None)
        sweeper = Sweeper(app, seconds=0.02)
        sweeper.start()
        self._wait_until(lambda: moody.depth() == 1)
        sweeper.stop()

    def _wait_until(self, condition: Any) -> None:
        deadline = time.monotonic() + LONG
        while not condition():
            assert time.monotonic() < deadline
            time.sleep(0.01)
