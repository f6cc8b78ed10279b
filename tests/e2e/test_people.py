"""Signing up, joining, leaving: each story told in real browsers against a real server."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote, urljoin, urlsplit

import httpx2
import jwt
import pytest
from playwright.sync_api import Page, expect

from tests.e2e.people import PASSWORD, Person
from tests.e2e.server import Server

pytestmark = pytest.mark.e2e
Somebody = Callable[[str], Person]
NEW_PASSWORD = "a quite different horse"
FOREIGN = (
    "//evil.example/",
    "https://evil.example/",
    "/\\evil.example/",
    "/\t/evil.example/",
    "///evil.example",
    "/dashboard/..//evil.example",
    "javascript:alert(1)",
)


def test_somebody_signs_up_and_confirms_the_address_with_the_kept_mail(somebody: Somebody) -> None:
    nadia = somebody("Nadia")
    page = nadia.page
    page.goto("/")
    page.get_by_role("link", name="Open a desk").first.click()
    page.get_by_label("Organization").fill("Harbour Books")
    page.get_by_label("Your name").fill("Nadia")
    page.get_by_label("E-mail address").fill(nadia.email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Create the organization").click()
    expect(page.get_by_role("heading", name="Good to see you, Nadia")).to_be_visible()
    reminder = page.get_by_text("Please confirm that")
    expect(reminder).to_be_visible()
    nadia.open_kept_mail(nadia.email, "Please confirm").click()
    expect(page.get_by_role("heading", name="Address confirmed")).to_be_visible()
    assert "token" not in page.url
    page.get_by_role("link", name="Go to your desk").click()
    expect(page.get_by_role("heading", name="Good to see you, Nadia")).to_be_visible()
    expect(reminder).to_have_count(0)


def test_an_invited_colleague_joins_changes_role_and_is_shut_out_at_once(
    somebody: Somebody,
) -> None:
    olivia, aisha = somebody("Olivia"), somebody("Aisha")
    olivia.register("Harbour Books")
    invite(olivia, aisha.email)
    accept(aisha)
    expect(aisha.page.get_by_text("Harbour Books").first).to_be_visible()

    olivia.page.goto("/dashboard/settings/team")
    olivia.page.get_by_label("Role of Aisha").select_option("admin")
    confirm(olivia.page, "Make admin")
    expect(olivia.page.get_by_text("Aisha is an admin now.")).to_be_visible()
    aisha.page.goto("/dashboard/settings/team")
    expect(aisha.page.get_by_role("heading", name="Invite a colleague")).to_be_visible()

    olivia.page.get_by_role("button", name="Actions for Aisha").click()
    olivia.page.get_by_role("button", name="Suspend").click()
    confirm(olivia.page, "Suspend")
    expect(olivia.page.get_by_text("Aisha is suspended.")).to_be_visible()
    # The very next thing that she does, whatever it is.
    assert aisha.call("GET", "/api/team").status == 401
    aisha.page.get_by_role("link", name="API keys").click()
    expect_sign_in_page(aisha.page)
    aisha.sign_in()
    expect(aisha.page.get_by_role("alert")).to_contain_text("do not belong together")


def test_a_suspended_page_that_is_still_open_is_sent_to_sign_in_by_its_next_call(
    somebody: Somebody,
) -> None:
    olivia, aisha = somebody("Owena"), somebody("Agneta")
    olivia.register()
    invite(olivia, aisha.email)
    accept(aisha)
    suspended = olivia.call("PATCH", f"/api/users/{user_id(aisha)}", {"active": False})
    assert suspended.status == 200, suspended.text()
    aisha.page.get_by_role("button", name="Agneta").click()
    aisha.page.get_by_role("radio", name="Away").click()
    expect_sign_in_page(aisha.page)


def test_a_password_reset_by_mail_signs_every_other_browser_out(somebody: Somebody) -> None:
    here, elsewhere = somebody("Rosa"), somebody("Rosa")
    here.register()
    assert sign_in_by_call(elsewhere, PASSWORD) == 200
    elsewhere.page.goto("/dashboard")
    expect(elsewhere.page.get_by_role("heading", name="Good to see you")).to_be_visible()
    here.page.goto("/forgot-password")
    here.page.get_by_label("E-mail address").fill(here.email)
    here.page.get_by_role("button", name="Send the link").click()
    expect(here.page.get_by_role("heading", name="Look in your mailbox")).to_be_visible()
    here.open_kept_mail(here.email, "Set a new password").click()
    here.page.get_by_label("New password", exact=True).fill(NEW_PASSWORD)
    here.page.get_by_role("button", name="Set the password").click()
    expect(here.page).to_have_url("/login")
    expect(here.page.get_by_text("Your password is changed.")).to_be_visible()
    elsewhere.page.reload()
    expect_sign_in_page(elsewhere.page)
    assert sign_in_by_call(here, PASSWORD) == 401
    assert sign_in_by_call(here, NEW_PASSWORD) == 200


def test_a_reset_link_works_once(somebody: Somebody) -> None:
    rita = somebody("Rita")
    rita.register()
    assert rita.call("POST", "/api/auth/forgot-password", {"email": rita.email}).status == 202
    link = rita.open_kept_mail(rita.email, "Set a new password").get_attribute("href") or ""
    facts = {"token": link.partition("#token=")[2], "password": NEW_PASSWORD}
    assert rita.call("POST", "/api/auth/reset-password", facts).status == 204
    rita.page.goto(link)
    rita.page.get_by_label("New password", exact=True).fill(NEW_PASSWORD)
    rita.page.get_by_role("button", name="Set the password").click()
    expect(rita.page.get_by_role("alert")).to_contain_text("used or has expired")


def test_a_lost_access_cookie_is_renewed_without_a_word(renee: Person) -> None:
    renee.context.clear_cookies(name="access_token_cookie")
    renee.page.reload()
    expect(renee.page.get_by_role("heading", name="Good to see you")).to_be_visible()
    assert renee.cookie("access_token_cookie")


def test_an_expired_session_renews_itself_under_an_open_page(server: Server, renee: Person) -> None:
    expire_access(server, renee)
    assert renee.call("GET", "/api/auth/me").status == 401
    renee.page.get_by_role("button", name="Renee").click()
    renee.page.get_by_role("radio", name="Away").click()
    expect(renee.page.get_by_text("You are away")).to_be_visible()
    assert renee.call("GET", "/api/auth/me").json()["user"]["availability"] == "away"


def test_two_tabs_renew_at_the_same_moment_and_both_stay(server: Server, renee: Person) -> None:
    tabs = [renee.page, renee.context.new_page()]
    tabs[1].goto("/dashboard/settings/profile")
    for _ in range(3):
        expire_access(server, renee)
        for tab in tabs:
            # Not awaited: both ask before either has its answer.
            tab.evaluate("() => { setTimeout(() => location.reload()) }")
        for tab in tabs:
            tab.wait_for_function("performance.getEntriesByType('navigation')[0].type == 'reload'")
            expect(tab.get_by_role("button", name="Renee").first).to_be_visible()
    assert renee.call("GET", "/api/auth/me").status == 200


def test_signing_out_ends_it_here_and_leads_back_afterwards(somebody: Somebody) -> None:
    sonia = somebody("Sonia")
    sonia.register()
    stolen = {"access_token_cookie": sonia.cookie("access_token_cookie")}
    sonia.page.goto("/dashboard")
    sonia.page.get_by_role("button", name="Sonia").click()
    sonia.page.get_by_role("button", name="Sign out").click()
    expect(sonia.page).to_have_url("/login")
    assert sonia.cookie("access_token_cookie") == ""
    sonia.page.goto("/dashboard/settings/team")
    expect(sonia.page).to_have_url("/login?next=/dashboard/settings/team")
    # A copy of the cookie is worth nothing either.
    sonia.context.add_cookies(
        [{"name": name, "value": value, "url": sonia.page.url} for name, value in stolen.items()]
    )
    assert sonia.call("GET", "/api/auth/me").status == 401


def test_signing_in_returns_to_the_page_that_was_wanted(server: Server, somebody: Somebody) -> None:
    owner = demo_owner(server, somebody)
    owner.page.goto("/dashboard/settings/audit?cursor=")
    expect_sign_in_page(owner.page)
    owner.sign_in(server.demo_sign_in[1], path=owner.page.url)
    expect(owner.page).to_have_url("/dashboard/settings/audit?cursor=")


def test_signing_in_never_leads_to_a_foreign_site(server: Server, somebody: Somebody) -> None:
    owner = demo_owner(server, somebody)
    for wanted in FOREIGN:
        owner.page.goto(f"/login?next={quote(wanted)}")
        led_to = "form => new URL(form.dataset.then, location.href).origin"
        form = owner.page.locator("form[data-then]")
        assert form.evaluate(led_to) == server.url, wanted
    owner.sign_in(server.demo_sign_in[1], path=f"/login?next={quote(FOREIGN[0])}")
    expect(owner.page).to_have_url("/dashboard")


def test_somebody_signed_in_is_not_led_to_a_foreign_site_either(renee: Person) -> None:
    for wanted in FOREIGN:
        answer = renee.context.request.get(f"/login?next={quote(wanted)}", max_redirects=0)
        led_to = urljoin(f"{renee.page.url}/", answer.headers.get("location", "/"))
        assert urlsplit(led_to).netloc == urlsplit(renee.page.url).netloc, wanted


def test_a_key_is_shown_once_opens_the_api_and_is_refused_once_revoked(
    server: Server, somebody: Somebody
) -> None:
    kim = somebody("Kim")
    kim.register("Kim’s Kiosk")
    page = kim.page
    page.goto("/dashboard/settings/api-keys")
    page.get_by_label("Name").fill("nightly export")
    page.get_by_label("team:read").check()
    page.get_by_role("button", name="Create the key").click()
    dialog = page.get_by_role("dialog", name="Your new API key")
    secret = dialog.get_by_role("textbox").inner_text()
    program = {"Authorization": f"Bearer {secret}"}
    found = httpx2.get(f"{server.url}/api/team", headers=program)
    assert [one["email"] for one in found.json()["items"]] == [kim.email]
    assert httpx2.get(f"{server.url}/api/admin/audit", headers=program).status_code == 403
    dialog.get_by_role("button", name="I have stored it").click()
    expect(page.get_by_role("row", name="nightly export")).to_be_visible()
    assert secret not in page.content()
    page.get_by_role("button", name="Revoke the key nightly export").click()
    confirm(page, "Revoke")
    expect(page.get_by_text("No keys yet")).to_be_visible()
    assert httpx2.get(f"{server.url}/api/team", headers=program).status_code == 401


def test_A6_without_google_nothing_speaks_of_it(server: Server, page: Page) -> None:
    for path in ("/login", "/signup"):
        page.goto(path)
        expect(page.get_by_role("heading").first).to_be_visible()
        expect(page.get_by_text("Google")).to_have_count(0)
    assert server.status("/api/auth/google") == 404


@pytest.fixture
def renee(server: Server, somebody: Somebody) -> Person:
    """Somebody who has been signed in for a while, with her desk open."""
    renee = somebody("Renee")
    if sign_in_by_call(renee, PASSWORD) != 200:
        renee.register()
    renee.page.goto("/dashboard")
    return renee


def invite(owner: Person, email: str) -> None:
    owner.page.goto("/dashboard/settings/team")
    owner.page.get_by_label("E-mail address").fill(email)
    owner.page.get_by_role("button", name="Send invitation").click()
    expect(owner.page.get_by_text("Invitation sent.")).to_be_visible()


def accept(person: Person) -> None:
    """Follow the mailed link, in a browser that is not signed in to anything."""
    person.open_kept_mail(person.email, "invites you").click()
    person.page.get_by_label("Your name").fill(person.name)
    person.page.get_by_label("Password", exact=True).fill(PASSWORD)
    person.page.get_by_role("button", name="Accept and sign in").click()
    greeting = person.page.get_by_role("heading", name=f"Good to see you, {person.name}")
    expect(greeting).to_be_visible()


def sign_in_by_call(person: Person, password: str) -> int:
    credentials = {"email": person.email, "password": password}
    return person.call("POST", "/api/auth/login", credentials).status


def confirm(page: Page, yes: str) -> None:
    page.get_by_role("dialog").get_by_role("button", name=yes, exact=True).click()


def expect_sign_in_page(page: Page) -> None:
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def demo_owner(server: Server, somebody: Somebody) -> Person:
    owner = somebody("Owner")
    owner.email = server.demo_sign_in[0]
    return owner


def user_id(person: Person) -> str:
    return str(person.call("GET", "/api/auth/me").json()["user"]["id"])


def expire_access(server: Server, person: Person) -> None:
    """Let a quarter of an hour pass for the short-lived token alone."""
    secret = (server.data_dir / "keys" / "secret_key").read_text().strip()
    token = person.cookie("access_token_cookie")
    claims: dict[str, Any] = jwt.decode(token, options={"verify_signature": False})
    past = datetime.now(UTC) - timedelta(minutes=1)
    stale = jwt.encode(claims | {"exp": past}, secret, algorithm="HS256")
    (kept,) = (one for one in person.context.cookies() if one.get("name") == "access_token_cookie")
    person.context.add_cookies([{**kept, "value": stale}])  # type: ignore[typeddict-item]
