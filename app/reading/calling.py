"""The caller's end: start the reading process, listen to it, and leave nothing of it behind."""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
READ_AT_ONCE = 65_536
SECONDS_TO_LEAVE = 2.0
# Signals that a server may have set aside for itself, and a new process must not inherit.
OWN_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGCHLD, signal.SIGPIPE)


class Call:
    """Started by posix_spawn and read through poll, in greenlets, threads and native threads alike.

    How it ended is read from the pipe and never from its exit status: under gevent whoever waits
    first may take that away.
    """

    def __init__(
        self, request: Mapping[str, Any], seconds: float, program: str = "app.reading"
    ) -> None:
        self.late = False
        self._deadline = time.monotonic() + seconds
        inside, self._request_end = os.pipe()
        self._events_end, outside = os.pipe()
        try:
            self._pid = _spawn(program, inside, outside)
        except OSError:
            os.close(self._request_end)
            os.close(self._events_end)
            raise
        finally:
            os.close(inside)
            os.close(outside)
        with contextlib.suppress(BrokenPipeError):
            os.write(self._request_end, json.dumps(request).encode("ascii") + b"\n")

    def events(self) -> Iterator[dict[str, Any]]:
        """Until the process is gone or, which `late` tells, out of time."""
        for line in self._lines():
            with contextlib.suppress(ValueError):
                # A torn line is what a killed process leaves behind.
                yield json.loads(line)

    def end(self) -> None:
        """Nothing is left: not the process, not what it started, not a zombie.

        Without its lifeline the outer process ends the inner one and takes leave of it. Killing
        both at once would leave the inner one to whoever is process 1, perhaps this very server.
        """
        os.close(self._request_end)
        self._drain(time.monotonic() + SECONDS_TO_LEAVE)
        os.close(self._events_end)
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._pid, signal.SIGKILL)
        with contextlib.suppress(ChildProcessError):
            _unpatched("waitpid")(self._pid, 0)

    def _lines(self) -> Iterator[bytes]:
        poll = self._poll()
        rest = b""
        while True:
            left = self._deadline - time.monotonic()
            if left <= 0 or not poll.poll(left * 1000):
                self.late = True
                return
            some = os.read(self._events_end, READ_AT_ONCE)
            if not some:
                return
            *lines, rest = (rest + some).split(b"\n")
            yield from filter(None, lines)

    def _drain(self, deadline: float) -> None:
        poll = self._poll()
        while (left := deadline - time.monotonic()) > 0 and poll.poll(left * 1000):
            if not os.read(self._events_end, READ_AT_ONCE):
                return

    def _poll(self) -> select.poll:
        """Never select(): a server with ten thousand sockets has higher numbers than that takes."""
        poll = select.poll()
        poll.register(self._events_end, select.POLLIN)
        return poll


def _spawn(program: str, inside: int, outside: int) -> int:
    pid: int = _unpatched("posix_spawn")(
        sys.executable,
        [sys.executable, "-P", "-s", "-m", program],
        # Nothing of the server's settings: no key, no address, no proxy.
        {"PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", "PYTHONHASHSEED": "0", "LC_ALL": "C.UTF-8"},
        file_actions=[
            (os.POSIX_SPAWN_DUP2, inside, 0),
            (os.POSIX_SPAWN_DUP2, outside, 1),
            (os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0),
        ],
        setpgroup=0,
        setsigmask=(),
        setsigdef=OWN_SIGNALS,
    )
    return pid


def _unpatched(name: str) -> Callable[..., Any]:
    """gevent watches children from the main thread's loop alone; ours may start in any thread."""
    monkey = sys.modules.get("gevent.monkey")
    function: Callable[..., Any] = getattr(os, name)
    if monkey is not None and monkey.is_module_patched("os"):
        function = monkey.get_original("os", name)
    return function
