"""Whole answers: a question over a 200-page manual, a model that takes no time, 1 to 32 visitors.

Everything is included: the commit of the message, how it sounds, the search, the prompt, the
stream of 100 tokens, the check of every sentence, the commit of the answer. The model is a stub in
a process of its own; clients and server share the two cores.

    python bench/answers.py [--check] [--visitors 1,8,32] [--seconds 8]
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

import psutil

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench.chat_line import ChatLine
from bench.learning import WORDS, _learn, _machine, _model, _pdf, _signed_in
from bench.open_sockets import server

TOKENS = 100
PAGES = 200
QUESTION = "What does chapter {} say about the {} of the {}?"
# Nobody asks a hundred questions in a row: the limits of a visitor are not what is measured.
QUESTIONS_EACH = 25
AIMS = {
    "answers a second at 32": (60.0, True),
    "first sentence, ms, at 1": (15.0, False),
    "first sentence, ms, at 8": (80.0, False),
    "first sentence, ms, at 32": (350.0, False),
    "server CPU an answer, ms, at 32": (15.0, False),
    "memory, MiB": (350.0, False),
}


@dataclass
class Load:
    """What so many visitors at once got."""

    visitors: int
    first: list[float] = field(default_factory=list)
    whole: list[float] = field(default_factory=list)
    seconds: float = 0.0
    cpu: float = 0.0
    memory: float = 0.0
    quoted: int = 0

    @property
    def answers_a_second(self) -> float:
        return len(self.whole) / self.seconds


def main() -> int:
    options = _options()
    print(f"{_machine()}\n")
    with (
        tempfile.TemporaryDirectory() as folder,
        _stub() as base_url,
        server(Path(folder), _model(), _settings(base_url)) as url,
    ):
        client = _signed_in(url)
        manual = _pdf(PAGES, 1)
        _learn(client, Path(folder) / "frontdesk.db", manual, "manual.pdf")
        key = client.get("/api/organization").json()["widget_key"]
        socket = url.replace("http", "ws", 1) + f"/api/chat/ws?key={key}"
        process = _server_process()
        asyncio.run(_measure(socket, 2, 2.0, process))
        loads = [
            asyncio.run(_measure(socket, number, options.seconds, process))
            for number in options.visitors
        ]
    return int(_report(loads) and options.check)


def _settings(base_url: str) -> dict[str, str]:
    return {"OPENAI_BASE_URL": base_url, "LLM_MODEL": "stub", "RATE_LIMITS": "false"}


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="fail where an aim is missed")
    parser.add_argument("--seconds", type=float, default=8.0)
    parser.add_argument(
        "--visitors", type=lambda text: [int(each) for each in text.split(",")], default=[1, 8, 32]
    )
    return parser.parse_args()


async def _measure(url: str, visitors: int, seconds: float, process: psutil.Process) -> Load:
    load = Load(visitors)
    chances = [random.Random(f"{visitors}/{number}") for number in range(visitors)]
    times = process.cpu_times()
    began = time.perf_counter()
    await asyncio.gather(*(_talk(url, load, each, began + seconds) for each in chances))
    load.seconds = time.perf_counter() - began
    used = process.cpu_times()
    load.cpu = (used.user + used.system - times.user - times.system) / max(len(load.whole), 1)
    load.memory = process.memory_info().rss / 2**20
    return load


async def _talk(url: str, load: Load, chance: random.Random, until: float) -> None:
    """One visitor after the other, each with some questions that nobody has asked before."""
    while time.perf_counter() < until:
        line, _ = await ChatLine.open(url)
        for _ in range(QUESTIONS_EACH):
            if time.perf_counter() < until:
                await _ask(line, load, _question(chance))
        line.close()


async def _ask(line: ChatLine, load: Load, text: str) -> None:
    """Ask, and wait for the whole answer."""
    began = time.perf_counter()
    line.send("message", client_id=uuid4().hex, text=text)
    first = 0.0
    while True:
        frame = await line.receive("delta", "event")
        if frame["type"] == "delta":
            first = first or time.perf_counter() - began
        elif frame["event"]["author"]["kind"] == "assistant":
            break
    load.whole.append(time.perf_counter() - began)
    if first:
        load.first.append(first)
    load.quoted += frame["event"].get("degraded") is not None


def _question(chance: random.Random) -> str:
    return QUESTION.format(chance.randint(1, PAGES), *chance.sample(WORDS, 2))


@contextmanager
def _stub() -> Iterator[str]:
    command = [sys.executable, "-m", "tests.stubs.openai_chat", "--port", "0"]
    stub = subprocess.Popen(
        [*command, "--tokens", str(TOKENS)],
        cwd=Path(__file__).resolve().parent.parent,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert stub.stdout is not None
        yield stub.stdout.readline().strip()
    finally:
        stub.terminate()
        stub.wait()


def _server_process() -> psutil.Process:
    """The server: the child of ours that is not the stub."""
    children = psutil.Process(os.getpid()).children()
    return next(each for each in children if "openai_chat" not in " ".join(each.cmdline()))


def _report(loads: list[Load]) -> bool:
    figures: dict[str, float] = {}
    head = ("visitors", "answers/s", "first ms", "p95", "whole ms", "CPU ms", "MiB", "degraded")
    print("".join(f"{each:>11}" for each in head))
    for load in loads:
        first = 1000 * statistics.median(load.first or [0])
        row = (
            load.visitors,
            load.answers_a_second,
            first,
            1000 * sorted(load.first or [0])[int(0.95 * len(load.first))],
            1000 * statistics.median(load.whole),
            1000 * load.cpu,
            load.memory,
            load.quoted,
        )
        print("".join(f"{each:>11.1f}" for each in row))
        figures[f"first sentence, ms, at {load.visitors}"] = first
        figures[f"answers a second at {load.visitors}"] = load.answers_a_second
        figures[f"server CPU an answer, ms, at {load.visitors}"] = 1000 * load.cpu
        figures["memory, MiB"] = load.memory
    missed = False
    print()
    for name, (bound, at_least) in AIMS.items():
        if name in figures:
            good = figures[name] >= bound if at_least else figures[name] <= bound
            missed = missed or not good
            sign = "≥" if at_least else "≤"
            print(
                f"{name:<34}{figures[name]:>9.1f}   {sign} {bound:g} {'' if good else '  missed'}"
            )
    return missed


if __name__ == "__main__":
    raise SystemExit(main())
