"""The demo shop, on a port of its own: to a browser it is somebody else's site.

So the widget is tried as it is used: across origins, under the policy of the page that shows it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from flask import Blueprint, Flask, Response, current_app, make_response, redirect, render_template
from flask import request as asked

from app.edge.headers import POLICIES
from app.services.upkeep import demo

pages = Blueprint("shop", __name__)
AT_SHOP = "frontdesk.at_shop"
StartResponse = Callable[..., Any]


@pages.get("/demo")
def front() -> Response:
    """Where there is a port for the shop, the shop is there."""
    config = current_app.config["FRONTDESK"]
    at_shop = asked.environ.get(AT_SHOP, False)
    if config.shop_port and not at_shop and current_app.extensions.get("shop_is_open"):
        return redirect(f"{asked.scheme}://{_host()}:{config.shop_port}/")  # type: ignore[return-value]
    desk = f"{asked.scheme}://{_host()}:{config.port}" if at_shop else asked.host_url.rstrip("/")
    page = make_response(
        render_template("demo.html", desk=desk, widget_key=demo.widget_key(), at_shop=at_shop)
    )
    if at_shop:
        page.headers["Content-Security-Policy"] = _policy(desk)
    return page


def shop_front(app: Flask) -> Callable[[dict[str, Any], StartResponse], Iterable[bytes]]:
    """The same app seen through the shop's door: its front page and its pictures, nothing else."""

    def serve(environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if path in {"/", "/demo"}:
            path = "/demo"
        elif not path.startswith("/assets/"):
            path = "/not-in-this-shop"
        inside = environ | {"PATH_INFO": path, AT_SHOP: True}
        answer: Iterable[bytes] = app.wsgi_app(inside, start_response)
        return answer

    return serve


def _host() -> str:
    return asked.host.rpartition(":")[0] or asked.host


def _policy(desk: str) -> str:
    """As strict as a host page can be: what the widget needs is named, and that is all."""
    socket = desk.replace("http", "ws", 1)
    needs = {
        "script-src": f"'self' {desk}",
        "connect-src": f"'self' {desk} {socket}",
        "img-src": f"'self' data: {desk}",
    }
    return "; ".join(f"{name} {sources}" for name, sources in (POLICIES | needs).items())
