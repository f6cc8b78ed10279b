"""Originals: kept under names that say nothing, fetched, forgotten, never left half-written."""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import fsspec
import pytest
from fsspec.implementations.memory import MemoryFileSystem

from app.adapters.file_storage import CHUNK, FsspecStorage
from app.errors import ProviderError

OWNER = uuid4()


class Bucket(MemoryFileSystem):
    """A stand-in for S3: a file system that is not this machine's, registered under its name."""

    protocol = ("s3",)
    store: dict[str, Any] = {}  # noqa: RUF012
    pseudo_dirs = [""]  # noqa: RUF012
    options: dict[str, Any] = {}  # noqa: RUF012

    @classmethod
    def _strip_protocol(cls, path: str) -> str:
        return "/" + path.removeprefix("s3://").strip("/")


@pytest.fixture
def bucket() -> Iterator[type[Bucket]]:
    fsspec.register_implementation("s3", Bucket, clobber=True)
    Bucket.store.clear()
    yield Bucket
    # The package hides its module behind a view of the registry by the same name.
    sys.modules["fsspec.registry"]._registry.pop("s3")  # type: ignore[attr-defined]


@pytest.fixture(params=["folder", "memory", "s3"])
def storage(request: pytest.FixtureRequest, tmp_path: Path) -> FsspecStorage:
    if request.param == "s3":
        request.getfixturevalue("bucket")
    url = {
        "folder": str(tmp_path / "files"),
        "memory": f"memory://{uuid4().hex}",
        "s3": "s3://our-bucket/originals",
    }[request.param]
    return FsspecStorage(url)


def names(storage: FsspecStorage) -> list[str]:
    system, root = storage._system()
    return [str(each) for each in system.find(root)] if system.exists(root) else []


def test_what_was_kept_comes_back_byte_for_byte(storage: FsspecStorage) -> None:
    content = bytes(range(256)) * (CHUNK // 100)
    key = storage.keep(OWNER, io.BytesIO(content))
    with storage.local_copy(key) as path:
        assert path.read_bytes() == content
    assert len(names(storage)) == 1


def test_the_key_is_random_and_belongs_to_the_organization(storage: FsspecStorage) -> None:
    keys = {storage.keep(OWNER, io.BytesIO(b"same")) for _ in range(3)}
    assert len(keys) == 3
    assert all(re.fullmatch(rf"{OWNER.hex}/[0-9a-f]{{32}}", key) for key in keys)


def test_what_was_removed_is_gone_and_removing_it_twice_is_fine(storage: FsspecStorage) -> None:
    key = storage.keep(OWNER, io.BytesIO(b"x"))
    other = storage.keep(OWNER, io.BytesIO(b"y"))
    storage.remove(key)
    storage.remove(key)
    with pytest.raises(ProviderError) as caught, storage.local_copy(key):
        pass
    assert caught.value.permanent
    with storage.local_copy(other) as path:
        assert path.read_bytes() == b"y"


def test_a_copy_that_was_fetched_is_not_left_lying_about(storage: FsspecStorage) -> None:
    key = storage.keep(OWNER, io.BytesIO(b"x"))
    with storage.local_copy(key) as path:
        assert path.exists()
    system, _ = storage._system()
    assert path.exists() == ("file" in system.protocol)


class Torn(io.BytesIO):
    """A disk or a network that fails after the first piece."""

    def read(self, size: int | None = -1, /) -> bytes:
        piece = super().read(10)
        if not piece:
            raise OSError("No space left on device")
        return piece


def test_a_file_that_could_not_be_kept_whole_is_not_kept_at_all(storage: FsspecStorage) -> None:
    with pytest.raises(ProviderError, match="could not be stored") as caught:
        storage.keep(OWNER, Torn(b"0123456789"))
    assert not caught.value.permanent
    assert names(storage) == []


def test_whoever_gives_up_in_the_midst_leaves_nothing(storage: FsspecStorage) -> None:
    class Hung(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            raise ValueError("the client went away")

    with pytest.raises(ValueError, match="went away"):
        storage.keep(OWNER, Hung())
    assert names(storage) == []


def test_an_address_of_a_bucket_is_handed_to_fsspec(bucket: type[Bucket]) -> None:
    storage = FsspecStorage("s3://our-bucket/originals")
    key = storage.keep(OWNER, io.BytesIO(b"x"))
    assert list(bucket.store) == [f"/our-bucket/originals/{key}"]


def test_a_bucket_that_fails_is_a_provider_error(bucket: type[Bucket]) -> None:
    storage = FsspecStorage("s3://our-bucket/originals")
    key = storage.keep(OWNER, io.BytesIO(b"x"))
    system, _ = storage._system()

    def fail(*_: Any, **__: Any) -> Any:
        raise OSError("403 Forbidden")

    for name in ("makedirs", "get_file", "rm_file"):
        system.__dict__[name] = fail
    try:
        with pytest.raises(ProviderError, match="stored"):
            storage.keep(OWNER, io.BytesIO(b"y"))
        with pytest.raises(ProviderError, match="fetched") as caught, storage.local_copy(key):
            pass
        assert not caught.value.permanent
        with pytest.raises(ProviderError, match="removed"):
            storage.remove(key)
    finally:
        for name in ("makedirs", "get_file", "rm_file"):
            system.__dict__.pop(name)
