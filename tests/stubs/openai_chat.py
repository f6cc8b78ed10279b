"""An endpoint that speaks OpenAI's protocol for chat, as far as its clients can tell.

    python -m tests.stubs.openai_chat --port 9001 --tokens 100 --delay-ms 0

In a test it runs on a thread of its own and does what it is told to: answer, stall, cut, lie. By
default it answers out of the passages in the prompt. It is quick, so that a bench measures the one
who asks and not the one who answers: what was said before is kept as bytes, and sent in one write.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import signal
import threading
from collections import deque
from collections.abc import AsyncIterator
from typing import Any, Self

from tests.stubs.chat_behaviours import ANSWER, Behaviour
from tests.stubs.chat_events import chunk, error, event, good, head, plain, refusal, said, whole
from tests.stubs.chat_replies import written

LAST = b"0\r\n\r\n"
NEVER_GOOD = {
    "rubbish": chunk(b"\x00\xff\xfe not an event at all\n\n" * 3),
    "bad_events": chunk(b'data: {"choices": [{"delta": {"content": \n\n'),
}
Line = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class OpenAIChatStub:
    """`base_url` is for OPENAI_BASE_URL. `asked` keeps requests, `script` is used up first.

    Then comes what `by_model` says for the model that is asked for, and `otherwise` for the rest.
    """

    def __init__(self, otherwise: Behaviour = ANSWER, *, port: int = 0) -> None:
        self.otherwise = otherwise
        self.by_model: dict[str, Behaviour] = {}
        self.script: deque[Behaviour] = deque()
        self.asked: list[dict[str, Any]] = []
        self.keys: list[str] = []
        self.connections = 0
        self.hung_up = 0
        self.keeps_asked = True
        self.port = port
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        self._ready.wait(10)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"

    @property
    def prompts(self) -> list[str]:
        """What each request said, all messages in one text."""
        return ["\n".join(written(each) for each in one["messages"]) for one in self.asked]

    def then(self, *behaviours: Behaviour) -> None:
        """Answer the next requests like this, whatever they are."""
        self.script.extend(behaviours)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        server = self._loop.run_until_complete(
            asyncio.start_server(self._serve, "127.0.0.1", self.port, backlog=1_024)
        )
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        try:
            self._loop.run_forever()
        finally:
            server.close()
            tasks = asyncio.all_tasks(self._loop)
            for task in tasks:
                task.cancel()
            self._loop.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))
            self._loop.run_until_complete(self._loop.shutdown_asyncgens())
            self._loop.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            while (request := await _request(reader)) is not None:
                path, headers, body = request
                await self._answer(path, headers, json.loads(body), (reader, writer))
        except (ConnectionError, asyncio.CancelledError, asyncio.IncompleteReadError, _HangUp):
            self.hung_up += 1
        finally:
            writer.close()

    async def _answer(
        self,
        path: str,
        headers: dict[str, str],
        asked: dict[str, Any],
        line: Line,
    ) -> None:
        reader, writer = line
        if path != "/v1/chat/completions":
            writer.write(plain(404, error("no such path")))
            return
        if self.keeps_asked:
            self.asked.append(asked)
            self.keys.append(headers.get("authorization", ""))
        behaviour = self._behaviour(asked)
        if behaviour.name in {"error", "html"}:
            writer.write(refusal(behaviour))
        elif behaviour.name == "stall":
            await _until_gone(reader)
        elif not asked.get("stream"):
            writer.write(whole(asked, behaviour))
        else:
            await _stream(asked, behaviour, line)
        await writer.drain()

    def _behaviour(self, asked: dict[str, Any]) -> Behaviour:
        if self.script:
            return self.script.popleft()
        return self.by_model.get(asked["model"], self.otherwise)


class _HangUp(Exception):
    """The connection is to be closed without another word."""


async def _request(reader: asyncio.StreamReader) -> tuple[str, dict[str, str], bytes] | None:
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError:
        return None
    first, *lines = head.decode("latin-1").rstrip().split("\r\n")
    pairs = (line.partition(":") for line in lines)
    headers = {name.lower(): value.strip() for name, _, value in pairs}
    body = await reader.readexactly(int(headers.get("content-length", 0)))
    return first.split(" ")[1], headers, body


async def _stream(asked: dict[str, Any], behaviour: Behaviour, line: Line) -> None:
    await asyncio.sleep(behaviour.first_delay_ms / 1000)
    reader, writer = line
    wants_usage = bool((asked.get("stream_options") or {}).get("include_usage"))
    text = said(asked, behaviour)
    events = good(asked["model"], text, behaviour.finish, behaviour.usage and wants_usage)
    opening = head(200, {"Content-Type": "text/event-stream", "Transfer-Encoding": "chunked"})
    if behaviour.name in {"answer", "obey"} and not behaviour.delay_ms:
        writer.write(opening + b"".join(events))
        return
    writer.write(opening)
    async for piece in _pieces(events, behaviour, reader):
        writer.write(piece)
        await writer.drain()
        if writer.is_closing():
            raise _HangUp


async def _pieces(
    events: tuple[bytes, ...], behaviour: Behaviour, reader: asyncio.StreamReader
) -> AsyncIterator[bytes]:
    """One chunk of HTTP an event, and the trouble where it is due."""
    seconds = behaviour.delay_ms / 1000
    if behaviour.name in {"answer", "obey"}:
        for piece in events:
            yield piece
            await asyncio.sleep(seconds)
    elif behaviour.name == "loop":
        while True:
            for piece in events[1:-3]:
                yield piece
                await asyncio.sleep(seconds)
    elif behaviour.name == "drip":
        while not reader.at_eof():
            yield chunk(b": still busy\n\n")
            await asyncio.sleep(0.05)
    elif behaviour.name in NEVER_GOOD:
        yield NEVER_GOOD[behaviour.name] + LAST
    else:
        before = 0 if behaviour.name == "stall_after_headers" else 1 + behaviour.after
        for piece in events[:before]:
            yield piece
        yield await _trouble(behaviour.name, reader)


async def _trouble(name: str, reader: asyncio.StreamReader) -> bytes:
    if name.startswith("stall"):
        await _until_gone(reader)
    if name == "cut":
        # Whoever reads notices that the last chunk is missing.
        raise _HangUp
    # "cut_politely": HTTP ends as it should, the answer does not.
    trouble = event({"error": {"message": "overloaded", "code": 500}})
    return (trouble if name == "error_midway" else b"") + LAST


async def _until_gone(reader: asyncio.StreamReader) -> None:
    """Say nothing until the other side has hung up."""
    await reader.read(1)
    raise _HangUp


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=9001)
    parser.add_argument("--tokens", type=int, help="make every answer this long")
    parser.add_argument("--delay-ms", type=float, default=0.0, help="between two tokens")
    parser.add_argument("--first-delay-ms", type=float, default=0.0)
    parser.add_argument("--behaviour", default="answer")
    parser.add_argument("--status", type=int, default=200)
    options = parser.parse_args()
    stub = OpenAIChatStub(
        Behaviour(
            options.behaviour,
            status=options.status,
            tokens=options.tokens,
            delay_ms=options.delay_ms,
            first_delay_ms=options.first_delay_ms,
        ),
        port=options.port,
    )
    stub.keeps_asked = False
    with stub:
        print(stub.base_url, flush=True)
        signal.pause()


if __name__ == "__main__":
    main()
