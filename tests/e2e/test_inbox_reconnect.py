"""An agent cut off for a minute, who comes back to another worker: nothing is missed, nothing is
there twice. Two servers on one PostgreSQL, which hear of each other by Redis alone."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from tests import services
from tests.e2e.cable import Cable
from tests.e2e.conftest import MILLISECONDS
from tests.e2e.desks import AGENT, SITE, Agent
from tests.e2e.server import Server
from tests.open_house import Guest

pytestmark = [pytest.mark.e2e, pytest.mark.redis]
MINUTE = 60.0
MESSAGES = 10
NOTICED = 60_000


@pytest.fixture(scope="module")
def database_url() -> Iterator[str]:
    """A database of its own, which is gone afterwards."""
    tests = services.require_postgres().replace("+psycopg", "", 1)
    name = f"frontdesk_e2e_{uuid4().hex[:10]}"
    with psycopg.connect(tests, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        yield f"{tests.rpartition('/')[0]}/{name}"
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="module")
def settings(database_url: str) -> dict[str, str]:
    redis = services.require_redis().rpartition("/")[0]
    return {"DATABASE_URL": database_url, "REDIS_URL": f"{redis}/7", "EMBEDDINGS": "none"}


@pytest.fixture(scope="module")
def elsewhere(
    server: Server, settings: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    """A second worker of the same installation."""
    other = Server(
        tmp_path_factory.mktemp("other"), **settings | {"DATA_DIR": str(server.data_dir)}
    )
    try:
        yield other.start()
    finally:
        other.kill()


@pytest.fixture
def behind(browser: Browser) -> Iterator[Callable[[Cable], BrowserContext]]:
    """Makes browsers at the end of a cable."""
    made: list[BrowserContext] = []

    def make(cable: Cable) -> BrowserContext:
        context = browser.new_context(base_url=cable.url, reduced_motion="reduce")
        context.set_default_timeout(MILLISECONDS)
        made.append(context)
        return context

    yield make
    for context in made:
        context.close()


def test_a_minute_without_a_line_and_another_worker_miss_nothing(
    server: Server,
    elsewhere: Server,
    new_context: Callable[[], BrowserContext],
    behind: Callable[[Cable], BrowserContext],
) -> None:
    password = server.demo_sign_in[1]
    ada = Agent(new_context(), "Demo Agent", AGENT, password)
    with Cable(server.port) as cable:
        olivia = Agent(behind(cable), "Demo Owner", *server.demo_sign_in)
        key = olivia.call("GET", "/api/organization").json()["widget_key"]
        vera = Guest(f"ws://127.0.0.1:{server.port}/api/chat/ws?key={key}", SITE)
        vera.connect()
        vera.send("contact", name="Vera Worker", email="vera.worker@example.com")
        conversation = vera.say("Do you deliver to Malta?")["conversation_id"]
        vera.event(author="assistant")
        page = olivia.arrive()
        olivia.open("Vera Worker")
        page.get_by_role("button", name="Take over").click()
        vera.event("joined")

        cable.pull()
        cut = time.monotonic()
        cable.lead_to(elsewhere.port)
        said = [f"Message number {number} of the visitor" for number in range(MESSAGES)]
        for text in said:
            vera.say(text)
        path = f"/api/conversations/{conversation}"
        noted = {"client_id": uuid4().hex, "text": "They called, too.", "mentions": []}
        assert ada.call("POST", f"{path}/notes", noted).status == 201
        assert ada.call("PATCH", path, {"tags": ["malta"], "priority": "urgent"}).ok
        tom = Guest(vera.url, SITE)
        tom.connect()
        tom.send("contact", name="Tom Worker", email="tom.worker@example.com")
        tom.say("Where is my parcel?")
        expect(page.locator("#line")).to_be_visible(timeout=NOTICED)
        page.wait_for_timeout(max(0.0, MINUTE - (time.monotonic() - cut)) * 1_000)
        expect(olivia.thread).not_to_contain_text(said[0])

        cable.plug_in()
        expect(page.locator("#line")).to_be_hidden(timeout=NOTICED)
        everything = ["Do you deliver to Malta?", *said]
        expect(page.locator(".said--visitor .plain")).to_have_text(everything)
        expect(olivia.thread.locator(".note-paper")).to_have_count(1)
        expect(page.locator(".head__marks")).to_contain_text("malta")
        expect(page.locator(".head__marks")).to_contain_text("Urgent")
        expect(olivia.row("Tom Worker")).to_have_count(1)

        # A minute in which it read nothing is too long for a socket.
        vera.connect()
        # From here on it is told by the other worker, of what happens at the first, and back.
        vera.say("One more thing")
        expect(page.locator(".said--visitor .plain")).to_have_text([*everything, "One more thing"])
        olivia.write("Yes, we do.")
        olivia.send_now()
        assert vera.event(author="person")["text"] == "Yes, we do."
        for each in (vera, tom):
            each.hang_up()


def test_a_worker_that_dies_takes_its_screens_along(
    server: Server,
    elsewhere: Server,
    behind: Callable[[Cable], BrowserContext],
    tmp_path: Path,
) -> None:
    """Whoever was on it comes back to the one that is left, and has missed nothing."""
    third = Server(tmp_path, **elsewhere.settings).start()
    with Cable(third.port) as cable:
        olivia = Agent(behind(cable), "Demo Owner", *server.demo_sign_in)
        key = olivia.call("GET", "/api/organization").json()["widget_key"]
        vera = Guest(f"ws://127.0.0.1:{server.port}/api/chat/ws?key={key}", SITE)
        vera.connect()
        vera.send("contact", name="Vera Killed", email="vera.killed@example.com")
        vera.say("Do you deliver to Malta?")
        vera.event(author="assistant")
        page = olivia.arrive()
        olivia.open("Vera Killed")
        third.kill()
        vera.say("Is anybody there?")
        cable.lead_to(elsewhere.port)
        expect(olivia.thread).to_contain_text("Is anybody there?", timeout=NOTICED)
        expect(page.locator("#inbox")).to_have_attribute("data-link", "open")
        vera.hang_up()
