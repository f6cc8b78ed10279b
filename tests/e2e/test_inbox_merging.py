"""Merging: two conversations become one, the visitor goes on in it, and both can be read."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Locator, expect

from tests.e2e.desks import Agent, introduce, visitor
from tests.e2e.looks import everything_wrong_with
from tests.e2e.server import Server
from tests.open_house import Guest

pytestmark = pytest.mark.e2e


@pytest.fixture
def olivia(new_context: Callable[[], BrowserContext], server: Server) -> Agent:
    return Agent(new_context(), "Demo Owner", *server.demo_sign_in)


def two_of(guest: Guest, name: str) -> tuple[str, str]:
    """Two conversations of one visitor: the one that was first, and the one that is on."""
    first = introduce(guest, name, "Where is my parcel?")
    guest.event(author="assistant")
    guest.connect(fresh=True)
    second = str(guest.say("It is about my parcel again.")["conversation_id"])
    guest.event(author="assistant")
    assert first != second
    return first, second


def ask_to_merge(agent: Agent) -> Locator:
    agent.page.get_by_role("button", name="More", exact=True).click()
    agent.page.get_by_role("menuitem", name="Merge into another…").click()
    return agent.page.get_by_role("dialog")


def number_of(agent: Agent, conversation: str) -> str:
    return str(agent.call("GET", f"/api/conversations/{conversation}").json()["number"])


def test_the_visitor_goes_on_in_the_other_and_both_can_be_read(
    server: Server, olivia: Agent
) -> None:
    with visitor(server) as vera:
        first, second = two_of(vera, "Vera Twice")
        page = olivia.arrive(f"/dashboard/inbox/{second}")
        number, into = number_of(olivia, second), number_of(olivia, first)

        dialog = ask_to_merge(olivia)
        expect(dialog.get_by_role("radio")).to_have_count(1)
        assert everything_wrong_with(page) == []
        page.keyboard.press("Escape")
        expect(dialog).to_have_count(0)
        expect(page.get_by_role("button", name="More", exact=True)).to_be_focused()

        dialog = ask_to_merge(olivia)
        dialog.get_by_role("searchbox").fill(f"#{into}")
        dialog.get_by_role("radio", name=f"#{into}").check()
        dialog.get_by_role("button", name="Merge").click()
        expect(page.locator(".head__number")).to_have_text(f"#{into}")
        expect(page.get_by_text(f"#{number} goes on here")).to_be_visible()
        expect(olivia.thread).to_contain_text(f"merged conversation {number} into this")

        vera.event("closed")
        # What is written to the one that was merged arrives where it goes on.
        accepted = vera.say("And now it has come.")
        assert accepted["conversation_id"] == first
        expect(olivia.thread).to_contain_text("And now it has come.")

        olivia.page.get_by_role("button", name="About this conversation").click()
        beside = page.get_by_role("complementary", name="About this conversation")
        beside.get_by_role("button", name=f"#{number}").click()
        expect(olivia.thread).to_contain_text("It is about my parcel again.")
        expect(olivia.thread).to_contain_text(f"Merged into #{into}.")
        olivia.page.get_by_role("button", name="About this conversation").click()
        beside.get_by_role("button", name="another conversation").click()
        expect(page.locator(".head__number")).to_have_text(f"#{into}")


def test_somebody_elses_only_where_that_is_meant(server: Server, olivia: Agent) -> None:
    with visitor(server) as vera, visitor(server) as tom:
        source = introduce(vera, "Vera Apart", "Where is my bicycle?")
        target = introduce(tom, "Tom Apart", "Where is my wife's bicycle?")
        page = olivia.arrive(f"/dashboard/inbox/{source}")
        expect(page.locator(".head__name")).to_have_text("Vera Apart")
        into = number_of(olivia, target)

        def choose() -> Locator:
            dialog = ask_to_merge(olivia)
            dialog.get_by_role("searchbox").fill("Tom Apart")
            page.keyboard.press("Tab")
            dialog.get_by_role("radio", name=f"#{into}").check()
            dialog.get_by_role("button", name="Merge").click()
            return page.get_by_role("dialog", name="These are two different people")

        choose().get_by_role("button", name="Cancel").click()
        expect(page.locator(".head__name")).to_have_text("Vera Apart")
        assert olivia.call("GET", f"/api/conversations/{source}").json()["status"] == "open"
        choose().get_by_role("button", name="Merge all the same").click()
        expect(page.locator(".head__name")).to_have_text("Tom Apart")
        # A visitor never gets to read what is not theirs: they go on where they were.
        assert vera.say("Hello?")["conversation_id"] == source


def test_reopening_takes_it_out_again(server: Server, olivia: Agent) -> None:
    with visitor(server) as vera:
        first, second = two_of(vera, "Vera Undone")
        merged = olivia.call("POST", f"/api/conversations/{second}/merge", {"into": first})
        assert merged.ok, merged.text()
        page = olivia.arrive(f"/dashboard/inbox/{second}?view=closed")
        expect(olivia.thread).to_contain_text("Merged into #")
        page.locator("#head").get_by_role("button", name="Reopen").click()
        expect(page.get_by_role("button", name="Close", exact=True)).to_be_visible()
        assert vera.say("I am back here.")["conversation_id"] == second


def test_nothing_to_merge_into_says_so(server: Server, olivia: Agent) -> None:
    with visitor(server) as vera:
        conversation = introduce(vera, "Vera Alone", "Where is my parcel?")
        olivia.arrive(f"/dashboard/inbox/{conversation}")
        dialog = ask_to_merge(olivia)
        expect(dialog).to_contain_text("They have no other that is open. Look for one above.")
        dialog.get_by_role("searchbox").fill("nobodyiscalledthat")
        expect(dialog).to_contain_text("No other conversation fits.")
        olivia.page.route("**/api/conversations?*", lambda route: route.abort())
        dialog.get_by_role("searchbox").fill("somebody")
        expect(dialog).to_contain_text("cannot be reached")
        dialog.get_by_role("button", name="Cancel").click()
        expect(dialog).to_have_count(0)
