"""From a reply to what the assistant knows: proposed by an agent, decided by an admin."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.desks import Agent, introduce, visitor
from tests.e2e.looks import flaws
from tests.e2e.patience import wait_for
from tests.e2e.server import Server

pytestmark = pytest.mark.e2e
ASKED = "Does the zeppelin bracket fit a tandem?"
DRAFTS = "/dashboard/documents/drafts"
UNREAD = "SELECT id FROM documents WHERE live_version = 0"


@pytest.fixture(scope="module")
def settings() -> dict[str, str]:
    # Words are enough to find these answers, and the model would take its time to load.
    return {"EMBEDDINGS": "none"}


@pytest.fixture
def owner(olivia: Agent) -> Agent:
    return olivia


@pytest.fixture
def agent(ada: Agent) -> Agent:
    return ada


@pytest.fixture(scope="module")
def conversation_id(server: Server) -> str:
    wait_for(lambda: not server.rows(UNREAD), "knowledge", seconds=120)
    with visitor(server) as guest:
        made = introduce(guest, "Guest on a tandem", ASKED)
        said = guest.event(author="assistant")
    assert "couldn't find" in said["text"]
    return made


def propose(agent: Agent, conversation_id: str, question: str, answer: str) -> dict[str, Any]:
    body = {"question": question, "answer": answer}
    made = agent.call("POST", f"/api/conversations/{conversation_id}/article", body)
    assert made.status == 201, made.text()
    draft: dict[str, Any] = made.json()
    return draft


def card(page: Page, title: str) -> Locator:
    return page.get_by_role("region", name=title, exact=True)


def test_a_reply_becomes_what_the_assistant_answers_next(
    server: Server, owner: Agent, conversation_id: str
) -> None:
    page = owner.arrive(f"/dashboard/inbox/{conversation_id}")
    owner.write("Yes, with the long strap.")
    owner.send_now()
    page.get_by_role("button", name="Help with the answer").click()
    page.get_by_role("menuitem", name="Make it a help article").click()
    dialog = page.get_by_role("dialog", name="Make it a help article")
    expect(dialog.get_by_label("Question")).to_have_value(ASKED)
    expect(dialog.get_by_label("Answer")).to_have_value("Yes, with the long strap.")
    dialog.get_by_role("button", name="Hand it in").click()
    expect(page.get_by_text("It waits for a review")).to_be_visible()

    page.goto(DRAFTS)
    assert flaws(page) == []
    draft = card(page, ASKED)
    expect(draft.get_by_role("link", name="a conversation")).to_have_attribute(
        "href", f"/dashboard/inbox/{conversation_id}"
    )
    better = "The zeppelin bracket fits a tandem with the long strap, order number ZB-2."
    draft.get_by_label("Title").fill("Zeppelin bracket on a tandem")
    draft.get_by_label("Answer").fill(better)
    draft.get_by_role("button", name="Save").click()
    expect(page.get_by_text("It still waits.")).to_be_visible()
    draft = card(page, "Zeppelin bracket on a tandem")
    expect(draft.get_by_label("Answer")).to_have_value(better)
    with visitor(server) as guest:
        guest.say(ASKED)
        assert "ZB-2" not in guest.event(author="assistant")["text"], "It is not known yet."

    draft.get_by_role("button", name="Publish").click()
    expect(page.get_by_text("The assistant learns it now.")).to_be_visible()
    published = card(page, "Zeppelin bracket on a tandem")
    expect(published.get_by_text("Published", exact=True)).to_be_visible()
    wait_for(lambda: not server.rows(UNREAD), "the article", seconds=60)
    with visitor(server) as guest:
        guest.say(ASKED)
        answer = guest.event(author="assistant")
    assert "ZB-2" in answer["text"]
    assert answer["citations"][0]["title"] == "Zeppelin bracket on a tandem"
    published.get_by_role("link", name="Open the document").click()
    expect(page.get_by_role("heading", name="Zeppelin bracket on a tandem")).to_be_visible()


def test_what_is_turned_down_stays_to_be_read_and_is_never_learned(
    server: Server, owner: Agent, agent: Agent, conversation_id: str
) -> None:
    propose(agent, conversation_id, "Who paints quagga stripes?", "Quagga stripes: nobody.")
    before = server.rows("SELECT count(*) AS n FROM documents")
    page = owner.page
    page.goto(DRAFTS)
    draft = card(page, "Who paints quagga stripes?")
    draft.get_by_role("button", name="Turn down").click()
    sure = page.get_by_role("dialog", name="Turn down “Who paints quagga stripes?”?")
    sure.get_by_role("button", name="Cancel").click()
    draft.get_by_role("button", name="Turn down").click()
    sure.get_by_role("button", name="Turn down").click()
    expect(page.get_by_text("Turned down.")).to_be_visible()
    expect(draft).to_have_count(0)
    page.get_by_role("link", name="Turned down").click()
    expect(draft).to_contain_text("Quagga stripes: nobody.")
    expect(draft.get_by_role("button")).to_have_count(0)
    assert server.rows("SELECT count(*) AS n FROM documents") == before


def test_who_may_not_decide_reads_that_it_waits(agent: Agent, conversation_id: str) -> None:
    made = propose(agent, conversation_id, "What is a walrus clip?", "A clip.")
    agent.page.goto(DRAFTS)
    draft = card(agent.page, "What is a walrus clip?")
    expect(draft.get_by_text("Waits for an admin")).to_be_visible()
    expect(draft.get_by_role("button")).to_have_count(0)
    assert agent.call("POST", f"/api/article-drafts/{made['id']}/publish", {}).status == 403


def test_what_a_colleague_has_decided_meanwhile_is_said(
    owner: Agent, agent: Agent, conversation_id: str
) -> None:
    made = propose(agent, conversation_id, "Is there a heron horn?", "There is.")
    page = owner.page
    page.goto(DRAFTS)
    draft = card(page, "Is there a heron horn?")
    draft.get_by_label("Answer").fill("")
    draft.get_by_role("button", name="Publish").click()
    expect(draft.get_by_label("Answer")).to_have_attribute("aria-invalid", "true")
    draft.get_by_label("Answer").fill("There are two.")
    assert owner.call("POST", f"/api/article-drafts/{made['id']}/reject").ok
    draft.get_by_role("button", name="Publish").click()
    expect(draft.get_by_role("alert")).to_contain_text("decided already")


def test_with_nothing_to_decide_the_page_says_where_drafts_come_from(
    somebody: Callable[[str], Any],
) -> None:
    first = somebody("Petra")
    first.register("Quay Bicycles")
    first.page.goto(DRAFTS)
    expect(first.page.get_by_role("heading", name="No draft waits")).to_be_visible()
    first.page.get_by_role("link", name="Published").click()
    expect(first.page.get_by_role("heading", name="None published")).to_be_visible()
    assert flaws(first.page) == []
