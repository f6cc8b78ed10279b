"""The inbox in real browsers: two agents and a visitor, live, by mouse and by keyboard."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.e2e.desks import AGENT, Agent, introduce, visitor
from tests.e2e.looks import Complaints, flaws
from tests.e2e.server import Server

pytestmark = pytest.mark.e2e
WANTS = "I would like to speak to a person, please."
MARKUP = "<img src=x onerror=\"document.title='owned'\"><script>document.title='owned'</script>"


@pytest.fixture
def olivia(new_context: Callable[[], BrowserContext], server: Server) -> Agent:
    return Agent(new_context(), "Demo Owner", *server.demo_sign_in)


@pytest.fixture
def ada(new_context: Callable[[], BrowserContext], server: Server) -> Agent:
    return Agent(new_context(), "Demo Agent", AGENT, server.demo_sign_in[1])


def test_two_agents_and_a_visitor(server: Server, olivia: Agent, ada: Agent) -> None:
    with visitor(server) as vera:
        olivia.arrive()
        ada.arrive()
        introduce(vera, "Vera Story", "Do you deliver to Malta?")
        vera.event(author="assistant")
        olivia.open("Vera Story")
        ada.open("Vera Story")
        expect(olivia.page.locator(".head__eye")).to_have_attribute(
            "title", "Demo Agent is looking too"
        )
        expect(olivia.page.locator(".composer__hint")).to_contain_text("You will take over from")

        olivia.page.get_by_role("button", name="Take over").click()
        assert vera.event("joined")["author"]["name"] == "Demo Owner"
        expect(ada.page.locator(".composer__hint")).to_contain_text("Demo Owner takes care of this")

        ada.page.get_by_role("radio", name="Note").click()
        ada.field.press_sequentially("I know ")
        olivia.page.get_by_role("radio", name="Reply").click()
        olivia.field.press_sequentially("Yes, ")
        expect(ada.thread).to_contain_text("took over")
        ada.page.get_by_role("radio", name="Reply").click()
        olivia.field.press_sequentially("we ")
        expect(ada.page.locator(".composer__hint")).to_have_text("Demo Owner is replying…")
        assert vera.expect("typing", lambda frame: frame["typing"])["who"] == "person"

        ada.write("They ordered **twice** last year.", note=True)
        expect(olivia.thread.locator(".note-paper")).to_contain_text("They ordered twice last year")
        expect(olivia.thread.locator(".note-paper")).to_contain_text("only your team sees this")

        olivia.write("Yes, we do, within five days.")
        olivia.send_now()
        said = vera.event(author="person")
        assert said["text"] == "Yes, we do, within five days."
        assert "twice" not in str(vera.frames)
        vera.send("read", seq=said["seq"])
        expect(olivia.thread.locator(".said__seen")).to_have_text("Seen")

        olivia.page.get_by_role("button", name="Hand back").click()
        vera.event("handed_back")
        expect(olivia.page.get_by_role("button", name="Take over")).to_be_visible()
        olivia.page.get_by_role("button", name="Close", exact=True).click()
        vera.event("closed")
        vera.send("rate", score=5, comment="Quick!")
        expect(ada.thread).to_contain_text("5 of 5")
        # It is closed, but it stays for as long as it is open on a screen.
        expect(ada.row("Vera Story")).to_have_count(1)


def test_what_the_assistant_says_is_seen_with_what_only_the_team_may_know(
    server: Server, olivia: Agent
) -> None:
    with visitor(server) as vera:
        olivia.arrive()
        introduce(vera, "Vera Sources", "How long does the Lantern 60 last at full power?")
        vera.event(author="assistant")
        olivia.open("Vera Sources")
        answer = olivia.thread.locator(".said--assistant").last
        expect(answer.locator(".said__foot")).to_contain_text("%")
        answer.locator(".cite").first.click()
        expect(answer.locator(".source").first).to_contain_text("Open the document")
        answer.get_by_role("button", name="How").click()
        expect(answer.locator(".how")).to_contain_text("Passages that were found")
        olivia.page.get_by_role("button", name="About this conversation").click()
        expect(olivia.page.get_by_role("complementary", name="About")).to_contain_text("Vera")


def test_a_reply_can_be_taken_back_for_some_seconds(server: Server, olivia: Agent) -> None:
    with visitor(server) as vera:
        introduce(vera, "Vera Undo", "Do you deliver to Malta?")
        vera.event(author="assistant")
        olivia.arrive()
        olivia.open("Vera Undo")
        olivia.write("No, nevr.")
        vera.event("joined")
        olivia.page.get_by_role("button", name="Undo").click()
        expect(olivia.field).to_have_value("No, nevr.")
        olivia.field.fill("No, never.")
        olivia.page.locator(".composer__send").click()
        olivia.page.locator("#views [data-view=closed]").click()
        assert vera.event(author="person")["text"] == "No, never."
        expect(olivia.thread.locator(".said--held")).to_have_count(0)


def test_a_reply_that_is_held_goes_out_when_the_page_is_left(server: Server, olivia: Agent) -> None:
    with visitor(server) as vera:
        introduce(vera, "Vera Leaving", "Do you deliver to Malta?")
        vera.event(author="assistant")
        olivia.arrive()
        olivia.open("Vera Leaving")
        olivia.write("Yes, we do.")
        expect(olivia.thread.locator(".said--held")).to_be_visible()
        olivia.page.goto("/dashboard/documents")
        assert vera.event(author="person")["text"] == "Yes, we do."


def test_what_is_begun_waits_in_its_conversation(server: Server, olivia: Agent) -> None:
    with visitor(server) as vera, visitor(server) as tom:
        introduce(vera, "Vera Draft", "Do you deliver to Malta?")
        introduce(tom, "Tom Draft", "Where is my parcel?")
        olivia.arrive()
        olivia.open("Vera Draft")
        olivia.field.fill("Dear Vera")
        olivia.open("Tom Draft")
        expect(olivia.field).to_have_value("")
        olivia.open("Vera Draft")
        expect(olivia.field).to_have_value("Dear Vera")
        olivia.page.wait_for_timeout(1_500)
        olivia.page.reload()
        expect(olivia.field).to_have_value("Dear Vera")


def test_the_keyboard_alone_leads_through_a_conversation(server: Server, olivia: Agent) -> None:
    with visitor(server) as vera:
        introduce(vera, "Vera Keys", WANTS)
        vera.event("escalated")
        page = olivia.arrive()
        expect(olivia.row("Vera Keys")).to_be_visible()
        page.keyboard.press("j")
        expect(page.locator(".row--here")).to_contain_text("Vera Keys")
        page.keyboard.press("Enter")
        expect(page.locator(".head__name")).to_have_text("Vera Keys")
        page.keyboard.press("t")
        vera.event("joined")
        page.keyboard.press("n")
        expect(olivia.field).to_be_focused()
        page.keyboard.type("They are right, tjhe x and e keys do nothing here.")
        page.keyboard.press("Enter")
        expect(olivia.thread.locator(".note-paper")).to_contain_text("tjhe x and e")
        page.keyboard.press("Escape")
        page.keyboard.press("r")
        page.keyboard.type("I am sorry about that.")
        page.keyboard.press("Enter")
        page.keyboard.press("Escape")
        page.keyboard.press("u")
        expect(olivia.field).to_have_value("I am sorry about that.")
        page.keyboard.press("Enter")
        assert vera.event(author="person")["text"] == "I am sorry about that."
        page.keyboard.press("Escape")
        page.keyboard.press("a")
        expect(page.get_by_role("menu", name="Assign to")).to_be_visible()
        page.keyboard.type("Demo Agent")
        page.keyboard.press("Enter")
        expect(page.locator(".head__marks")).to_contain_text("Demo Agent")
        page.keyboard.press("p")
        page.keyboard.press("u")
        page.keyboard.press("Enter")
        expect(page.locator(".head__marks")).to_contain_text("Urgent")
        page.keyboard.press("?")
        expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
        page.keyboard.press("Escape")
        page.keyboard.press("Control+k")
        page.keyboard.type("close the")
        page.keyboard.press("Enter")
        vera.event("closed")


def test_several_are_chosen_and_closed_at_once(server: Server, olivia: Agent) -> None:
    with visitor(server) as vera, visitor(server) as tom:
        introduce(vera, "Vera Bulk", "Do you deliver to Malta?")
        introduce(tom, "Tom Bulk", "Where is my parcel?")
        page = olivia.arrive()
        for name in ("Vera Bulk", "Tom Bulk"):
            olivia.row(name).locator(".row__who").hover()
            olivia.row(name).get_by_role("checkbox").check()
        expect(page.locator(".bulk__count")).to_have_text("2")
        page.get_by_role("toolbar", name="With the chosen").get_by_role(
            "button", name="Close"
        ).click()
        expect(olivia.row("Vera Bulk")).to_have_count(0)
        expect(olivia.row("Tom Bulk")).to_have_count(0)


def test_search_finds_what_was_said(server: Server, olivia: Agent) -> None:
    with visitor(server) as vera:
        introduce(vera, "Vera Search", "Is the zephyrquartz finish still made?")
        page = olivia.arrive()
        page.keyboard.press("/")
        page.keyboard.type("zephyrq")
        found = page.locator(".found__one")
        expect(found).to_contain_text("Vera Search")
        expect(found.locator("mark")).to_have_text(re.compile("zephyrq", re.IGNORECASE))
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        expect(page.locator(".head__name")).to_have_text("Vera Search")


def test_L2_what_a_visitor_writes_is_never_more_than_text(server: Server, olivia: Agent) -> None:
    page = olivia.page
    complaints = Complaints(page)
    with visitor(server, page_url="javascript:alert(1)", page_title=MARKUP) as mallory:
        olivia.arrive()
        introduce(mallory, f"Mallory {MARKUP}", f"{MARKUP} [x](javascript:alert(1)) ![](//e.vil/x)")
        mallory.event(author="assistant")
        olivia.row("Mallory").get_by_role("link").click()
        expect(olivia.thread).to_contain_text("<script>")
        expect(olivia.page.locator(".head__name")).to_contain_text("<img")
        assert page.locator("#inbox [onerror], #inbox script, #inbox [src^='//']").count() == 0
        assert page.locator("#inbox a[href^='javascript']").count() == 0
        page.keyboard.press("/")
        page.keyboard.type("onerror")
        expect(page.locator(".found__one").first).to_contain_text("onerror")
        assert "owned" not in page.title()
        assert complaints.all_but() == []


def test_an_open_conversation_is_without_a_flaw(server: Server, olivia: Agent) -> None:
    with visitor(server) as vera:
        conversation = introduce(vera, "Vera Looks", WANTS)
        vera.event("escalated")
        olivia.arrive(f"/dashboard/inbox/{conversation}")
        expect(olivia.thread.locator(".said").first).to_be_visible()
        olivia.write("Let us be kind.", note=True)
        expect(olivia.thread.locator(".note-paper")).to_be_visible()
        assert "\n".join(flaws(olivia.page)) == ""
