"""What a visitor does in the widget."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect

from tests.stubs.chat_server import ChatServer

Visit = Callable[..., Page]


WAS_OPEN = "Object.keys(sessionStorage).some((key) => /^frontdesk:.*:open$/.test(key))"


def opened(page: Page) -> Page:
    """What was open before a reload opens by itself, and the page that is all chat is open."""
    expect(page.locator(".launcher").or_(field(page)).first).to_be_visible()
    if not page.evaluate(WAS_OPEN) and not field(page).is_visible():
        page.locator(".launcher").click()
    expect(field(page)).to_be_visible()
    return page


def ask(page: Page, words: str) -> None:
    field(page).fill(words)
    field(page).press("Enter")


def field(page: Page) -> Locator:
    return page.locator(".pen textarea")


def answer(page: Page) -> Locator:
    """The newest thing that was said by the desk."""
    return page.locator(".msg:not(.mine) .bubble").last


def from_menu(page: Page, name: str) -> None:
    page.get_by_role("button", name="Menu").click()
    page.get_by_role("menuitem", name=name).click()


def heard(desk: ChatServer, kind: str) -> list[dict[str, object]]:
    return [frame for frame in desk.heard if frame["type"] == kind]
