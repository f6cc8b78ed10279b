"""Production: gunicorn -c gunicorn.conf.py 'app:create_app()'."""

# The patch must come before anything that could have kept an unpatched socket or lock.
from gevent import monkey

monkey.patch_all()

import os
import sys
import threading
import time
from typing import Any

worker_class = "gevent"
# Embedded Chroma may be open in one process only; with a server of its own there may be more.
workers = int(os.environ.get("WEB_CONCURRENCY", "2" if os.environ.get("CHROMA_URL") else "1"))
bind = f"{os.environ.get('HOST', '0.0.0.0')}:{os.environ.get('PORT', '5000')}"  # noqa: S104
# The default of 1,000 would turn visitors away long before memory does.
worker_connections = 20_000
graceful_timeout = 5
timeout = 60
keepalive = 30
preload_app = False
accesslog = None


def on_starting(_server: Any) -> None:
    if workers > 1 and not os.environ.get("CHROMA_URL"):
        sys.exit("Several workers need a Chroma server: set CHROMA_URL, or WEB_CONCURRENCY=1.")


def post_worker_init(worker: Any) -> None:
    """Each worker sweeps: rows are claimed one by one, so they do not get into each other's way."""
    from app.jobs import Sweeper

    app = worker.wsgi
    sweeper = Sweeper(app, app.config["FRONTDESK"].sweep_seconds)
    sweeper.start()
    worker.frontdesk_sweeper = sweeper
    threading.Thread(target=_say_goodbye, args=[worker, app], daemon=True).start()


def _say_goodbye(worker: Any, app: Any) -> None:
    """A worker that leaves waits for open requests, and a socket is one that never ends."""
    while worker.alive:
        time.sleep(0.2)
    app.extensions["open_lines"].say_goodbye()


def worker_exit(_server: Any, worker: Any) -> None:
    sweeper = getattr(worker, "frontdesk_sweeper", None)
    if sweeper is not None:
        sweeper.stop()
