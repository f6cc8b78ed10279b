"""What a request may carry: of which kind, how much, how deeply nested."""

from __future__ import annotations

from typing import Any, NoReturn

from flask import Flask, request
from flask.json.provider import DefaultJSONProvider
from werkzeug.exceptions import UnsupportedMediaType

FILES = "multipart/form-data"


def install_body_rules(app: Flask, most_json_bytes: int) -> None:
    """Files may be large, everything else is held to the size of what people and programs write."""
    app.json = CarefulJson(app)

    @app.before_request
    def hold_to_the_rules() -> None:
        if request.mimetype == FILES:
            return
        request.max_content_length = most_json_bytes
        if request.content_length and request.path.startswith("/api/") and not request.is_json:
            raise UnsupportedMediaType


class CarefulJson(DefaultJSONProvider):
    """Takes for an error what is none to Python: nesting without end, and numbers that are none."""

    def loads(self, s: str | bytes, **options: Any) -> Any:
        try:
            return super().loads(s, **{"parse_constant": _refuse, **options})
        except RecursionError as error:
            raise ValueError("This is nested too deeply.") from error


def _refuse(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a number.")
