"""What can be taken back, and for how long."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.e2e.desks import Agent, introduce, visitor
from tests.e2e.patience import wait_for
from tests.e2e.server import Server

pytestmark = pytest.mark.e2e
ASKED = "Do you deliver to Malta?"


def test_closing_is_undone_where_it_is_said(server: Server, olivia: Agent) -> None:
    with visitor(server) as vera:
        conversation = introduce(vera, "Vera Hasty", ASKED)
        vera.event(author="assistant")
        page = olivia.arrive()
        olivia.open("Vera Hasty")
        page.keyboard.press("e")
        expect(olivia.row("Vera Hasty")).to_have_count(0)
        page.locator(".toast").get_by_role("button", name="Undo").click()
        expect(olivia.row("Vera Hasty")).to_have_count(1)
        status = olivia.call("GET", f"/api/conversations/{conversation}").json()["status"]
        assert status == "open"


def test_closing_is_undone_by_a_key(server: Server, olivia: Agent) -> None:
    with visitor(server) as vera:
        introduce(vera, "Vera Key", ASKED)
        vera.event(author="assistant")
        page = olivia.arrive()
        olivia.open("Vera Key")
        page.keyboard.press("e")
        expect(page.locator(".toast").get_by_role("button", name="Undo")).to_be_visible()
        expect(olivia.row("Vera Key")).to_have_count(0)
        page.keyboard.press("u")
        expect(olivia.row("Vera Key")).to_have_count(1)
        expect(page.locator(".toast")).to_have_count(0)


def test_what_was_put_off_is_fetched_back(server: Server, olivia: Agent) -> None:
    with visitor(server) as vera:
        introduce(vera, "Vera Later", ASKED)
        vera.event(author="assistant")
        page = olivia.arrive()
        olivia.open("Vera Later")
        page.keyboard.press("s")
        page.get_by_role("menuitem", name="Tomorrow morning").click()
        expect(olivia.row("Vera Later")).to_have_count(0)
        page.locator(".toast").get_by_role("button", name="Undo").click()
        expect(olivia.row("Vera Later")).to_have_count(1)


def test_what_was_done_to_several_is_taken_back(server: Server, olivia: Agent, ada: Agent) -> None:
    with visitor(server) as vera, visitor(server) as tom:
        ids = [
            introduce(one, name, ASKED) for one, name in ((vera, "Back Vera"), (tom, "Back Tom"))
        ]
        given = ada.call("PATCH", f"/api/conversations/{ids[0]}", {"assignee_id": ada.id})
        assert given.ok, given.text()
        page = olivia.arrive()
        bar = page.get_by_role("toolbar", name="With the chosen conversations")

        def choose() -> None:
            for name in ("Back Vera", "Back Tom"):
                olivia.row(name).locator(".row__who").hover()
                olivia.row(name).get_by_role("checkbox").check()

        def owners() -> list[str | None]:
            each = [olivia.call("GET", f"/api/conversations/{one}").json()["person"] for one in ids]
            return [one and one["id"] for one in each]

        choose()
        bar.get_by_role("button", name="Assign").click()
        page.get_by_role("menuitemradio", name="Demo Owner (you)").click()
        wait_for(lambda: owners() == [olivia.id, olivia.id], "assignment")
        page.locator(".toast").last.get_by_role("button", name="Undo").click()
        wait_for(lambda: owners() == [ada.id, None], "each has whom it had before")

        def priorities() -> list[tuple[str, bool]]:
            each = [olivia.call("GET", f"/api/conversations/{one}").json() for one in ids]
            return [(one["priority"], one["priority_is_set"]) for one in each]

        assert olivia.call("PATCH", f"/api/conversations/{ids[0]}", {"priority": "high"}).ok
        before = priorities()
        expect(olivia.row("Back Vera").locator(".mark--high")).to_be_visible()
        choose()
        bar.get_by_role("button", name="Priority").click()
        page.get_by_role("menuitem", name="Urgent").click()
        wait_for(lambda: priorities() == [("urgent", True)] * 2, "priority")
        page.locator(".toast").last.get_by_role("button", name="Undo").click()
        wait_for(lambda: priorities() == before, "each has the priority it had before")

        choose()
        bar.get_by_role("button", name="Close").click()
        expect(olivia.row("Back Tom")).to_have_count(0)
        page.locator(".toast").last.get_by_role("button", name="Undo").click()
        for name in ("Back Vera", "Back Tom"):
            expect(olivia.row(name)).to_have_count(1)


def test_how_long_a_reply_waits_is_chosen_on_the_profile(server: Server, olivia: Agent) -> None:
    page = olivia.page
    page.goto("/dashboard/settings/profile")
    choice = page.get_by_role("group", name="How long a reply waits")
    expect(choice.get_by_role("radio", name="5 s")).to_be_checked()
    choice.get_by_role("radio", name="Not at all").check()
    with visitor(server) as vera:
        introduce(vera, "Vera Atonce", ASKED)
        vera.event(author="assistant")
        olivia.arrive()
        olivia.open("Vera Atonce")
        olivia.write("Yes, we do.")
        assert vera.event(author="person")["text"] == "Yes, we do."
        page.goto("/dashboard/settings/profile")
        expect(choice.get_by_role("radio", name="Not at all")).to_be_checked()
        choice.get_by_role("radio", name="20 s").check()
        olivia.arrive()
        olivia.open("Vera Atonce")
        olivia.write("Within five days.")
        undo = page.get_by_role("button", name="Undo")
        page.wait_for_timeout(6_000)
        undo.click()
        expect(olivia.field).to_have_value("Within five days.")
