"""Help for whoever answers, in a real browser: offered, looked at, and never sent by itself."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Route, expect

from tests.e2e.desks import Agent, introduce, visitor
from tests.e2e.looks import everything_wrong_with
from tests.e2e.patience import wait_for
from tests.e2e.server import Server

pytestmark = pytest.mark.e2e
ASKED = "How long does delivery take?"


@pytest.fixture
def olivia(new_context: Callable[[], BrowserContext], server: Server) -> Agent:
    return Agent(new_context(), "Demo Owner", *server.demo_sign_in)


def ask_for(agent: Agent, help_: str) -> None:
    agent.page.get_by_role("button", name="Help with the answer").click()
    agent.page.get_by_role("menuitem", name=help_).click()


def test_help_with_an_answer_is_offered_and_never_sent(server: Server, olivia: Agent) -> None:
    with visitor(server) as luca:
        olivia.arrive()
        introduce(luca, "Luca Story", ASKED)
        luca.event(author="assistant")
        olivia.open("Luca Story")

        ask_for(olivia, "Suggest a reply")
        expect(olivia.field).to_have_value(re.compile(r"\w{3,}"))
        offered = olivia.field.input_value()
        beside = olivia.page.get_by_role("group", name="Where the suggestion comes from")
        beside.get_by_role("button", name=re.compile("source")).click()
        expect(beside.locator("blockquote").first).to_be_visible()
        expect(beside.get_by_role("link", name="Open the document").first).to_be_visible()
        assert everything_wrong_with(olivia.page) == []
        olivia.page.get_by_role("radio", name="Note").click()
        expect(beside).to_be_hidden()
        olivia.page.get_by_role("radio", name="Reply").click()
        expect(beside).to_be_visible()
        with olivia.page.expect_response(re.compile("suggested-reply")):
            ask_for(olivia, "Suggest a reply")
        expect(olivia.page.locator(".composer__hint")).not_to_contain_text("Looking")
        expect(olivia.field).to_have_value(offered)
        olivia.field.fill("")
        expect(beside).to_be_hidden()

        ask_for(olivia, "Summarize the conversation")
        dialog = olivia.page.get_by_role("dialog", name="What happened so far")
        expect(dialog).to_contain_text(ASKED)
        olivia.page.keyboard.press("Escape")
        olivia.page.get_by_role("radio", name="Note").click()
        olivia.field.fill("Ask her about the")
        path = f"/api/conversations/{olivia.page.url.rsplit('/', 1)[-1]}"
        wait_for(lambda: olivia.call("GET", path).json()["drafts"], "draft")
        ask_for(olivia, "Summarize the conversation")
        dialog.get_by_role("button", name="Keep it as a note").click()
        expect(olivia.thread.locator(".note-paper")).to_contain_text(ASKED)
        assert olivia.call("GET", path).json()["drafts"][0]["text"] == "Ask her about the"
        olivia.field.fill("")

        ask_for(olivia, "Make it a help article")
        dialog = olivia.page.get_by_role("dialog", name="Make it a help article")
        expect(dialog.get_by_label("Question")).to_have_value(ASKED)
        dialog.get_by_label("Answer").fill("Two to four working days.")
        dialog.get_by_role("button", name="Hand it in").click()
        expect(olivia.page.get_by_text("It waits for a review")).to_be_visible()
        drafts = olivia.call("GET", "/api/article-drafts").json()["items"]
        assert drafts[0]["answer"] == "Two to four working days."
        assert not [frame for frame in luca.silence() if frame["type"] == "event"]


def test_a_macro_does_its_steps(server: Server, olivia: Agent) -> None:
    steps = [
        {"do": "reply", "text": "Your parcel is on its way."},
        {"do": "tag", "tags": ["parcel"]},
    ]
    made = olivia.call("POST", "/api/macros", {"name": "Parcel is coming", "steps": steps})
    assert made.status == 201, made.text()
    with visitor(server) as nora:
        olivia.arrive()
        introduce(nora, "Nora Story", "Where is my parcel?")
        olivia.open("Nora Story")
        ask_for(olivia, "Run a macro")
        olivia.page.get_by_role("menuitem", name="Parcel is coming").click()
        assert nora.event(author="person")["text"] == "Your parcel is on its way."
        expect(olivia.thread).to_contain_text("Your parcel is on its way.")


def test_a_macro_whose_answer_was_lost_says_nothing_twice(server: Server, olivia: Agent) -> None:
    steps = [{"do": "reply", "text": "It was sent this morning."}]
    made = olivia.call("POST", "/api/macros", {"name": "Sent already", "steps": steps})
    assert made.status == 201, made.text()

    def lose(route: Route) -> None:
        route.fetch()
        route.abort()

    with visitor(server) as iris:
        page = olivia.arrive()
        introduce(iris, "Iris Story", "Where is my parcel?")
        olivia.open("Iris Story")
        page.route("**/macros/*", lose)
        ask_for(olivia, "Run a macro")
        page.get_by_role("menuitem", name="Sent already").click()
        again = page.get_by_role("button", name="Try again")
        expect(again).to_be_visible()
        page.unroute("**/macros/*")
        with page.expect_response(re.compile("/macros/")) as answered:
            again.click()
        assert answered.value.ok
        assert iris.event(author="person")["text"] == "It was sent this morning."
        assert not [frame for frame in iris.silence() if frame["type"] == "event"]


def test_a_macro_is_called_by_its_name(server: Server, olivia: Agent) -> None:
    steps = [{"do": "tag", "tags": ["called"]}]
    made = olivia.call("POST", "/api/macros", {"name": "Wholesale enquiry", "steps": steps})
    assert made.status == 201, made.text()
    with visitor(server) as paula:
        olivia.arrive()
        introduce(paula, "Paula Story", "Where is my parcel?")
        olivia.open("Paula Story")
        olivia.page.keyboard.press("Control+k")
        olivia.page.keyboard.type("wholes")
        option = olivia.page.get_by_role("option", name="Run the macro “Wholesale enquiry”")
        expect(option).to_have_attribute("aria-selected", "true")
        olivia.page.keyboard.press("Enter")
        expect(olivia.page.locator(".head__marks")).to_contain_text("called")


def test_while_a_reply_is_looked_for_it_is_said(server: Server, olivia: Agent) -> None:
    asked: list[Route] = []

    def hold(route: Route) -> None:
        asked.append(route)

    with visitor(server) as rosa:
        olivia.arrive()
        introduce(rosa, "Rosa Story", ASKED)
        olivia.open("Rosa Story")
        olivia.page.route("**/suggested-reply", hold)
        hint = olivia.page.locator(".composer__hint")
        for _ in range(2):
            ask_for(olivia, "Suggest a reply")
            expect(hint).to_have_text("Looking for a reply in your documents…")
        assert len(asked) == 1, "Who cannot wait does not ask twice."
        asked[0].continue_()
        expect(olivia.field).not_to_have_value("")
        expect(hint).not_to_contain_text("Looking")


def test_the_priority_is_set_from_the_menu(server: Server, olivia: Agent) -> None:
    with visitor(server) as ines:
        olivia.arrive()
        conversation_id = introduce(ines, "Ines Story", "Where is my parcel?")
        olivia.open("Ines Story")
        olivia.page.locator("#thread").press("p")
        olivia.page.get_by_role("menuitemradio", name="Medium").click()
        path = f"/api/conversations/{conversation_id}"
        wait_for(
            lambda: olivia.call("GET", path).json()["priority"] == "medium", "change of priority"
        )


def test_an_answer_that_only_came_near_is_marked(server: Server, olivia: Agent) -> None:
    with visitor(server) as erin:
        olivia.arrive()
        introduce(erin, "Erin Story", "Do you repair bicycle saddles in the workshop?")
        assert erin.event(author="assistant")["outcome"] == "closest"
        olivia.open("Erin Story")
        foot = olivia.thread.locator(".said--assistant .said__foot")
        expect(foot).to_contain_text("Closest that was found")
