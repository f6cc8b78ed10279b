"""What the end-to-end tests share: one browser for all of them, one server a file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests import services
from tests.e2e.browser import launched_browser
from tests.e2e.desks import AGENT, Agent
from tests.e2e.people import Person
from tests.e2e.server import Server, running

# Generous, because the machine may be small and busy; what is there at once costs nothing.
MILLISECONDS = 15_000
expect.set_options(timeout=MILLISECONDS)


# Not for the whole session: while it is open, Playwright's event loop would be every test's.
@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    services.require_chromium()
    with launched_browser() as browser:
        yield browser


@pytest.fixture(scope="module")
def settings() -> dict[str, str]:
    """Environment variables of this file's server; a file may override this."""
    return {}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, settings: dict[str, str]) -> Iterator[Server]:
    with running(tmp_path_factory.mktemp("server"), **settings) as server:
        yield server
        server.stop()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where a test's own server may live."""
    return tmp_path


@pytest.fixture
def new_context(browser: Browser, server: Server) -> Iterator[Callable[[], BrowserContext]]:
    """Makes browsers that know nothing of each other."""
    made: list[BrowserContext] = []

    def make() -> BrowserContext:
        context = browser.new_context(base_url=server.url, reduced_motion="reduce")
        context.set_default_timeout(MILLISECONDS)
        made.append(context)
        return context

    yield make
    for context in made:
        context.close()


@pytest.fixture
def context(new_context: Callable[[], BrowserContext]) -> BrowserContext:
    return new_context()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()


@pytest.fixture
def somebody(new_context: Callable[[], BrowserContext]) -> Callable[[str], Person]:
    """Gives each name a browser of its own."""
    return lambda name: Person(new_context(), name)


@pytest.fixture(scope="module")
def kept() -> dict[str, Any]:
    """Cookies of who has signed in already: signing in is rationed."""
    return {}


@pytest.fixture
def olivia(
    new_context: Callable[[], BrowserContext], server: Server, kept: dict[str, Any]
) -> Agent:
    """The demo's owner, in a browser of her own."""
    return Agent(new_context(), "Demo Owner", *server.demo_sign_in, kept)


@pytest.fixture
def ada(new_context: Callable[[], BrowserContext], server: Server, kept: dict[str, Any]) -> Agent:
    """The demo's agent, in another."""
    return Agent(new_context(), "Demo Agent", AGENT, server.demo_sign_in[1], kept)
