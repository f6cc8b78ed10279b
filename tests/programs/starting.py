"""Starting the programs beside this file."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
SECONDS_TO_GIVE_UP = 60


def start(program: str, *arguments: object, patched: bool = False) -> subprocess.Popen[str]:
    """Start one; `patched` as run.py and gunicorn are, with greenlets in place of threads."""
    launcher = ["-m", "gevent.monkey", "--module"] if patched else ["-m"]
    return subprocess.Popen(
        [sys.executable, *launcher, f"tests.programs.{program}", *map(str, arguments)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def finish(program: subprocess.Popen[str]) -> str:
    """What it said in the end; a program that failed or never ends fails the test."""
    try:
        said, complaints = program.communicate(timeout=SECONDS_TO_GIVE_UP)
    except subprocess.TimeoutExpired:
        program.kill()
        said, complaints = program.communicate()
        raise AssertionError(f"It never came to an end. It said:\n{said}{complaints}") from None
    assert program.returncode == 0, complaints
    return said
