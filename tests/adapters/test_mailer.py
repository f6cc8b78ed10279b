"""Who carries the mail: the real one speaks to a server that judges as SendGrid does."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from app.adapters.mailer import Letter, Mailer, NoMailer, SendGridMailer
from app.errors import ProviderError
from tests.fakes import KeepingMailer
from tests.stubs.sendgrid import SendGridStub

LETTER = Letter(
    message_id="0198c0de-0000-7000-8000-000000000000",
    recipient="aisha@harbour.example.com",
    subject="Grüße aus dem Hafen — 港から",
    text="Read on: https://desk.example.com/reset-password#token=abc\n",
    html="<p>Read <a href='https://desk.example.com/'>on</a></p>",
)
SENDER = "Harbour Desk <desk@harbour.example.com>"
SOON = 0.3


@pytest.fixture
def sendgrid() -> Iterator[SendGridStub]:
    with SendGridStub() as stub:
        yield stub


@pytest.fixture
def mailer(sendgrid: SendGridStub) -> SendGridMailer:
    return sending_to(sendgrid.url)


def sending_to(url: str, key: str = "SG.stub") -> SendGridMailer:
    return SendGridMailer(key, SENDER, url, timeout=SOON)


class TestContract:
    """What services rely on, of the fake and of the real one alike."""

    @pytest.fixture(params=["fake", "sendgrid"])
    def mailer(self, request: pytest.FixtureRequest, sendgrid: SendGridStub) -> Mailer:
        return KeepingMailer() if request.param == "fake" else sending_to(sendgrid.url)

    def test_what_arrives_is_what_was_sent(self, mailer: Mailer, sendgrid: SendGridStub) -> None:
        mailer.send(LETTER)
        assert mailer.delivers
        assert arrived(mailer, sendgrid) == [LETTER]

    @pytest.mark.parametrize("permanent", [True, False])
    def test_a_failure_says_whether_trying_again_could_help(
        self, mailer: Mailer, sendgrid: SendGridStub, permanent: bool
    ) -> None:
        if isinstance(mailer, KeepingMailer):
            mailer.failures.append(ProviderError("refused", permanent=permanent))
        sendgrid.answer_next_with(400 if permanent else 503)
        with pytest.raises(ProviderError) as failure:
            mailer.send(LETTER)
        assert failure.value.permanent is permanent

    def test_it_works_again_after_a_failure(self, mailer: Mailer, sendgrid: SendGridStub) -> None:
        if isinstance(mailer, KeepingMailer):
            mailer.failures.append(ProviderError("refused"))
        sendgrid.answer_next_with(500)
        with pytest.raises(ProviderError):
            mailer.send(LETTER)
        mailer.send(LETTER)
        assert arrived(mailer, sendgrid) == [LETTER]


def test_the_request_is_the_one_that_sendgrid_documents(
    mailer: SendGridMailer, sendgrid: SendGridStub
) -> None:
    mailer.send(LETTER)
    (delivery,) = sendgrid.accepted
    assert delivery.body["from"] == {"email": "desk@harbour.example.com", "name": "Harbour Desk"}
    assert delivery.body["personalizations"][0]["to"] == [{"email": LETTER.recipient}]
    # In this order: a mail program shows the last part that it understands.
    assert [part["type"] for part in delivery.body["content"]] == ["text/plain", "text/html"]
    # A link that SendGrid rewrote would lead its secret past SendGrid's servers.
    assert delivery.body["tracking_settings"] == {"click_tracking": {"enable": False}}


def test_a_wrong_key_can_be_mended_and_its_failure_does_not_tell_the_key(
    sendgrid: SendGridStub,
) -> None:
    with pytest.raises(ProviderError) as failure:
        sending_to(sendgrid.url, key="SG.somebody-elses").send(LETTER)
    assert not failure.value.permanent
    assert "SG." not in str(failure.value)


@pytest.mark.parametrize(
    ("status", "permanent"),
    [
        (400, True),
        (401, False),
        (403, False),
        (413, True),
        (408, False),
        (425, False),
        (429, False),
        (500, False),
        (502, False),
        (503, False),
        (504, False),
    ],
)
def test_a_status_decides_whether_to_try_again(
    mailer: SendGridMailer, sendgrid: SendGridStub, status: int, permanent: bool
) -> None:
    sendgrid.answer_next_with(status)
    with pytest.raises(ProviderError, match=str(status)) as failure:
        mailer.send(LETTER)
    assert failure.value.permanent is permanent


def test_a_server_that_hangs_is_given_up_in_time(
    mailer: SendGridMailer, sendgrid: SendGridStub
) -> None:
    sendgrid.hang()
    began = time.monotonic()
    with pytest.raises(ProviderError) as failure:
        mailer.send(LETTER)
    took = time.monotonic() - began
    assert not failure.value.permanent
    assert took < SOON + 5


def test_a_server_that_is_not_there_is_no_permanent_failure() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{closed.getsockname()[1]}"
    with pytest.raises(ProviderError) as failure:
        sending_to(url).send(LETTER)
    assert not failure.value.permanent


@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"220 smtp.example.com ESMTP\r\n",
        b"HTTP/1.1 500 Oops\r\nContent-Length: 100\r\n\r\ntoo little",
        b"HTTP/1.1 202 " + b"x" * 70_000 + b"\r\n\r\n",
    ],
    ids=["nothing", "another protocol", "cut short", "endless"],
)
def test_an_answer_that_is_none_is_no_permanent_failure(said: bytes) -> None:
    with server_that_says(said) as url, pytest.raises(ProviderError) as failure:
        sending_to(url).send(LETTER)
    assert not failure.value.permanent


def test_without_a_provider_nothing_is_sent() -> None:
    assert not NoMailer().delivers
    with pytest.raises(ProviderError) as failure:
        NoMailer().send(LETTER)
    assert failure.value.permanent


def arrived(mailer: Mailer, sendgrid: SendGridStub) -> list[Letter]:
    if isinstance(mailer, KeepingMailer):
        return mailer.sent
    return [
        Letter(
            message_id=one.message_id,
            recipient=one.recipient,
            subject=one.subject,
            text=one.part("text/plain"),
            html=one.part("text/html"),
        )
        for one in sendgrid.accepted
    ]


@contextmanager
def server_that_says(said: bytes) -> Iterator[str]:
    """Whoever comes is told this once, whatever they ask."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def answer() -> None:
            caller, _ = listener.accept()
            with caller:
                caller.recv(65_536)
                caller.sendall(said)

        thread = threading.Thread(target=answer)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        thread.join(timeout=10)
