"""Writing in the inbox: ready-made replies, colleagues called in notes, keys, and who sees it."""

from __future__ import annotations

import re
import time

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.e2e.desks import Agent, introduce, visitor
from tests.e2e.looks import everything_wrong_with
from tests.e2e.server import Server

pytestmark = pytest.mark.e2e
ASKED = "Do you deliver to Malta?"
THANKS = "Dear {{contact.first_name|friend}}, thank you for writing. {{agent.first_name}}"
MOON = "We do not deliver to the moon, {{contact.email|wherever you are}}."


@pytest.fixture(scope="module")
def settings() -> dict[str, str]:
    return {"EMBEDDINGS": "none"}


@pytest.fixture
def olivia(olivia: Agent) -> Agent:
    """With no reply ready."""
    for reply in olivia.call("GET", "/api/canned-replies").json()["items"]:
        olivia.call("DELETE", f"/api/canned-replies/{reply['id']}")
    return olivia


def ready_made(agent: Agent, **replies: str) -> None:
    for shortcut, text in replies.items():
        body = {"shortcut": shortcut, "title": shortcut.title(), "text": text}
        assert agent.call("POST", "/api/canned-replies", body).status == 201


def offered(page: Page) -> Locator:
    return page.locator(".complete__one:visible")


def _slowly(route: Route) -> None:
    time.sleep(0.3)
    route.continue_()


def sending_is_over(agent: Agent) -> None:
    expect(agent.page.locator(".said--held, .said--sending")).to_have_count(0)


def test_a_ready_made_reply_is_found_filled_in_and_changed_before_it_is_sent(
    server: Server, olivia: Agent
) -> None:
    ready_made(olivia, thanks=THANKS, moon=MOON, malta="Yes, to Malta too.")
    with visitor(server) as vera:
        introduce(vera, "Vera Ready Made", ASKED)
        page = olivia.arrive()
        olivia.open("Vera Ready Made")
        olivia.field.click()
        page.keyboard.type("Hello! /")
        expect(offered(page)).to_have_count(3)
        assert everything_wrong_with(page) == []
        page.keyboard.type("m")
        expect(offered(page).first).to_contain_text("/malta")
        page.keyboard.press("ArrowDown")
        expect(page.locator(".complete__one[aria-selected=true]")).to_contain_text("/moon")
        page.keyboard.press("ArrowUp")
        page.keyboard.press("Escape")
        expect(offered(page)).to_have_count(0)
        expect(olivia.field).to_be_focused()
        for _ in range(2):
            page.keyboard.press("Backspace")
        page.keyboard.type("/tha")
        expect(offered(page)).to_have_count(1)
        page.keyboard.press("Enter")
        expect(olivia.field).to_have_value("Hello! Dear Vera, thank you for writing. Demo")
        page.keyboard.press("Control+z")
        expect(olivia.field).to_have_value("Hello! /tha")
        page.keyboard.press("Control+y")
        page.keyboard.type("!")
        page.keyboard.press("Enter")
        olivia.send_now()
        said = vera.event(author="person")["text"]
        assert said == "Hello! Dear Vera, thank you for writing. Demo!"


def test_what_is_not_known_of_a_visitor_is_filled_in_by_its_fallback(
    server: Server, olivia: Agent
) -> None:
    ready_made(olivia, thanks=THANKS, moon=MOON)
    with visitor(server) as nobody:
        conversation = nobody.say(ASKED)["conversation_id"]
        page = olivia.arrive(f"/dashboard/inbox/{conversation}")
        olivia.field.click()
        page.keyboard.type("/thanks")
        expect(offered(page)).to_have_count(1)
        page.keyboard.press("Tab")
        expect(olivia.field).to_have_value("Dear friend, thank you for writing. Demo")
        olivia.field.fill("")
        page.get_by_role("button", name="Insert a ready-made reply").click()
        offered(page).filter(has_text="/moon").click()
        expect(olivia.field).to_have_value("We do not deliver to the moon, wherever you are.")


def test_a_shortcut_that_is_typed_faster_than_it_is_found_is_not_sent_as_it_stands(
    server: Server, olivia: Agent
) -> None:
    ready_made(olivia, thanks=THANKS)
    with visitor(server) as vera:
        introduce(vera, "Vera Fast", ASKED)
        page = olivia.arrive()
        olivia.open("Vera Fast")
        page.route(re.compile("canned-replies"), _slowly)
        olivia.field.click()
        page.keyboard.type("/thanks")
        page.keyboard.press("Enter")
        page.keyboard.press("Enter")
        expect(olivia.field).to_have_value("Dear Vera, thank you for writing. Demo")
        expect(olivia.thread.locator(".said--held")).to_have_count(0)


def test_nothing_found_is_said_and_a_slash_stays_a_slash(server: Server, olivia: Agent) -> None:
    with visitor(server) as vera:
        introduce(vera, "Vera Slash", ASKED)
        page = olivia.arrive()
        olivia.open("Vera Slash")
        page.get_by_role("button", name="Insert a ready-made reply").click()
        expect(page.locator(".complete")).to_contain_text("There are no ready-made replies yet")
        ready_made(olivia, thanks=THANKS)
        page.reload()
        olivia.field.fill("")
        olivia.field.click()
        page.keyboard.type("/zzz")
        expect(page.locator(".complete")).to_contain_text("Nothing fits “zzz”")
        assert everything_wrong_with(page) == []
        page.keyboard.type(" and/or ")
        expect(page.locator(".complete")).to_be_hidden()
        olivia.field.press("Enter")
        olivia.send_now()
        assert vera.event(author="person")["text"] == "/zzz and/or"


def test_a_colleague_who_is_called_in_a_note_finds_it(
    server: Server, olivia: Agent, ada: Agent
) -> None:
    with visitor(server) as vera:
        introduce(vera, "Vera Called", ASKED)
        vera.event(author="assistant")
        ada.arrive()
        mentions = ada.page.locator("#views [data-count=mentions]")
        expect(mentions).to_have_text("")
        page = olivia.arrive()
        olivia.open("Vera Called")
        page.keyboard.press("n")
        page.keyboard.type("@dem")
        expect(offered(page)).to_have_count(1)
        expect(offered(page)).to_contain_text("Demo Agent")
        page.keyboard.press("Enter")
        page.keyboard.type("can you /")
        expect(page.locator(".complete")).to_contain_text("no ready-made replies yet")
        page.keyboard.press("Backspace")
        page.keyboard.type("look into this?")
        expect(olivia.field).to_have_value("@Demo Agent can you look into this?")
        page.keyboard.press("Enter")
        expect(mentions).to_have_text("1")
        ada.page.locator("#views [data-view=mentions]").click()
        ada.open("Vera Called")
        expect(ada.thread.locator(".note-paper")).to_contain_text("@Demo Agent can you look")
        expect(ada.thread.locator(".note-paper .called")).to_have_text("@Demo Agent")
        expect(mentions).to_have_text("")
        expect(olivia.page.locator("#views [data-count=mentions]")).to_have_text("")
        assert "can you look" not in str(vera.frames + vera.silence())


def test_what_is_for_the_team_never_turns_into_a_reply(server: Server, olivia: Agent) -> None:
    with visitor(server) as vera:
        introduce(vera, "Vera Two Sheets", ASKED)
        vera.event(author="assistant")
        page = olivia.arrive()
        olivia.open("Vera Two Sheets")
        paper = page.locator(".composer__box").evaluate("one => getComputedStyle(one).background")
        page.keyboard.press("n")
        page.keyboard.type("This one is difficult")
        expect(page.locator(".composer__hint")).to_have_text("Only your team sees this")
        expect(page.locator(".composer__send")).to_have_text("Add note")
        note = page.locator(".composer__box").evaluate("one => getComputedStyle(one).background")
        assert note != paper
        page.keyboard.press("Escape")
        page.keyboard.press("r")
        expect(olivia.field).to_have_value("")
        expect(page.get_by_role("radio", name="Note")).to_have_attribute("data-begun", "true")
        page.keyboard.type("With pleasure.")
        page.keyboard.press("Enter")
        page.get_by_role("radio", name="Note").click()
        expect(olivia.field).to_have_value("This one is difficult")
        page.get_by_role("button", name="Undo").click()
        expect(page.get_by_role("radio", name="Reply")).to_be_checked()
        expect(olivia.field).to_have_value("With pleasure.")
        page.get_by_role("radio", name="Note").click()
        page.keyboard.press("Enter")
        expect(olivia.thread.locator(".note-paper")).to_contain_text("This one is difficult")
        expect(page.get_by_role("radio", name="Reply")).to_have_attribute("data-begun", "true")
        assert "difficult" not in str(vera.frames + vera.silence())


def test_enter_sends_shift_enter_does_not_and_neither_does_a_word_being_composed(
    server: Server, olivia: Agent
) -> None:
    ready_made(olivia, thanks=THANKS)
    with visitor(server) as vera:
        introduce(vera, "Vera Enter", ASKED)
        page = olivia.arrive()
        olivia.open("Vera Enter")
        olivia.field.click()
        page.keyboard.type("First line")
        page.keyboard.press("Shift+Enter")
        page.keyboard.type("second line")
        expect(olivia.field).to_have_value("First line\nsecond line")
        composing = {"key": "Enter", "bubbles": True, "cancelable": True, "isComposing": True}
        press = (
            "(field, how) => field.dispatchEvent(new KeyboardEvent('keydown', how)) || 'prevented'"
        )
        assert olivia.field.evaluate(press, composing) is True
        assert olivia.field.evaluate(press, composing | {"isComposing": False, "keyCode": 229})
        page.keyboard.type(" /")
        expect(offered(page)).to_have_count(1)
        assert olivia.field.evaluate(press, composing) is True
        expect(olivia.field).to_have_value("First line\nsecond line /")
        page.keyboard.press("Backspace")
        page.keyboard.press("Enter")
        expect(olivia.thread.locator(".said--held")).to_contain_text("second line")
        olivia.send_now()
        assert vera.event(author="person")["text"] == "First line\nsecond line"


def test_keys_are_letters_while_one_writes(server: Server, olivia: Agent) -> None:
    letters = "j k x r n t h e s a p l i ? u o"
    with visitor(server) as vera:
        introduce(vera, "Vera Letters", ASKED)
        page = olivia.arrive()
        olivia.open("Vera Letters")
        here = page.url
        olivia.field.click()
        page.keyboard.type(letters)
        expect(olivia.field).to_have_value(letters)
        page.locator("#search").click()
        page.keyboard.type("jkxe")
        expect(page.locator("#search")).to_have_value("jkxe")
        page.keyboard.press("Escape")
        assert page.url == here
        expect(page.locator("dialog[open], .menu:popover-open")).to_have_count(0)
        sending_is_over(olivia)
        assert not [one for one in vera.frames if "closed" in str(one.get("event", {}).get("kind"))]


def test_both_see_that_the_other_writes_and_has_read(server: Server, olivia: Agent) -> None:
    with visitor(server) as vera:
        introduce(vera, "Vera Typing", ASKED)
        vera.event(author="assistant")
        page = olivia.arrive()
        olivia.open("Vera Typing")
        assert vera.expect("read")["seq"] > 0
        vera.send("typing", typing=True)
        expect(olivia.thread.get_by_text("The visitor is typing")).to_be_attached()
        vera.send("typing", typing=False)
        expect(olivia.thread.get_by_text("The visitor is typing")).to_have_count(0)
        page.keyboard.press("r")
        page.keyboard.type("Yes")
        assert vera.expect("typing", lambda frame: frame["typing"])["who"] == "person"
        olivia.field.fill("")
        assert not vera.expect("typing", lambda frame: frame["who"] == "person")["typing"]
        page.keyboard.press("Escape")
        page.keyboard.press("n")
        page.keyboard.type("A secret")
        assert not [one for one in vera.silence(1) if one["type"] == "typing" and one["typing"]]
        olivia.write("Yes, we do.")
        olivia.send_now()
        said = vera.event(author="person")
        expect(olivia.thread.locator(".said__seen")).to_have_count(0)
        vera.send("read", seq=said["seq"])
        expect(olivia.thread.locator(".said__seen")).to_have_text("Seen")
