"""A folder that only one process may have open.

The lock belongs to the open file, so that it ends with the process, however that ends: there is
no lock that a crash leaves behind.
"""

from __future__ import annotations

import fcntl
import os
import weakref
from pathlib import Path

NAME = ".in-use"


class FolderInUse(Exception):
    """Another process has it open."""


class FolderLock:
    """Held for as long as anybody holds on to this object."""

    def __init__(self, descriptor: int) -> None:
        weakref.finalize(self, os.close, descriptor)


# Within a process a folder may be opened as often as one likes; a fork is a process of its own.
_held: weakref.WeakValueDictionary[tuple[int, Path], FolderLock] = weakref.WeakValueDictionary()


def lock_folder(folder: Path) -> FolderLock:
    """Make the folder this process's own, or raise FolderInUse."""
    folder.mkdir(parents=True, exist_ok=True)
    key = os.getpid(), folder.resolve()
    lock = _held.get(key)
    if lock is None:
        lock = _held[key] = FolderLock(_locked(folder / NAME))
    return lock


def _locked(path: Path) -> int:
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        os.close(descriptor)
        raise FolderInUse from error
    except OSError:
        # Some network drives know no locks. Doing without is what there was before.
        return descriptor
    return descriptor
