"""A scripted desk, and visitors of pages that carry its widget."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.e2e.conftest import MILLISECONDS
from tests.e2e.widget.visits import Visit
from tests.stubs.chat_server import ChatServer


@pytest.fixture
def desk() -> Iterator[ChatServer]:
    with ChatServer() as desk:
        yield desk


@pytest.fixture
def new_visitor(browser: Browser, desk: ChatServer) -> Iterator[Callable[..., BrowserContext]]:
    made: list[BrowserContext] = []

    def make(**options: object) -> BrowserContext:
        known = {"base_url": desk.url, "reduced_motion": "reduce", **options}
        context = browser.new_context(**known)  # type: ignore[arg-type]
        context.set_default_timeout(MILLISECONDS)
        made.append(context)
        return context

    yield make
    for context in made:
        context.close()


@pytest.fixture
def visit(new_visitor: Callable[..., BrowserContext]) -> Visit:
    """Opens a page with the widget on it, in a browser that knows nothing."""

    def go(host: str = "shop", **options: object) -> Page:
        page = new_visitor(**options).new_page()
        page.goto(f"/host/{host}")
        return page

    return go
