"""Ten thousand visitors on one process: what a socket costs, and how soon each is heard.

    python bench/sockets.py [--check] [--sockets 10000] [--seconds 20]

All are connected and say nothing, but for a few hundred whose conversations a person has taken
over: they say a hundred messages a second together. Meanwhile somebody asks for /health. Then the
server is told to stop, starts anew, and everybody comes back as the widget would.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import resource
import sys
import tempfile
import time
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

import httpx2
import psutil

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench.chat_line import ChatLine
from bench.learning import _machine, _p99, _signed_in
from bench.open_sockets import server

SPEAKERS = 200
MESSAGES_A_SECOND = 100.0
AT_A_TIME = 64
# Everything that the first visitors load is loaded before anything is measured.
FIRST = 20
SLICE_SECONDS = 0.01
HEALTH_EVERY = 0.05
LONGEST_RETURN = 90.0
AIMS = {
    "memory a socket, KiB": 64.0,
    "acknowledged, ms, p99": 50.0,
    "/health, ms, p99": 100.0,
    "all back after a restart, s": 15.0,
}
SETTINGS = {"RATE_LIMITS": "false", "EMBEDDINGS": "none"}


@dataclass
class Visitor:
    """A browser that stays, and comes back when it is told to."""

    url: str
    line: ChatLine | None = None
    token: str | None = None
    conversation_id: str | None = None
    last_seq: int = 0
    sent: dict[str, float] = field(default_factory=dict)
    taken: list[float] = field(default_factory=list)
    returned: float = 0.0

    async def come(self) -> None:
        known = {"visitor_token": self.token, "last_seq": self.last_seq}
        self.line, welcome = await ChatLine.open(self.url, **known)
        self.token = welcome["visitor_token"]

    def say(self) -> None:
        client_id = uuid4().hex
        self.sent[client_id] = time.perf_counter()
        if self.line is not None:
            self.line.send("message", client_id=client_id, text="Is there any news of my order?")

    async def stay(self) -> None:
        """Listen; after a goodbye come back in as long as it says, or a little later."""
        while True:
            wait = random.uniform(0.5, 1.0)
            with suppress(OSError, EOFError, RuntimeError, asyncio.IncompleteReadError):
                if self.line is None:
                    await self.come()
                    self.returned = time.perf_counter()
                wait = await self._listen(wait)
            if self.line is not None:
                self.line.close()
                self.line = None
            await asyncio.sleep(wait)

    async def _listen(self, wait: float) -> float:
        assert self.line is not None
        while True:
            frame = await self.line.receive("accepted", "event", "goodbye")
            if frame["type"] == "goodbye":
                return float(frame["retry_after_ms"]) / 1000
            if frame["type"] == "event":
                self.last_seq = frame["event"]["seq"]
            elif began := self.sent.pop(frame["client_id"], None):
                self.taken.append(1000 * (time.perf_counter() - began))
                self.conversation_id = frame["conversation_id"]


def main() -> int:
    options = _options()
    _allow_many_files(options.sockets)
    print(f"{_machine()}\n")
    figures = asyncio.run(_measured(options.sockets, options.seconds))
    return int(_report(figures) and options.check)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="fail where an aim is missed")
    parser.add_argument("--sockets", type=int, default=10_000)
    parser.add_argument("--seconds", type=float, default=20.0)
    return parser.parse_args()


def _allow_many_files(sockets: int) -> None:
    """The server inherits the limit."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    # The server opens a second handle of each socket, and those that leave overlap those that come.
    if 2 * sockets + 500 > hard:
        most = (hard - 500) // 2
        raise SystemExit(f"Only {hard} files may be open here: try --sockets {most}.")


async def _measured(sockets: int, seconds: float) -> dict[str, float]:
    figures: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as folder, ExitStack() as running:
        url = running.enter_context(server(Path(folder), Path("none"), SETTINGS))
        client = _signed_in(url)
        key = client.get("/api/organization").json()["widget_key"]
        socket = url.replace("http", "ws", 1) + f"/api/chat/ws?key={key}"
        visitors = [Visitor(socket) for _ in range(sockets)]
        staying = await _arrived(visitors, figures)
        await _taken_over(visitors[:SPEAKERS], client)
        await _spoken(visitors, url, seconds, figures)
        began = time.perf_counter()
        await asyncio.to_thread(running.close)
        figures["the server left, s"] = time.perf_counter() - began
        settings = SETTINGS | {"PORT": url.rpartition(":")[2]}
        await asyncio.to_thread(running.enter_context, server(Path(folder), Path("none"), settings))
        figures["the server was there again, s"] = time.perf_counter() - began
        figures["all back after a restart, s"] = await _all_back(visitors, began)
        for each in staying:
            each.cancel()
    return figures


async def _arrived(visitors: list[Visitor], figures: dict[str, float]) -> list[asyncio.Task[None]]:
    """Everybody connects, a few at a time."""
    door = asyncio.Semaphore(AT_A_TIME)

    async def arrive(visitor: Visitor) -> None:
        async with door:
            await visitor.come()

    await asyncio.gather(*map(arrive, visitors[:FIRST]))
    process = psutil.Process(os.getpid()).children()[0]
    before, began = process.memory_info().rss, time.perf_counter()
    await asyncio.gather(*map(arrive, visitors[FIRST:]))
    figures["arrivals a second"] = len(visitors[FIRST:]) / (time.perf_counter() - began)
    await asyncio.sleep(1)
    grown = process.memory_info().rss - before
    figures["memory a socket, KiB"] = grown / 1024 / len(visitors[FIRST:])
    return [asyncio.create_task(each.stay()) for each in visitors]


async def _taken_over(speakers: list[Visitor], client: httpx2.Client) -> None:
    """A person has the word, so that no answer is written: it is the socket that is measured."""
    for visitor in speakers:
        visitor.say()
    while not all(visitor.conversation_id for visitor in speakers):
        await asyncio.sleep(0.05)
    for visitor in speakers:
        path = f"/api/conversations/{visitor.conversation_id}/takeover"
        (await asyncio.to_thread(client.post, path)).raise_for_status()
    await asyncio.sleep(3)
    for visitor in speakers:
        visitor.taken.clear()


async def _spoken(
    visitors: list[Visitor], url: str, seconds: float, figures: dict[str, float]
) -> None:
    speakers = visitors[:SPEAKERS]
    process = psutil.Process(os.getpid()).children()[0]
    times, began = process.cpu_times(), time.perf_counter()
    asking = asyncio.create_task(_health(url, began + seconds))
    said = 0
    while (now := time.perf_counter()) < began + seconds:
        while said < (now - began) * MESSAGES_A_SECOND:
            speakers[said % len(speakers)].say()
            said += 1
        await asyncio.sleep(SLICE_SECONDS)
    waits = await asking
    used = process.cpu_times()
    await asyncio.sleep(1)
    taken = [each for visitor in speakers for each in visitor.taken]
    figures["messages a second"] = said / seconds
    figures["never acknowledged"] = float(said - len(taken))
    figures["acknowledged, ms, p50"] = sorted(taken)[len(taken) // 2]
    figures["acknowledged, ms, p99"] = _p99(taken)
    figures["/health, ms, p50"] = sorted(waits)[len(waits) // 2]
    figures["/health, ms, p99"] = _p99(waits)
    spent = used.user + used.system - times.user - times.system
    figures["server CPU, of one core"] = spent / seconds
    figures["memory in all, MiB"] = process.memory_info().rss / 2**20


async def _health(url: str, until: float) -> list[float]:
    waits: list[float] = []
    async with httpx2.AsyncClient(timeout=30) as client:
        while (began := time.perf_counter()) < until:
            (await client.get(f"{url}/health")).raise_for_status()
            waits.append(1000 * (time.perf_counter() - began))
            await asyncio.sleep(HEALTH_EVERY)
    return waits


async def _all_back(visitors: list[Visitor], since: float) -> float:
    """Seconds until the last one was welcomed again."""
    while time.perf_counter() < since + LONGEST_RETURN:
        if all(each.returned > since for each in visitors):
            return max(each.returned for each in visitors) - since
        await asyncio.sleep(0.1)
    missing = sum(each.returned <= since for each in visitors)
    print(f"{missing} of {len(visitors)} did not come back within {LONGEST_RETURN:.0f} seconds.")
    return LONGEST_RETURN


def _report(figures: dict[str, float]) -> bool:
    missed = False
    for name, value in figures.items():
        bound = AIMS.get(name)
        good = bound is None or value <= bound
        missed = missed or not good
        aim = "" if bound is None else f"≤ {bound:g}"
        print(f"{name:<34}{value:>9.1f}   {aim} {'' if good else '  missed'}")
    return missed


if __name__ == "__main__":
    raise SystemExit(main())
