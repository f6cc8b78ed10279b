"""Agents at the inbox, and visitors who write to them."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.e2e.people import Person
from tests.e2e.server import Server
from tests.open_house import Guest

SITE = "https://dusk-and-spoke.example.com"
AGENT = "agent@demo.example.com"
_numbers = itertools.count(1)


class Agent(Person):
    """Somebody of the demo's team, with the inbox open."""

    def __init__(
        self,
        context: BrowserContext,
        name: str,
        email: str,
        password: str,
        kept: dict[str, Any] | None = None,
    ) -> None:
        """With `kept`, the cookies of one sign-in do for many tests: signing in is rationed."""
        super().__init__(context, name)
        self.email = email
        if kept and email in kept:
            context.add_cookies(kept[email])
        else:
            answer = self.call("POST", "/api/auth/login", {"email": email, "password": password})
            assert answer.ok, answer.text()
        if kept is not None:
            kept[email] = context.cookies()
        self.id = self.call("GET", "/api/auth/me").json()["user"]["id"]

    def arrive(self, path: str = "/dashboard/inbox") -> Page:
        self.page.goto(path)
        expect(self.page.locator("#inbox")).to_have_attribute("data-link", "open")
        return self.page

    def row(self, name: str) -> Locator:
        return self.page.locator(".row:not([hidden])").filter(has_text=name)

    def open(self, name: str) -> None:
        self.row(name).get_by_role("link").click()
        expect(self.page.locator(".head__name")).to_have_text(name)
        expect(self.thread.locator(".said").first).to_be_visible()

    @property
    def thread(self) -> Locator:
        return self.page.locator("#messages")

    @property
    def field(self) -> Locator:
        return self.page.locator(".composer__field")

    def write(self, text: str, *, note: bool = False) -> None:
        self.page.get_by_role("radio", name="Note" if note else "Reply").click()
        self.field.fill(text)
        self.page.locator(".composer__send").click()

    def send_now(self) -> None:
        """Not wait for the seconds in which it could be taken back."""
        self.page.get_by_role("button", name="Send now").click()
        expect(self.page.get_by_role("button", name="Send now")).to_have_count(0)


@contextmanager
def visitor(server: Server, name: str = "", **place: str) -> Iterator[Guest]:
    """Somebody on the demo's site; a name that nobody else has."""
    key = server.rows("SELECT widget_key FROM organizations WHERE slug = 'demo'")[0]["widget_key"]
    guest = Guest(f"ws://127.0.0.1:{server.port}/api/chat/ws?key={key}", SITE)
    try:
        guest.connect(**({"page_url": f"{SITE}/lights", "page_title": "Lights"} | place))
        yield guest
    finally:
        guest.hang_up()


def introduce(guest: Guest, name: str, words: str) -> str:
    """Say who one is, and something; the id of the conversation."""
    guest.send("contact", name=name, email=f"guest{next(_numbers)}@example.com")
    return str(guest.say(words)["conversation_id"])
