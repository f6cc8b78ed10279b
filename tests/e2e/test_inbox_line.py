"""An agent whose line is cut: what happened meanwhile is there afterwards, once and in order."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.cable import Cable
from tests.e2e.conftest import MILLISECONDS
from tests.e2e.desks import Agent, introduce, visitor
from tests.e2e.server import Server

pytestmark = pytest.mark.e2e
MESSAGES = 12
# The page asks after 25 quiet seconds whether anybody is there, and waits eight for the answer.
UNTIL_NOTICED = 45_000


def test_a_line_that_was_cut_for_a_minute_misses_nothing(browser: Browser, server: Server) -> None:
    with Cable(server.port) as cable, visitor(server) as vera:
        introduce(vera, "Vera Cable", "Do you deliver to Malta?")
        vera.event(author="assistant")
        context = browser.new_context(base_url=cable.url, reduced_motion="reduce")
        context.set_default_timeout(MILLISECONDS)
        olivia = Agent(context, "Demo Owner", *server.demo_sign_in)
        page = olivia.arrive()
        olivia.open("Vera Cable")
        page.get_by_role("button", name="Take over").click()
        vera.event("joined")

        cable.pull()
        for number in range(MESSAGES):
            vera.say(f"Message number {number} of the visitor")
        with visitor(server) as tom:
            introduce(tom, "Tom Cable", "Where is my parcel?")
            expect(page.locator("#line")).to_contain_text(
                re.compile("connection is lost|offline"), timeout=UNTIL_NOTICED
            )
            cable.plug_in()
            expect(page.locator("#line")).to_be_hidden(timeout=UNTIL_NOTICED)
            expect(olivia.row("Tom Cable")).to_have_count(1)
        said = page.locator(".said--visitor .plain")
        expect(said).to_have_text(
            ["Do you deliver to Malta?"]
            + [f"Message number {number} of the visitor" for number in range(MESSAGES)]
        )
        context.close()


def test_what_is_written_without_a_line_goes_out_when_it_is_back(
    server: Server, browser: Browser
) -> None:
    with Cable(server.port) as cable, visitor(server) as vera:
        introduce(vera, "Vera Offline", "Do you deliver to Malta?")
        vera.event(author="assistant")
        context = browser.new_context(base_url=cable.url, reduced_motion="reduce")
        context.set_default_timeout(MILLISECONDS)
        olivia = Agent(context, "Demo Owner", *server.demo_sign_in)
        page = olivia.arrive()
        olivia.open("Vera Offline")
        page.get_by_role("button", name="Take over").click()
        vera.event("joined")
        context.set_offline(offline=True)
        olivia.write("Written in a tunnel.")
        page.get_by_role("button", name="Send now").click()
        expect(olivia.thread.get_by_role("button", name="Try again")).to_be_visible()
        context.set_offline(offline=False)
        assert vera.event(author="person")["text"] == "Written in a tunnel."
        expect(olivia.thread.get_by_text("Written in a tunnel.")).to_have_count(1)
        context.close()
