"""JSON of frames, hints and streams: over a hundred an answer, so by a compiled library.

That library takes no half of a pair of surrogates, which broken clients send; Python's own does.
"""

from __future__ import annotations

import dataclasses
import json
from datetime import datetime
from typing import Any

import orjson


def json_text(value: Any) -> str:
    """Ids, moments, enums and dataclasses become plain by themselves."""
    try:
        return orjson.dumps(value).decode()
    except TypeError:
        return json.dumps(value, default=_plain, separators=(",", ":"))


def read_json(text: str | bytes) -> Any:
    """ValueError where it is none."""
    try:
        return orjson.loads(text)
    except ValueError:
        return json.loads(text)


def _plain(value: Any) -> Any:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return dataclasses.asdict(value)
    return value.isoformat() if isinstance(value, datetime) else str(value)
