"""The owner deletes the organization on its settings page; a crash in between changes nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import httpx2
import pytest
from playwright.sync_api import Locator, expect

from tests.e2e.looks import everything_wrong_with
from tests.e2e.patience import wait_for
from tests.e2e.people import PASSWORD, Person
from tests.e2e.server import Server

pytestmark = pytest.mark.e2e
Somebody = Callable[[str], Person]
PATH = "/dashboard/settings/organization"


def removal(person: Person) -> Locator:
    return person.page.get_by_role("region", name="Delete the organization")


def left_of(server: Server, name: str) -> int:
    query = "SELECT count(*) AS number FROM organizations WHERE name = ?"
    return int(server.rows(query, name)[0]["number"])


def test_an_organization_is_deleted_once_its_name_is_typed_out(
    server: Server, somebody: Somebody
) -> None:
    owner = somebody("Leila")
    owner.register("Bluebird Leaving")
    page = owner.page
    page.goto(PATH)
    card = removal(owner)
    card.get_by_role("button", name="Delete the organization").click()
    name, password = (
        card.get_by_label("Name of the organization"),
        card.get_by_label("Your password"),
    )
    expect(name).to_be_focused()
    name.fill("Bluebird")
    password.fill("not my password")
    card.get_by_role("button", name="Delete the organization").click()
    question = page.get_by_role("dialog", name="Delete Bluebird Leaving?")
    question.get_by_role("button", name="Delete everything").click()
    expect(card.get_by_text("This is not the organization’s name.")).to_be_visible()
    name.fill("Bluebird Leaving")
    password.fill(PASSWORD)
    assert everything_wrong_with(page) == []
    page.keyboard.press("Enter")
    question.get_by_role("button", name="Cancel").click()
    assert owner.call("GET", "/api/auth/me").ok
    page.keyboard.press("Enter")
    question.get_by_role("button", name="Delete everything").click()
    expect(page).to_have_url("/")
    expect(page.get_by_text("Bluebird Leaving is deleted.")).to_be_visible()
    assert owner.call("GET", "/api/auth/me").status == 401
    wait_for(lambda: not left_of(server, "Bluebird Leaving"), "end of the organization")
    page.goto("/dev/mail")
    letter = page.get_by_role("link").filter(has_text=owner.email)
    expect(letter.filter(has_text="Your organization was deleted")).to_be_visible()
    page.goto("/dashboard")
    expect(page).to_have_url("/login?next=/dashboard")


def test_only_the_owner_is_offered_it(server: Server, somebody: Somebody) -> None:
    owner = somebody("Lotta")
    owner.register("Bluebird Staying")
    owner.page.goto(PATH)
    expect(removal(owner)).to_be_visible()
    agent = somebody("Agent")
    agent.email = "agent@demo.example.com"
    assert agent.call(
        "POST", "/api/auth/login", {"email": agent.email, "password": server.demo_sign_in[1]}
    ).ok
    agent.page.goto(PATH)
    expect(agent.page.get_by_role("heading", name="Not for your role")).to_be_visible()


def test_a_crash_right_after_it_was_asked_for_only_delays_it(
    tmp_path: Path, settings: dict[str, str]
) -> None:
    """Whatever the process was doing just then, the next one goes on with it."""
    server = Server(tmp_path, **settings).start()
    try:
        with httpx2.Client(base_url=server.url) as client:
            facts = {"email": "lena@example.com", "name": "Lena", "organization": "Bluebird Crash"}
            answer = client.post("/api/auth/register", json=facts | {"password": PASSWORD})
            assert answer.status_code == 201
            headers = {"X-CSRF-TOKEN": client.cookies["csrf_access_token"]}
            body = {"name": "Bluebird Crash", "password": PASSWORD}
            answer = client.post("/api/organization/removal", json=body, headers=headers)
            assert answer.status_code == 204
        server.kill()
        server.start()
        wait_for(lambda: not left_of(server, "Bluebird Crash"), "end of the organization")
        facts = {"email": "lena@example.com", "password": PASSWORD}
        assert httpx2.post(f"{server.url}/api/auth/login", json=facts).status_code == 401
    finally:
        server.kill()
