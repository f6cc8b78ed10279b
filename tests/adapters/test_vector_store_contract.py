"""One contract for whatever keeps vectors: memory, a folder of ours, a server of one's own."""

from __future__ import annotations

import gzip
import json
import re
import socket
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import numpy
import pytest

from app.adapters.chroma import EmbeddedChroma
from app.adapters.chroma_server import ChromaServer
from app.adapters.small_collections import SmallCollections
from app.adapters.vector_store import VectorStore, collection_name
from app.errors import ProviderError
from tests import services
from tests.fakes import MemoryVectors

ROOT = Path(__file__).resolve().parents[2]
SPACE = "a model"
MANY = 7_000


@pytest.fixture(scope="module", params=["memory", "embedded", "small", "server"])
def store(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> VectorStore:
    if request.param == "memory":
        return MemoryVectors()
    if request.param == "embedded":
        return EmbeddedChroma(tmp_path_factory.mktemp("chroma"))
    if request.param == "small":
        # Held in memory from the first question on, however much has just changed.
        return EmbeddedChroma(tmp_path_factory.mktemp("small"), SmallCollections(0.0))
    return ChromaServer(services.require_chroma())


@pytest.fixture
def owner(store: VectorStore) -> Iterator[UUID]:
    """An organization of the test's own."""
    organization_id = uuid4()
    yield organization_id
    store.drop(organization_id)


def unit(*values: float) -> Any:
    vector = numpy.array(values, dtype=numpy.float32)
    return vector / numpy.linalg.norm(vector)


def rows(*vectors: Any) -> Any:
    return numpy.stack(vectors)


EAST, NORTH, NORTH_EAST = unit(1, 0, 0), unit(0, 1, 0), unit(1, 1, 0)


def test_the_nearest_come_first_with_their_cosine(store: VectorStore, owner: UUID) -> None:
    east, north, between = uuid4(), uuid4(), uuid4()
    store.put(owner, SPACE, [east, north, between], rows(EAST, NORTH, NORTH_EAST))
    found = store.nearest(owner, SPACE, EAST, 2)
    assert list(found) == [east, between]
    assert found[east] == pytest.approx(1.0, abs=1e-4)
    assert found[between] == pytest.approx(0.7071, abs=1e-3)


def test_asking_for_more_than_there_is_gives_what_there_is(store: VectorStore, owner: UUID) -> None:
    assert store.nearest(owner, SPACE, EAST, 5) == {}
    only = uuid4()
    store.put(owner, SPACE, [only], rows(EAST))
    assert list(store.nearest(owner, SPACE, NORTH, 5)) == [only]


def test_an_id_that_is_put_again_is_overwritten(store: VectorStore, owner: UUID) -> None:
    same = uuid4()
    store.put(owner, SPACE, [same], rows(EAST))
    store.put(owner, SPACE, [same], rows(NORTH))
    assert store.ids(owner, SPACE) == {same}
    assert store.nearest(owner, SPACE, NORTH, 1)[same] == pytest.approx(1.0, abs=1e-4)


def test_the_similarity_of_known_ids_is_told_and_others_are_left_out(
    store: VectorStore, owner: UUID
) -> None:
    east, north, unknown = uuid4(), uuid4(), uuid4()
    store.put(owner, SPACE, [east, north], rows(EAST, NORTH))
    found = store.similarities(owner, SPACE, NORTH_EAST, [unknown, north, east])
    assert found.keys() == {east, north}
    assert found[north] == pytest.approx(0.7071, abs=1e-3)
    assert store.similarities(owner, SPACE, EAST, [unknown]) == {}
    assert store.similarities(owner, SPACE, EAST, []) == {}


def test_what_was_removed_is_gone_from_every_space(store: VectorStore, owner: UUID) -> None:
    kept, removed = uuid4(), uuid4()
    for space in (SPACE, "another model"):
        store.put(owner, space, [kept, removed], rows(EAST, NORTH))
    store.remove(owner, [removed, uuid4()])
    for space in (SPACE, "another model"):
        assert store.ids(owner, space) == {kept}
        assert removed not in store.nearest(owner, space, NORTH, 5)


def test_removing_where_nothing_is_does_no_harm(store: VectorStore, owner: UUID) -> None:
    store.remove(owner, [uuid4()])
    store.drop(owner)
    assert store.ids(owner, SPACE) == set()


def test_spaces_are_dropped_but_the_one_that_is_kept(store: VectorStore, owner: UUID) -> None:
    kept, gone = uuid4(), uuid4()
    store.put(owner, SPACE, [kept], rows(EAST))
    store.put(owner, "another model", [gone], rows(unit(1, 2, 3)))
    store.drop(owner, keep=SPACE)
    assert (store.ids(owner, SPACE), store.ids(owner, "another model")) == ({kept}, set())
    store.drop(owner)
    assert store.ids(owner, SPACE) == set()


def test_spaces_may_differ_in_length(store: VectorStore, owner: UUID) -> None:
    short, long = uuid4(), uuid4()
    store.put(owner, "short", [short], rows(unit(1, 2)))
    store.put(owner, "long", [long], rows(unit(1, 2, 3, 4)))
    assert list(store.nearest(owner, "long", unit(1, 2, 3, 4), 5)) == [long]


def test_T3_organizations_share_nothing_not_even_an_id(store: VectorStore, owner: UUID) -> None:
    other, same = uuid4(), uuid4()
    store.put(owner, SPACE, [same], rows(EAST))
    assert store.nearest(other, SPACE, EAST, 5) == {}
    assert store.similarities(other, SPACE, EAST, [same]) == {}
    store.put(other, SPACE, [same], rows(NORTH))
    store.remove(other, [same])
    store.drop(other)
    assert store.ids(owner, SPACE) == {same}


def test_thousands_are_listed_and_removed_at_once(store: VectorStore, owner: UUID) -> None:
    known = [uuid4() for _ in range(MANY)]
    vectors = numpy.random.default_rng(1).normal(size=(MANY, 4)).astype(numpy.float32)
    for start in range(0, MANY, 2_000):
        store.put(owner, SPACE, known[start : start + 2_000], vectors[start : start + 2_000])
    assert store.ids(owner, SPACE) == set(known)
    store.remove(owner, known[1:])
    assert store.ids(owner, SPACE) == set(known[:1])


@pytest.mark.slow
def test_T8_removing_reaches_a_collection_among_very_many(tmp_path: Path) -> None:
    """Chroma could list no more than the first hundred."""
    store, mine = EmbeddedChroma(tmp_path), uuid4()
    owners = [uuid4() for _ in range(102)]
    for owner in owners:
        store.put(owner, SPACE, [mine], rows(EAST))
    for owner in (owners[0], owners[-1]):
        store.remove(owner, [mine])
        assert store.ids(owner, SPACE) == set()


def test_it_says_how_it_is(store: VectorStore) -> None:
    assert store.check()


# What Chroma is told (O5)


def test_O5_the_folder_holds_no_text_and_names_no_embedding_function(tmp_path: Path) -> None:
    store, owner, known = EmbeddedChroma(tmp_path), uuid4(), uuid4()
    store.put(owner, SPACE, [known], rows(EAST))
    store.nearest(owner, SPACE, EAST, 1)
    collection = store._client.get_collection(
        collection_name(owner, SPACE), embedding_function=None
    )
    held = collection.get(include=["documents", "metadatas", "uris"])
    assert held["ids"] == [str(known)]
    assert (held["documents"], held["metadatas"], held["uris"]) == ([None], [None], [None])
    with closing(sqlite3.connect(tmp_path / "chroma.sqlite3")) as database:
        [settings] = database.execute("SELECT config_json_str FROM collections").fetchall()
        texts = database.execute("SELECT count(*) FROM embedding_metadata").fetchone()
    assert texts == (0,)
    function = json.loads(settings[0] or "{}").get("embedding_function")
    assert function in (None, {"type": "legacy"})


class Wire:
    """Stands between the client and the server, and writes down what is said."""

    def __init__(self, target: str) -> None:
        self.said: list[tuple[str, str, Any]] = []
        wire = self

        class Handler(BaseHTTPRequestHandler):
            def pass_on(self) -> None:
                import urllib.error
                import urllib.request

                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                plain = gzip.decompress(body) if body[:2] == b"\x1f\x8b" else body
                wire.said.append((self.command, self.path, json.loads(plain) if plain else None))
                headers = {k: v for k, v in self.headers.items() if k.lower() != "host"}
                headers["Accept-Encoding"] = "identity"
                asked = urllib.request.Request(
                    target + self.path, body or None, headers, method=self.command
                )
                try:
                    answer = urllib.request.urlopen(asked, timeout=10)
                except urllib.error.HTTPError as error:
                    answer = error
                with answer:
                    content = answer.read()
                    self.send_response(answer.status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            do_GET = do_POST = do_DELETE = do_PUT = pass_on

            def log_message(self, *_: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


def test_O5_nothing_but_ids_and_numbers_goes_to_the_server() -> None:
    wire = Wire(services.require_chroma())
    try:
        store, owner, known = ChromaServer(wire.url), uuid4(), uuid4()
        store.put(owner, SPACE, [known], rows(EAST))
        assert list(store.nearest(owner, SPACE, EAST, 1)) == [known]
        store.similarities(owner, SPACE, EAST, [known])
        store.ids(owner, SPACE)
        store.remove(owner, [known])
        store.drop(owner)
    finally:
        wire.close()
    bodies = [body for _, _, body in wire.said if body]
    assert len(bodies) > 5
    for _, path, body in wire.said:
        for word in ("query_texts", "documents", "metadatas", "uris", "where_document"):
            assert not (body or {}).get(word), (path, word)
        assert SPACE not in json.dumps([path, body])
        made = ((body or {}).get("configuration") or {}).get("embedding_function")
        assert made in (None, {"type": "legacy"})


# When it is away


def test_O4_whoever_runs_it_is_told_to_keep_the_server_to_the_app() -> None:
    for name in ("render.yaml", "SECURITY.md", "scripts/services.sh"):
        lines = (ROOT / name).read_text().splitlines()
        told = " ".join(line.lstrip("# ") for line in lines)
        assert re.search(r"(?i)chroma", told), name
        assert re.search(r"nothing but the app|127\.0\.0\.1", told), name


def test_a_server_that_is_away_is_a_provider_error_and_comes_back() -> None:
    url = services.require_chroma()
    with socket.create_server(("127.0.0.1", 0)) as reserved:
        port = reserved.getsockname()[1]
    store = ChromaServer(f"http://127.0.0.1:{port}")
    for call in (
        store.check,
        lambda: store.put(uuid4(), SPACE, [uuid4()], rows(EAST)),
        lambda: store.nearest(uuid4(), SPACE, EAST, 1),
        lambda: store.remove(uuid4(), [uuid4()]),
    ):
        with pytest.raises(ProviderError) as caught:
            call()
        assert not caught.value.permanent
    assert ChromaServer(url).check() == "server answers"


def test_what_a_folder_holds_is_there_after_a_restart(tmp_path: Path) -> None:
    owner, known = uuid4(), uuid4()
    EmbeddedChroma(tmp_path).put(owner, SPACE, [known], rows(EAST))
    assert EmbeddedChroma(tmp_path).ids(owner, SPACE) == {known}


OPENS = """
import sys, time, uuid
from pathlib import Path
from app.adapters.chroma import EmbeddedChroma
store = EmbeddedChroma(Path(sys.argv[1]))
store.ids(uuid.uuid4(), "a model")
print("open", flush=True)
time.sleep(60)
"""


def test_a_folder_is_for_one_process_and_free_again_when_that_was_killed(tmp_path: Path) -> None:
    root = Path(__file__).resolve().parents[2]
    command = [sys.executable, "-c", OPENS, str(tmp_path)]
    owner, known = uuid4(), uuid4()
    mine = EmbeddedChroma(tmp_path)
    with subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "open\n"
        with pytest.raises(ProviderError, match="the server is running") as caught:
            mine.put(owner, SPACE, [known], rows(EAST))
        assert not caught.value.permanent
        other.kill()
    mine.put(owner, SPACE, [known], rows(EAST))
    assert EmbeddedChroma(tmp_path).ids(owner, SPACE) == {known}
    late = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    assert "the server is running. Stop it first" in late.stderr


def test_what_another_worker_drops_and_makes_anew_is_found_again() -> None:
    url, owner = services.require_chroma(), uuid4()
    one, other = ChromaServer(url), ChromaServer(url)
    before, after = uuid4(), uuid4()
    one.put(owner, SPACE, [before], rows(EAST))
    assert one.similarities(owner, SPACE, EAST, [before]).keys() == {before}
    other.drop(owner)
    assert one.nearest(owner, SPACE, EAST, 5) == {}
    assert one.similarities(owner, SPACE, EAST, [before]) == {}
    other.drop(owner)
    one.put(owner, SPACE, [after], rows(NORTH))
    assert list(one.nearest(owner, SPACE, EAST, 5)) == [after]
    one.drop(owner)


def test_a_remembered_vector_is_not_told_of_once_it_was_changed_or_removed(
    store: VectorStore, owner: UUID
) -> None:
    known = uuid4()
    for vector, cosine in ((EAST, 1.0), (NORTH, 0.0)):
        store.put(owner, SPACE, [known], rows(vector))
        for _ in range(2):
            found = store.similarities(owner, SPACE, EAST, [known])
            assert found[known] == pytest.approx(cosine, abs=1e-4)
    store.remove(owner, [known])
    assert store.similarities(owner, SPACE, EAST, [known]) == {}


@pytest.mark.parametrize("url", ["", "ftp://host", "http://", "host:8000"])
def test_an_address_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="CHROMA_URL"):
        ChromaServer(url)
