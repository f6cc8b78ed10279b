"""Finding what was said: with slips of the finger, by people and numbers, however far back."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise

import pytest
from playwright.sync_api import BrowserContext, Locator, expect

from tests.e2e.desks import Agent, introduce, visitor
from tests.e2e.looks import everything_wrong_with
from tests.e2e.server import Server

pytestmark = pytest.mark.e2e
MESSAGES = 4_000
NEEDLE = 700
IS_SEEN = """node => {
  const [box, own] = [document.getElementById("thread"), node].map((one) => (
    one.getBoundingClientRect()
  ));
  return own.top >= box.top && own.bottom <= box.bottom;
}"""
MARKED = "() => [...(CSS.highlights.get('found-words') ?? [])].map((range) => range.toString())"


@pytest.fixture
def olivia(new_context: Callable[[], BrowserContext], server: Server) -> Agent:
    return Agent(new_context(), "Demo Owner", *server.demo_sign_in)


def search(agent: Agent, words: str) -> Locator:
    agent.page.locator("#search").fill(words)
    return agent.page.locator(".found__one")


def test_a_slip_of_the_finger_finds_it_all_the_same(server: Server, olivia: Agent) -> None:
    with visitor(server) as vera:
        introduce(vera, "Vera Typo", "Does the carbonbelt squeak in winter?")
        olivia.arrive()
        found = search(olivia, "carbonbetl")
        expect(found).to_have_count(1)
        expect(found.locator("mark")).to_have_text("carbonbelt")


def test_people_addresses_and_numbers_are_found(server: Server, olivia: Agent) -> None:
    with visitor(server) as vera:
        conversation = introduce(vera, "Zenobia Quill", "Do you deliver to Malta?")
        vera.event(author="assistant")
        known = olivia.call("GET", f"/api/conversations/{conversation}").json()
        olivia.arrive()
        for asked, by in (
            ("Zenobia", "by the person"),
            (known["contact"]["email"], "by the person"),
            (f"#{known['number']}", "by its number"),
        ):
            found = search(olivia, asked).filter(has_text="Zenobia Quill")
            expect(found).to_have_count(1)
            expect(found).to_contain_text(by)
        olivia.page.keyboard.press("Escape")
        expect(olivia.page.locator(".found")).to_be_hidden()
        expect(olivia.row("Zenobia Quill")).to_be_visible()


def test_what_is_found_nowhere_says_so(olivia: Agent) -> None:
    page = olivia.arrive()
    search(olivia, "xylophonequartzes")
    expect(page.locator(".found")).to_contain_text("Nothing was found")
    assert everything_wrong_with(page) == []


def test_a_note_is_found_and_gone_to(server: Server, olivia: Agent) -> None:
    with visitor(server) as vera:
        introduce(vera, "Vera Note", "Do you deliver to Malta?")
        vera.event(author="assistant")
        olivia.arrive()
        olivia.open("Vera Note")
        olivia.write("The marmaladecode was used.", note=True)
        expect(olivia.thread.locator(".note-paper")).to_have_count(1)
        olivia.page.locator("#views [data-view=closed]").click()
        found = search(olivia, "marmaladecode")
        expect(found).to_contain_text("in a note")
        found.click()
        expect(olivia.thread.locator(".said--note.is-found")).to_contain_text("marmaladecode")
        assert olivia.page.evaluate(MARKED) == ["marmaladecode"]


def test_a_message_thousands_back_is_gone_to_and_read_on_from(
    server: Server, olivia: Agent
) -> None:
    with visitor(server) as vera:
        conversation = introduce(vera, "Vera Far", "Do you deliver to Malta?")
        vera.event(author="assistant")
        lengthen(server, conversation.replace("-", ""))
        page = olivia.arrive(f"/dashboard/inbox/{conversation}")
        expect(olivia.thread).to_contain_text(f"line {MESSAGES} of many")

        found = search(olivia, "heliotropeneedle").first
        found.click()
        needle = olivia.thread.locator(".said.is-found")
        expect(needle).to_contain_text("the heliotropeneedle is here")
        page.wait_for_function(IS_SEEN, arg=needle.element_handle())
        assert page.evaluate(MARKED) == ["heliotropeneedle"]
        assert olivia.thread.locator(".said").count() <= 300
        assert everything_wrong_with(page) == []

        # What comes in meanwhile pushes nobody away, and nothing is left out further down.
        vera.say("Are you still there?")
        expect(page.locator("#jump")).to_be_visible()
        page.wait_for_function(IS_SEEN, arg=needle.element_handle())
        expect(olivia.thread).not_to_contain_text("Are you still there?")
        scroll_until(olivia, f"line {NEEDLE + 120} of many", 900)
        scroll_until(olivia, f"line {NEEDLE - 120} of many", -900)
        assert gaps(olivia) == []

        page.locator("#jump").click()
        expect(olivia.thread).to_contain_text("Are you still there?")
        page.wait_for_function(
            IS_SEEN, arg=olivia.thread.get_by_text("Are you still there?").element_handle()
        )
        assert gaps(olivia) == []
        vera.say("Good.")
        expect(olivia.thread).to_contain_text("Good.")


def test_the_arrow_keys_go_from_one_to_the_next(server: Server, olivia: Agent) -> None:
    with visitor(server) as vera, visitor(server) as tom:
        introduce(vera, "Vera First", "The obsidianlatch is loose.")
        introduce(tom, "Tom Second", "My obsidianlatch is gone.")
        page = olivia.arrive()
        page.keyboard.press("/")
        page.keyboard.type("obsidianlatch")
        expect(page.locator(".found__one")).to_have_count(2)
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        expect(page.locator(".head__name")).to_have_text("Tom Second")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        expect(page.locator(".head__name")).to_have_text("Vera First")
        expect(olivia.thread.locator(".is-found")).to_contain_text("is loose")


def scroll_until(agent: Agent, text: str, step: int) -> None:
    line = agent.thread.get_by_text(text, exact=True)
    for _ in range(80):
        if line.count():
            return
        agent.page.evaluate("step => { document.getElementById('thread').scrollTop += step }", step)
        agent.page.wait_for_timeout(30)
    expect(line).to_have_count(1)


def gaps(agent: Agent) -> list[int]:
    """The numbers after which something is missing in what stands there."""
    nodes = agent.thread.locator("[data-seq]")
    seqs = [int(one) for one in nodes.evaluate_all("all => all.map((one) => one.dataset.seq)")]
    return [one for one, following in pairwise(seqs) if following != one + 1]


def lengthen(server: Server, conversation: str) -> None:
    """A conversation in which two have gone on and on, and what is looked for lies far back."""
    held = server.rows("SELECT last_seq FROM conversations WHERE id = ?", conversation)
    server.change_rows(
        """
        WITH RECURSIVE series(n) AS (SELECT ? UNION ALL SELECT n + 1 FROM series WHERE n < ?)
        INSERT INTO events (id, created_at, organization_id, conversation_id, seq, kind, author,
          author_id, author_name, text, body, inside, feedback_reason, feedback_comment)
        SELECT lower(hex(randomblob(16))), created_at, organization_id, conversation_id, n,
          'message', CASE n % 3 WHEN 0 THEN 'visitor' ELSE 'person' END, NULL, 'Somebody',
          CASE n WHEN ? THEN 'the heliotropeneedle is here' ELSE 'line ' || n || ' of many' END,
          '{}', '{}', '', ''
        FROM events, series WHERE conversation_id = ? AND seq = 1
        """,
        held[0]["last_seq"] + 1,
        MESSAGES,
        NEEDLE,
        conversation,
    )
    server.change_rows(
        "UPDATE conversations SET last_seq = ?, team_read_seq = ? WHERE id = ?",
        MESSAGES,
        MESSAGES,
        conversation,
    )


def test_the_palette_goes_to_what_was_said(server: Server, olivia: Agent) -> None:
    with visitor(server) as vera:
        introduce(vera, "Vera Palette", "Is the tamarindhinge covered?")
        page = olivia.arrive()
        page.keyboard.press("Control+k")
        page.keyboard.type("tamarindhinge")
        option = page.get_by_role("option").filter(has_text=re.compile("Vera Palette"))
        expect(option).to_be_visible()
        assert everything_wrong_with(page) == []
        page.keyboard.press("Enter")
        expect(olivia.thread.locator(".is-found")).to_contain_text("tamarindhinge")
