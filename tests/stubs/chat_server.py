"""The visitor's socket as far as the widget can see it, with answers that a test scripts.

The real server is what the end-to-end tests talk to. This one is for what a real one cannot be
made to do at a given moment: stream slowly, fall silent, refuse, bring in a person at once.
"""

from __future__ import annotations

import contextlib
import json
import threading
import time
from datetime import UTC, datetime, timedelta
from typing import Any, Self
from uuid import uuid4

from flask import Flask, Response, abort, request
from flask_sock import Sock
from simple_websocket import ConnectionClosed, Server
from werkzeug.serving import make_server

from app.pages import widget_files
from tests.stubs.chat_script import ANSWERS, CONFIG, HOSTS, Answer

ASSISTANT = {"kind": "assistant", "name": "Assistant", "picture_url": None}
VISITOR = {"kind": "visitor", "name": "Visitor", "picture_url": None}
SYSTEM = {"kind": "system", "name": "", "picture_url": None}


class ChatServer:
    """One organization's desk. Its talk is in memory, and survives a `restart`."""

    def __init__(self, **look: Any) -> None:
        self.config = {**CONFIG, "widget": {**CONFIG["widget"], **look}}
        self.pause = 0.0
        self.answers: dict[str, Answer] = dict(ANSWERS)
        self.heard: list[dict[str, Any]] = []
        self.hosts = dict(HOSTS)
        self._talks: dict[str, Talk] = {}
        self._owners: dict[str, list[str]] = {}
        self._sockets: dict[Server, str] = {}
        self._server: Any = None
        self._port = 0

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    def start(self) -> None:
        self._server = make_server("127.0.0.1", self._port, self._app(), threaded=True)
        self._port = self._server.server_port
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self.hang_up()

    def hang_up(self, goodbye: dict[str, Any] | None = None) -> None:
        """Every socket ends, with or without a word."""
        for socket in list(self._sockets):
            with contextlib.suppress(ConnectionClosed):
                if goodbye:
                    socket.send(json.dumps({"type": "goodbye", **goodbye}))
                socket.close()

    @property
    def talks(self) -> list[Talk]:
        return list(self._talks.values())

    def tell(self, frame: dict[str, Any]) -> None:
        """Something for everybody."""
        for socket in list(self._sockets):
            with contextlib.suppress(ConnectionClosed):
                socket.send(json.dumps(frame))

    def add(self, talk: Talk, event: dict[str, Any]) -> dict[str, Any]:
        talk.seq += 1
        whole = {"id": str(uuid4()), "seq": talk.seq, "created_at": _now(), "text": "", **event}
        talk.events.append(whole)
        self.tell(
            {
                "type": "event",
                "conversation_id": talk.id,
                "event": whole,
                "conversation": talk.view(),
            }
        )
        return whole

    def join(self, talk: Talk, name: str) -> None:
        """A person takes over: the epoch rises, what the assistant was saying is void."""
        talk.person = {"kind": "person", "name": name, "picture_url": None}
        talk.epoch += 1
        self.add(talk, {"kind": "joined", "author": talk.person})

    def say(self, talk: Talk, text: str) -> None:
        self.add(talk, {"kind": "message", "author": talk.person or ASSISTANT, "text": text})

    def _app(self) -> Flask:
        app = Flask("chat_stub")
        app.register_blueprint(widget_files.pages)
        sock = Sock(app)

        @app.after_request
        def for_all(response: Response) -> Response:
            response.headers.setdefault("Access-Control-Allow-Origin", "*")
            response.headers.setdefault("Access-Control-Allow-Headers", "Authorization")
            return response

        @app.get("/api/chat/config")
        def config() -> dict[str, Any]:
            return self.config

        @app.get("/host/<name>")
        def host(name: str) -> Response:
            page, policy = self.hosts.get(name) or abort(404)
            response = Response(page.replace("%SERVER%", self.url), mimetype="text/html")
            if policy:
                policy = policy.replace("%SERVER%", self.url)
                response.headers["Content-Security-Policy"] = policy
            return response

        @app.post("/api/chat/upload")
        def upload() -> dict[str, Any]:
            file = request.files["file"]
            size = len(file.read())
            media_type = file.mimetype
            return {
                "id": str(uuid4()),
                "name": file.filename,
                "size": size,
                "media_type": media_type,
            }

        @app.get("/api/chat/transcript/<talk_id>")
        def transcript(talk_id: str) -> Response:
            lines = [event["text"] for event in self._talks[talk_id].events]
            return Response("\n".join(lines), mimetype="text/plain")

        @sock.route("/api/chat/ws")  # type: ignore[untyped-decorator]
        def socket(socket: Server) -> None:
            self._serve(socket)

        return app

    def _serve(self, socket: Server) -> None:
        self._sockets[socket] = ""
        try:
            while True:
                frame = json.loads(socket.receive())
                self.heard.append(frame)
                getattr(self, f"_on_{frame['type']}", self._ignore)(socket, frame)
        except ConnectionClosed:
            pass
        finally:
            self._sockets.pop(socket, None)

    def _ignore(self, socket: Server, frame: dict[str, Any]) -> None:
        """What changes nothing that a visitor would see."""

    def _on_ping(self, socket: Server, _: dict[str, Any]) -> None:
        socket.send('{"type": "pong"}')

    def _on_hello(self, socket: Server, frame: dict[str, Any]) -> None:
        token = frame.get("visitor_token")
        if token not in self._owners:
            token = f"vt_{uuid4().hex}"
            self._owners[token] = []
        mine = self._owners[token]
        wanted = frame.get("conversation_id")
        talk_id = wanted if wanted in mine else (mine[-1] if mine else "")
        if frame.get("fresh"):
            talk_id = ""
        self._sockets[socket] = talk_id
        socket.token = token
        talk = self._talks.get(talk_id)
        seen = frame["last_seq"] if talk_id == wanted else 0
        welcome = {
            "type": "welcome",
            "visitor_token": token,
            "visitor": {"id": "1", "name": None, "email": None, "identified": False},
            **self.config,
            "conversation": talk.view() if talk else None,
            "events": [one for one in talk.events if one["seq"] > seen] if talk else [],
            "more": False,
            "unread": 0,
            "conversations_count": len(mine),
        }
        socket.send(json.dumps(welcome))

    def _on_open(self, socket: Server, frame: dict[str, Any]) -> None:
        talk = self._talks.get(frame["conversation_id"] or "")
        self._sockets[socket] = talk.id if talk else ""
        view, events = (talk.view(), talk.events) if talk else (None, [])
        answer = {"type": "opened", "conversation": view, "events": events, "more": False}
        socket.send(json.dumps(answer))

    def _on_list(self, socket: Server, _: dict[str, Any]) -> None:
        items = [self._talks[one].summary() for one in reversed(self._owners[socket.token])]
        socket.send(json.dumps({"type": "conversations", "items": items}))

    def _on_message(self, socket: Server, frame: dict[str, Any]) -> None:
        talk = self._talk_of(socket)
        event = next((e for e in talk.events if e.get("client_id") == frame["client_id"]), None)
        is_new = event is None
        if event is None:
            event = self.add(
                talk,
                {
                    "kind": "message",
                    "author": VISITOR,
                    "text": frame["text"],
                    "client_id": frame["client_id"],
                    "attachments": [
                        {
                            "id": one,
                            "name": "handlebar.png",
                            "size": 48_200,
                            "media_type": "image/png",
                        }
                        for one in frame.get("attachments", [])
                    ],
                },
            )
        accepted = {"client_id": frame["client_id"], "seq": event["seq"], "message_id": event["id"]}
        said = {"type": "accepted", "conversation_id": talk.id, "created_at": _now(), **accepted}
        socket.send(json.dumps(said))
        if is_new and not talk.person:
            threading.Thread(target=self._answer, args=(talk, frame["text"]), daemon=True).start()

    def _on_escalate(self, socket: Server, frame: dict[str, Any]) -> None:
        talk = self._talk_of(socket)
        expect = "Somebody from the team will answer here, usually within a few minutes."
        if not self.config["availability"]["open"]:
            expect = f"The answer goes to {frame.get('email')}, and you find it here too."
        event = {
            "kind": "escalated",
            "author": SYSTEM,
            "expect": expect,
            "ticket": {"number": 1042},
            "reason": frame.get("reason", ""),
        }
        needs = not frame.get("email")
        talk.waiting = True
        made = self.add(talk, {**event, "needs_email": needs, "client_id": frame["client_id"]})
        accepted = {"client_id": frame["client_id"], "seq": made["seq"], "message_id": made["id"]}
        socket.send(json.dumps({"type": "accepted", "conversation_id": talk.id, **accepted}))

    def _on_stop(self, socket: Server, _: dict[str, Any]) -> None:
        self._talk_of(socket).stopped = True

    def _on_end(self, socket: Server, _: dict[str, Any]) -> None:
        talk = self._talk_of(socket)
        talk.status = "closed"
        self.add(talk, {"kind": "closed", "author": SYSTEM, "by": "visitor"})

    def _on_erase(self, socket: Server, _: dict[str, Any]) -> None:
        for one in self._owners.pop(socket.token):
            del self._talks[one]
        socket.send('{"type": "goodbye", "reason": "erased", "retry_after_ms": 0}')
        socket.close()

    def _talk_of(self, socket: Server) -> Talk:
        talk_id = self._sockets[socket]
        if talk_id not in self._talks:
            talk = Talk(len(self._talks) + 1)
            self._talks[talk.id] = talk
            self._owners[socket.token].append(talk.id)
            for other in list(self._sockets):
                if getattr(other, "token", "") == socket.token and not self._sockets[other]:
                    self._sockets[other] = talk.id
            talk_id = talk.id
        return self._talks[talk_id]

    def _answer(self, talk: Talk, question: str) -> None:
        found = (one for word, one in self.answers.items() if word in question.lower())
        answer = next(found, self.answers[""])
        talk.stopped = False
        epoch, answer_id = talk.epoch, str(uuid4())
        typing = {"type": "typing", "conversation_id": talk.id, "who": "assistant", "typing": True}
        self.tell({**typing, "phase": "searching"})
        time.sleep(self.pause)
        shared = {"conversation_id": talk.id, "answer_id": answer_id, "attempt": 1, "epoch": epoch}
        said = 0
        for index, sentence in enumerate(answer.sentences):
            if talk.stopped or talk.epoch != epoch:
                break
            sources = [one for one in answer.citations if one["n"] in sentence["citations"]]
            delta = {"index": index, **sentence, "citations": sources}
            self.tell({"type": "delta", **shared, **delta})
            said += 1
            time.sleep(self.pause)
        if talk.epoch == epoch:
            self.add(talk, answer.event(answer_id, said))


class Talk:
    """One conversation."""

    def __init__(self, number: int) -> None:
        self.id = str(uuid4())
        self.number = number
        self.seq = self.epoch = 0
        self.events: list[dict[str, Any]] = []
        self.person: dict[str, Any] | None = None
        self.status = "open"
        self.waiting = self.stopped = False
        self.read = 0

    def view(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "number": self.number,
            "status": self.status,
            "speaker": "person" if self.person else "assistant",
            "epoch": self.epoch,
            "last_seq": self.seq,
            "person": self.person,
            "waiting_for_person": self.waiting and not self.person,
            "rating": None,
            "visitor_read_seq": 0,
            "team_read_seq": self.read,
            "created_at": _now(),
        }

    def summary(self) -> dict[str, Any]:
        said = [event["text"] for event in self.events if event["text"]]
        return {
            "id": self.id,
            "number": self.number,
            "preview": said[-1][:120] if said else "",
            "last_message_at": (datetime.now(UTC) - timedelta(days=self.number - 1)).isoformat(),
            "status": self.status,
            "unread": 0,
            "speaker": "person" if self.person else "assistant",
        }


def _now() -> str:
    return datetime.now(UTC).isoformat()
