"""What lies in the list: the views, what one makes of them, and many conversations at once."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.e2e.desks import AGENT, Agent, introduce, visitor
from tests.e2e.looks import Complaints, everything_wrong_with
from tests.e2e.patience import wait_for
from tests.e2e.server import Server

pytestmark = pytest.mark.e2e
ASKED = "Do you deliver to Malta?"
EMPTY = {
    "mine": "Nothing waits for you",
    "unassigned": "Nobody is left alone",
    "all": "All quiet",
    "mentions": "No mentions",
    "escalated": "Nobody asks for a person",
    "snoozed": "Nothing is put off",
    "closed": "Nothing is closed yet",
}


@pytest.fixture
def olivia(new_context: Callable[[], BrowserContext], server: Server) -> Agent:
    return Agent(new_context(), "Demo Owner", *server.demo_sign_in)


@pytest.fixture
def ada(new_context: Callable[[], BrowserContext], server: Server) -> Agent:
    return Agent(new_context(), "Demo Agent", AGENT, server.demo_sign_in[1])


def manage(agent: Agent, entry: str) -> None:
    agent.page.get_by_role("button", name="Filter and keep this view").click()
    agent.page.locator(".menu--inbox").get_by_text(entry).click()


def names(agent: Agent) -> list[str]:
    """Who stands in the list, from top to bottom."""
    found: list[str] = agent.page.evaluate(
        """() => [...document.querySelectorAll(".row:not([hidden])")]
          .sort((a, b) => a.getAttribute("aria-posinset") - b.getAttribute("aria-posinset"))
          .map((row) => row.querySelector(".row__name").textContent)"""
    )
    return found


# Before anybody has written; the other tests of this file leave something behind.
def test_a_view_with_nothing_in_it_says_why(olivia: Agent) -> None:
    page = olivia.page
    complaints = Complaints(page)
    olivia.arrive()
    expect(page.locator("#pile-note")).to_contain_text("The desk is ready")
    for key, words in EMPTY.items():
        page.locator(f"#views [data-view={key}]").click()
        expect(page.locator("#view-name")).not_to_be_empty()
        expect(page.locator("#pile-note")).to_contain_text(
            "The desk is ready" if key == "all" else words
        )
    assert everything_wrong_with(page) == []
    assert complaints.all_but() == []


def test_a_view_is_kept_renamed_shared_and_forgotten(
    server: Server, olivia: Agent, ada: Agent
) -> None:
    with visitor(server) as vera, visitor(server) as tom:
        first = introduce(vera, "Vera View", ASKED)
        introduce(tom, "Tom View", ASKED)
        tagged = olivia.call("PATCH", f"/api/conversations/{first}", {"tags": ["spokes"]})
        assert tagged.ok
        # So that what the visitor says stays the last word.
        assert olivia.call("POST", f"/api/conversations/{first}/takeover").ok
        page = olivia.arrive()
        manage(olivia, "are tagged spokes")
        expect(olivia.row("Tom View")).to_have_count(0)
        manage(olivia, "Keep it under a name…")
        dialog = page.get_by_role("dialog", name="Keep this view")
        dialog.get_by_label("Name").fill("Spokes")
        assert everything_wrong_with(page) == []
        page.keyboard.press("Enter")
        expect(page.locator("#view-name")).to_have_text("Spokes")
        mine = page.locator("#kept-views").get_by_role("link", name="Spokes")
        expect(mine.locator(".views__count")).to_have_text("1")
        expect(olivia.row("Vera View")).to_have_count(1)

        # What fits it comes in by itself, and what does not stays out.
        tom.say("Hello?")
        vera.say("Is anybody there?")
        expect(olivia.row("Vera View")).to_contain_text("Is anybody there?")
        expect(olivia.row("Tom View")).to_have_count(0)
        with visitor(server) as nora:
            third = introduce(nora, "Nora View", ASKED)
            olivia.call("PATCH", f"/api/conversations/{third}", {"tags": ["spokes"]})
            expect(olivia.row("Nora View")).to_have_count(1)

        ada.arrive()
        expect(ada.page.locator("#kept-views")).not_to_contain_text("Spokes")
        manage(olivia, "Rename or share…")
        dialog = page.get_by_role("dialog", name="Rename or share this view")
        expect(dialog.get_by_label("Name")).to_have_value("Spokes")
        dialog.get_by_label("Name").fill("Spokes and rims")
        dialog.get_by_label("For everybody of the team").check()
        dialog.get_by_role("button", name="Save").click()
        expect(page.locator("#view-name")).to_have_text("Spokes and rims")
        ada.page.reload()
        ada.page.locator("#kept-views").get_by_role("link", name="Spokes and rims").click()
        expect(ada.row("Vera View")).to_have_count(1)
        expect(ada.row("Tom View")).to_have_count(0)


def test_a_shared_view_is_changed_and_forgotten_by_whoever_uses_it(olivia: Agent) -> None:
    given = {"name": "Hubs only", "shared": True, "filters": {"status": "open"}, "sort": "newest"}
    assert olivia.call("POST", "/api/inbox/views", given).ok
    page = olivia.arrive()
    page.locator("#kept-views").get_by_role("link", name="Hubs only").click()
    page.locator("#sort").click()
    page.get_by_role("menuitemradio", name="Oldest").click()
    manage(olivia, "Keep “Hubs only” like this")
    expect(page.get_by_text("The view is saved.").last).to_be_visible()
    page.reload()
    expect(page.locator("#view-name")).to_have_text("Hubs only")
    expect(page.locator("#sort-name")).to_have_text("Oldest")
    manage(olivia, "Forget it…")
    dialog = page.get_by_role("dialog", name="Forget this view?")
    expect(dialog).to_contain_text("for everybody of the team")
    dialog.get_by_role("button", name="Forget").click()
    expect(page.locator("#kept-views")).not_to_contain_text("Hubs only")
    expect(page.locator("#view-name")).to_have_text("All open")


def test_the_list_is_sorted_by_what_matters(server: Server, olivia: Agent) -> None:
    with visitor(server) as first, visitor(server) as second, visitor(server) as third:
        ids = {}
        for guest, name in ((first, "Sort One"), (second, "Sort Two"), (third, "Sort Three")):
            ids[name] = introduce(guest, name, ASKED)
            guest.event(author="assistant")
            olivia.call("PATCH", f"/api/conversations/{ids[name]}", {"tags": ["sorting"]})
        olivia.call("PATCH", f"/api/conversations/{ids['Sort Two']}", {"priority": "urgent"})

        def stands_first(wanted: list[str]) -> bool:
            there = names(olivia)
            return len(there) == len(ids) and there[: len(wanted)] == wanted

        page = olivia.arrive()
        manage(olivia, "are tagged sorting")
        expect(olivia.row("Sort")).to_have_count(3)
        for order, expected in (
            ("Oldest", ["Sort One", "Sort Two", "Sort Three"]),
            ("Newest", ["Sort Three", "Sort Two", "Sort One"]),
            ("Priority", ["Sort Two"]),
            ("Next deadline", []),
            ("Waiting longest", ["Sort One", "Sort Two", "Sort Three"]),
        ):
            page.locator("#sort").click()
            page.get_by_role("menuitemradio", name=order).click()
            wait_for(partial(stands_first, expected), f"list by {order}")
        # Whoever writes goes up, where the newest are on top.
        page.locator("#sort").click()
        page.get_by_role("menuitemradio", name="Newest").click()
        first.say("Still there?")
        expect(olivia.row("Sort One")).to_have_attribute("aria-posinset", "1")


def test_a_shared_view_is_there_for_colleagues_at_once(
    server: Server, olivia: Agent, ada: Agent
) -> None:
    page = ada.arrive()
    body = {"name": "Wheels that wobble", "filters": {"tag": "wheels"}, "shared": True}
    view = olivia.call("POST", "/api/inbox/views", body).json()["id"]
    item = page.locator("#kept-views .views__item")
    expect(item.filter(has_text="Wheels that wobble")).to_be_visible()
    assert olivia.call("PATCH", f"/api/inbox/views/{view}", {"name": "True wheels"}).ok
    expect(item.filter(has_text="True wheels")).to_be_visible()
    assert olivia.call("PATCH", f"/api/inbox/views/{view}", {"shared": False}).ok
    expect(item.filter(has_text="True wheels")).to_have_count(0)


def test_what_cannot_be_changed_with_the_others_stays_chosen(
    server: Server, olivia: Agent, ada: Agent
) -> None:
    with visitor(server) as vera, visitor(server) as tom, visitor(server) as nora:
        ids = [
            introduce(guest, name, ASKED)
            for guest, name in ((vera, "Bulk Vera"), (tom, "Bulk Tom"), (nora, "Bulk Nora"))
        ]
        page = olivia.arrive()
        for name in ("Bulk Vera", "Bulk Nora"):
            olivia.row(name).locator(".row__who").hover()
            tick = olivia.row(name).get_by_role("checkbox")
            tick.click(modifiers=["Shift"] if name == "Bulk Nora" else [])
        expect(page.locator(".bulk__count")).to_have_text("3")
        bar = page.get_by_role("toolbar", name="With the chosen conversations")
        bar.get_by_role("button", name="Tag").click()
        page.keyboard.type("parcels")
        assert everything_wrong_with(page) == []
        page.keyboard.press("Enter")
        expect(page.get_by_text("3 changed.")).to_be_visible()
        for name in ("Bulk Vera", "Bulk Tom", "Bulk Nora"):
            expect(olivia.row(name)).to_contain_text("parcels")
        expect(page.locator("#bulk")).to_be_hidden()

        for name in ("Bulk Vera", "Bulk Tom"):
            olivia.row(name).locator(".row__who").hover()
            olivia.row(name).get_by_role("checkbox").check()
        # One of them is out of reach meanwhile: it is said, and it stays chosen.
        page.route("**/api/conversations/bulk", lambda route: route.abort(), times=1)
        bar.get_by_role("button", name="Priority").click()
        page.get_by_role("menuitem", name="High").click()
        expect(page.locator(".bulk__count")).to_have_text("2")
        ada.call("POST", f"/api/conversations/{ids[1]}/close")
        page.wait_for_timeout(300)
        bar.get_by_role("button", name="Snooze").click()
        page.get_by_role("menuitem", name="Tomorrow").click()
        expect(page.get_by_text("1 changed, 1 not:")).to_be_visible()
        expect(page.locator(".bulk__count")).to_have_text("1")
        page.keyboard.press("Escape")
        expect(page.locator("#bulk")).to_be_hidden()
