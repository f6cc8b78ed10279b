"""Originals in a bucket: the real client against a server that speaks S3, under gevent too."""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest

from app.adapters.object_storage import PART, ObjectStorage, is_installed, is_object_storage
from app.errors import ProviderError
from tests.stubs.s3 import S3Stub

OWNER = uuid4()
ROOT = Path(__file__).resolve().parents[2]
needs_client = pytest.mark.skipif(
    not is_installed(), reason="needs: pip install -r requirements-s3.txt"
)
UNDER_GEVENT = """
from gevent import monkey
monkey.patch_all()
import io, sys, time, gevent
from uuid import UUID
from app.adapters.object_storage import ObjectStorage
owner, gaps = UUID(sys.argv[1]), []
def tick():
    while True:
        began = time.monotonic()
        gevent.sleep(0.005)
        gaps.append(time.monotonic() - began)
ticking = gevent.spawn(tick)
storage = ObjectStorage("s3://our-bucket/originals")
content = bytes(range(256)) * 80_000
key = storage.keep(owner, io.BytesIO(content))
with storage.local_copy(key) as path:
    assert path.read_bytes() == content
assert list(storage.keys(owner)) == [key]
storage.remove(key)
assert storage.keys(owner) == {}
ticking.kill()
print(max(gaps))
"""


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch) -> Iterator[S3Stub]:
    stub = S3Stub()
    for name, value in stub.settings().items():
        monkeypatch.setenv(name, value)
    yield stub
    stub.close()


@pytest.fixture
def storage(bucket: S3Stub) -> ObjectStorage:
    return ObjectStorage("s3://our-bucket/originals")


@needs_client
@pytest.mark.parametrize("size", [0, 10, PART - 1, 2 * PART + 7])
def test_what_was_kept_comes_back_byte_for_byte(
    bucket: S3Stub, storage: ObjectStorage, size: int
) -> None:
    content = os.urandom(size)
    key = storage.keep(OWNER, io.BytesIO(content))
    assert re.fullmatch(rf"{OWNER.hex}/[0-9a-f]{{32}}", key)
    assert bucket.objects == {f"originals/{key}": content}
    with storage.local_copy(key) as path:
        assert path.read_bytes() == content
    assert not path.exists()


@needs_client
def test_what_was_removed_is_gone_and_removing_it_twice_is_fine(storage: ObjectStorage) -> None:
    key, other = (storage.keep(OWNER, io.BytesIO(each)) for each in (b"x", b"y"))
    storage.remove(key)
    storage.remove(key)
    with pytest.raises(ProviderError, match="no longer there") as caught, storage.local_copy(key):
        pass
    assert caught.value.permanent
    assert storage.keys(OWNER) == {other: datetime(2026, 11, 21, 10, tzinfo=UTC)}
    assert storage.keys(uuid4()) == {}


@needs_client
def test_a_file_that_could_not_be_read_whole_is_not_kept(
    bucket: S3Stub, storage: ObjectStorage
) -> None:
    class Torn(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            piece = super().read(10)
            if not piece:
                raise OSError("the client went away")
            return piece

    with pytest.raises(ProviderError, match="could not be stored"):
        storage.keep(OWNER, Torn(b"0123456789"))
    assert bucket.objects == {}


@needs_client
def test_a_bucket_that_refuses_is_a_provider_error_of_one_line(
    bucket: S3Stub, storage: ObjectStorage
) -> None:
    key = storage.keep(OWNER, io.BytesIO(b"x"))
    bucket.refusing = 403
    tries = {
        "stored": lambda: storage.keep(OWNER, io.BytesIO(b"y")),
        "fetched": lambda: storage.local_copy(key).__enter__(),
        "removed": lambda: storage.remove(key),
        "listed": lambda: storage.keys(OWNER),
    }
    for word, attempt in tries.items():
        with pytest.raises(ProviderError, match=f"could not be {word}") as caught:
            attempt()
        assert not caught.value.permanent
        assert "\n" not in str(caught.value)


@needs_client
def test_under_gevent_it_works_and_others_have_their_turn(bucket: S3Stub) -> None:
    done = subprocess.run(
        [sys.executable, "-c", UNDER_GEVENT, str(OWNER)],
        cwd=ROOT,
        env={**os.environ, **bucket.settings()},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    # Twenty megabytes went and came; loading the library is the longest stretch of it.
    assert float(done.stdout) < 0.5


def test_only_a_bucket_is_taken_for_one() -> None:
    assert is_object_storage("s3://bucket/prefix")
    assert not is_object_storage("/var/lib/frontdesk")
    assert not is_object_storage("memory://x")
