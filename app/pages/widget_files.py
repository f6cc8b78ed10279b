"""The widget's files: put together and compressed once, then kept for good by browsers."""

from __future__ import annotations

import gzip
import hashlib
from dataclasses import dataclass
from functools import cache

import brotli
from flask import Blueprint, Response, abort, request, send_from_directory

from app.pages.widget_bundle import FOLDER, LOADER, bundle

# Long enough to spare us, short enough that every site has a new release within minutes.
A_WHILE = "public, max-age=300, stale-while-revalidate=86400"
FOR_GOOD = "public, max-age=31536000, immutable"
# Any site may load it: which may speak to whom is decided when the socket is opened.
FOR_ALL = {
    "Access-Control-Allow-Origin": "*",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "X-Content-Type-Options": "nosniff",
    "Vary": "Accept-Encoding",
}

# What the inbox shares with the widget, as it is written. The relative path from its folder to
# these leads here as well as there, so tsc and Node.js find them too.
SHARED = ("dom.js", "markdown.js")

pages = Blueprint("widget_files", __name__)


@dataclass(frozen=True)
class WidgetFile:
    """One file in every encoding that a browser may ask for."""

    etag: str
    bodies: dict[str, bytes]


@pages.get("/widget/<name>")
def widget_file(name: str) -> Response:
    if name in SHARED:
        return send_from_directory(FOLDER, name, conditional=True, max_age=0)
    if name not in widget_texts():
        abort(404)
    file = compressed(name)
    encoding = request.accept_encodings.best_match(["br", "gzip", "identity"]) or "identity"
    response = Response(file.bodies[encoding], mimetype="text/javascript", headers=FOR_ALL)
    if encoding != "identity":
        response.headers["Content-Encoding"] = encoding
    response.headers["Cache-Control"] = A_WHILE if name == LOADER else FOR_GOOD
    # What is compressed differently is another thing to a cache, so each has a tag of its own.
    response.set_etag(f"{file.etag}-{encoding}")
    response.make_conditional(request)
    return response


@cache
def widget_texts() -> dict[str, str]:
    """Put together at the first request, in some twenty milliseconds that the start is spared."""
    return bundle()


@cache
def compressed(name: str) -> WidgetFile:
    """One at a time and when it is first asked for: all at once would hold up every socket."""
    body = widget_texts()[name].encode()
    return WidgetFile(
        hashlib.sha256(body).hexdigest()[:16],
        {
            "identity": body,
            "gzip": gzip.compress(body, 9, mtime=0),
            "br": brotli.compress(body, quality=11),
        },
    )
