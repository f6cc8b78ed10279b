"""Being told: on the desktop, by a sound, or not at all; and macros that stop half-way."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.e2e.desks import Agent, introduce, visitor
from tests.e2e.looks import everything_wrong_with
from tests.e2e.server import Server

pytestmark = pytest.mark.e2e
ASKED = "Do you deliver to Malta?"
PROFILE = "/dashboard/settings/profile"
# A browser without a desktop: what would be shown and heard is written down.
STUBS = """
window.shown = [];
window.rung = 0;
window.looking = true;
class Notification {
  static permission = localStorage.getItem("test-permission") || "default";
  static async requestPermission() {
    Notification.permission = localStorage.getItem("test-answer") || "granted";
    localStorage.setItem("test-permission", Notification.permission);
    return Notification.permission;
  }
  constructor(title, options) { shown.push({ title, ...options }); window.latest = this; }
  close() {}
}
window.Notification = Notification;
const { start } = OscillatorNode.prototype;
OscillatorNode.prototype.start = function (...given) { rung++; return start.apply(this, given); };
document.hasFocus = () => window.looking;
Object.defineProperty(document, "hidden", { get: () => !window.looking });
"""


@pytest.fixture(scope="module")
def settings() -> dict[str, str]:
    return {"EMBEDDINGS": "none"}


@pytest.fixture
def olivia(
    new_context: Callable[[], BrowserContext], server: Server, kept: dict[str, Any]
) -> Agent:
    context = new_context()
    context.add_init_script(STUBS)
    agent = Agent(context, "Demo Owner", *server.demo_sign_in, kept)
    usual = {"notifications": {"screen": ["assigned", "mentioned", "escalated", "message"]}}
    assert agent.call("PATCH", f"/api/users/{agent.id}", usual).ok
    return agent


def choose(page: Page, name: str) -> None:
    page.locator("#quiet").click()
    page.get_by_role("menuitemradio", name=name).click()


def look_away(page: Page) -> None:
    page.evaluate("looking = false")


def shown(page: Page) -> list[dict[str, str]]:
    found: list[dict[str, str]] = page.evaluate("shown")
    return found


def told(page: Page, number: int) -> list[dict[str, str]]:
    page.wait_for_function("number => shown.length >= number", arg=number)
    return shown(page)


def mention(who: Agent, whom: Agent, conversation: str, text: str) -> None:
    note = {"client_id": uuid4().hex, "text": text, "mentions": [whom.id]}
    assert who.call("POST", f"/api/conversations/{conversation}/notes", note).ok


def test_a_desktop_tells_what_happens_while_one_looks_elsewhere(
    server: Server, olivia: Agent, ada: Agent
) -> None:
    with visitor(server) as vera:
        conversation = introduce(vera, "Vera Desktop", ASKED)
        page = olivia.arrive()
        choose(page, "On this desktop")
        page.locator("#quiet").click()
        expect(page.get_by_role("menuitemradio", name="On this desktop")).to_be_checked()
        page.keyboard.press("Escape")
        look_away(page)
        mention(ada, olivia, conversation, "@Demo Owner look")
        (first,) = told(page, 1)
        assert "mentioned you" in first["title"]
        assert first["body"] == "@Demo Owner look"
        page.wait_for_function("rung >= 2")
        page.evaluate("looking = true; latest.onclick()")
        expect(page.locator(".head__name")).to_have_text("Vera Desktop")

        # What is being read is not told, and what one sees is not shown twice.
        rung = page.evaluate("rung")
        assert olivia.call("POST", f"/api/conversations/{conversation}/takeover").ok
        vera.say("Hello?")
        expect(olivia.thread).to_contain_text("Hello?")
        page.wait_for_timeout(400)
        assert len(shown(page)) == 1
        assert page.evaluate("rung") == rung


def test_do_not_disturb_is_silent_and_a_desktop_that_says_no_is_believed(
    server: Server, olivia: Agent, ada: Agent
) -> None:
    with visitor(server) as vera:
        conversation = introduce(vera, "Vera Quiet", ASKED)
        page = olivia.arrive()
        page.evaluate("localStorage.setItem('test-answer', 'denied')")
        choose(page, "On this desktop")
        expect(page.locator(".toast--bad")).to_contain_text("does not allow notifications")
        page.evaluate("localStorage.setItem('test-answer', 'granted')")
        choose(page, "On this desktop")
        choose(page, "Do not disturb")
        expect(page.locator("#quiet")).to_have_text("Do not disturb")
        page.reload()
        expect(page.locator("#quiet")).to_have_text("Do not disturb")
        page.locator("body").click()
        look_away(page)
        mention(ada, olivia, conversation, "Psst")
        expect(page.locator("#views [data-count=mentions]")).to_have_text("1")
        page.wait_for_timeout(400)
        assert shown(page) == []
        assert page.evaluate("rung") == 0


def test_of_two_tabs_one_tells(server: Server, olivia: Agent, ada: Agent) -> None:
    with visitor(server) as vera:
        conversation = introduce(vera, "Vera Two Tabs", ASKED)
        page = olivia.arrive()
        choose(page, "On this desktop")
        other = olivia.context.new_page()
        other.goto("/dashboard/inbox")
        expect(other.locator("#inbox")).to_have_attribute("data-link", "open")
        for one in (page, other):
            look_away(one)
        for _ in range(3):
            mention(ada, olivia, conversation, "Look")
        page.wait_for_timeout(1_000)
        assert len(shown(page)) + len(shown(other)) == 3
        page.close()
        before = len(shown(other))
        mention(ada, olivia, conversation, "Look")
        told(other, before + 1)


def test_what_one_is_told_of_is_chosen_on_the_profile(
    server: Server, olivia: Agent, ada: Agent
) -> None:
    with visitor(server) as vera:
        conversation = introduce(vera, "Vera Chosen", ASKED)
        page = olivia.page
        page.goto(PROFILE)
        section = page.locator("#notifications")
        inside = section.get_by_role("group", name="Tell me in the inbox")
        inside.get_by_role("checkbox", name="mention").uncheck()
        section.get_by_role("button", name="Save notifications").click()
        expect(page.get_by_text("Notifications saved.")).to_be_visible()
        here = page.get_by_role("region", name="In this browser")
        here.get_by_role("switch", name="On the desktop").click()
        expect(here.get_by_role("switch", name="On the desktop")).to_be_checked()
        here.get_by_role("switch", name="With a sound").click()
        expect(here.get_by_role("switch", name="With a sound")).not_to_be_checked()
        assert everything_wrong_with(page) == []
        here.get_by_role("button", name="Show one").click()
        assert told(page, 1)[0]["title"] == "This is how it looks"

        olivia.arrive()
        look_away(page)
        mention(ada, olivia, conversation, "Look")
        given = {"assignee_id": olivia.id}
        assert ada.call("PATCH", f"/api/conversations/{conversation}", given).ok
        told(page, 1)
        page.wait_for_timeout(300)
        (only,) = shown(page)
        assert "mentioned" not in only["title"]
        assert page.evaluate("rung") == 0


def test_a_macro_that_is_refused_half_way_says_where(server: Server, olivia: Agent) -> None:
    steps = [
        {"do": "tag", "tags": ["malta"]},
        {"do": "close"},
        {"do": "reply", "text": "Too late."},
        {"do": "priority", "priority": "high"},
    ]
    made = olivia.call("POST", "/api/macros", {"name": "Close too early", "steps": steps})
    assert made.status == 201, made.text()
    with visitor(server) as vera:
        conversation = introduce(vera, "Vera Macro", ASKED)
        page = olivia.arrive(f"/dashboard/inbox/{conversation}")
        expect(olivia.field).to_be_visible()
        page.locator("#thread").focus()
        page.keyboard.press("Control+k")
        page.keyboard.type("macro")
        page.keyboard.press("Enter")
        page.get_by_role("menuitem", name="Close too early").click()
        problem = page.locator(".toast--bad")
        expect(problem).to_contain_text("“Close too early” stopped at step 3 of 4, the reply")
        expect(problem).to_contain_text("closed")
        expect(problem).to_contain_text("What came before it is done.")
        expect(page.locator(".head__marks")).to_contain_text("malta")
        expect(page.locator(".composer__closed")).to_be_visible()
        assert not [one for one in vera.frames + vera.silence() if "Too late" in str(one)]
