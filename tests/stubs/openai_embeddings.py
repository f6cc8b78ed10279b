"""An endpoint that speaks OpenAI's protocol for embeddings, as far as its clients can tell."""

from __future__ import annotations

import json
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class Reply:
    """What to say instead of vectors; one is used up with each request."""

    status: int = 200
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    seconds: float = 0.0


def vector_of(text: str, dimension: int = 8) -> list[float]:
    """Not of unit length, and different for texts of different letters."""
    return [1.0 + sum(ord(each) for each in text[place::dimension]) for place in range(dimension)]


class OpenAIEmbeddingsStub:
    """`base_url` is for OPENAI_BASE_URL. `asked` keeps requests, `replies` are given first."""

    def __init__(self) -> None:
        self.asked: list[dict[str, Any]] = []
        self.keys: list[str] = []
        self.replies: list[Reply] = []
        self.shuffled = False
        stub = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                content = self.rfile.read(int(self.headers["Content-Length"]))
                stub.keys.append(self.headers.get("Authorization", ""))
                status, headers, body = stub.answer(self.path, json.loads(content))
                payload = body if isinstance(body, bytes) else json.dumps(body).encode()
                self.send_response(status)
                for name, value in {"Content-Type": "application/json", **headers}.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(payload)))
                self.end_headers()
                self.wfile.write(payload)

            def log_message(self, *_: Any) -> None:
                pass

        class Server(ThreadingHTTPServer):
            def handle_error(self, *_: Any) -> None:
                """A client that gave up is nobody's error."""

        self._server = Server(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.base_url = f"http://127.0.0.1:{self._server.server_port}/v1"
        threading.Thread(target=self._server.serve_forever, args=[0.02], daemon=True).start()

    def answer(self, path: str, asked: dict[str, Any]) -> tuple[int, dict[str, str], Any]:
        self.asked.append(asked)
        if path != "/v1/embeddings":
            return 404, {}, _error("not found")
        if self.replies:
            reply = self.replies.pop(0)
            time.sleep(reply.seconds)
            if reply.status != 200 or reply.body is not None:
                return reply.status, reply.headers, reply.body or _error("scripted")
        texts = asked["input"] if isinstance(asked["input"], list) else [asked["input"]]
        if not texts or not all(texts) or len(texts) > 2_048:
            return 400, {}, _error("'$.input' is invalid")
        items = [
            {"object": "embedding", "index": place, "embedding": vector_of(text)}
            for place, text in enumerate(texts)
        ]
        if self.shuffled:
            items.reverse()
        usage = {"prompt_tokens": 1, "total_tokens": 1}
        return 200, {}, {"object": "list", "data": items, "model": asked["model"], "usage": usage}

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


def _error(message: str) -> dict[str, Any]:
    return {"error": {"message": message, "type": "invalid_request_error", "code": None}}
