"""Frontdesk as its operator runs it: run.py in a process of its own, on a folder of its own."""

from __future__ import annotations

import os
import re
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Self

import httpx2

from tests.e2e.ports import free_port

ROOT = Path(__file__).resolve().parents[2]
# Whatever else a developer has exported must not reach the server under test.
PASSED_ON = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "VIRTUAL_ENV")
SECONDS_TO_START = 30.0
SECONDS_TO_LEAVE = 15.0
HINT = re.compile(r"Demo sign-in\s+(\S+)\s+(\S+)")


class Server:
    """One installation. It may be stopped, killed and started again on the same data."""

    def __init__(self, folder: Path, **settings: str) -> None:
        self.data_dir = folder / "data"
        self.port = free_port()
        self.settings = settings
        self._out = folder / "printed.txt"
        self._log = folder / "log.txt"
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def printed(self) -> str:
        """What the operator read on the terminal, since the first start."""
        return self._out.read_text(errors="replace") if self._out.exists() else ""

    @property
    def greetings(self) -> int:
        """How often it has told the operator that it is ready."""
        return self.printed.count("Ctrl-C closes it.")

    @property
    def log(self) -> str:
        return self._log.read_text(errors="replace") if self._log.exists() else ""

    @property
    def demo_sign_in(self) -> tuple[str, str]:
        """The demo owner's address and password, as they were printed last."""
        email, password = HINT.findall(self.printed)[-1]
        return email, password

    def launch(self) -> Self:
        """Start the process without waiting for it to be of any use."""
        environment = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
        environment |= {"DATA_DIR": str(self.data_dir), "PORT": str(self.port)} | self.settings
        with self._out.open("ab") as out, self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, str(ROOT / "run.py")],
                cwd=ROOT,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=log,
                # Of its own, so that Ctrl-C in the terminal of the tests is not meant for it.
                start_new_session=True,
            )
        return self

    def start(self) -> Self:
        """Start it and wait until it answers and has said so."""
        greetings = self.greetings
        self.launch()
        deadline = time.monotonic() + SECONDS_TO_START
        while self.greetings == greetings or self.status("/health") != httpx2.codes.OK:
            if self.running().poll() is not None or time.monotonic() > deadline:
                self.kill()
                raise AssertionError(f"The server did not start. It said:\n{self.log[-3000:]}")
            time.sleep(0.02)
        return self

    def stop(self, number: int = signal.SIGTERM, expect: int = 0) -> float:
        """Ask it to leave, see that it does so in peace, and say how many seconds it took."""
        began = time.monotonic()
        self.running().send_signal(number)
        code = self.exit_code()
        assert code == expect, f"It left with {code}. It said:\n{self.log[-3000:]}"
        return time.monotonic() - began

    def exit_code(self) -> int:
        """Wait until it has left by itself."""
        try:
            return self.running().wait(SECONDS_TO_LEAVE)
        except subprocess.TimeoutExpired:
            self.kill()
            raise AssertionError(f"It did not leave within {SECONDS_TO_LEAVE:g} s.") from None

    def kill(self) -> None:
        """What a power cut or the kernel's memory killer does."""
        if self._process is not None and self._process.poll() is None:
            self._process.kill()
            self._process.wait()

    def restart(self) -> Self:
        self.stop()
        return self.start()

    def running(self) -> subprocess.Popen[bytes]:
        assert self._process is not None, "It was never started."
        return self._process

    def status(self, path: str, **options: Any) -> int | None:
        """The status that this path answers with, or None when nobody answers."""
        try:
            return httpx2.get(self.url + path, timeout=5, **options).status_code
        except httpx2.HTTPError:
            return None

    def rows(self, query: str, *values: object) -> list[dict[str, Any]]:
        """What the database holds, read past the server."""
        with closing(self._database()) as database:
            return [dict(row) for row in database.execute(query, values)]

    def change_rows(self, statement: str, *values: object) -> int:
        """Change the database past the server, as time or an accident would. Says how many."""
        with closing(self._database()) as database, database:
            return database.execute(statement, values).rowcount

    def _database(self) -> sqlite3.Connection:
        database = sqlite3.connect(self.data_dir / "frontdesk.db", timeout=10)
        database.row_factory = sqlite3.Row
        return database


@contextmanager
def running(folder: Path, **settings: str) -> Iterator[Server]:
    """A server that answers, and that is gone afterwards whatever happens."""
    server = Server(folder, **settings)
    try:
        yield server.start()
    finally:
        server.kill()
