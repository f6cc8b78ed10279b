"""Contacts as people use them: found with a slip, corrected, read beside the inbox, forgotten."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx2
import pytest
from playwright.sync_api import Page, expect

from tests.e2e.desks import SITE, Agent, introduce, visitor
from tests.e2e.looks import flaws
from tests.e2e.patience import wait_for
from tests.e2e.people import Person
from tests.e2e.server import Server
from tests.open_house import Guest

pytestmark = pytest.mark.e2e
CANARY = "Cormorant7431"


@pytest.fixture
def owner(olivia: Agent) -> Agent:
    return olivia


@pytest.fixture
def agent(ada: Agent) -> Agent:
    return ada


@pytest.fixture
def guest(server: Server) -> Iterator[Guest]:
    with visitor(server) as guest:
        yield guest


def look_for(page: Page, words: str) -> None:
    page.goto("/dashboard/contacts")
    page.get_by_role("search").get_by_role("searchbox").fill(words)
    page.get_by_role("button", name="Search", exact=True).click()


def add(person: Person, **facts: Any) -> dict[str, Any]:
    answer = person.call("POST", "/api/contacts", facts)
    assert answer.status == 201, answer.text()
    made: dict[str, Any] = answer.json()
    return made


def test_nobody_is_there_at_first_and_somebody_is_added(
    somebody: Callable[[str], Person],
) -> None:
    first = somebody("Petra")
    first.register("Quay Bicycles")
    page = first.page
    page.goto("/dashboard/contacts")
    expect(page.get_by_role("heading", name="Nobody yet")).to_be_visible()
    assert flaws(page) == []
    page.get_by_role("button", name="Add a contact").click()
    dialog = page.get_by_role("dialog", name="Add a contact")
    dialog.get_by_label("E-mail address").fill("not an address")
    dialog.get_by_role("button", name="Add the contact").click()
    expect(dialog.get_by_label("E-mail address")).to_have_attribute("aria-invalid", "true")
    dialog.get_by_label("Name").fill("A regular")
    dialog.get_by_label("E-mail address").fill("regular@example.com")
    dialog.get_by_role("button", name="Add the contact").click()
    page.get_by_role("link", name="A regular").click()
    expect(page.get_by_text("This person has not written yet.")).to_be_visible()


@pytest.mark.parametrize("asked", ["Thistlewod", "thistlewood", "thistle example", "0170 5521"])
def test_somebody_is_found_by_a_part_or_with_a_slip(agent: Person, asked: str) -> None:
    if not agent.call("GET", "/api/contacts?search=thistlewood").json()["items"]:
        add(agent, name="Thistlewood", email="thistle@example.com", phone="+49 0170 5521")
        add(agent, name="Somebody else", email="else@example.com")
    look_for(agent.page, asked)
    expect(agent.page.get_by_role("link", name="Thistlewood")).to_be_visible()
    expect(agent.page.get_by_role("link", name="Somebody else")).to_have_count(0)
    said = agent.page.get_by_text("Did you mean one of these?")
    expect(said).to_have_count(1 if asked == "Thistlewod" else 0)


def test_letters_beyond_english_are_found_in_either_case(agent: Person) -> None:
    add(agent, name="ÖZGE ÉTÉ")
    look_for(agent.page, "özge été")
    expect(agent.page.get_by_role("link", name="ÖZGE ÉTÉ")).to_be_visible()


def test_who_is_not_there_is_said_with_a_way_back(agent: Person) -> None:
    add(agent, name="Not the one")
    look_for(agent.page, "zzzzqqqq")
    expect(agent.page.get_by_role("heading", name="Nobody found")).to_be_visible()
    agent.page.get_by_role("link", name="Show all contacts").click()
    expect(agent.page.get_by_role("link", name="Not the one")).to_be_visible()


def test_from_the_inbox_to_the_contact_and_back(
    server: Server, owner: Person, guest: Guest
) -> None:
    conversation_id = introduce(guest, "Harbour guest", "Where is my parcel?")
    page = owner.page
    page.goto(f"/dashboard/inbox/{conversation_id}")
    page.get_by_role("button", name="About this conversation").click()
    page.locator("#side").get_by_role("link", name="Harbour guest").click()
    expect(page.get_by_role("heading", name="Harbour guest", level=1)).to_be_visible()
    row = page.get_by_role("table", name="Conversations").get_by_role("link")
    expect(row).to_have_count(1)
    row.click()
    expect(page).to_have_url(f"{server.url}/dashboard/inbox/{conversation_id}")
    expect(page.locator(".head__name")).to_have_text("Harbour guest")


def test_what_is_known_is_changed(owner: Person) -> None:
    made = add(owner, name="Old name", email="old@example.com", attributes={"plan": "Pro"})
    add(owner, email="taken@example.com")
    page = owner.page
    page.goto(f"/dashboard/contacts/{made['id']}")
    expect(page.get_by_text("Pro", exact=True)).to_be_visible()
    page.get_by_label("Name").fill("New name")
    page.get_by_label("E-mail address").fill("taken@example.com")
    page.get_by_role("button", name="Save contact").click()
    expect(page.get_by_label("E-mail address")).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_text("There is a contact with this address already.")).to_be_visible()
    page.get_by_label("E-mail address").fill("")
    page.get_by_label("Telephone").fill("+351 900 100")
    page.get_by_role("button", name="Save contact").click()
    expect(page.get_by_text("Contact saved.")).to_be_visible()
    expect(page.get_by_role("heading", name="New name", level=1)).to_be_visible()
    now = owner.call("GET", f"/api/contacts/{made['id']}").json()
    assert (now["name"], now["email"], now["phone"]) == ("New name", None, "+351 900 100")


def test_an_agent_may_not_erase(agent: Person) -> None:
    made = add(agent, name="Stays here")
    agent.page.goto(f"/dashboard/contacts/{made['id']}")
    expect(agent.page.get_by_role("heading", name="Stays here")).to_be_visible()
    expect(agent.page.get_by_role("button", name="Erase this person")).to_have_count(0)
    assert agent.call("DELETE", f"/api/contacts/{made['id']}").status == 403


def test_T8_whoever_is_erased_has_left_nothing_behind(
    server: Server, owner: Person, guest: Guest
) -> None:
    """The words, the index of the words, the file, the letter, the draft and the ticket."""
    conversation_id = leave_traces(server, owner, guest)
    contact = owner.call("GET", f"/api/contacts?search={CANARY}").json()["items"][0]
    assert traces(server)
    page = owner.page
    page.goto(f"/dashboard/contacts/{contact['id']}")
    page.get_by_role("button", name="Erase this person").click()
    dialog = page.get_by_role("dialog", name=f"Erase {CANARY}?")
    expect(dialog).to_contain_text("1 conversation with all messages, notes and files, 1 ticket")
    dialog.get_by_role("button", name="Cancel").click()
    assert owner.call("GET", f"/api/contacts/{contact['id']}").ok
    page.get_by_role("button", name="Erase this person").click()
    dialog.get_by_role("button", name="Erase", exact=True).click()
    expect(page.get_by_text("Erased.")).to_be_visible()
    expect(page).to_have_url(f"{server.url}/dashboard/contacts")
    wait_for(lambda: not traces(server), "end of every trace")
    assert owner.call("GET", f"/api/conversations/{conversation_id}").status == 404
    assert not owner.call("GET", f"/api/conversations/search?q={CANARY}").json()["items"]
    page.goto(f"/dashboard/contacts/{contact['id']}")
    expect(page.get_by_role("heading", name="Nothing here")).to_be_visible()
    assert guest.expect("goodbye")["reason"] == "erased"


def leave_traces(server: Server, owner: Person, guest: Guest) -> str:
    """Everything that a person can leave at the desk; the id of their conversation."""
    guest.send("contact", name=CANARY, email=f"{CANARY.lower()}@example.com", fields={})
    files = {"file": ("note.txt", f"{CANARY} wrote this".encode(), "text/plain")}
    key = server.rows("SELECT widget_key FROM organizations WHERE slug = 'demo'")[0]["widget_key"]
    sent = httpx2.post(
        f"{server.url}/api/chat/upload?key={key}",
        files=files,
        headers={"Origin": SITE, "Authorization": f"Visitor {guest.token}"},
    )
    assert sent.status_code == 201, sent.text
    said = guest.say(f"I am {CANARY}", attachments=[sent.json()["id"]])
    conversation_id = str(said["conversation_id"])
    base = f"/api/conversations/{conversation_id}"
    assert owner.call("POST", f"{base}/takeover").ok
    body = {"client_id": uuid4().hex, "text": f"Good day, {CANARY}"}
    assert owner.call("POST", f"{base}/messages", body).ok
    assert owner.call("POST", f"{base}/notes", body | {"client_id": uuid4().hex}).ok
    draft = {"question": f"What does {CANARY} want?", "answer": f"{CANARY} wants a light."}
    assert owner.call("POST", f"{base}/article", draft).ok
    ticket = {"subject": f"{CANARY} asks", "conversation_id": conversation_id}
    assert owner.call("POST", "/api/tickets", ticket).ok
    guest.send("transcript", email=f"{CANARY.lower()}@example.com")
    letter = "SELECT 1 FROM outbox_messages WHERE recipient LIKE 'cormorant%'"
    wait_for(lambda: server.rows(letter), "letter")
    return conversation_id


def traces(server: Server) -> list[str]:
    """Where the canary still stands: in any table, also those of the index, or in any file."""
    found: list[str] = []
    for table in server.rows("SELECT name FROM sqlite_master WHERE type = 'table'"):
        rows = server.rows(f'SELECT * FROM "{table["name"]}"')
        if any(CANARY.lower() in str(value).lower() for row in rows for value in row.values()):
            found.append(table["name"])
    files: list[Path] = [one for one in (server.data_dir / "files").rglob("*") if one.is_file()]
    found += [one.name for one in files if CANARY.encode() in one.read_bytes()]
    return found


def test_a_contact_is_shown_without_a_flaw(owner: Person, guest: Guest) -> None:
    introduce(guest, "Guest with a very long name that goes on and on", "Hello there")
    page = owner.page
    page.goto("/dashboard/contacts")
    assert flaws(page) == []
    page.get_by_role("link", name="Guest with a very long name").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Guest with")
    assert flaws(page) == []
