"""Static files under an address that changes with their content, so that they are kept for good."""

from __future__ import annotations

import hashlib
import mimetypes
from functools import cache
from http import HTTPStatus
from pathlib import Path

from flask import Blueprint, Response, send_from_directory

FOLDER = Path(__file__).resolve().parent.parent / "static"
FOR_GOOD = "public, max-age=31536000, immutable"
NEVER = "no-cache"

pages = Blueprint("assets", __name__)

# Some systems' registries call it application/javascript, or nothing at all.
mimetypes.add_type("text/javascript", ".js")


def asset(path: str) -> str:
    """The address of a static file. One version for all: modules import each other relatively."""
    return f"/assets/{version()}/{path}"


@pages.get("/assets/<token>/<path:filename>")
def file(token: str, filename: str) -> Response:
    response = send_from_directory(FOLDER, filename, conditional=True)
    # A stream would pass the compression by, so the file is read here; all of them are small.
    response.direct_passthrough = False
    if response.status_code == HTTPStatus.OK:
        content = response.get_data()
        response.close()
        response.set_data(content)
    response.headers["Cache-Control"] = FOR_GOOD if token == version() else NEVER
    return response


@pages.get("/favicon.ico")
def favicon() -> Response:
    return file(version(), "img/favicon.svg")


@cache
def version() -> str:
    """A digest of every static file, taken once."""
    digest = hashlib.sha256()
    for path in sorted(FOLDER.rglob("*")):
        if path.is_file():
            digest.update(path.relative_to(FOLDER).as_posix().encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:12]
