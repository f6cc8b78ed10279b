"""Start everything on one machine: migrate, seed the demo, serve until told to stop."""

# The patch must come before anything that could have kept an unpatched socket or lock.
from gevent import monkey

monkey.patch_all()

import signal

# Until it serves there is nothing to put in order: Ctrl-C may end it on the spot, without a trace.
signal.signal(signal.SIGINT, signal.SIG_DFL)

import contextlib
import os
import socket
import sys
from collections.abc import Callable
from typing import ClassVar, Self
from wsgiref.types import WSGIApplication

import gevent
import gevent.event
from flask import Flask
from gevent.pool import Pool
from gevent.pywsgi import WSGIHandler, WSGIServer
from sqlalchemy.exc import DBAPIError

from app import create_app
from app.jobs import Sweeper, forget_leases
from app.pages.shop import shop_front
from app.schema import bring_up_to_date
from app.services.upkeep import demo
from config import Config, ConfigurationError

MOST_CONNECTIONS = 20_000
LEAVE_WITHIN_SECONDS = 4


def main() -> int:
    """Say on stderr what is wrong, if it cannot start; a stack trace helps nobody there."""
    if "LOG_FORMAT" not in os.environ and sys.stderr.isatty():
        os.environ["LOG_FORMAT"] = "text"
    try:
        config = Config.from_environment()
        app = create_app(config)
    except ConfigurationError as error:
        print(f"Frontdesk cannot start: {error}", file=sys.stderr)
        return 2
    try:
        with app.app_context():
            bring_up_to_date()
            if config.database_url.startswith("sqlite"):
                forget_leases()
            if config.demo:
                demo.seed()
            hint = demo.sign_in_hint()
    except DBAPIError as error:
        # The driver's own words; the whole error would repeat the statement and its values.
        reason = str(error.orig).strip().partition("\n")[0]
        print(f"Frontdesk cannot use its database: {reason}", file=sys.stderr)
        return 2
    return serve(app, config, hint)


def serve(app: Flask, config: Config, hint: dict[str, str] | None) -> int:
    server = _server(config.host, config.port, app)
    told_to_stop = _listen_for_signals()
    try:
        server.start()
    except OSError as error:
        _say_that_it_cannot_listen(config, error)
        return 1
    shop = _open_shop(app, config)
    sweeper = Sweeper(app, config.sweep_seconds)
    sweeper.start()
    _announce(config, hint)
    told_to_stop.wait()
    sweeper.stop()
    server.close()
    if shop is not None:
        shop.close()
    app.extensions["open_lines"].say_goodbye()
    Connection.close_the_waiting()
    server.stop(timeout=LEAVE_WITHIN_SECONDS)
    with contextlib.suppress(gevent.Timeout), gevent.Timeout(LEAVE_WITHIN_SECONDS):
        app.extensions["adapters"].job_queue.stop()
    return 0


def _server(host: str, port: int, app: WSGIApplication) -> WSGIServer:
    return WSGIServer(
        (host, port),
        app,
        log=None,
        error_log=None,
        spawn=Pool(MOST_CONNECTIONS),
        handler_class=Connection,
    )


def _open_shop(app: Flask, config: Config) -> WSGIServer | None:
    """The demo shop is another origin. If its port is taken, it is a page of ours instead."""
    if not config.demo or not config.shop_port:
        return None
    shop = _server(config.host, config.shop_port, shop_front(app))
    try:
        shop.start()
    except OSError:
        return None
    app.extensions["shop_is_open"] = True
    return shop


class Connection(WSGIHandler):  # type: ignore[misc]
    """Knows when it merely waits for its next request: leaving need not wait along with it."""

    waiting: ClassVar[set[Self]] = set()

    @classmethod
    def close_the_waiting(cls) -> None:
        for connection in list(cls.waiting):
            with contextlib.suppress(OSError):
                connection.socket.shutdown(socket.SHUT_RD)

    def handle(self) -> None:
        # Head and body leave in two packets; without this the second waits for a slow "received".
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        super().handle()

    def read_requestline(self) -> str | None:
        if not self.server.started:
            return None
        self.waiting.add(self)
        try:
            line: str | None = super().read_requestline()
            return line
        finally:
            self.waiting.discard(self)


def _listen_for_signals() -> gevent.event.Event:
    told = gevent.event.Event()
    tell: Callable[[], None] = told.set
    for number in (signal.SIGINT, signal.SIGTERM):
        gevent.signal_handler(number, tell)
    return told


def _say_that_it_cannot_listen(config: Config, error: OSError) -> None:
    # gevent repeats the address in its own notation.
    reason = str(error.strerror).partition(": (")[0]
    print(
        f"Frontdesk cannot listen on port {config.port} of {config.host}: {reason}.",
        file=sys.stderr,
    )
    print("Choose another one, for example: make run PORT=5001", file=sys.stderr)


def _announce(config: Config, hint: dict[str, str] | None) -> None:
    here = (
        f"http://{'127.0.0.1' if config.host in {'0.0.0.0', '::'} else config.host}:{config.port}"  # noqa: S104
    )
    lines = [
        "",
        "  Frontdesk is open.",
        "",
        f"  Landing page   {here}/",
        f"  Demo shop      {here}/demo",
        f"  Dashboard      {here}/dashboard",
    ]
    if config.shows_mail:
        lines.append(f"  Kept mail      {here}/dev/mail")
    if hint:
        lines += ["", f"  Demo sign-in   {hint['email']}   {hint['password']}"]
        lines.append(f"  as an agent    {hint['agent']}   (the same password)")
    print("\n".join([*lines, "", "  Ctrl-C closes it.", ""]), flush=True)


if __name__ == "__main__":
    sys.exit(main())
