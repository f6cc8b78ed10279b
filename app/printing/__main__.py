"""The printing process: one line of JSON says where the paper is described and where to put it."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

from app.printing.paper import printed
from app.reading.supervision import Bounds, Output, be_modest, supervise

MOST_DESCRIPTORS = 65_536


def main() -> int:
    os.closerange(3, MOST_DESCRIPTORS)
    output = Output()
    be_modest()
    request = json.loads(sys.stdin.buffer.readline())
    bounds = Bounds.from_request(request["limits"])
    supervise(lambda: _print(request, output), output, bounds, lifeline=True)
    return 0


def _print(request: dict[str, Any], output: Output) -> None:
    described = json.loads(Path(request["path"]).read_text("utf-8"))
    # Libraries may want to say something; nothing of it belongs among the events.
    content = printed(described)
    Path(request["to"]).write_bytes(content)
    output.emit({"event": "done", "size": len(content)})


if __name__ == "__main__":
    sys.exit(main())
