"""The bytes that the stub of a language model sends; what was said before is kept."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from tests.stubs.chat_behaviours import Behaviour
from tests.stubs.chat_replies import grounded, obedient, tokens_of

MARK = re.compile(r"(untrusted|passage)-[0-9a-f]+")
HTML = b"<!doctype html><title>503</title><h1>Service Temporarily Unavailable</h1>"


def said(asked: dict[str, Any], behaviour: Behaviour) -> str:
    """The text of the answer, whatever becomes of it on the way."""
    if behaviour.text is not None:
        return behaviour.text
    if behaviour.name == "obey":
        return obedient(asked["messages"])
    # The marks of each prompt are its own; what was said to the same question is still known.
    return _grounded(MARK.sub(r"\1-0", json.dumps(asked["messages"])), behaviour.tokens)


@lru_cache(256)
def _grounded(messages: str, tokens: int | None) -> str:
    return grounded(json.loads(messages), tokens)


@lru_cache(256)
def good(model: str, text: str, finish: str, usage: bool) -> tuple[bytes, ...]:
    """The events of a whole answer, each a chunk of HTTP."""
    tokens = tokens_of(text)
    pieces = [event(_delta(model, {"role": "assistant", "content": ""}))]
    pieces += [event(_delta(model, {"content": token})) for token in tokens]
    pieces.append(event(_delta(model, {}, finish)))
    if usage:
        pieces.append(event({**_delta(model, {}), "choices": [], "usage": _usage(tokens)}))
    pieces.append(chunk(b"data: [DONE]\n\n") + b"0\r\n\r\n")
    return tuple(pieces)


def _delta(model: str, delta: dict[str, Any], finish: str | None = None) -> dict[str, Any]:
    return {
        "id": "chatcmpl-stub",
        "object": "chat.completion.chunk",
        "created": 1_700_000_000,
        "model": model,
        "choices": [{"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}],
    }


def whole(asked: dict[str, Any], behaviour: Behaviour) -> bytes:
    text = said(asked, behaviour)
    message = {"role": "assistant", "content": text, "refusal": None}
    choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": behaviour.finish}
    complete = {
        **_delta(asked["model"], {}),
        "object": "chat.completion",
        "choices": [choice],
        "usage": _usage(tokens_of(text)),
    }
    return plain(200, complete)


def refusal(behaviour: Behaviour) -> bytes:
    if behaviour.name == "html":
        headers = {"Content-Type": "text/html", "Content-Length": str(len(HTML))}
        return head(behaviour.status, headers | behaviour.headers) + HTML
    words = behaviour.text or f"the stub says {behaviour.status}"
    return plain(behaviour.status, error(words), behaviour.headers)


def plain(status: int, body: dict[str, Any], headers: dict[str, str] | None = None) -> bytes:
    content = json.dumps(body).encode()
    fields = {"Content-Type": "application/json", "Content-Length": str(len(content))}
    return head(status, fields | (headers or {})) + content


def head(status: int, headers: dict[str, str]) -> bytes:
    lines = [
        f"HTTP/1.1 {status} Scripted",
        *(f"{name}: {value}" for name, value in headers.items()),
    ]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


def event(said_now: dict[str, Any]) -> bytes:
    return chunk(b"data: " + json.dumps(said_now, separators=(",", ":")).encode() + b"\n\n")


def chunk(content: bytes) -> bytes:
    return f"{len(content):x}\r\n".encode() + content + b"\r\n"


def _usage(tokens: Iterable[str]) -> dict[str, int]:
    spoken = len(list(tokens))
    return {"prompt_tokens": 321, "completion_tokens": spoken, "total_tokens": 321 + spoken}


def error(message: str) -> dict[str, Any]:
    return {"error": {"message": message, "type": "invalid_request_error", "code": None}}
