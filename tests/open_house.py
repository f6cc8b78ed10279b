"""An app that is really open: HTTP and sockets on a port, its fakes still at hand."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Self
from uuid import uuid4

import websocket
from flask import Flask
from werkzeug.serving import make_server

from tests.cast import Person

SECONDS = 10.0
Frame = dict[str, Any]


class House:
    """Where the app answers."""

    def __init__(self, app: Flask, port: int) -> None:
        self.app = app
        self.port = port
        self.guests: list[Guest] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def socket_url(self, key: str) -> str:
        return f"ws://127.0.0.1:{self.port}/api/chat/ws?key={key}"

    def guest(self, key: str, origin: str | None = None) -> Guest:
        """A visitor in front of the widget that has this key."""
        guest = Guest(self.socket_url(key), origin)
        self.guests.append(guest)
        return guest

    def screen(self, person: Person, origin: str | None = None) -> Guest:
        """The inbox of somebody of the team, with the cookies of their browser."""
        url = f"ws://127.0.0.1:{self.port}/api/inbox/ws"
        cookie = "access_token_cookie=" + person.cookie("access_token_cookie")
        screen = Guest(url, origin, cookie)
        self.guests.append(screen)
        return screen

    def run_jobs(self) -> None:
        """What the workers would do meanwhile."""
        self.app.extensions["adapters"].job_queue.run_all()


@contextmanager
def opened(app: Flask) -> Iterator[House]:
    server = make_server("127.0.0.1", 0, app, threaded=True)
    server.daemon_threads = True  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, args=[0.02], daemon=True)
    thread.start()
    house = House(app, server.server_port)
    try:
        yield house
    finally:
        for guest in house.guests:
            guest.hang_up()
        app.extensions["open_lines"].say_goodbye()
        server.shutdown()
        thread.join()
        server.server_close()


class Guest:
    """A visitor's browser: one socket, and everything that came through it."""

    def __init__(self, url: str, origin: str | None = None, cookie: str | None = None) -> None:
        self.url = url
        self.origin = origin
        self.cookie = cookie
        self.header: dict[str, str] = {}
        self.frames: list[Frame] = []
        self.token: str | None = None
        self._socket: Any = None
        self._read = 0

    def connect(self, **hello: Any) -> Frame:
        """Say hello, with the token that was given before, and be welcomed."""
        self.dial()
        if self.token and "visitor_token" not in hello:
            hello["visitor_token"] = self.token
        self.send("hello", **hello)
        welcome = self.expect("welcome")
        self.token = welcome["visitor_token"]
        return welcome

    def dial(self) -> Self:
        self.hang_up()
        self._socket = websocket.create_connection(
            self.url,
            timeout=SECONDS,
            origin=self.origin,
            suppress_origin=self.origin is None,
            cookie=self.cookie,
            header=self.header,
        )
        self._read = len(self.frames)
        return self

    def send(self, kind: str, **fields: Any) -> None:
        self.send_raw(json.dumps({"type": kind, **fields}))

    def send_raw(self, text: str | bytes) -> None:
        if isinstance(text, bytes):
            self._socket.send_binary(text)
        else:
            self._socket.send(text)

    def send_frame(self, payload: bytes, opcode: int) -> None:
        self._socket.send(payload, opcode)

    def say(self, text: str, client_id: str | None = None, **fields: Any) -> Frame:
        """Send a message and wait until it is acknowledged."""
        client_id = client_id or uuid4().hex
        self.send("message", client_id=client_id, text=text, **fields)
        return self.expect("accepted", lambda frame: frame["client_id"] == client_id)

    def expect(self, kind: str, fits: Callable[[Frame], bool] = lambda _: True) -> Frame:
        """The next frame of this kind that fits; what comes before it is kept in `frames`."""
        while True:
            while self._read < len(self.frames):
                frame = self.frames[self._read]
                self._read += 1
                if frame["type"] == kind and fits(frame):
                    return frame
            self.frames.append(self.receive())

    def event(self, kind: str = "message", **fields: Any) -> Frame:
        """The next event of this kind, by this author kind if `author` is given."""
        author = fields.pop("author", None)

        def fits(frame: Frame) -> bool:
            event = frame["event"]
            return event["kind"] == kind and author in {None, event["author"]["kind"]}

        found: Frame = self.expect("event", fits)["event"]
        return found

    def receive(self) -> Frame:
        frame: Frame = json.loads(self._socket.recv())
        return frame

    def silence(self, seconds: float = 0.3) -> list[Frame]:
        """What comes within this time, when nothing is waited for."""
        came: list[Frame] = []
        self._socket.settimeout(seconds)
        try:
            while True:
                came.append(self.receive())
        except websocket.WebSocketTimeoutException:
            pass
        finally:
            self._socket.settimeout(SECONDS)
        self.frames += came
        self._read = len(self.frames)
        return came

    def is_hung_up_on(self) -> bool:
        """Whether the server closes the socket, whatever it says before."""
        try:
            while True:
                opcode, _ = self._socket.recv_data()
                if opcode == websocket.ABNF.OPCODE_CLOSE:
                    return True
        except websocket.WebSocketTimeoutException:
            return False
        except (websocket.WebSocketException, OSError):
            return True

    def hang_up(self) -> None:
        if self._socket is not None:
            self._socket.close()

    def vanish(self) -> None:
        """As when a cable is pulled: no goodbye."""
        self._socket.sock.close()
