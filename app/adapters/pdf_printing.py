"""A described paper to a PDF, in a process that can be killed without harm."""

from __future__ import annotations

import json
import tempfile
import threading
from pathlib import Path
from typing import Any

from app.errors import ProviderError
from app.reading.calling import Call

SECONDS = 120.0
GRACE_SECONDS = 5.0
LIMITS = {"memory_bytes": 1024**3, "cpu_seconds": 110, "wall_seconds": SECONDS}
# Each takes a processor for itself; whoever comes later waits.
AT_ONCE = 2
FAILED = "The PDF could not be made just now. The text export has everything that is in it."
_turn = threading.BoundedSemaphore(AT_ONCE)


def print_paper(described: dict[str, Any]) -> bytes:
    """`python -m app.printing`, one process a paper. Works in greenlets and in threads alike."""
    with _turn, tempfile.TemporaryDirectory(prefix="frontdesk-print-") as folder:
        source, target = Path(folder, "paper.json"), Path(folder, "paper.pdf")
        source.write_text(json.dumps(described), "utf-8")
        request = {"path": str(source), "to": str(target), "limits": LIMITS}
        try:
            call = Call(request, SECONDS + GRACE_SECONDS, "app.printing")
        except OSError as error:
            raise ProviderError(FAILED) from error
        try:
            done = any(event["event"] == "done" for event in call.events())
        finally:
            call.end()
        if not done:
            raise ProviderError(FAILED)
        return target.read_bytes()
