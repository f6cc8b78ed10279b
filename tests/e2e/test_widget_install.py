"""The widget on somebody's site, and the assistant behind it, as an admin sets them up."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.e2e.looks import flaws
from tests.e2e.people import Person
from tests.e2e.server import Server

pytestmark = pytest.mark.e2e
INSTALL = "/dashboard/settings/widget/install"


@pytest.fixture(scope="module")
def settings() -> dict[str, str]:
    # No question is asked here, so nothing has to be found by its meaning.
    return {"EMBEDDINGS": "none"}


@pytest.fixture
def owner(somebody: Callable[[str], Person], server: Server) -> Person:
    owner = somebody("Owner")
    email, password = server.demo_sign_in
    answer = owner.call("POST", "/api/auth/login", {"email": email, "password": password})
    assert answer.ok, answer.text()
    return owner


class Site(ThreadingHTTPServer):
    """Somebody's site: a page that is empty but for what was pasted into it."""

    pasted = ""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), SitePage)


class SitePage(BaseHTTPRequestHandler):
    server: Site

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(f"<!doctype html><title>Site</title>{self.server.pasted}".encode())

    def log_message(self, *_: Any) -> None:
        """Nobody reads it."""


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as site:
        threading.Thread(target=site.serve_forever, daemon=True).start()
        yield site
        site.shutdown()


def test_the_copied_snippet_on_a_site_is_noticed_by_itself(
    somebody: Callable[[str], Person], server: Server, site: Site
) -> None:
    nadia = somebody("Nadia")
    nadia.register("Bluebird Tools")
    nadia.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = nadia.page
    page.goto(INSTALL)
    expect(page.get_by_role("heading", name="Not seen yet")).to_be_visible()
    host = f"127.0.0.1:{site.server_port}"
    page.get_by_role("textbox", name="Domains").fill(f"{host}\nhttps://www.example.com/x")
    page.get_by_role("button", name="Save domains").click()
    expect(page.get_by_text("Domains saved.")).to_be_visible()
    expect(page.get_by_role("textbox", name="Domains")).to_have_value(f"{host}\nwww.example.com")
    page.get_by_role("button", name="Copy the snippet").click()
    snippet = str(page.evaluate("navigator.clipboard.readText()"))
    assert re.fullmatch(
        rf'<script async src="{server.url}/widget/loader\.js" data-key="pk_[\w-]+"></script>',
        snippet,
    )
    site.pasted = snippet
    visitor = nadia.context.new_page()
    visitor.goto(f"http://{host}/")
    expect(visitor.locator("frontdesk-widget .launcher")).to_be_visible()
    page.bring_to_front()
    expect(page.get_by_role("heading", name="The widget is on your site")).to_be_visible()
    expect(page.get_by_role("listitem").filter(has_text=f"http://{host}")).to_be_visible()
    assert flaws(page) == []
    page.goto("/dashboard")
    step = page.get_by_role("listitem").filter(has_text="Paste the snippet")
    expect(step).to_contain_text("Done:")
    visitor.close()
    assert server.change_rows(
        "UPDATE widget_origins SET last_seen_at = '2026-01-01 00:00:00.000000' WHERE origin = ?",
        f"http://{host}",
    )
    with page.expect_response(lambda answer: answer.url.endswith("/api/organization/widget")):
        page.goto(INSTALL)
    expect(page.get_by_role("heading", name="Not seen for a week")).to_be_visible()
    expect(page.get_by_role("listitem").filter(has_text=f"http://{host}")).to_be_visible()
    assert flaws(page) == []


def test_a_domain_that_is_none_is_refused_beside_its_field(owner: Person) -> None:
    page = owner.page
    page.goto(INSTALL)
    domains = page.get_by_role("textbox", name="Domains")
    before = domains.input_value()
    domains.fill("shop example")
    page.get_by_role("button", name="Save domains").click()
    expect(domains).to_have_accessible_description(re.compile("is not a domain such as"))
    page.reload()
    expect(domains).to_have_value(before)


def test_the_identity_secret_is_shown_once(owner: Person) -> None:
    page = owner.page
    page.goto(INSTALL)
    page.get_by_role("button", name="Create a secret").click()
    secret = page.get_by_role("textbox", name="your identity secret")
    expect(secret).to_contain_text("fd_id_")
    page.get_by_role("button", name="I have stored it").click()
    expect(page.get_by_text("Secret set")).to_be_visible()
    expect(page.get_by_text("fd_id_")).to_have_count(0)
    page.get_by_role("radio", name="PHP").check(force=True)
    expect(page.get_by_label("Example in php")).to_be_visible()
    expect(page.get_by_label("Example in python")).to_be_hidden()


def test_the_assistant_says_who_answers_and_keeps_its_limits(owner: Person) -> None:
    page = owner.page
    page.goto("/dashboard/settings/assistant")
    expect(page.get_by_text("quotes your documents word for word")).to_be_visible()
    page.get_by_role("textbox", name="Guidance").fill("Say light, not lamp.")
    page.get_by_role("switch", name="A second opinion").check()
    page.get_by_role("button", name="Save assistant").click()
    expect(page.get_by_text("Assistant saved.")).to_be_visible()
    page.get_by_label("Tokens for one visitor").fill("-1")
    page.get_by_role("button", name="Save limits").click()
    expect(page.get_by_label("Tokens for one visitor")).to_be_focused()
    page.get_by_label("Tokens for one visitor").fill("5000")
    page.get_by_role("button", name="Save limits").click()
    expect(page.get_by_text("Limits saved.")).to_be_visible()
    said = owner.call("GET", "/api/organization/assistant").json()
    assert (said["guidance"], said["second_opinion"]) == ("Say light, not lamp.", True)
    assert said["tokens_a_visitor"] == 5000
