"""What can be done with one conversation, each from its button to what the visitor is told."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import BrowserContext, Locator, expect

from tests.e2e.desks import AGENT, Agent, introduce, visitor
from tests.e2e.looks import everything_wrong_with
from tests.e2e.patience import wait_for
from tests.e2e.server import Server

pytestmark = pytest.mark.e2e
ASKED = "Do you deliver to Malta?"
ANGRY = "This is outrageous! I am furious, you thieves! I want a refund NOW or I call my lawyer!!!"


@pytest.fixture
def olivia(new_context: Callable[[], BrowserContext], server: Server) -> Agent:
    return Agent(new_context(), "Demo Owner", *server.demo_sign_in)


@pytest.fixture
def ada(new_context: Callable[[], BrowserContext], server: Server) -> Agent:
    return Agent(new_context(), "Demo Agent", AGENT, server.demo_sign_in[1])


def menu(agent: Agent, button: str) -> Locator:
    agent.page.locator("#head").get_by_role("button", name=button, exact=True).click()
    return agent.page.locator(".menu--inbox")


def known(agent: Agent, conversation: str) -> dict[str, object]:
    found: dict[str, object] = agent.call("GET", f"/api/conversations/{conversation}").json()
    return found


def test_closing_reopening_and_what_the_visitor_thought_of_it(
    server: Server, olivia: Agent
) -> None:
    with visitor(server) as vera:
        introduce(vera, "Vera Close", ASKED)
        vera.event(author="assistant")
        page = olivia.arrive()
        olivia.open("Vera Close")
        page.keyboard.press("e")
        vera.event("closed")
        expect(page.get_by_text("Closed #")).to_be_visible()
        expect(olivia.row("Vera Close")).to_have_count(0)
        page.locator("#views [data-view=closed]").click()
        olivia.open("Vera Close")
        vera.send("rate", score=2, comment="Too slow.")
        expect(olivia.thread).to_contain_text("2 of 5: “Too slow.”")
        page.locator("#head").get_by_role("button", name="Reopen").click()
        vera.event("reopened")
        expect(page.get_by_role("button", name="Take over")).to_be_visible()
        expect(olivia.thread).to_contain_text("You opened this again.")


def test_a_visitor_is_blocked_and_let_in_again(server: Server, olivia: Agent) -> None:
    with visitor(server) as mallory:
        conversation = introduce(mallory, "Mallory Block", ASKED)
        mallory.event(author="assistant")
        page = olivia.arrive(f"/dashboard/inbox/{conversation}")
        expect(page.locator(".head__name")).to_have_text("Mallory Block")
        menu(olivia, "More").get_by_role("menuitem", name="Block the visitor…").click()
        dialog = page.get_by_role("dialog", name="Block this visitor?")
        assert everything_wrong_with(page) == []
        page.keyboard.press("Escape")
        assert not known(olivia, conversation)["blocked"]
        menu(olivia, "More").get_by_role("menuitem", name="Block the visitor…").click()
        dialog.get_by_role("button", name="Block", exact=True).click()
        expect(page.get_by_text("nothing of theirs comes in any more")).to_be_visible()
        assert mallory.is_hung_up_on()
        expect(page.locator(".head__marks")).to_contain_text("Blocked")
        expect(page.locator(".composer__hint")).to_contain_text("blocked and cannot answer")
        menu(olivia, "More").get_by_role("menuitem", name="Unblock the visitor").click()
        expect(page.get_by_text("They can write again.")).to_be_visible()
        expect(page.locator(".head__marks")).not_to_contain_text("Blocked")
        mallory.connect()


def test_tags_are_made_put_on_taken_off_and_filtered_by(server: Server, olivia: Agent) -> None:
    with visitor(server) as vera, visitor(server) as tom:
        introduce(vera, "Vera Tag", ASKED)
        introduce(tom, "Tom Tag", ASKED)
        page = olivia.arrive()
        olivia.open("Vera Tag")
        page.keyboard.press("l")
        page.keyboard.type("wholesale")
        expect(page.get_by_role("menuitem", name="Make “wholesale”")).to_be_visible()
        assert everything_wrong_with(page) == []
        page.keyboard.press("Enter")
        expect(page.locator(".head__marks")).to_contain_text("wholesale")
        expect(olivia.row("Vera Tag")).to_contain_text("wholesale")
        expect(olivia.thread).to_contain_text("wholesale")

        page.keyboard.press("l")
        path = f"/api/conversations/{page.url.rsplit('/', 1)[-1]}"
        assert olivia.call("PATCH", path, {"add_tags": ["urgent parcel"]}).ok
        page.keyboard.type("malta")
        page.keyboard.press("Enter")
        for tag in ("wholesale", "urgent parcel", "malta"):
            expect(olivia.thread).to_contain_text(tag)
        kept = olivia.call("GET", path).json()["tags"]
        assert kept == ["wholesale", "urgent parcel", "malta"]

        page.get_by_role("button", name="Filter and keep this view").click()
        page.get_by_role("menuitemradio", name="are tagged wholesale").click()
        expect(olivia.row("Tom Tag")).to_have_count(0)
        expect(olivia.row("Vera Tag")).to_have_count(1)
        page.get_by_role("button", name="Remove: tagged wholesale").click()
        expect(olivia.row("Tom Tag")).to_have_count(1)

        olivia.open("Vera Tag")
        page.keyboard.press("l")
        page.keyboard.type("wholesale")
        page.keyboard.press("Enter")
        expect(page.locator(".head__marks")).not_to_contain_text("wholesale")


def test_what_is_snoozed_comes_back_when_the_visitor_writes(server: Server, olivia: Agent) -> None:
    with visitor(server) as vera:
        conversation = introduce(vera, "Vera Snooze", ASKED)
        vera.event(author="assistant")
        page = olivia.arrive()
        olivia.open("Vera Snooze")
        offered = menu(olivia, "Snooze")
        expect(offered.get_by_role("menuitem", name="Tomorrow")).to_be_visible()
        assert everything_wrong_with(page) == []
        offered.get_by_role("menuitem", name="Tomorrow").click()
        expect(page.get_by_text("It comes back")).to_be_visible()
        expect(olivia.row("Vera Snooze")).to_have_count(0)
        page.locator("#views [data-view=snoozed]").click()
        expect(olivia.row("Vera Snooze")).to_contain_text("back in")
        page.locator("#views [data-view=all]").click()
        vera.say("One more question")
        expect(olivia.row("Vera Snooze")).to_have_count(1)
        assert known(olivia, conversation)["snoozed_until"] is None


def test_what_is_snoozed_comes_back_by_itself(server: Server, olivia: Agent) -> None:
    with visitor(server) as vera:
        conversation = introduce(vera, "Vera Wakes", ASKED)
        vera.event(author="assistant")
        page = olivia.arrive()
        olivia.open("Vera Wakes")
        menu(olivia, "Snooze").get_by_role("menuitem", name="Another time…").click()
        dialog = page.get_by_role("dialog", name="Snooze until")
        field = dialog.get_by_label("When it comes back")
        field.fill("2020-01-01T10:00")
        page.keyboard.press("Enter")
        expect(dialog).to_be_visible()
        field.fill((datetime.now(UTC) + timedelta(days=3)).strftime("%Y-%m-%dT%H:%M"))
        assert everything_wrong_with(page) == []
        page.keyboard.press("Enter")
        expect(olivia.row("Vera Wakes")).to_have_count(0)
        changed = server.change_rows(
            "UPDATE conversations SET snoozed_until = ? WHERE id = ?",
            datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S.%f"),
            conversation.replace("-", ""),
        )
        assert changed == 1
        expect(olivia.row("Vera Wakes")).to_have_count(1, timeout=60_000)
        olivia.open("Vera Wakes")
        expect(olivia.thread).to_contain_text("The snooze is over.")


def test_a_false_alarm_is_overruled_beside_the_curve(server: Server, olivia: Agent) -> None:
    with visitor(server) as vera:
        page = olivia.arrive()
        page.set_viewport_size({"width": 1500, "height": 900})
        conversation = introduce(vera, "Vera Angry", ANGRY)
        wait_for(lambda: known(olivia, conversation)["moods"], "reading of the mood")
        olivia.open("Vera Angry")
        beside = page.get_by_role("complementary", name="About this conversation")
        expect(beside.get_by_role("img", name=re.compile("now angry"))).to_be_visible()
        expect(beside.locator(".side__reasons li").first).not_to_be_empty()
        expect(page.locator(".head__marks")).to_contain_text(re.compile("Urgent|High"))
        assert everything_wrong_with(page) == []
        before = known(olivia, conversation)["priority"]

        beside.get_by_role("button", name="They are not angry").click()
        expect(beside).to_contain_text("Your team says that they are not angry.")
        expect(beside).not_to_contain_text("Angry ·")
        wait_for(lambda: known(olivia, conversation)["priority"] != before, "lower priority")
        expect(olivia.thread).to_contain_text("this visitor is not angry")
        beside.get_by_role("button", name="Take that back").click()
        expect(beside.get_by_role("button", name="They are not angry")).to_be_visible()
        assert known(olivia, conversation)["priority"] == before

        page.locator("#thread").press("p")
        page.get_by_role("menuitemradio", name="Low").click()
        expect(beside).to_contain_text("low priority, set by the team")
        page.locator("#thread").press("p")
        page.get_by_role("menuitem", name="Let the assistant decide").click()
        expect(beside).to_contain_text(f"{before} priority")


def test_the_curve_goes_on_while_one_looks(server: Server, olivia: Agent) -> None:
    with visitor(server) as vera:
        page = olivia.arrive()
        page.set_viewport_size({"width": 1500, "height": 900})
        introduce(vera, "Vera Curve", ASKED)
        vera.event(author="assistant")
        olivia.open("Vera Curve")
        vera.say(ANGRY)
        dots = page.locator(".curve__dot")
        expect(dots).to_have_count(2)
        expect(page.locator(".curve__dot--bad title")).to_contain_text("Sounded unhappy")


def test_it_is_assigned_to_a_colleague_who_sees_it_at_once(
    server: Server, olivia: Agent, ada: Agent
) -> None:
    with visitor(server) as vera:
        introduce(vera, "Vera Assign", ASKED)
        vera.event(author="assistant")
        ada.arrive("/dashboard/inbox?view=mine")
        page = olivia.arrive()
        olivia.open("Vera Assign")
        offered = menu(olivia, "Assign")
        expect(offered.get_by_role("menuitemradio", name="Demo Owner (you)")).to_be_visible()
        assert everything_wrong_with(page) == []
        offered.get_by_role("menuitemradio", name="Demo Agent").click()
        expect(page.locator(".head__marks")).to_contain_text("assigned to Demo Agent")
        expect(ada.row("Vera Assign")).to_have_count(1)
        menu(olivia, "Assign").get_by_role("menuitemradio", name="Nobody").click()
        expect(ada.row("Vera Assign")).to_have_count(0)
        expect(page.locator(".head__marks")).not_to_contain_text("assigned")
