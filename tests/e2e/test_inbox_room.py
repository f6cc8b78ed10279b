"""What is easily cut off: warnings, menus, names, numbers; and what can be followed."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, expect

from tests.e2e.desks import Agent, introduce, visitor
from tests.e2e.looks import everything_wrong_with
from tests.e2e.patience import wait_for
from tests.e2e.server import Server

pytestmark = pytest.mark.e2e
ASKED = "Do you deliver to Malta?"
PHONE = {"width": 390, "height": 844}

# What stands on each line of an element, by where its letters are.
LINES = """one => {
  const lines = new Map(), range = document.createRange();
  const texts = document.createTreeWalker(one, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) for (let at = 0; at < texts.currentNode.length; at += 1) {
    range.setStart(texts.currentNode, at);
    range.setEnd(texts.currentNode, at + 1);
    const top = Math.round(range.getBoundingClientRect().top);
    lines.set(top, (lines.get(top) || "") + range.toString());
  }
  return [...lines.values()];
}"""


def do_overlap(one: Locator, other: Locator) -> bool:
    """One below the other, or not."""
    first, second = one.bounding_box(), other.bounding_box()
    assert first is not None
    assert second is not None
    upper, lower = sorted((first, second), key=lambda box: box["y"])
    return upper["y"] + upper["height"] > lower["y"] + 0.5


def is_whole(words: Locator) -> bool:
    """Nothing of it lies outside of its box."""
    inside = "one => one.scrollHeight <= one.clientHeight + 1 && one.scrollWidth <= one.clientWidth"
    return bool(words.evaluate(inside))


def test_who_else_answers_is_read_to_the_end(server: Server, olivia: Agent, ada: Agent) -> None:
    with visitor(server) as vera:
        conversation = introduce(vera, "Vera Room", ASKED)
        vera.event(author="assistant")
        taken = ada.call("POST", f"/api/conversations/{conversation}/takeover")
        assert taken.ok, taken.text()
        page = olivia.arrive(f"/dashboard/inbox/{conversation}")
        hint = page.locator(".composer__hint")
        for size in (PHONE, {"width": 1440, "height": 900}):
            page.set_viewport_size(size)  # type: ignore[arg-type]
            expect(hint).to_have_text("Demo Agent takes care of this. You will take over.")
            assert is_whole(hint), size


def test_on_a_phone_nothing_of_a_conversation_is_out_of_reach(
    server: Server, olivia: Agent
) -> None:
    with visitor(server) as vera:
        conversation = introduce(vera, "Vera Phone", ASKED)
        vera.event(author="assistant")
        page = olivia.page
        page.set_viewport_size(PHONE)  # type: ignore[arg-type]
        olivia.arrive(f"/dashboard/inbox/{conversation}")
        number = olivia.call("GET", f"/api/conversations/{conversation}").json()["number"]
        expect(page.locator(".head__marks")).to_contain_text(f"#{number}")
        expect(page.locator(".head__quote")).to_be_visible()
        page.locator("#head").get_by_role("button", name="More", exact=True).click()
        assert is_whole(page.locator(".menu--inbox")), "Its last entry is seen without scrolling."
        assert everything_wrong_with(page) == []
        page.keyboard.press("Escape")
        olivia.context.set_offline(True)
        line = page.locator("#line")
        expect(line).to_contain_text("You are offline.")
        box = line.bounding_box()
        assert box is not None
        assert box["width"] > PHONE["width"] * 0.7, "It uses the room that there is."
        olivia.context.set_offline(False)


def test_the_name_of_a_kept_view_is_read_to_the_end(server: Server, olivia: Agent) -> None:
    body = {"name": "Waiting for a refund", "filters": {}, "sort": "newest", "shared": False}
    assert olivia.call("POST", "/api/inbox/views", body).ok
    page = olivia.arrive()
    name = page.locator(".views__name", has_text="Waiting for a refund")
    expect(name).to_be_visible()
    assert is_whole(name)


def test_an_address_that_a_visitor_wrote_is_followed_and_nothing_else(
    server: Server, olivia: Agent
) -> None:
    words = "See https://example.com/a?b=<c>, or javascript:alert(1) (https://example.org/x)."
    with visitor(server) as vera:
        conversation = introduce(vera, "Vera Link", words)
        vera.event(author="assistant")
        olivia.arrive(f"/dashboard/inbox/{conversation}")
        said = olivia.thread.locator(".said--visitor .said__bubble")
        expect(said).to_have_text(words)
        links = said.get_by_role("link")
        expect(links).to_have_text(["https://example.com/a?b=", "https://example.org/x"])
        for name, value in (("target", "_blank"), ("rel", "noopener noreferrer nofollow")):
            expect(links.first).to_have_attribute(name, value)


def test_what_an_answer_looked_at_in_vain_is_not_called_its_ground(
    server: Server, olivia: Agent
) -> None:
    with visitor(server) as vera:
        conversation = introduce(vera, "Vera Ground", "Who won the cup in 1974?")
        vera.event(author="assistant")
        page = olivia.arrive(f"/dashboard/inbox/{conversation}")
        page.set_viewport_size({"width": 1440, "height": 900})
        beside = page.get_by_role("complementary", name="About this conversation")
        expect(beside).to_contain_text("Mood and priority")
        expect(beside).not_to_contain_text("The last answer rests on")


def test_on_a_phone_the_contacts_are_reached_from_any_page(olivia: Agent) -> None:
    page = olivia.page
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    page.goto("/dashboard/tickets")
    page.get_by_role("button", name="Your menu").click()
    assert everything_wrong_with(page) == []
    page.get_by_role("dialog", name="Your menu").get_by_role("link", name="Contacts").click()
    expect(page.get_by_role("heading", name="Contacts", level=1)).to_be_visible()


@pytest.mark.parametrize("width", [1440, 1366, 1200, 1100])
def test_what_can_be_done_with_a_colleague_is_in_sight(olivia: Agent, width: int) -> None:
    page = olivia.page
    page.set_viewport_size({"width": width, "height": 800})
    page.goto("/dashboard/settings/team")
    expect(page.get_by_text("Demo Agent")).to_be_visible()
    table = page.locator(".table-wrap").first
    assert table.evaluate("one => one.scrollWidth <= one.clientWidth")


def test_on_a_phone_an_error_lies_on_nothing_that_is_read(server: Server, olivia: Agent) -> None:
    with visitor(server) as vera:
        conversation = introduce(vera, "Vera Error", ASKED)
        vera.event(author="assistant")
        page = olivia.page
        page.set_viewport_size(PHONE)  # type: ignore[arg-type]
        olivia.arrive(f"/dashboard/inbox/{conversation}")
        expect(olivia.thread.locator(".said").first).to_be_visible()
        page.route("**/takeover", lambda route: route.fulfill(status=500, json={}))
        page.locator("#head").get_by_role("button", name="Take over").click()
        bad = page.locator(".toast--bad")
        expect(bad).to_be_visible()
        wait_for(lambda: not do_overlap(bad, page.locator("#thread")), "room above what was said")
        assert not do_overlap(bad, page.locator("#head"))
        page.get_by_role("button", name="Back to the list").click()
        wait_for(lambda: not do_overlap(bad, page.locator(".pile__scroll")), "room below the list")
        height = page.locator(".pile__scroll").evaluate("one => one.clientHeight")
        bad.get_by_role("button", name="Dismiss").click()
        expect(bad).to_have_count(0)
        taller = f"one => one.clientHeight > {height}"
        wait_for(lambda: page.locator(".pile__scroll").evaluate(taller), "the list has it back")


def test_an_address_is_not_broken_for_one_letter(olivia: Agent) -> None:
    page = olivia.page
    page.goto("/dashboard/settings/team")
    mail = page.locator(".table .person__mail", has_text="owner@demo.example.com")
    expect(mail).to_be_visible()
    for width in range(320, 1500, 60):
        page.set_viewport_size({"width": width, "height": 900})
        lines = mail.evaluate(LINES)
        assert "".join(lines) == "owner@demo.example.com"
        assert min(len(line) for line in lines) >= 5, (width, lines)
