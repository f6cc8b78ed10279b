"""Chroma as a server of one's own, for more than one process."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import urlsplit

import httpx2

from app.adapters.chroma import Chroma
from app.adapters.native_work import run_natively
from app.errors import ProviderError

T = TypeVar("T")
CHECK_SECONDS = 2.0


class ChromaServer(Chroma):
    """A server of one's own. It has no login: only the app may reach it."""

    def __init__(self, url: str) -> None:
        super().__init__()
        parts = urlsplit(url)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise ValueError("CHROMA_URL must begin with http:// or https://.")
        self._url = url.rstrip("/")
        self._host = parts.hostname
        self._secure = parts.scheme == "https"
        self._port = parts.port or (443 if self._secure else 80)

    def check(self) -> str:
        try:
            httpx2.get(f"{self._url}/api/v2/heartbeat", timeout=CHECK_SECONDS).raise_for_status()
        except httpx2.HTTPError as error:
            raise ProviderError(f"The Chroma server does not answer: {error}") from error
        return "server answers"

    def _open(self) -> Any:
        run_natively(importlib.import_module, "chromadb")
        from chromadb import HttpClient
        from chromadb.config import Settings

        return HttpClient(
            self._host,
            self._port,
            ssl=self._secure,
            settings=Settings(anonymized_telemetry=False),
        )

    def _work(self, work: Callable[[], T]) -> T:
        """Waiting for a server holds up nobody; its client's locks are not for native threads."""
        return work()
