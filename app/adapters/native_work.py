"""Work that holds a processor in native code, kept off the loop that serves the sockets.

Under gevent every lock of Python's is gevent's own, and those lose wake-ups between threads: a
native thread that waits for a lock which a greenlet holds may wait for good. So what runs here
shares no lock with anybody: no database, no log line. Jobs, which need both, run as greenlets.
"""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Callable
from concurrent.futures import Executor, ThreadPoolExecutor
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


def runs_under_gevent() -> bool:
    """Whether this process was monkey-patched by whoever started it."""
    monkey = sys.modules.get("gevent.monkey")
    return monkey is not None and bool(monkey.is_module_patched("threading"))


def run_natively(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run `work` on a native thread under gevent, so that other greenlets go on meanwhile."""
    if not runs_under_gevent():
        return work(*args, **kwargs)
    import gevent

    result: T = gevent.get_hub().threadpool.apply(work, args, kwargs)
    return result


def native_threads(count: int) -> Executor:
    """A pool of real threads, whether or not `threading` has been patched."""
    if not runs_under_gevent():
        return ThreadPoolExecutor(count, thread_name_prefix="job")
    from gevent.threadpool import ThreadPoolExecutor as NativeThreadPoolExecutor

    pool: Executor = NativeThreadPoolExecutor(count)
    return pool


def give_memory_back() -> None:
    """Once much native work is done: glibc keeps what was freed for the threads that had it."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        run_natively(trim, 0)
