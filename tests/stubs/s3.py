"""A bucket that speaks S3's protocol, as far as its clients can tell."""

from __future__ import annotations

import re
import threading
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit
from xml.sax.saxutils import escape

KEY = re.compile("<Key>(.*?)</Key>")
XMLNS = 'xmlns="http://s3.amazonaws.com/doc/2006-03-01/"'


class S3Stub:
    """`objects` is what is kept, `refusing` a status for everything, `asked` what was asked."""

    def __init__(self, bucket: str = "our-bucket") -> None:
        self.objects: dict[str, bytes] = {}
        self.refusing = 0
        self.asked: list[str] = []
        self._parts: dict[str, dict[int, bytes]] = {}
        self._bucket = f"/{bucket}"
        stub = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def _answer(self) -> None:
                content = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                status, body, headers = stub.answer(self.command, self.path, content)
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                if self.command != "HEAD":
                    self.wfile.write(body)

            do_GET = do_PUT = do_POST = do_DELETE = do_HEAD = _answer

            def log_message(self, *_: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, args=[0.02], daemon=True).start()

    def settings(self) -> dict[str, str]:
        """What the environment says to a client of this bucket."""
        return {
            "AWS_ENDPOINT_URL": self.url,
            "AWS_ACCESS_KEY_ID": "nobody",
            "AWS_SECRET_ACCESS_KEY": "nothing",
            "AWS_DEFAULT_REGION": "us-east-1",
        }

    def answer(self, method: str, path: str, content: bytes) -> tuple[int, bytes, dict[str, str]]:
        parts = urlsplit(path)
        query = {name: values[0] for name, values in parse_qs(parts.query, True).items()}
        key = unquote(parts.path).removeprefix(self._bucket).strip("/")
        self.asked.append(f"{method} {key}")
        if self.refusing:
            return self.refusing, b"<Error><Code>AccessDenied</Code></Error>", {}
        if method == "GET" and "list-type" in query:
            return 200, self._listing(query.get("prefix", "")), {}
        if "delete" in query:
            return 200, self._delete(KEY.findall(content.decode())), {}
        if "uploads" in query or "uploadId" in query:
            return self._in_parts(method, key, query, content)
        return self._one(method, key, content)

    def _one(self, method: str, key: str, content: bytes) -> tuple[int, bytes, dict[str, str]]:
        if method == "PUT":
            self.objects[key] = content
            return 200, b"", {"ETag": '"1"'}
        if method == "DELETE":
            self._delete([key])
            return 204, b"", {}
        if key not in self.objects:
            return 404, b"<Error><Code>NoSuchKey</Code></Error>", {}
        headers = {"ETag": '"1"', "Last-Modified": "Sat, 21 Nov 2026 10:00:00 GMT"}
        return 200, self.objects[key], headers

    def _delete(self, keys: list[str]) -> bytes:
        for each in keys:
            self.objects.pop(each, None)
        rows = "".join(f"<Deleted><Key>{each}</Key></Deleted>" for each in keys)
        return f"<DeleteResult {XMLNS}>{rows}</DeleteResult>".encode()

    def _in_parts(
        self, method: str, key: str, query: dict[str, str], content: bytes
    ) -> tuple[int, bytes, dict[str, str]]:
        if method == "PUT":
            self._parts[key][int(query["partNumber"])] = content
            return 200, b"", {"ETag": f'"{query["partNumber"]}"'}
        if method == "DELETE":
            self._parts.pop(key, None)
            return 204, b"", {}
        if "uploads" in query:
            self._parts[key] = {}
            said = f"<InitiateMultipartUploadResult {XMLNS}><UploadId>one</UploadId>"
            return 200, f"{said}</InitiateMultipartUploadResult>".encode(), {}
        self.objects[key] = b"".join(part for _, part in sorted(self._parts.pop(key).items()))
        said = f'<CompleteMultipartUploadResult {XMLNS}><ETag>"1"</ETag>'
        return 200, f"{said}</CompleteMultipartUploadResult>".encode(), {}

    def _listing(self, prefix: str) -> bytes:
        moment = datetime(2026, 11, 21, 10, tzinfo=UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")
        rows = "".join(
            f"<Contents><Key>{escape(key)}</Key><Size>{len(content)}</Size><ETag>&quot;1&quot;"
            f"</ETag><LastModified>{moment}</LastModified></Contents>"
            for key, content in sorted(self.objects.items())
            if key.startswith(prefix)
        )
        return f"<ListBucketResult {XMLNS}>{rows}</ListBucketResult>".encode()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
