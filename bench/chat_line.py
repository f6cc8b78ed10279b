"""A visitor's socket for measuring: as little work as a client can have, to hide nothing."""

from __future__ import annotations

import asyncio
import base64
import json
import os
import struct
from typing import Any
from urllib.parse import urlsplit

TEXT, CLOSE, PING, PONG = 1, 8, 9, 10


class ChatLine:
    """Speaks the visitor's protocol over a bare stream."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    @classmethod
    async def open(cls, url: str, **hello: Any) -> tuple[ChatLine, dict[str, Any]]:
        """Connect and be welcomed."""
        parts = urlsplit(url)
        reader, writer = await asyncio.open_connection(parts.hostname, parts.port, limit=2**18)
        key = base64.b64encode(os.urandom(16)).decode()
        writer.write(
            f"GET {parts.path}?{parts.query} HTTP/1.1\r\nHost: {parts.netloc}\r\n"
            "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            f"Sec-WebSocket-Key: {key}\r\n\r\n".encode()
        )
        head = await reader.readuntil(b"\r\n\r\n")
        if b" 101 " not in head.split(b"\r\n")[0]:
            raise RuntimeError(head.split(b"\r\n")[0].decode())
        line = cls(reader, writer)
        line.send("hello", **hello)
        return line, await line.receive("welcome")

    def send(self, kind: str, **fields: Any) -> None:
        data = json.dumps({"type": kind, **fields}).encode()
        self._writer.write(_framed(TEXT, data))

    async def receive(self, *kinds: str) -> dict[str, Any]:
        """The next frame of one of these kinds."""
        while True:
            frame: dict[str, Any] = json.loads(await self._payload())
            if frame["type"] in kinds:
                return frame
            if frame["type"] == "error":
                raise RuntimeError(str(frame))

    async def _payload(self) -> bytes:
        while True:
            first, second = await self._reader.readexactly(2)
            length = second & 127
            if length == 126:
                (length,) = struct.unpack(">H", await self._reader.readexactly(2))
            elif length == 127:
                (length,) = struct.unpack(">Q", await self._reader.readexactly(8))
            data = await self._reader.readexactly(length)
            if first & 15 == TEXT:
                return data
            if first & 15 == PING:
                self._writer.write(_framed(PONG, data))
            elif first & 15 == CLOSE:
                raise ConnectionError("closed by the server")

    def close(self) -> None:
        self._writer.close()


def _framed(opcode: int, data: bytes) -> bytes:
    """Masked with zeros: a mask must be there, not be hard to guess."""
    size = len(data)
    if size < 126:
        head = struct.pack(">BB", 128 | opcode, 128 | size)
    else:
        head = struct.pack(">BBH", 128 | opcode, 128 | 126, size)
    return head + b"\0\0\0\0" + data
