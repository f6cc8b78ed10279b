"""The reading process: one line of JSON comes in, lines of JSON go out."""

from __future__ import annotations

import json
import os
import sys

from app.reading.refusals import CannotRead
from app.reading.session import Request, failed, read
from app.reading.supervision import Bounds, Output, be_modest, supervise

MOST_DESCRIPTORS = 65_536


def main() -> int:
    os.closerange(3, MOST_DESCRIPTORS)
    output = Output()
    be_modest()
    try:
        given = json.loads(sys.stdin.buffer.readline())
        request = Request.from_json(given)
        bounds = Bounds.from_request(given.get("limits") or {})
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        refusal = CannotRead("bad_request", "The reading process was not told what to read.")
        output.emit(failed(refusal, type(error).__name__))
        return 2
    supervise(
        lambda: read(request, output.emit, output.close_all_files),
        output,
        bounds,
        lifeline=bool(given.get("lifeline")),
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
