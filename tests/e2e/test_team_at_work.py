"""The team page while somebody works: who is there, how much they have, and what becomes of it."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.desks import AGENT, Agent, introduce, visitor
from tests.e2e.looks import flaws
from tests.e2e.server import Server

pytestmark = pytest.mark.e2e


@pytest.fixture
def owner(olivia: Agent) -> Agent:
    return olivia


@pytest.fixture
def agent(ada: Agent) -> Agent:
    return ada


def team_page(person: Agent) -> Page:
    person.page.goto("/dashboard/settings/team")
    return person.page


def test_whoever_goes_away_leaves_what_waits_to_the_next_one(
    server: Server, owner: Agent, agent: Agent
) -> None:
    agent.arrive()
    page = team_page(owner)
    row = page.get_by_role("row").filter(has_text=AGENT)
    expect(row).to_contain_text("At the inbox")
    expect(row).to_contain_text("0 open")
    own = page.get_by_label("Conversations that Demo Owner is given at once, at most")
    own.fill("0")
    own.blur()
    expect(page.get_by_text("You are given none by turn now.")).to_be_visible()
    page.get_by_role("switch", name="Give conversations that want a person").click()
    expect(page.get_by_text("Conversations are given out in turn now.")).to_be_visible()
    with visitor(server) as guest:
        conversation_id = introduce(guest, "Guest in a hurry", "May I speak to a person?")
        guest.send("escalate", client_id="call-a-person-1")
        guest.expect("accepted")
        path = f"/api/conversations/{conversation_id}"
        assert owner.call("GET", path).json()["person"]["id"] == agent.id
        page.reload()
        expect(row).to_contain_text("1 open")
        row.get_by_role("link", name="1 open with").click()
        expect(page.get_by_role("link", name="Guest in a hurry")).to_be_visible()
        team_page(owner)
        own.fill("5")
        own.blur()
        expect(page.get_by_text("You are given 5 at once, at most.")).to_be_visible()
        row.get_by_role("button", name="Actions for").click()
        page.get_by_role("button", name="Set to away").click()
        page.get_by_role("dialog").get_by_role("button", name="Set to away").click()
        expect(page.get_by_text("is away now.")).to_be_visible()
        expect(row.get_by_text("Away", exact=True)).to_be_visible()
        expect(row).to_contain_text("0 open")
        assert owner.call("GET", path).json()["person"]["id"] == owner.id
    assert flaws(page) == []
