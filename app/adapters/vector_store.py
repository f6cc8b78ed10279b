"""Where vectors are kept: Chroma, one collection an organization.

The knowledge rooms build on this; for now it is opened, checked, and emptied.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

import httpx2

from app.errors import ProviderError

CHECK_SECONDS = 2.0


class VectorStore(Protocol):
    def check(self) -> str:
        """A word on its state, or ProviderError. Never loads the store to find out."""


class EmbeddedChroma:
    """A folder of this process. No second process may open it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._client: Any = None

    def check(self) -> str:
        if self._client is None:
            return "embedded, opens when first needed"
        return f"embedded, {self._client.count_collections()} collections"


class ChromaServer:
    """A server of one's own. It has no login: only the app may reach it."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise ValueError("CHROMA_URL must begin with http:// or https://.")
        self._url = url.rstrip("/")

    def check(self) -> str:
        try:
            httpx2.get(f"{self._url}/api/v2/heartbeat", timeout=CHECK_SECONDS).raise_for_status()
        except httpx2.HTTPError as error:
            raise ProviderError(f"The Chroma server does not answer: {error}") from error
        return "server answers"
