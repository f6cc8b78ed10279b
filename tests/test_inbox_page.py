"""The inbox's own reasoning, apart from how it looks: run by Node.js."""

from __future__ import annotations

import subprocess
from pathlib import Path

from tests import services

ROOT = Path(__file__).resolve().parent.parent


def test_what_the_inbox_makes_of_what_it_hears_is_right() -> None:
    node = services.require_node()
    command = [node, "--test", *sorted((ROOT / "tests/inbox").glob("*.test.js"))]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
