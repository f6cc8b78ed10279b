"""SendGrid's v3 API as far as sending goes: POST /v3/mail/send, answered as a test wishes.

It judges a request as the real one does (401 for a wrong key, 400 for a body that lacks something,
202 with an empty body and X-Message-Id for a good one), so that a sender cannot pass here with
what SendGrid would refuse.
"""

from __future__ import annotations

import json
import threading
from collections import Counter, deque
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from uuid import uuid4

PATH = "/v3/mail/send"
ACCEPTED = 202


@dataclass(frozen=True)
class Delivery:
    """One request to send, and what it was answered; None while or when it never is."""

    body: dict[str, Any]
    status: int | None

    @property
    def message_id(self) -> str:
        """What Frontdesk calls the message."""
        return str(self.body.get("custom_args", {}).get("frontdesk_message_id", ""))

    @property
    def recipient(self) -> str:
        return str(self.body["personalizations"][0]["to"][0]["email"])

    @property
    def subject(self) -> str:
        return str(self.body["subject"])

    def part(self, media_type: str) -> str:
        """The text or HTML of the message."""
        return str(next(one["value"] for one in self.body["content"] if one["type"] == media_type))


class SendGridStub:
    """A server on a free port of this machine, in threads of this process."""

    def __init__(self, api_key: str = "SG.stub") -> None:
        self.api_key = api_key
        self._lock = threading.Lock()
        self._attempts: list[Delivery] = []
        self._answers: deque[int] = deque()
        self._open = threading.Event()
        self._open.set()
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.stub = self
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._open.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    @property
    def settings(self) -> dict[str, str]:
        """The environment variables that lead a server here."""
        return {"SENDGRID_API_KEY": self.api_key, "SENDGRID_API_BASE": self.url}

    @property
    def attempts(self) -> list[Delivery]:
        """Every request that came, those without an answer too."""
        with self._lock:
            return list(self._attempts)

    @property
    def accepted(self) -> list[Delivery]:
        return [one for one in self.attempts if one.status == ACCEPTED]

    def times_accepted(self) -> Counter[str]:
        """How often each message was taken over for delivery."""
        return Counter(one.message_id for one in self.accepted)

    def answer_next_with(self, *statuses: int) -> None:
        """Refuse the next requests with these statuses, whatever they are."""
        with self._lock:
            self._answers.extend(statuses)

    def hang(self) -> None:
        """Take requests and never answer them, until told to work again."""
        self._open.clear()

    def work_again(self) -> None:
        """Answer what comes from now on; what hangs is dropped without an answer."""
        self._open.set()

    def judge(self, key: str | None, path: str, body: dict[str, Any]) -> int | None:
        """The status for this request, or None for no answer at all."""
        if not self._open.is_set():
            self._note(body, None)
            self._open.wait()
            return None
        with self._lock:
            status = self._answers.popleft() if self._answers else _verdict(key, path, body, self)
        self._note(body, status)
        return status

    def _note(self, body: dict[str, Any], status: int | None) -> None:
        with self._lock:
            self._attempts.append(Delivery(body, status))


def _verdict(key: str | None, path: str, body: dict[str, Any], stub: SendGridStub) -> int:
    if path != PATH:
        return 404
    if key != f"Bearer {stub.api_key}":
        return 401
    return ACCEPTED if _is_complete(body) else 400


def _is_complete(body: dict[str, Any]) -> bool:
    try:
        addresses = [one["email"] for group in body["personalizations"] for one in group["to"]]
        addresses.append(body["from"]["email"])
        texts = [part["value"] for part in body["content"]] + [body["subject"]]
    except (KeyError, TypeError):
        return False
    return all("@" in one for one in addresses) and all(texts) and len(addresses) > 1


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    stub: SendGridStub


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length", 0))
        body = json.loads(self.rfile.read(length) or b"{}")
        status = self.server.stub.judge(self.headers.get("Authorization"), self.path, body)
        if status is None:
            self.close_connection = True
            return
        self._answer(status)

    def log_message(self, *_: Any) -> None:
        """The tests read what was sent; nobody reads a log."""

    def _answer(self, status: int) -> None:
        said = b""
        self.send_response(status)
        if status == ACCEPTED:
            self.send_header("X-Message-Id", uuid4().hex)
        else:
            errors = [{"message": f"The stub says {status}.", "field": None, "help": None}]
            said = json.dumps({"errors": errors}).encode()
            self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)
