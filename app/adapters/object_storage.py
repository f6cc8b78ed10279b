"""Originals in S3 and its like.

Not through fsspec: its clients for other machines run a loop of asyncio in a thread, which under
gevent is no thread, and they refuse to work there. This client is compiled and needs no loop.
"""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from importlib.util import find_spec
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any
from uuid import UUID

from app.adapters.file_storage import CHUNK, LOST, Readable
from app.adapters.native_work import run_natively
from app.errors import ProviderError

SCHEMES = ("s3://", "s3a://", "gs://", "az://", "abfs://")
# Keys and region come from the environment variables that each provider documents. An endpoint
# of one's own may speak plain HTTP.
CLIENT: Any = {"timeout": "60s", "connect_timeout": "5s", "allow_http": True}
RETRIES: Any = {"max_retries": 3}
PART = 8 * 1024 * 1024


def is_object_storage(url: str) -> bool:
    return url.startswith(SCHEMES)


def is_installed() -> bool:
    """Whether the library is there: it is only needed for this."""
    return find_spec("obstore") is not None


class ObjectStorage:
    """`url` is a bucket, perhaps with a prefix. Nothing is loaded before the first use."""

    def __init__(self, url: str, store: Any = None) -> None:
        self._url = url
        self._opened = store

    def keep(self, organization_id: UUID, source: Readable) -> str:
        """What is not written to its end does not become an object."""
        import obstore

        key = f"{organization_id.hex}/{secrets.token_hex(16)}"
        with _failures("stored"):
            writer = run_natively(obstore.open_writer, self._store(), key, buffer_size=PART)
            # Read here, written natively: what is read may be a socket or a file of ours.
            while chunk := source.read(CHUNK):
                run_natively(writer.write, chunk)
            run_natively(writer.close)
        return key

    @contextmanager
    def local_copy(self, key: str) -> Iterator[Path]:
        import obstore

        with NamedTemporaryFile(prefix="frontdesk-") as copy:
            with _failures("fetched"):
                answer = run_natively(obstore.get, self._store(), key)
                parts = iter(answer.stream(min_chunk_size=CHUNK))
                while part := run_natively(next, parts, b""):
                    copy.write(bytes(part))
            copy.flush()
            yield Path(copy.name)

    def remove(self, key: str) -> None:
        import obstore

        with contextlib.suppress(FileNotFoundError), _failures("removed", missing=True):
            run_natively(obstore.delete, self._store(), key)

    def keys(self, organization_id: UUID) -> dict[str, datetime]:
        import obstore

        with _failures("listed"):
            pages = obstore.list(self._store(), f"{organization_id.hex}/")
            found = run_natively(lambda: [each for page in pages for each in page])
        return {str(each["path"]): each["last_modified"] for each in found}

    def _store(self) -> Any:
        if self._opened is None:
            from obstore.store import from_url

            self._opened = from_url(self._url, client_options=CLIENT, retry_config=RETRIES)
        return self._opened


@contextmanager
def _failures(deed: str, *, missing: bool = False) -> Iterator[None]:
    """Every provider has its own; to us it did not work just now, or the object is not there."""
    from obstore.exceptions import BaseError

    try:
        yield
    except FileNotFoundError as error:
        if missing:
            raise
        raise ProviderError(LOST, permanent=True) from error
    except (BaseError, OSError) as error:
        # The whole error repeats request and response, over many lines.
        words = str(error).strip().partition("\n")[0][:200]
        raise ProviderError(f"The file could not be {deed}: {words}") from error
