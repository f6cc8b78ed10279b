"""Where originals are kept: a folder of ours, or S3 and its like, through fsspec."""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any, Protocol
from uuid import UUID

from app.errors import ProviderError

CHUNK = 1024 * 1024
LOST = "The original is no longer there. Please upload it again."


class Readable(Protocol):
    def read(self, size: int = -1, /) -> bytes: ...


class FileStorage(Protocol):
    def keep(self, organization_id: UUID, source: Readable) -> str:
        """Keep a file and say by which key; the key says nothing about its name."""

    @contextmanager
    def local_copy(self, key: str) -> Iterator[Path]:
        """The file on this machine, for as long as the block runs."""
        yield Path()

    def remove(self, key: str) -> None:
        """Forget the file; one that is gone already is fine."""

    def keys(self, organization_id: UUID) -> dict[str, datetime]:
        """Every file that is kept for the organization, and since when."""


class FsspecStorage:
    """`url` is a folder, or an address that fsspec knows, such as s3://bucket/prefix."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._opened: tuple[Any, str] | None = None

    def keep(self, organization_id: UUID, source: Readable) -> str:
        key = f"{organization_id.hex}/{secrets.token_hex(16)}"
        system, root = self._system()
        with contextlib.ExitStack() as undoing:
            # Half a file helps nobody, least of all on a disk that is full.
            undoing.callback(self._forget_half, key)
            try:
                system.makedirs(f"{root}/{organization_id.hex}", exist_ok=True)
                with system.open(f"{root}/{key}", "wb") as target:
                    while chunk := source.read(CHUNK):
                        target.write(chunk)
            except OSError as error:
                raise ProviderError(f"The file could not be stored: {error}") from error
            undoing.pop_all()
        return key

    @contextmanager
    def local_copy(self, key: str) -> Iterator[Path]:
        system, root = self._system()
        if "file" in system.protocol:
            path = Path(root) / key
            if not path.exists():
                raise ProviderError(LOST, permanent=True)
            yield path
            return
        with NamedTemporaryFile(prefix="frontdesk-") as copy:
            try:
                system.get_file(f"{root}/{key}", copy.name)
            except FileNotFoundError as error:
                raise ProviderError(LOST, permanent=True) from error
            except OSError as error:
                raise ProviderError(f"The file could not be fetched: {error}") from error
            yield Path(copy.name)

    def remove(self, key: str) -> None:
        system, root = self._system()
        try:
            system.rm_file(f"{root}/{key}")
        except FileNotFoundError:
            return
        except OSError as error:
            raise ProviderError(f"The file could not be removed: {error}") from error

    def keys(self, organization_id: UUID) -> dict[str, datetime]:
        system, root = self._system()
        folder = f"{root}/{organization_id.hex}"
        try:
            # What was listed before is remembered otherwise, and others may have changed it since.
            system.invalidate_cache()
            found = system.find(folder, detail=True)
        except FileNotFoundError:
            return {}
        except OSError as error:
            raise ProviderError(f"The files could not be listed: {error}") from error
        prefix = f"{organization_id.hex}/"
        return {prefix + path.rpartition("/")[2]: _kept_since(of) for path, of in found.items()}

    def _forget_half(self, key: str) -> None:
        with contextlib.suppress(ProviderError):
            self.remove(key)

    def _system(self) -> tuple[Any, str]:
        if self._opened is None:
            from fsspec.core import url_to_fs

            system, root = url_to_fs(self._url)
            self._opened = system, str(root).rstrip("/")
        return self._opened


def _kept_since(said: Mapping[str, Any]) -> datetime:
    """Each system has another word for it; one that says nothing may just have been written."""
    for name in ("mtime", "LastModified", "last_modified", "created"):
        moment = said.get(name)
        if isinstance(moment, int | float):
            return datetime.fromtimestamp(moment, UTC)
        if isinstance(moment, datetime):
            return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return datetime.now(UTC)
