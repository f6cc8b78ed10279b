"""People with a browser of their own, and the steps that every story of theirs begins with."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from playwright.sync_api import APIResponse, BrowserContext, Locator, Page

PASSWORD = "correct horse battery staple"


class Person:
    """One browser: its pages, and the calls that its pages would make."""

    def __init__(self, context: BrowserContext, name: str) -> None:
        self.context = context
        self.name = name
        self.email = f"{name.lower()}@harbour.example.com"

    @cached_property
    def page(self) -> Page:
        """The tab that is in front, opened when it is first needed."""
        return self.context.new_page()

    def call(self, method: str, path: str, body: Any = None) -> APIResponse:
        """Ask as a page of this browser would: with its cookies and their CSRF twin."""
        return self.context.request.fetch(
            path,
            method=method,
            data=body,
            headers={"X-CSRF-TOKEN": self.cookie("csrf_access_token")},
        )

    def cookie(self, name: str) -> str:
        """The value of this cookie, or nothing."""
        values = [one.get("value", "") for one in self.context.cookies() if one.get("name") == name]
        return values[0] if values else ""

    def register(self, organization: str = "Harbour Books") -> None:
        """Have an organization without having typed anything."""
        facts = {
            "email": self.email,
            "password": PASSWORD,
            "name": self.name,
            "organization": organization,
        }
        answer = self.call("POST", "/api/auth/register", facts)
        assert answer.status == 201, answer.text()

    def sign_in(self, password: str = PASSWORD, path: str = "/login") -> None:
        """Type address and password into the sign-in page."""
        self.page.goto(path)
        self.page.get_by_label("E-mail address").fill(self.email)
        self.page.get_by_label("Password", exact=True).fill(password)
        self.page.get_by_role("button", name="Sign in").click()

    def open_kept_mail(self, recipient: str, subject: str) -> Locator:
        """Read the newest kept message with this subject; gives the link that it is about."""
        self.page.goto("/dev/mail")
        lines = self.page.get_by_role("link").filter(has_text=recipient)
        lines.filter(has_text=subject).first.click()
        return self.page.get_by_role("region", name="Links in it").get_by_role("link").first
