"""Every page, light and dark, on a phone and on a desk: accessible, quiet, and within its width."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from tests.e2e.conftest import MILLISECONDS
from tests.e2e.looks import Complaints, everything_wrong_with, flaws
from tests.e2e.people import Person
from tests.e2e.server import Server

pytestmark = pytest.mark.e2e
PUBLIC = {
    "landing": "/",
    "pricing": "/pricing",
    "login": "/login",
    "login with a problem": "/login?problem=email_not_verified",
    "signup": "/signup",
    "forgot": "/forgot-password",
    "reset": "/reset-password#token=any",
    "reset without a link": "/reset-password",
    "verify without a link": "/verify-email",
    "invite without a link": "/invite",
    "demo": "/demo",
    "docs": "/api/docs",
    "kept mail": "/dev/mail",
    "nothing here": "/no/such/page",
}
SIGNED_IN = {
    "tickets": "/dashboard/tickets",
    "tickets as a list": "/dashboard/tickets?layout=list",
    "overview": "/dashboard",
    "inbox": "/dashboard/inbox",
    "contacts": "/dashboard/contacts",
    "documents": "/dashboard/documents",
    "article drafts": "/dashboard/documents/drafts",
    "analytics": "/dashboard/analytics",
    "profile": "/dashboard/settings/profile",
    "organization": "/dashboard/settings/organization",
    "widget": "/dashboard/settings/widget",
    "widget on a site": "/dashboard/settings/widget/install",
    "assistant": "/dashboard/settings/assistant",
    "hours": "/dashboard/settings/hours",
    "replies": "/dashboard/settings/replies",
    "team": "/dashboard/settings/team",
    "api keys": "/dashboard/settings/api-keys",
    "sessions": "/dashboard/settings/sessions",
    "audit": "/dashboard/settings/audit",
    "mail log": "/dashboard/settings/mail",
}
NIGHTS = {
    "time_zone": "Europe/Lisbon",
    "week": {"friday": [{"start": "20:00", "end": "02:00", "next_day": True}]},
    "holidays": [{"date": "2026-12-24", "spans": [{"start": "09:00", "end": "12:00"}]}],
}
BAD = """() => {
  document.querySelector("h1").insertAdjacentHTML("afterend", `
    <p style="color: red" class="bad-text">Hardly to be read.</p><img src="/no/such/picture.png">
    <div class="bad-width">Much too wide.</div>
    <div class="bad-box"><p>Beyond the edge.</p></div>`);
  document.querySelector(".bad-text").style.color = "rgb(127, 127, 127)";
  document.querySelector(".bad-text").style.background = "rgb(130, 130, 130)";
  document.querySelector(".bad-width").style.width = "2000px";
  document.querySelector(".bad-box").style.overflow = "auto";
  document.querySelector(".bad-box p").style.width = "3000px";
  setTimeout(() => { throw new Error("oh"); });
}"""
NEW_HERE = {
    "inbox": "/dashboard/inbox",
    "tickets": "/dashboard/tickets",
    "overview": "/dashboard",
    "profile": "/dashboard/settings/profile",
    "widget": "/dashboard/settings/widget",
    "widget on a site": "/dashboard/settings/widget/install",
    "replies": "/dashboard/settings/replies",
    "team": "/dashboard/settings/team",
    "api keys": "/dashboard/settings/api-keys",
}


@pytest.fixture(scope="module")
def make(browser: Browser, server: Server) -> Iterator[Callable[[], BrowserContext]]:
    """Makes browsers that last for the whole file: signing in once is enough."""
    made: list[BrowserContext] = []

    def context() -> BrowserContext:
        made.append(browser.new_context(base_url=server.url, reduced_motion="reduce"))
        made[-1].set_default_timeout(MILLISECONDS)
        return made[-1]

    yield context
    for one in made:
        one.close()


@pytest.fixture(scope="module")
def stranger(make: Callable[[], BrowserContext]) -> Person:
    return Person(make(), "Stranger")


@pytest.fixture(scope="module")
def owner(make: Callable[[], BrowserContext], server: Server) -> Person:
    """The demo's owner, with something in every list."""
    owner = Person(make(), "Owner")
    owner.email, password = server.demo_sign_in
    credentials = {"email": owner.email, "password": password}
    for method, path, body in (
        ("POST", "/api/auth/login", credentials),
        ("POST", "/api/auth/login", credentials),
        ("POST", "/api/invites", {"email": "ines@harbour.example.com", "role": "admin"}),
        ("POST", "/api/api-keys", {"name": "nightly export", "scopes": ["team:read"]}),
        ("PATCH", "/api/organization", {"allowed_domains": ["shop.example.com"]}),
        ("PUT", "/api/organization/hours", NIGHTS),
        ("POST", "/api/tickets", {"subject": "A parcel is stuck", "priority": "urgent"}),
        ("POST", "/api/canned-replies", {"shortcut": "thanks", "text": "Thank you!"}),
        ("POST", "/api/macros", {"name": "Done", "steps": [{"do": "close"}]}),
    ):
        answer = owner.call(method, path, body)
        assert answer.ok, answer.text()
    return owner


@pytest.fixture(scope="module")
def newcomer(make: Callable[[], BrowserContext]) -> Person:
    """Somebody who has nothing yet, not even a proven address."""
    newcomer = Person(make(), "Nadia")
    newcomer.register("Bluebird Tools")
    return newcomer


@pytest.mark.parametrize("path", PUBLIC.values(), ids=PUBLIC.keys())
def test_a_public_page_is_without_a_flaw(stranger: Person, owner: Person, path: str) -> None:
    check(stranger, path)


@pytest.mark.parametrize("path", SIGNED_IN.values(), ids=SIGNED_IN.keys())
def test_a_page_of_the_desk_is_without_a_flaw(owner: Person, path: str) -> None:
    check(owner, path)


@pytest.mark.parametrize("path", NEW_HERE.values(), ids=NEW_HERE.keys())
def test_a_page_with_nothing_on_it_yet_is_without_a_flaw(newcomer: Person, path: str) -> None:
    check(newcomer, path)


def test_a_mailed_link_leads_to_a_page_without_a_flaw(stranger: Person, owner: Person) -> None:
    link = stranger.open_kept_mail("ines@harbour.example.com", "invites you")
    address = link.get_attribute("href") or ""
    assert flaws(stranger.page) == []
    stranger.page.goto(address)
    expect(stranger.page.get_by_role("button", name="Accept and sign in")).to_be_visible()
    assert flaws(stranger.page) == []


def test_an_open_menu_and_an_open_question_are_without_a_flaw(owner: Person) -> None:
    page = owner.page
    page.goto("/dashboard/settings/team")
    page.get_by_role("button", name="Actions for Demo Agent").click()
    assert everything_wrong_with(page) == []
    page.get_by_role("button", name="Suspend").click()
    expect(page.get_by_role("dialog", name="Suspend Demo Agent?")).to_be_visible()
    assert everything_wrong_with(page) == []
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Demo Owner").first.click()
    expect(page.get_by_role("radiogroup", name="Availability")).to_be_visible()
    assert everything_wrong_with(page) == []


def test_a_form_with_mistakes_is_without_a_flaw(stranger: Person) -> None:
    stranger.page.goto("/signup")
    stranger.page.get_by_role("button", name="Create the organization").click()
    expect(stranger.page.get_by_text("Please fill this in.").first).to_be_visible()
    assert flaws(stranger.page) == []


def test_what_an_agent_may_not_see_is_a_page_without_a_flaw(
    make: Callable[[], BrowserContext], server: Server
) -> None:
    agent = Person(make(), "Agent")
    agent.email, password = "agent@demo.example.com", server.demo_sign_in[1]
    agent.sign_in(password)
    expect(agent.page).to_have_url("/dashboard")
    check(agent, "/dashboard/settings/team")
    expect(agent.page.get_by_role("heading", name="Not for your role")).to_be_visible()


def test_these_eyes_see_what_is_wrong(stranger: Person) -> None:
    """Else a page without a flaw would only be a page that was not looked at."""
    complaints = Complaints(stranger.page)
    stranger.page.goto("/pricing")
    stranger.page.evaluate(BAD)
    seen = " ".join(flaws(stranger.page))
    assert "desktop, light: color-contrast" in seen
    assert "phone, dark: color-contrast" in seen
    assert "image-alt" in seen
    assert "wider than 360 px" in seen
    assert "cut off at 1280 px" in seen
    logged = " ".join(complaints.all_but())
    assert "Content Security Policy" in logged
    assert "thrown: oh" in logged
    assert "404" in logged


def check(person: Person, path: str) -> None:
    """Open the page anew, look at it in every way, and read what it had to complain about."""
    page = person.page
    complaints = Complaints(page)
    page.goto("about:blank")
    answer = page.goto(path)
    assert answer is not None
    expect(page.get_by_role("heading", level=1).locator("visible=true")).to_have_count(1)
    assert flaws(page) == []
    # A browser logs every page that is refused or not there; this one is meant to be.
    known = [path] if answer.status in {403, 404} else []
    assert complaints.all_but(*known) == []
