"""Frontdesk's own server with one route more, and open sockets that notice how it is doing."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx2

ROOT = Path(__file__).resolve().parent.parent
# So many that the second slowest of them is not already the 99th percentile.
SOCKETS, MESSAGES_A_SECOND = 50, 100
# What the subprocess runs: the product's own server, and one route for the bench.
SERVER = """
import run
from app.extensions import sock
make = run.create_app
def with_echo(config):
    app = make(config)
    @sock.route("/bench/echo")
    def echo(ws):
        while True:
            ws.send(ws.receive())
    app.register_blueprint(sock.bp, name="bench_echo") if sock.bp else None
    return app
run.create_app = with_echo
raise SystemExit(run.main())
"""


@contextmanager
def server(folder: Path, model: Path, more: dict[str, str] | None = None) -> Iterator[str]:
    port = int((more or {}).get("PORT") or random.randint(20_000, 32_000))
    settings = {
        "PATH": os.environ["PATH"],
        "DATA_DIR": str(folder),
        "PORT": str(port),
        "DEMO": "false",
        "LOG_LEVEL": "ERROR",
        "EMBEDDING_MODEL": str(model),
        **(more or {}),
    }
    process = subprocess.Popen(
        [sys.executable, "-c", SERVER], cwd=ROOT, env=settings, stdout=subprocess.DEVNULL
    )
    url = f"http://127.0.0.1:{port}"
    try:
        _wait_for(url, process)
        yield url
    finally:
        process.terminate()
        process.wait()


def _wait_for(url: str, process: subprocess.Popen[bytes]) -> None:
    for _ in range(1_500):
        if process.poll() is not None:
            raise RuntimeError("The server did not start.")
        try:
            if httpx2.get(f"{url}/health").status_code == 200:
                return
        except httpx2.HTTPError:
            time.sleep(0.02)
    raise RuntimeError("The server does not answer.")


class Echoes:
    """Sockets that say something now and then, and notice how long the answer takes."""

    def __init__(self, url: str) -> None:
        self._url = url.replace("http", "ws") + "/bench/echo"
        self._sockets: list[Any] = []

    def __enter__(self) -> Echoes:
        import websocket

        for _ in range(SOCKETS):
            self._sockets.append(websocket.create_connection(self._url, timeout=30))
        return self

    def __exit__(self, *_: object) -> None:
        for each in self._sockets:
            each.close()

    def during(self, work: Any) -> list[float]:
        taken: list[float] = []
        over = threading.Event()

        def talk() -> None:
            due = time.monotonic()
            number = 0
            while not over.is_set():
                number += 1
                socket = self._sockets[number % SOCKETS]
                began = time.monotonic()
                socket.send("hello")
                socket.recv()
                taken.append((time.monotonic() - began) * 1000)
                due += 1 / MESSAGES_A_SECOND
                time.sleep(max(0.0, due - time.monotonic()))

        talking = threading.Thread(target=talk)
        talking.start()
        try:
            work()
        finally:
            over.set()
            talking.join()
        return taken
