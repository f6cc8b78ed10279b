"""What is on its way: drafts, taking back, a server that is away, conversations that are closed."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Route, expect

from tests.e2e.conftest import MILLISECONDS
from tests.e2e.desks import Agent, introduce, visitor
from tests.e2e.patience import wait_for
from tests.e2e.server import Server, running

pytestmark = pytest.mark.e2e
ASKED = "Do you deliver to Malta?"
UNTIL_BACK = 45_000


@pytest.fixture(scope="module")
def settings() -> dict[str, str]:
    return {"EMBEDDINGS": "none"}


def draft_on(agent: Agent, conversation: str) -> Any:
    """What lies on top."""
    return next(iter(drafts_on(agent, conversation)), None)


def drafts_on(agent: Agent, conversation: str) -> list[dict[str, Any]]:
    drafts: list[dict[str, Any]] = agent.call("GET", f"/api/conversations/{conversation}").json()[
        "drafts"
    ]
    return drafts


def said_by_people(server: Server, conversation: str) -> list[str]:
    rows = server.rows(
        "SELECT text FROM events WHERE conversation_id = ? AND kind = 'message'"
        " AND author = 'person' ORDER BY seq",
        conversation.replace("-", ""),
    )
    return [row["text"] for row in rows]


def test_what_is_begun_is_there_in_every_tab_and_on_every_machine(
    server: Server, olivia: Agent, new_context: Callable[[], BrowserContext], kept: dict[str, Any]
) -> None:
    with visitor(server) as vera, visitor(server) as tom:
        first = introduce(vera, "Vera Begun", ASKED)
        introduce(tom, "Tom Begun", "Where is my parcel?")
        olivia.arrive()
        olivia.open("Vera Begun")
        other = olivia.context.new_page()
        other.goto(f"/dashboard/inbox/{first}")
        theirs = other.locator(".composer__field")
        expect(theirs).to_be_visible()
        olivia.field.press_sequentially("Dear Vera")
        expect(theirs).to_have_value("Dear Vera")
        olivia.page.get_by_role("radio", name="Note").click()
        olivia.field.press_sequentially("Slow payer")
        olivia.open("Tom Begun")
        expect(olivia.field).to_have_value("")
        expect(olivia.page.get_by_role("radio", name="Reply")).to_be_checked()
        olivia.open("Vera Begun")
        expect(olivia.page.get_by_role("radio", name="Note")).to_be_checked()
        expect(olivia.field).to_have_value("Slow payer")
        olivia.page.reload()
        expect(olivia.field).to_have_value("Slow payer")
        olivia.page.get_by_role("radio", name="Reply").click()
        expect(olivia.field).to_have_value("Dear Vera")
        both = [{"text": "Dear Vera", "is_note": False}, {"text": "Slow payer", "is_note": True}]
        wait_for(lambda: drafts_on(olivia, first) == both, "drafts on the server")
        at_home = Agent(new_context(), "Demo Owner", *server.demo_sign_in, kept)
        at_home.arrive()
        expect(at_home.row("Vera Begun")).to_contain_text("Draft")
        expect(at_home.row("Tom Begun")).not_to_contain_text("Draft")
        at_home.open("Vera Begun")
        expect(at_home.field).to_have_value("Dear Vera")
        at_home.page.get_by_role("radio", name="Note").click()
        expect(at_home.field).to_have_value("Slow payer")
        assert "Slow payer" not in str(vera.frames + vera.silence())


def test_what_was_sent_is_no_draft_anywhere(server: Server, olivia: Agent) -> None:
    with visitor(server) as vera:
        conversation = introduce(vera, "Vera Sent", ASKED)
        olivia.arrive(f"/dashboard/inbox/{conversation}")
        other = olivia.context.new_page()
        other.goto(f"/dashboard/inbox/{conversation}")
        olivia.field.press_sequentially("Yes, we do.")
        expect(other.locator(".composer__field")).to_have_value("Yes, we do.")
        wait_for(lambda: draft_on(olivia, conversation), "draft")
        olivia.field.press("Enter")
        expect(other.locator(".composer__field")).to_have_value("")
        olivia.page.reload()
        expect(olivia.thread).to_contain_text("Yes, we do.")
        expect(olivia.field).to_have_value("")
        assert vera.event(author="person")["text"] == "Yes, we do."
        wait_for(lambda: draft_on(olivia, conversation) is None, "end of the draft")
        assert said_by_people(server, conversation) == ["Yes, we do."]


def test_the_next_reply_is_begun_while_the_last_one_is_held(server: Server, olivia: Agent) -> None:
    with visitor(server) as vera:
        conversation = introduce(vera, "Vera Next", ASKED)
        page = olivia.arrive(f"/dashboard/inbox/{conversation}")
        olivia.write("Yes, we do.")
        olivia.field.press_sequentially("It takes a week")
        wait_for(lambda: draft_on(olivia, conversation), "draft")
        olivia.send_now()
        assert vera.event(author="person")["text"] == "Yes, we do."
        assert draft_on(olivia, conversation)["text"] == "It takes a week"
        page.reload()
        expect(olivia.field).to_have_value("It takes a week")


def test_what_was_asked_before_the_reply_arrived_brings_no_draft_back(
    server: Server, olivia: Agent
) -> None:
    with visitor(server) as vera:
        conversation = introduce(vera, "Vera Stale", ASKED)
        path = f"/api/conversations/{conversation}"
        page = olivia.arrive(f"/dashboard/inbox/{conversation}")
        olivia.field.press_sequentially("Yes, to Malta too.")
        wait_for(lambda: draft_on(olivia, conversation), "draft")
        page.route(f"**{path}/messages", lambda route: route.abort())
        olivia.field.press("Enter")
        olivia.send_now()
        expect(olivia.thread.locator(".said--failed")).to_be_visible()
        before = olivia.call("GET", path).json()
        assert [each["text"] for each in before["drafts"]] == ["Yes, to Malta too."]

        def late(route: Route) -> None:
            wait_for(lambda: said_by_people(server, conversation), "reply")
            time.sleep(0.5)
            route.fulfill(json=before)

        page.unroute(f"**{path}/messages")
        page.route(f"**{path}", late)
        page.once("dialog", lambda dialog: dialog.accept())
        page.reload()
        assert vera.event(author="person")["text"] == "Yes, to Malta too."
        expect(olivia.thread.get_by_text("Yes, to Malta too.")).to_have_count(1)
        expect(olivia.thread.locator(".said--failed")).to_have_count(0)
        expect(olivia.field).to_have_value("")
        assert draft_on(olivia, conversation) is None


def test_what_is_begun_outlives_a_macro_that_replies(server: Server, olivia: Agent) -> None:
    steps = [{"do": "reply", "text": "It is on its way."}]
    macro = olivia.call("POST", "/api/macros", {"name": "On its way", "steps": steps}).json()
    with visitor(server) as vera:
        conversation = introduce(vera, "Vera Macro Draft", ASKED)
        page = olivia.arrive(f"/dashboard/inbox/{conversation}")
        olivia.field.press_sequentially("By the way")
        wait_for(lambda: draft_on(olivia, conversation), "draft")
        path = f"/api/conversations/{conversation}/macros/{macro['id']}"
        assert olivia.call("POST", path).ok
        expect(olivia.thread).to_contain_text("It is on its way.")
        assert vera.event(author="person")["text"] == "It is on its way."
        assert draft_on(olivia, conversation)["text"] == "By the way"
        page.reload()
        expect(olivia.field).to_have_value("By the way")


def test_who_comes_back_after_a_note_writes_to_the_visitor(server: Server, olivia: Agent) -> None:
    with visitor(server) as vera, visitor(server) as tom:
        introduce(vera, "Vera Noted", ASKED)
        introduce(tom, "Tom Noted", "Where is my parcel?")
        page = olivia.arrive()
        olivia.open("Vera Noted")
        olivia.write("A regular.", note=True)
        expect(olivia.thread.locator(".note-paper")).to_contain_text("A regular.")
        expect(page.get_by_role("radio", name="Note")).to_be_checked()
        olivia.open("Tom Noted")
        olivia.open("Vera Noted")
        expect(page.get_by_role("radio", name="Reply")).to_be_checked()


def test_a_reply_is_taken_back_from_wherever_one_has_gone(server: Server, olivia: Agent) -> None:
    with visitor(server) as vera, visitor(server) as tom:
        introduce(vera, "Vera Elsewhere", ASKED)
        introduce(tom, "Tom Elsewhere", "Where is my parcel?")
        page = olivia.arrive()
        olivia.open("Vera Elsewhere")
        olivia.write("It is on its wya.")
        olivia.open("Tom Elsewhere")
        expect(page.locator(".elsewhere")).to_contain_text("Your reply to Vera Elsewhere")
        page.locator(".elsewhere").get_by_role("button", name="Undo").click()
        expect(page.locator(".head__name")).to_have_text("Vera Elsewhere")
        expect(olivia.field).to_have_value("It is on its wya.")
        expect(page.locator(".elsewhere")).to_be_hidden()
        page.wait_for_timeout(5_500)
        assert not [one for one in vera.silence() if "wya" in str(one)]
        olivia.field.fill("It is on its way.")
        olivia.field.press("Enter")
        olivia.open("Tom Elsewhere")
        assert vera.event(author="person")["text"] == "It is on its way."
        expect(page.locator(".elsewhere")).to_be_hidden()


def test_who_closes_right_after_replying_has_replied(server: Server, olivia: Agent) -> None:
    with visitor(server) as vera:
        conversation = introduce(vera, "Vera Closing", ASKED)
        page = olivia.arrive()
        olivia.open("Vera Closing")
        olivia.write("Yes. Have a good day!")
        page.keyboard.press("Escape")
        page.keyboard.press("e")
        assert vera.event(author="person")["text"] == "Yes. Have a good day!"
        vera.event("closed")
        assert said_by_people(server, conversation) == ["Yes. Have a good day!"]
        expect(page.locator(".toast--bad")).to_have_count(0)


def test_send_and_close_is_one_thing_that_can_be_taken_back(server: Server, olivia: Agent) -> None:
    with visitor(server) as vera:
        conversation = introduce(vera, "Vera Last Word", ASKED)
        page = olivia.arrive()
        olivia.open("Vera Last Word")
        olivia.field.fill("Goodbye!")
        page.keyboard.press("Control+Shift+Enter")
        expect(olivia.thread).to_contain_text("Sends and closes in a moment")
        page.get_by_role("button", name="Undo").click()
        expect(olivia.field).to_have_value("Goodbye!")
        page.get_by_role("button", name="More ways to send").click()
        page.get_by_role("menuitem", name="Send and close").click()
        olivia.send_now()
        assert vera.event(author="person")["text"] == "Goodbye!"
        vera.event("closed")
        assert said_by_people(server, conversation) == ["Goodbye!"]


def test_what_is_sent_at_once_does_not_overtake_what_was_written_before(
    server: Server, olivia: Agent
) -> None:
    with visitor(server) as vera:
        conversation = introduce(vera, "Vera Order", ASKED)
        olivia.arrive()
        olivia.open("Vera Order")
        for words in ("One.", "Two."):
            olivia.field.fill(words)
            olivia.field.press("Enter")
        olivia.page.get_by_role("button", name="Send now").last.click()
        wait_for(lambda: len(said_by_people(server, conversation)) > 1, "second message")
        assert said_by_people(server, conversation) == ["One.", "Two."]


def test_a_closed_conversation_takes_notes_and_is_reopened_for_a_reply(
    server: Server, olivia: Agent
) -> None:
    with visitor(server) as vera:
        conversation = introduce(vera, "Vera Closed", ASKED)
        page = olivia.arrive(f"/dashboard/inbox/{conversation}")
        olivia.field.fill("By the way,")
        assert olivia.call("POST", f"/api/conversations/{conversation}/close").ok
        expect(page.locator(".composer__closed")).to_be_visible()
        expect(olivia.field).to_be_hidden()
        page.keyboard.press("n")
        page.keyboard.type("All done here.")
        page.keyboard.press("Enter")
        expect(olivia.thread.locator(".note-paper")).to_contain_text("All done here.")
        page.keyboard.press("Escape")
        page.keyboard.press("r")
        expect(page.locator(".composer__closed").get_by_role("button")).to_be_focused()
        page.keyboard.press("Enter")
        expect(olivia.field).to_be_focused()
        expect(olivia.field).to_have_value("By the way,")
        page.keyboard.press("End")
        page.keyboard.type(" it has left.")
        page.keyboard.press("Enter")
        olivia.send_now()
        assert vera.event(author="person")["text"] == "By the way, it has left."


def test_a_reply_that_is_refused_stays_with_the_reason(
    server: Server, olivia: Agent, ada: Agent
) -> None:
    with visitor(server) as vera, visitor(server) as tom:
        conversation = introduce(vera, "Vera Refused", ASKED)
        introduce(tom, "Tom Refused", "Where is my parcel?")
        page = olivia.arrive()
        olivia.open("Vera Refused")
        olivia.write("Just a moment.")
        olivia.open("Tom Refused")
        assert ada.call("POST", f"/api/conversations/{conversation}/close").ok
        expect(page.locator(".toast--bad")).to_contain_text(
            "Your reply to Vera Refused", timeout=MILLISECONDS
        )
        page.locator("#views [data-view=closed]").click()
        olivia.open("Vera Refused")
        failed = olivia.thread.locator(".said--failed")
        expect(failed).to_contain_text("Just a moment.")
        failed.get_by_role("button", name="Take back").click()
        page.locator(".composer__closed").get_by_role("button").click()
        expect(olivia.field).to_have_value("Just a moment.")


def test_a_server_that_is_away_loses_and_doubles_nothing(browser: Browser, folder: Path) -> None:
    with running(folder, EMBEDDINGS="none") as server:
        context = browser.new_context(base_url=server.url, reduced_motion="reduce")
        context.set_default_timeout(MILLISECONDS)
        olivia = Agent(context, "Demo Owner", *server.demo_sign_in)
        with visitor(server) as vera:
            conversation = introduce(vera, "Vera Outage", ASKED)
        page = olivia.arrive(f"/dashboard/inbox/{conversation}")
        expect(olivia.field).to_be_visible()
        server.stop()
        for words in ("First.", "Second."):
            olivia.field.fill(words)
            olivia.field.press("Enter")
            page.get_by_role("button", name="Send now").last.click()
        failed = olivia.thread.locator(".said--failed")
        expect(failed).to_have_count(2)
        expect(failed.first).to_contain_text("cannot be reached")
        olivia.field.fill("Third, begun")
        failed.first.get_by_role("button", name="Try again").click()
        expect(failed).to_have_count(2)
        server.start()
        expect(failed).to_have_count(0, timeout=UNTIL_BACK)
        wait_for(lambda: len(said_by_people(server, conversation)) == 2, "both messages")
        page.reload()
        expect(olivia.field).to_have_value("Third, begun")
        assert said_by_people(server, conversation) == ["First.", "Second."]

        server.kill()
        olivia.field.press("Enter")
        expect(olivia.thread.locator(".said--held")).to_be_visible()
        page.once("dialog", lambda dialog: dialog.accept())
        page.goto("about:blank")
        server.start()
        page.goto(f"/dashboard/inbox/{conversation}")
        wait_for(lambda: len(said_by_people(server, conversation)) == 3, "third message")
        expect(olivia.thread.get_by_text("Third, begun")).to_have_count(1)
        expect(olivia.field).to_have_value("")
        assert said_by_people(server, conversation) == ["First.", "Second.", "Third, begun"]
        context.close()
