"""What goes on beside the documents, as an admin watches it: sitemaps, page by page."""

from __future__ import annotations

import json
from collections.abc import Callable
from uuid import uuid4

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.looks import Complaints, flaws
from tests.e2e.people import Person
from tests.e2e.server import Server

pytestmark = pytest.mark.e2e
DOCUMENTS = "/dashboard/documents"
URL = "https://shop.example.com/sitemap.xml"
INSIDE = "http://127.0.0.1/sitemap.xml"
LONG_AGO, FAR_OFF = "2026-01-01 00:00:00.000000", "2999-01-01 00:00:00.000000"


@pytest.fixture(scope="module")
def settings() -> dict[str, str]:
    return {"DEMO": "false", "EMBEDDINGS": "none"}


@pytest.fixture
def admin(somebody: Callable[[str], Person]) -> Person:
    """Somebody who has founded an organization just now."""
    person = somebody(f"Nadia{uuid4().hex[:6]}")
    person.register()
    person.page.goto(DOCUMENTS)
    return person


def test_its_pages_are_counted_while_they_are_taken(admin: Person, server: Server) -> None:
    page = admin.page
    expect(panel(page)).to_be_hidden()
    sitemap = put(server, admin, status="adding", total=40, done=12)
    page.reload()
    expect(shown(page)).to_contain_text("Taking in page 13 of 40")
    bar = shown(page).get_by_role("progressbar", name="Pages taken in")
    expect(bar).to_have_attribute("value", "12")
    change(server, sitemap, done=39, added=38)
    expect(shown(page)).to_contain_text("Taking in page 40 of 40")
    change(server, sitemap, status="done", done=40, added=38, refused=2, note="/old: Gone.")
    expect(shown(page)).to_contain_text("38 pages added, 2 left out")
    expect(shown(page)).to_contain_text("/old: Gone.")
    expect(bar).to_be_hidden()
    expect(page.get_by_role("status").filter(has_text=f"{URL}: 38 pages added")).to_be_attached()


def test_a_document_that_came_of_it_appears_without_a_reload(admin: Person, server: Server) -> None:
    page = admin.page
    sitemap = put(server, admin, status="adding", total=2, done=0)
    page.reload()
    expect(shown(page)).to_contain_text("Taking in page 1 of 2")
    title = {"title": "Opening hours", "text": "We open at nine."}
    assert admin.call("POST", "/api/documents/text", title).status == 202
    change(server, sitemap, done=1, added=1)
    expect(page.get_by_role("row").filter(has_text="Opening hours")).to_be_visible()


def test_one_that_failed_says_why_and_is_tried_again_or_put_aside(
    admin: Person, server: Server
) -> None:
    page = admin.page
    failed = {"status": "failed", "error": "This sitemap lists no pages.", "lease_until": None}
    sitemap = put(server, admin, url=INSIDE, **failed)
    page.reload()
    expect(shown(page)).to_contain_text("This sitemap lists no pages.")
    shown(page).get_by_role("button", name="Retry").click()
    expect(page.get_by_text("The sitemap is tried again.")).to_be_visible()
    expect(shown(page)).to_contain_text("127.0.0.1 is an address inside a private network.")
    shown(page).get_by_role("button", name="Put aside").click()
    expect(panel(page)).to_be_hidden()
    expect(page.get_by_role("heading", name="All documents")).to_be_focused()
    assert server.rows("SELECT 1 FROM sitemaps WHERE id=?", sitemap) == []


def test_one_that_is_under_way_can_be_stopped(admin: Person, server: Server) -> None:
    page = admin.page
    sitemap = put(server, admin, status="adding", total=40, done=12)
    page.reload()
    shown(page).get_by_role("button", name="Stop").click()
    expect(panel(page)).to_be_hidden()
    assert server.rows("SELECT 1 FROM sitemaps WHERE id=?", sitemap) == []


def test_one_that_is_given_by_the_dialog_is_watched_at_once(admin: Person, server: Server) -> None:
    """The answer is the server's own, but for the address: no test may ask the web."""
    page = admin.page
    sitemap = put(server, admin, status="queued")
    [given] = admin.call("GET", "/api/sitemaps").json()["items"]
    body = json.dumps({"items": [], "next_cursor": None, "sitemap": given})
    page.route("**/api/documents/page", lambda route: route.fulfill(status=202, body=body))
    dialog = open_dialog(page)
    dialog.get_by_label("Address").fill(URL)
    dialog.get_by_role("checkbox", name="This is a sitemap").check()
    dialog.get_by_role("button", name="Add the page").click()
    expect(page.get_by_text("The sitemap is being taken in.")).to_be_visible()
    expect(shown(page)).to_contain_text("Waiting")
    change(server, sitemap, status="listing")
    expect(shown(page)).to_contain_text("Fetching the sitemap")


def test_O6_a_sitemap_inside_our_network_is_refused_at_its_field(admin: Person) -> None:
    page = admin.page
    dialog = open_dialog(page)
    dialog.get_by_label("Address").fill(INSIDE)
    dialog.get_by_role("checkbox", name="This is a sitemap").check()
    dialog.get_by_role("button", name="Add the page").click()
    expect(dialog.get_by_label("Address")).to_have_attribute("aria-invalid", "true")
    expect(dialog.get_by_text("an address inside a private network")).to_be_visible()
    expect(panel(page)).to_be_hidden()


def test_the_panel_is_accessible_and_fits_every_screen(admin: Person, server: Server) -> None:
    page = admin.page
    complaints = Complaints(page)
    put(server, admin, status="adding", total=40, done=12)
    put(server, admin, status="failed", error="This is not a sitemap.", url=f"{URL}/{'x' * 300}")
    page.reload()
    expect(panel(page).get_by_role("listitem")).to_have_count(2)
    assert flaws(page) == []
    assert complaints.all_but() == []


def panel(page: Page) -> Locator:
    return page.get_by_role("region", name="Sitemaps", include_hidden=True)


def shown(page: Page) -> Locator:
    """The one sitemap of the panel."""
    return panel(page).get_by_role("listitem")


def open_dialog(page: Page) -> Locator:
    page.get_by_role("button", name="A web page").click()
    return page.get_by_role("dialog", name="Add a web page")


def put(server: Server, admin: Person, **facts: object) -> str:
    """A sitemap that is on its way, and that no worker takes."""
    organization = admin.call("GET", "/api/organization").json()["id"]
    values: dict[str, object] = {
        **dict.fromkeys(("tries", "total", "done", "added", "renewed", "refused"), 0),
        **dict.fromkeys(("user_name", "category", "note", "error"), ""),
        **dict.fromkeys(("created_at", "due_at"), LONG_AGO),
        "lease_until": FAR_OFF,
        "url": URL,
        "addresses": "[]",
    }
    values |= facts | {"id": uuid4().hex, "organization_id": organization.replace("-", "")}
    names, marks = ", ".join(values), ", ".join("?" * len(values))
    assert server.change_rows(f"INSERT INTO sitemaps ({names}) VALUES ({marks})", *values.values())
    return str(values["id"])


def change(server: Server, sitemap: str, **facts: object) -> None:
    told = ", ".join(f"{name}=?" for name in facts)
    changed = server.change_rows(f"UPDATE sitemaps SET {told} WHERE id=?", *facts.values(), sitemap)
    assert changed == 1
