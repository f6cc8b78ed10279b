"""The adapters that are made of threads keep their promises where threads are greenlets, too."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests import services

FOLDER = Path(__file__).resolve().parent
PATCHED = ["-m", "gevent.monkey", "--module", "pytest", "-q", "-p", "no:cacheprovider"]


@pytest.mark.parametrize("name", ["test_job_queue.py", "test_event_bus.py", "test_redis_bus.py"])
def test_threads_and_greenlets_pass_the_same_tests(name: str) -> None:
    if "bus" in name:
        services.require_redis()
    run = subprocess.run(
        [sys.executable, *PATCHED, "-p", "no:schemathesis", str(FOLDER / name)],
        cwd=FOLDER.parent.parent,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    assert "passed" in run.stdout
    assert "skipped" not in run.stdout
