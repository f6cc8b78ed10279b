"""Where vectors are kept, as far as it can be asked how it is."""

from __future__ import annotations

import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from app.adapters.chroma import EmbeddedChroma
from app.adapters.chroma_server import CHECK_SECONDS, ChromaServer
from app.adapters.vector_store import VectorStore
from app.errors import ProviderError
from tests.fakes import MemoryVectors


class ChromaStub(ThreadingHTTPServer):
    """As much of a Chroma server as a check asks for; `status` is what it answers."""

    daemon_threads = True
    status = 200
    hangs = False

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class Heartbeat(BaseHTTPRequestHandler):
    server: ChromaStub

    def do_GET(self) -> None:
        if self.server.hangs:
            time.sleep(CHECK_SECONDS * 3)
            return
        known = self.path == "/api/v2/heartbeat"
        self.send_response(self.server.status if known else 404)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def chroma() -> Iterator[ChromaStub]:
    with ChromaStub(("127.0.0.1", 0), Heartbeat) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


class TestContract:
    @pytest.fixture(params=["fake", "embedded", "server"])
    def store(
        self, request: pytest.FixtureRequest, tmp_path: Path, chroma: ChromaStub
    ) -> VectorStore:
        stores: dict[str, VectorStore] = {
            "fake": MemoryVectors(),
            "embedded": EmbeddedChroma(tmp_path / "chroma"),
            "server": ChromaServer(f"{chroma.url}/"),
        }
        return stores[request.param]

    def test_it_says_how_it_is_in_words(self, store: VectorStore) -> None:
        assert isinstance(store.check(), str)
        assert store.check()

    def test_asking_twice_changes_nothing(self, store: VectorStore) -> None:
        assert store.check() == store.check()


class TestTrouble:
    """Whatever is wrong, the answer is ProviderError, and soon."""

    def test_with_the_fake(self) -> None:
        with pytest.raises(ProviderError):
            MemoryVectors(problem="away").check()

    def test_with_a_server_that_is_not_there(self) -> None:
        with socket.socket() as closed:
            closed.bind(("127.0.0.1", 0))
            port = closed.getsockname()[1]
        with pytest.raises(ProviderError):
            ChromaServer(f"http://127.0.0.1:{port}").check()

    @pytest.mark.parametrize("status", [404, 500, 503])
    def test_with_a_server_that_is_unwell(self, chroma: ChromaStub, status: int) -> None:
        chroma.status = status
        with pytest.raises(ProviderError):
            ChromaServer(chroma.url).check()

    def test_with_a_server_that_hangs(self, chroma: ChromaStub) -> None:
        chroma.hangs = True
        began = time.monotonic()
        with pytest.raises(ProviderError):
            ChromaServer(chroma.url).check()
        assert time.monotonic() - began < CHECK_SECONDS + 5


def test_asking_the_embedded_one_does_not_open_it(tmp_path: Path) -> None:
    EmbeddedChroma(tmp_path / "chroma").check()
    assert not (tmp_path / "chroma").exists()


def test_neither_is_loaded_before_it_is_needed() -> None:
    program = (
        "import sys, pathlib; from app.adapters.chroma import EmbeddedChroma as C;"
        "C(pathlib.Path('x')).check(); assert 'chromadb' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", program], check=True, cwd=Path(__file__).parents[2])


@pytest.mark.parametrize("url", ["", "chroma:8000", "ftp://chroma", "http://", "//chroma"])
def test_an_address_that_is_none_is_refused_at_once(url: str) -> None:
    with pytest.raises(ValueError, match="CHROMA_URL"):
        ChromaServer(url)
