"""Two processes: one reads and may die of it, the other stays small and tells how it died.

The caller cannot always learn the fate of a child: under gevent whoever waits first may take it
from another. So the news of the death travels down the same pipe as everything else.
"""

from __future__ import annotations

import contextlib
import json
import os
import resource
import select
import signal
import stat
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.reading.refusals import (
    UNREADABLE,
    UNREADABLE_MESSAGE,
    CannotRead,
    needs_too_much_memory,
    took_too_long,
)
from app.reading.session import failed

NICENESS = 10
OPEN_FILES = 64
WITHOUT_LAST_WORDS = 3
WITHOUT_MEMORY = 4
# The share of its memory from which a crash is put down to having had too little.
NEARLY_ALL = 0.5
PREFER_TO_KILL = "700"


@dataclass(frozen=True)
class Bounds:
    """What the reading process may use; 0 is without bounds."""

    memory_bytes: int = 0
    cpu_seconds: int = 0
    wall_seconds: float = 0.0

    @classmethod
    def from_request(cls, limits: Mapping[str, Any]) -> Bounds:
        return cls(
            int(limits.get("memory_bytes") or 0),
            int(limits.get("cpu_seconds") or 0),
            float(limits.get("wall_seconds") or 0.0),
        )


class Output:
    """JSON lines on a descriptor of their own: nothing that a library prints gets among them."""

    def __init__(self) -> None:
        self._descriptor = os.dup(1)
        silence = os.open(os.devnull, os.O_WRONLY)
        os.dup2(silence, 1)
        os.dup2(silence, 2)
        os.close(silence)

    def close_all_files(self) -> None:
        """Called when all code is loaded: from here on nothing may be written to any disk."""
        if not stat.S_ISREG(os.fstat(self._descriptor).st_mode):
            _limit(resource.RLIMIT_FSIZE, 0)

    def emit(self, event: dict[str, Any]) -> None:
        self.write(json.dumps(event).encode("ascii") + b"\n")

    def write(self, line: bytes) -> None:
        while line:
            line = line[os.write(self._descriptor, line) :]


def be_modest() -> None:
    """Sockets come first, and if memory runs out it is this process that should go."""
    with contextlib.suppress(OSError):
        os.nice(NICENESS)
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text(PREFER_TO_KILL, "ascii")
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_NOFILE, OPEN_FILES)


def supervise(work: Callable[[], None], output: Output, bounds: Bounds, *, lifeline: bool) -> None:
    """Run `work` in a child. With a lifeline, it dies when the other end of stdin is closed."""
    alive, alive_end = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(alive)
        _work(work, bounds)
    os.close(alive_end)
    ending = _wait(alive, bounds, lifeline=lifeline)
    if ending:
        with contextlib.suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
    _, status, usage = os.wait4(child, 0)
    if status != 0 and ending != "abandoned":
        refusal, detail = _cause(status, usage, bounds, out_of_time=ending == "late")
        # The line that it was writing may be torn: a new one begins here.
        with contextlib.suppress(OSError):
            output.write(b"\n")
            output.emit(failed(refusal, detail))


def _work(work: Callable[[], None], bounds: Bounds) -> None:
    try:
        if bounds.memory_bytes:
            _limit(resource.RLIMIT_AS, bounds.memory_bytes)
        if bounds.cpu_seconds:
            _limit(resource.RLIMIT_CPU, bounds.cpu_seconds, bounds.cpu_seconds + 1)
        work()
    except MemoryError:
        os._exit(WITHOUT_MEMORY)
    except BaseException:  # noqa: BLE001
        # Not even the last words could be said; the other process says them.
        os._exit(WITHOUT_LAST_WORDS)
    os._exit(0)


def _limit(kind: int, soft: int, hard: int | None = None) -> None:
    """Never above what is already allowed."""
    _, most = resource.getrlimit(kind)
    wanted = soft if hard is None else hard
    if most != resource.RLIM_INFINITY:
        soft, wanted = min(soft, most), min(wanted, most)
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(kind, (soft, wanted))


def _wait(alive: int, bounds: Bounds, *, lifeline: bool) -> str:
    """Until the child is gone; or say why it has to go."""
    poll = select.poll()
    poll.register(alive, select.POLLIN)
    if lifeline:
        poll.register(0, select.POLLIN)
    deadline = time.monotonic() + bounds.wall_seconds if bounds.wall_seconds else None
    while True:
        left = None if deadline is None else max(0.0, deadline - time.monotonic()) * 1000
        ready = {descriptor for descriptor, _ in poll.poll(left)}
        if alive in ready:
            return ""
        if not ready:
            return "late"
        if not os.read(0, 4096):
            return "abandoned"


def _cause(
    status: int, usage: resource.struct_rusage, bounds: Bounds, *, out_of_time: bool
) -> tuple[CannotRead, str]:
    if out_of_time:
        return took_too_long(bounds.wall_seconds), "wall clock"
    code = os.waitstatus_to_exitcode(status)
    detail = signal.Signals(-code).name if code < 0 else f"exit {code}"
    cpu = usage.ru_utime + usage.ru_stime
    if code == -signal.SIGXCPU or (bounds.cpu_seconds and cpu >= bounds.cpu_seconds):
        return took_too_long(bounds.cpu_seconds), detail
    # The kernel counts in KiB, except on macOS.
    used = usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    short = bounds.memory_bytes and used > NEARLY_ALL * bounds.memory_bytes
    if code == -signal.SIGKILL or short or code == WITHOUT_MEMORY:
        return needs_too_much_memory(), detail
    return CannotRead(UNREADABLE, UNREADABLE_MESSAGE), detail
