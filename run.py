"""Start everything on one machine: migrate, seed the demo, serve until told to stop."""

# The patch must come before anything that could have kept an unpatched socket or lock.
from gevent import monkey

monkey.patch_all()

import contextlib
import os
import signal
import sys
from collections.abc import Callable

import gevent
import gevent.event
from flask import Flask
from gevent.pool import Pool
from gevent.pywsgi import WSGIServer

from app import create_app
from app.jobs import Sweeper
from app.schema import bring_up_to_date
from app.services import demo
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
    with app.app_context():
        bring_up_to_date()
        if config.demo:
            demo.seed()
        hint = demo.sign_in_hint()
    return serve(app, config, hint)


def serve(app: Flask, config: Config, hint: dict[str, str] | None) -> int:
    server = WSGIServer(
        (config.host, config.port), app, log=None, error_log=None, spawn=Pool(MOST_CONNECTIONS)
    )
    try:
        server.start()
    except OSError as error:
        print(f"Frontdesk cannot listen on port {config.port}: {error.strerror}.", file=sys.stderr)
        print("Choose another one, for example: make run PORT=5001", file=sys.stderr)
        return 1
    sweeper = Sweeper(app, config.sweep_seconds)
    sweeper.start()
    _announce(config, hint)
    _wait_for_a_signal()
    sweeper.stop()
    server.stop(timeout=LEAVE_WITHIN_SECONDS)
    with contextlib.suppress(gevent.Timeout), gevent.Timeout(LEAVE_WITHIN_SECONDS):
        app.extensions["adapters"].job_queue.stop()
    return 0


def _wait_for_a_signal() -> None:
    stopped = gevent.event.Event()
    stop: Callable[[], None] = stopped.set
    for number in (signal.SIGINT, signal.SIGTERM):
        gevent.signal_handler(number, stop)
    stopped.wait()


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
