"""Mail that is owed goes out, once, whatever dies between the promise and the sending."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

from tests.e2e.patience import wait_for
from tests.e2e.people import PASSWORD
from tests.e2e.server import Server
from tests.stubs.sendgrid import Delivery, SendGridStub

pytestmark = pytest.mark.e2e
# The client gives SendGrid ten seconds: whoever waits for it takes at least as long.
SOON = 5.0
LONG_AGO = "2000-01-01 00:00:00.000000"


@pytest.fixture(scope="module")
def sendgrid() -> Iterator[SendGridStub]:
    with SendGridStub() as stub:
        yield stub


@pytest.fixture(scope="module")
def settings(sendgrid: SendGridStub) -> dict[str, str]:
    """One thread carries the mail, so that one letter can hold up the next."""
    return {**sendgrid.settings, "JOB_THREADS": "1", "DEMO": "false"}


@pytest.fixture(autouse=True)
def a_sendgrid_that_works(sendgrid: SendGridStub) -> Iterator[None]:
    yield
    sendgrid.work_again()


@pytest.fixture
def doomed(folder: Path, settings: dict[str, str]) -> Iterator[Server]:
    """A server of a test's own, which it will kill."""
    server = Server(folder, **settings)
    yield server.start()
    server.kill()


def test_mail_promised_before_a_kill_goes_out_once_after_the_restart(
    doomed: Server, sendgrid: SendGridStub
) -> None:
    olivia = "olivia@harbour.example.com"
    sendgrid.hang()
    register(doomed, olivia)
    forget_password(doomed, olivia)
    wait_for(lambda: attempts(sendgrid, olivia), "attempt to send")
    doomed.kill()
    promised = outbox(doomed, olivia)
    # One was being sent, the others had not been begun.
    assert sorted(row["tries"] for row in promised) == [0, 0, 1]
    come_back_later(doomed, sendgrid)
    wait_until_all(doomed, olivia, "sent")
    assert_each_accepted_once(sendgrid, promised)
    (letter,) = [one for one in attempts(sendgrid, olivia, 202) if "password" in one.subject]
    token = letter.part("text/plain").partition("#token=")[2].split()[0]
    facts = {"token": token, "password": "a quite different horse"}
    assert httpx2.post(f"{doomed.url}/api/auth/reset-password", json=facts).status_code == 204


def test_a_kill_at_the_very_moment_of_the_commit_loses_nothing(
    doomed: Server, sendgrid: SendGridStub
) -> None:
    mona = "mona@harbour.example.com"
    sendgrid.hang()
    asking = threading.Thread(target=register, args=(doomed, mona), daemon=True)
    asking.start()
    wait_for(lambda: outbox(doomed, mona), "committed message")
    doomed.kill()
    asking.join(timeout=10)
    promised = outbox(doomed, mona)
    assert len(promised) == 2
    come_back_later(doomed, sendgrid)
    wait_until_all(doomed, mona, "sent")
    assert_each_accepted_once(sendgrid, promised)


def test_a_sendgrid_that_fails_is_tried_again_after_a_while(
    server: Server, sendgrid: SendGridStub
) -> None:
    rosa = "rosa@harbour.example.com"
    register(server, rosa)
    wait_until_all(server, rosa, "sent")
    sendgrid.answer_next_with(500)
    forget_password(server, rosa)
    waiting = put_off(server)
    assert waiting["last_error"] == "SendGrid answered 500."
    assert waiting["seconds"] > SOON
    # That while passes; whoever looks after such messages finds it.
    server.change_rows("UPDATE outbox_messages SET due_at = ? WHERE tries = 1", LONG_AGO)
    wait_until_all(server, rosa, "sent")
    assert [one.status for one in attempts(sendgrid, rosa)][-2:] == [500, 202]
    assert_each_accepted_once(sendgrid, outbox(server, rosa))


def test_what_sendgrid_refuses_for_good_is_shown_failed_with_its_reason_and_without_its_text(
    server: Server, sendgrid: SendGridStub
) -> None:
    nils = "nils@harbour.example.com"
    sendgrid.answer_next_with(400, 400)
    cookies = register(server, nils)
    wait_until_all(server, nils, "failed")
    assert [(row["text"], row["html"]) for row in outbox(server, nils)] == [(None, None)] * 2
    shown = httpx2.get(f"{server.url}/api/admin/mail", cookies=cookies).json()["items"]
    assert {(one["status"], one["last_error"]) for one in shown} == {
        ("failed", "SendGrid answered 400.")
    }
    assert not {"text", "html", "body"} & set(shown[0])
    page = httpx2.get(f"{server.url}/dashboard/settings/mail", cookies=cookies).text
    assert "SendGrid answered 400." in page
    assert "token=" not in page


def test_a_sendgrid_that_never_answers_holds_nobody_up(
    server: Server, sendgrid: SendGridStub
) -> None:
    hanna = "hanna@harbour.example.com"
    sendgrid.hang()
    began = time.monotonic()
    cookies = register(server, hanna)
    forget_password(server, hanna)
    wait_for(lambda: attempts(sendgrid, hanna), "attempt to send")
    assert httpx2.get(f"{server.url}/dashboard", cookies=cookies).status_code == 200
    assert server.status("/health") == 200
    assert time.monotonic() - began < SOON
    assert attempts(sendgrid, hanna, 202) == []


def test_nobody_reads_mail_on_this_machine_that_is_really_sent(server: Server) -> None:
    assert server.status("/dev/mail") == 404


def test_the_server_leaves_although_a_letter_is_stuck(
    doomed: Server, sendgrid: SendGridStub
) -> None:
    lena = "lena@harbour.example.com"
    sendgrid.hang()
    register(doomed, lena)
    wait_for(lambda: attempts(sendgrid, lena), "attempt to send")
    assert doomed.stop() < 2 * SOON


def register(server: Server, email: str) -> dict[str, str]:
    """Two messages are owed after this: the welcome and the link that proves the address."""
    facts = {"email": email, "password": PASSWORD, "name": "Somebody", "organization": "Harbour"}
    try:
        answer = httpx2.post(f"{server.url}/api/auth/register", json=facts, timeout=20)
    except httpx2.HTTPError:
        # Whoever is killed while answering does not answer.
        return {}
    assert answer.status_code == 201, answer.text
    return dict(answer.cookies)


def forget_password(server: Server, email: str) -> None:
    answer = httpx2.post(f"{server.url}/api/auth/forgot-password", json={"email": email})
    assert answer.status_code == 202, answer.text


def attempts(sendgrid: SendGridStub, email: str, status: int | None = 0) -> list[Delivery]:
    """What SendGrid was asked to send to this address; with this status, if one is named."""
    found = [one for one in sendgrid.attempts if one.recipient == email]
    return [one for one in found if status in {0, one.status}]


def assert_each_accepted_once(sendgrid: SendGridStub, promised: list[dict[str, Any]]) -> None:
    times = sendgrid.times_accepted()
    assert {named(row["id"]): times[named(row["id"])] for row in promised} == {
        named(row["id"]): 1 for row in promised
    }


def outbox(server: Server, email: str) -> list[dict[str, Any]]:
    return server.rows("SELECT * FROM outbox_messages WHERE recipient = ? ORDER BY id", email)


def named(row_id: str) -> str:
    """The id as the message carries it: SQLite keeps it without the dashes."""
    return "-".join([row_id[:8], row_id[8:12], row_id[12:16], row_id[16:20], row_id[20:]])


def wait_until_all(server: Server, email: str, status: str) -> None:
    wait_for(
        lambda: {row["status"] for row in outbox(server, email)} == {status}, f"end as “{status}”"
    )


def put_off(server: Server) -> dict[str, Any]:
    """The message that has failed once and waits for its next chance."""
    query = (
        "SELECT *, unixepoch(due_at) - unixepoch('now') AS seconds FROM outbox_messages"
        " WHERE status = 'queued' AND lease_until IS NULL AND tries = 1"
    )
    return wait_for(lambda: server.rows(query), "message put off")[0]


def come_back_later(server: Server, sendgrid: SendGridStub) -> None:
    """SendGrid works again, and more than a minute has passed when the server is back.

    Until then it is not known whether whoever had begun to send a message is still at it.
    """
    sendgrid.work_again()
    server.change_rows("UPDATE outbox_messages SET lease_until = ?", LONG_AGO)
    server.start()
