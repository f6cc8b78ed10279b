"""Conversations to take along, as somebody clicks for them: text, paper, a table."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from pypdf import PdfReader

from tests.e2e.desks import Agent, introduce, visitor
from tests.e2e.looks import everything_wrong_with
from tests.e2e.patience import wait_for
from tests.e2e.server import Server

pytestmark = pytest.mark.e2e
ASKED = "How many days do I have to send a light back?"
NARROWER = "Filter and keep this view"


@pytest.fixture(scope="module")
def settings() -> dict[str, str]:
    # Words are enough to find these answers, and the model would take its time to load.
    return {"EMBEDDINGS": "none"}


@pytest.fixture
def owner(olivia: Agent) -> Agent:
    return olivia


@pytest.fixture(scope="module")
def conversation_id(server: Server) -> str:
    """One with an answer that names its sources."""
    unread = "SELECT id FROM documents WHERE live_version = 0"
    wait_for(lambda: not server.rows(unread), "knowledge", seconds=120)
    with visitor(server) as guest:
        made = introduce(guest, "Guest with a lamp", ASKED)
        assert guest.event(author="assistant")["citations"]
    return made


def saved(page: Page, menu: str, item: str) -> Path:
    page.get_by_role("button", name=menu, exact=True).click()
    with page.expect_download() as download:
        page.get_by_role("menuitem", name=item).click()
    return Path(download.value.path())


def saved_copy(page: Page, kind: str) -> Path:
    page.get_by_role("button", name="More", exact=True).click()
    page.get_by_role("menuitem", name="Save a copy…").click()
    assert everything_wrong_with(page) == []
    with page.expect_download() as download:
        page.get_by_role("menuitem", name=kind).click()
    return Path(download.value.path())


def words_of(path: Path) -> str:
    pages = PdfReader(path).pages
    return " ".join(" ".join(each.extract_text() for each in pages).split())


def table(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig"))))


def test_one_is_saved_as_text_with_the_sources_of_the_answer(
    owner: Agent, conversation_id: str
) -> None:
    page = owner.arrive(f"/dashboard/inbox/{conversation_id}")
    text = saved_copy(page, "Text, without notes").read_text()
    assert ASKED in text
    answer = text[text.index("Spoke:") :]
    assert " [1]" in answer.partition("\n    [1] ")[0], "The sentence names its source."
    assert "\n    [1] " in answer


def test_one_is_saved_as_paper_with_the_sources_of_the_answer(
    owner: Agent, conversation_id: str
) -> None:
    body = {"client_id": uuid4().hex, "text": "He bought three lamps before."}
    assert owner.call("POST", f"/api/conversations/{conversation_id}/notes", body).ok
    page = owner.arrive(f"/dashboard/inbox/{conversation_id}")
    path = saved_copy(page, "PDF, without notes")
    reader, written = PdfReader(path), words_of(path)
    number = owner.call("GET", f"/api/conversations/{conversation_id}").json()["number"]
    for part in (f"Conversation {number}", "Guest with a lamp", ASKED, "Status Open", "1 / 1"):
        assert part in written
    assert written.count("[1]") >= 2, "Behind the sentence, and in front of the source."
    assert "three lamps" not in written, "A note is for the team."
    assert reader.metadata is not None
    assert reader.metadata.author == "Dusk & Spoke"
    for kind in ("PDF, with notes", "Text, with notes"):
        path = saved_copy(page, kind)
        inside = words_of(path) if kind.startswith("PDF") else path.read_text()
        assert "three lamps" in inside, "Whoever asks for the notes has them."


def test_a_list_is_saved_as_it_is_narrowed_and_runs_nothing(server: Server, owner: Agent) -> None:
    with visitor(server) as guest:
        introduce(guest, "=cmd|' /C calc'!A0", "+1 for a discount")
        closed = introduce(guest, "=cmd|' /C calc'!A0", "+1 for a discount")
    assert owner.call("POST", f"/api/conversations/{closed}/close").ok
    with visitor(server) as guest:
        introduce(guest, "Guest who waits", "Is anybody there?")
    page = owner.arrive("/dashboard/inbox?view=closed")
    rows = table(saved(page, NARROWER, "Save the list as a table"))
    assert [row["status"] for row in rows] == ["closed"]
    assert rows[0]["contact"].startswith("'=cmd")
    words = [text for name, text in rows[0].items() if name != "mood"]
    assert not any(text.startswith(("=", "+", "-", "@")) for text in words)
    assert rows[0]["url"].endswith(f"/dashboard/inbox/{closed}")

    page = owner.arrive("/dashboard/inbox")
    everything = table(saved(page, NARROWER, "Save the list as a table"))
    assert "Guest who waits" in {row["contact"] for row in everything}
    assert "closed" not in {row["status"] for row in everything}
    page.get_by_role("button", name=NARROWER, exact=True).click()
    page.get_by_role("menuitemradio", name="are urgent").click()
    assert table(saved(page, NARROWER, "Save the list as a table")) == []


def test_a_contact_takes_their_own_along(
    server: Server, owner: Agent, conversation_id: str
) -> None:
    contact = owner.call("GET", "/api/contacts?search=lamp").json()["items"][0]
    owner.page.goto(f"/dashboard/contacts/{contact['id']}")
    with owner.page.expect_download() as download:
        owner.page.get_by_role("link", name="Save the conversations as a table").click()
    [row] = table(Path(download.value.path()))
    assert row["url"].endswith(conversation_id)


@pytest.mark.parametrize("kind", ["pdf", "text"])
def test_what_cannot_be_saved_is_said_on_a_page_and_not_in_code(
    owner: Agent, new_context: Callable[[], BrowserContext], kind: str
) -> None:
    path = f"/api/conversations/{uuid4()}/export/{kind}"
    owner.page.goto(path)
    expect(owner.page.get_by_role("heading", name="Nothing here")).to_be_visible()
    stranger = new_context().new_page()
    stranger.goto(path)
    expect(stranger.get_by_role("heading", name="Please sign in")).to_be_visible()
    expect(stranger.get_by_role("link", name="Sign in")).to_be_visible()
    assert "error" in owner.call("GET", path).json(), "Programs are answered as before."
