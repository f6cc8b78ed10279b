"""One sentence that a person can act on."""

from __future__ import annotations

import errno
from pathlib import Path


class BuildFailed(Exception):
    """The model cannot be had; the message is the sentence."""


def explain(failure: Exception, out: Path) -> str:
    """What is printed for a failure of ours or of the file system."""
    if isinstance(failure, OSError):
        if failure.errno in {errno.ENOSPC, errno.EDQUOT}:
            return disk_is_full(out)
        return f"The embedding model cannot be written to {out}: {failure.strerror or failure}."
    return str(failure)


def disk_is_full(place: Path) -> str:
    return (
        f"The disk that holds {place} is full: building the embedding model takes 500 MB "
        "for a minute, and 24 MB afterwards."
    )
