"""The whole of it with three browsers, and the whole of it without a mouse."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.e2e.conftest import MILLISECONDS
from tests.e2e.desks import AGENT, Agent, introduce, visitor
from tests.e2e.looks import everything_wrong_with
from tests.e2e.server import Server
from tests.e2e.widget.visits import ask, opened

pytestmark = pytest.mark.e2e
SECRET = "Their card was declined twice."


@pytest.fixture
def olivia(new_context: Callable[[], BrowserContext], server: Server) -> Agent:
    return Agent(new_context(), "Demo Owner", *server.demo_sign_in)


@pytest.fixture
def ada(new_context: Callable[[], BrowserContext], server: Server) -> Agent:
    return Agent(new_context(), "Demo Agent", AGENT, server.demo_sign_in[1])


@pytest.fixture
def shopper(browser: Browser, server: Server) -> Iterator[Page]:
    """Somebody on the demo's shop, with the widget open."""
    shop = f"http://127.0.0.1:{server.port + 1}"
    context = browser.new_context(base_url=shop, reduced_motion="reduce")
    context.set_default_timeout(MILLISECONDS)
    page = context.new_page()
    page.goto("/")
    yield opened(page)
    context.close()


def test_two_agents_and_a_visitor_in_three_browsers(
    olivia: Agent, ada: Agent, shopper: Page
) -> None:
    for agent in (olivia, ada):
        agent.arrive()
    ask(shopper, "Do you deliver to Malta?")
    for agent in (olivia, ada):
        agent.row("Visitor").get_by_role("link").click()
        expect(agent.thread.locator(".said--visitor")).to_contain_text("Malta")
    eye = ada.page.locator(".head__eye")
    expect(eye).to_have_attribute("title", "Demo Owner is looking too")

    olivia.page.keyboard.press("t")
    expect(shopper.get_by_text("Demo Owner").first).to_be_visible()
    hint = ada.page.locator(".composer__hint")
    expect(hint).to_contain_text("Demo Owner takes care of this")
    ada.write(SECRET, note=True)
    expect(olivia.thread.locator(".note-paper")).to_contain_text(SECRET)
    ada.page.get_by_role("radio", name="Reply").click()
    olivia.field.press_sequentially("Yes, ")
    expect(hint).to_have_text("Demo Owner is replying…")
    olivia.write("Yes, within five days.")
    olivia.send_now()
    expect(shopper.get_by_text("Yes, within five days.", exact=True)).to_be_visible()
    expect(shopper.get_by_text(SECRET)).to_have_count(0)
    expect(olivia.thread.locator(".said__seen")).to_have_text("Seen")

    shopper.locator(".pen textarea").press_sequentially("Thank ")
    expect(olivia.thread.locator(".said__dots")).to_be_visible()
    ask(shopper, "Thank you!")
    expect(olivia.thread).to_contain_text("Thank you!")
    for agent in (olivia, ada):
        assert everything_wrong_with(agent.page) == []

    olivia.page.get_by_role("button", name="Hand back").click()
    expect(ada.thread).to_contain_text("handed back to")
    olivia.page.get_by_role("button", name="Close", exact=True).click()
    shopper.get_by_role("radio", name="5 of 5").click()
    shopper.locator(".rating .main").click()
    expect(ada.thread).to_contain_text("5 of 5")


def test_without_a_mouse_one_signs_in_and_goes_about(server: Server, page: Page) -> None:
    with visitor(server) as vera, visitor(server) as tom:
        introduce(vera, "Vera Going", "Do you deliver to Malta?")
        vera.event(author="assistant")
        introduce(tom, "Tom Going", "Where is my parcel?")
        tom.event(author="assistant")
        sign_in_by_keyboard(page, *server.demo_sign_in)
        press = page.keyboard.press
        here = page.locator(".row--here")
        press("j")
        expect(here).to_contain_text("Tom Going")
        press("j")
        expect(here).to_contain_text("Vera Going")
        expect(here.locator("a")).to_be_focused()
        press("k")
        expect(here).to_contain_text("Tom Going")
        press("x")
        expect(page.locator(".bulk__count")).to_have_text("1")
        press("Escape")
        expect(page.locator("#bulk")).to_be_hidden()
        press("?")
        expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
        assert everything_wrong_with(page) == []
        press("Escape")
        for typed, view in (("go to clo", "Closed"), ("all open", "All open")):
            press("Control+k")
            page.keyboard.type(typed)
            press("Enter")
            expect(page.locator("#view-name")).to_have_text(view)


def test_without_a_mouse_one_answers_and_closes(server: Server, page: Page) -> None:
    with visitor(server) as vera, visitor(server) as tom:
        introduce(tom, "Tom Keys", "Where is my parcel?")
        tom.event(author="assistant")
        introduce(vera, "Vera Keys", "I would like to speak to a person, please.")
        vera.event("escalated")
        sign_in_by_keyboard(page, *server.demo_sign_in)
        press, field = page.keyboard.press, page.locator(".composer__field")
        press("j")
        press("Enter")
        expect(page.locator(".head__name")).to_have_text("Vera Keys")
        press("r")
        expect(field).to_be_focused()
        page.keyboard.type("I am here. jktnea?")
        press("Shift+Enter")
        page.keyboard.type("How can I help?")
        press("Enter")
        expect(field).to_have_value("")
        press("Escape")
        press("n")
        page.keyboard.type("A regular.")
        press("Enter")
        expect(page.locator("#messages .note-paper")).to_contain_text("A regular.")
        assert vera.event(author="person")["text"] == "I am here. jktnea?\nHow can I help?"
        press("Escape")
        for key, name in (("s", "Snooze"), ("p", "Priority"), ("a", "Assign to"), ("l", "Tags")):
            press(key)
            expect(page.get_by_role("menu", name=name)).to_be_visible()
            press("Escape")
        press("e")
        vera.event("closed")
        # What is done with makes room for the next one that waits.
        expect(page.locator(".head__name")).to_have_text("Tom Keys")
        press("e")
        tom.event("closed")


def test_whose_tab_dies_is_not_there_any_more(server: Server, olivia: Agent, ada: Agent) -> None:
    with visitor(server) as vera:
        introduce(vera, "Vera Presence", "Do you deliver to Malta?")
        vera.event(author="assistant")
        olivia.arrive()
        ada.arrive()
        olivia.open("Vera Presence")
        ada.open("Vera Presence")
        eye = olivia.page.locator(".head__eye")
        expect(eye).to_have_count(1)
        ada.page.goto("about:blank")
        expect(eye).to_have_count(0)
        ada.arrive()
        ada.open("Vera Presence")
        expect(eye).to_have_count(1)
        olivia.page.locator("#views [data-view=closed]").click()
        olivia.page.locator("#views [data-view=all]").click()
        ada.page.close()
        expect(eye).to_have_count(0)
        expect(olivia.row("Vera Presence").locator(".row__eye")).to_have_count(0)


def sign_in_by_keyboard(page: Page, email: str, password: str) -> None:
    page.goto("/login?next=/dashboard/inbox")
    for kind, typed in (("email", email), ("password", password)):
        for _ in range(10):
            if page.evaluate(f"document.activeElement.matches('input[type={kind}]')"):
                break
            page.keyboard.press("Tab")
        page.keyboard.type(typed)
    page.keyboard.press("Enter")
    expect(page.locator("#inbox")).to_have_attribute("data-link", "open")
    expect(page.locator(".row:not([hidden])").first).to_be_visible()
