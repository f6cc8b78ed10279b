"""How long Frontdesk takes to start, and what it weighs while nobody asks anything.

Each round starts run.py on an empty data folder and then again on the same one. The time is from
exec to the first 200 of /health. Memory is read from the kernel for the whole process tree: RSS
counts shared pages in full, PSS its share of them. With --check, a median over the promised
figures (3 s, 150 MiB of RSS) fails the run.
"""

from __future__ import annotations

import argparse
import http.client
import os
import platform
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGES = ("/", "/login", "/signup", "/pricing", "/demo", "/")
SECONDS_ALLOWED = 3.0
MIB_ALLOWED = 150.0
SECONDS_TO_GIVE_UP = 60.0


@dataclass(frozen=True)
class Memory:
    """In MiB, over the whole process tree."""

    rss: float
    pss: float


@dataclass(frozen=True)
class Round:
    first_start: float
    second_start: float
    idle: Memory
    after_pages: Memory


@dataclass(frozen=True)
class Row:
    """One line of the report; without a limit it only informs."""

    name: str
    values: list[float]
    unit: str
    limit: float | None = None

    @property
    def median(self) -> float:
        return statistics.median(self.values)

    @property
    def kept(self) -> bool:
        return self.limit is None or self.median <= self.limit


def main() -> int:
    options = _options()
    rounds = []
    for number in range(1, options.rounds + 1):
        print(f"round {number} of {options.rounds} …", file=sys.stderr)
        rounds.append(measure(options.idle))
    rows = report_rows(rounds)
    print_report(rows, len(rounds))
    broken = [row for row in rows if not row.kept]
    return 1 if options.check and broken else 0


def measure(idle_seconds: float) -> Round:
    with tempfile.TemporaryDirectory(prefix="frontdesk-bench-") as folder:
        with _running(Path(folder)) as (_, _, first_start):
            pass
        with _running(Path(folder)) as (pid, port, second_start):
            time.sleep(idle_seconds)
            idle = _memory(pid)
            for page in PAGES:
                _status(port, page)
            return Round(first_start, second_start, idle, _memory(pid))


def report_rows(rounds: list[Round]) -> list[Row]:
    after = [one.after_pages for one in rounds]
    idle = [one.idle for one in rounds]
    return [
        Row("first start", [one.first_start for one in rounds], "s", SECONDS_ALLOWED),
        Row("second start", [one.second_start for one in rounds], "s", SECONDS_ALLOWED),
        Row("idle, RSS", [memory.rss for memory in idle], "MiB", MIB_ALLOWED),
        Row("idle, PSS", [memory.pss for memory in idle], "MiB"),
        Row("after some pages, RSS", [memory.rss for memory in after], "MiB", MIB_ALLOWED),
        Row("after some pages, PSS", [memory.pss for memory in after], "MiB"),
    ]


def print_report(rows: list[Row], rounds: int) -> None:
    print(f"{_machine()} · Python {platform.python_version()} · medians of {rounds}")
    print(f"{'':24}{'median':>10}{'least':>10}{'most':>10}  {'limit':>10}")
    for row in rows:
        figures = "".join(f"{one:>10.2f}" for one in (row.median, min(row.values), max(row.values)))
        limit = f"≤ {row.limit:g} {row.unit}" if row.limit is not None else row.unit
        print(f"{row.name:24}{figures}  {limit:>10}{'' if row.kept else '  BROKEN'}")


@contextmanager
def _running(folder: Path) -> Iterator[tuple[int, int, float]]:
    """Start run.py; give its process, its port and the seconds until it was healthy; stop it."""
    port = _free_port()
    environment = {
        **os.environ,
        "DATA_DIR": str(folder / "data"),
        "HOST": "127.0.0.1",
        "PORT": str(port),
        "PYTHONUNBUFFERED": "1",
    }
    with (folder / "output.log").open("w+b") as output:
        began = time.perf_counter()
        process = subprocess.Popen(
            [sys.executable, str(ROOT / "run.py")],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            _wait_until_healthy(process, port, folder / "output.log")
            yield process.pid, port, time.perf_counter() - began
        finally:
            _stop(process)


def _wait_until_healthy(process: subprocess.Popen[bytes], port: int, output: Path) -> None:
    deadline = time.perf_counter() + SECONDS_TO_GIVE_UP
    while time.perf_counter() < deadline and process.poll() is None:
        if _status(port, "/health") == http.client.OK:
            return
        time.sleep(0.005)
    tail = output.read_text(errors="replace")[-3000:]
    raise SystemExit(f"run.py was not healthy within {SECONDS_TO_GIVE_UP:g} s. It said:\n{tail}")


def _status(port: int, path: str) -> int | None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        answer.read()
    except OSError:
        return None
    finally:
        connection.close()
    return answer.status


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(timeout=15)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _memory(pid: int) -> Memory:
    totals = {"Rss": 0, "Pss": 0}
    for one in _tree(pid):
        for line in Path(f"/proc/{one}/smaps_rollup").read_text().splitlines():
            name, _, rest = line.partition(":")
            if name in totals:
                totals[name] += int(rest.split()[0])
    return Memory(rss=totals["Rss"] / 1024, pss=totals["Pss"] / 1024)


def _tree(pid: int) -> Iterator[int]:
    yield pid
    for children in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in children.read_text().split():
            yield from _tree(int(child))


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def _machine() -> str:
    model = platform.machine()
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            model = line.partition(":")[2].strip()
            break
    return f"{model}, {len(os.sched_getaffinity(0))} cores"


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--idle", type=float, default=5.0, metavar="SECONDS")
    parser.add_argument("--check", action="store_true", help="fail above the promised figures")
    return parser.parse_args()


if __name__ == "__main__":
    raise SystemExit(main())
