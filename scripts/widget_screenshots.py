"""Takes the pictures of the widget anew, in every state, by day and by night.

.venv/bin/python scripts/widget_screenshots.py [--out docs/widget]
"""

from __future__ import annotations

import argparse
import io
import logging
import sys
from collections.abc import Iterator
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, FilePayload, Page, expect

# A script's own folder is all that Python looks into by itself.
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.e2e.browser import launched_browser
from tests.e2e.widget.visits import answer, ask, field, from_menu, opened
from tests.stubs.chat_server import ChatServer

ROOT = Path(__file__).resolve().parent.parent
SIZES = {"desktop": (1000, 800), "phone": (390, 844)}
THEMES = ("light", "dark")
# Of a desk's window only the corner with the widget is interesting.
CORNER = 450
MOST_BYTES = 2_000_000
CLOSED = {
    "open": False,
    "people_online": False,
    "reopens_at": "2031-01-06T08:00:00Z",
    "reply_time": "",
    "assistant": True,
    "message": "",
}
FIELDS = [
    {"name": "name", "label": "Your name", "type": "text", "required": True},
    {"name": "email", "label": "E-mail address", "type": "email", "required": True},
]
PRE_CHAT = {
    "enabled": True,
    "fields": FIELDS,
    "consent": "I agree that this conversation is kept for 90 days.",
}


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "widget")
    out: Path = parser.parse_args().out
    out.mkdir(parents=True, exist_ok=True)
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    with launched_browser() as browser:
        for screen in SIZES:
            for theme in THEMES:
                for state, picture in _pictures(browser, screen, theme):
                    _save_small(picture, out / f"{state}-{screen}-{theme}.png")
    total = sum(path.stat().st_size for path in out.glob("*.png"))
    print(f"{len(list(out.glob('*.png')))} pictures in {out}, {total // 1000} kB.")
    if total > MOST_BYTES:
        print(f"That is more than the {MOST_BYTES // 1000} kB that they may take.")
        return 1
    return 0


def _pictures(browser: Browser, screen: str, theme: str) -> Iterator[tuple[str, bytes]]:
    width, height = SIZES[screen]
    clip = None if screen == "phone" else (width - CORNER, 0, CORNER, height)
    host = "/host/dark" if theme == "dark" else "/host/shop"
    with ChatServer() as desk:
        for path, states in (
            (host, _states),
            ("/host/arabic", _from_right_to_left),
            (host, _asked_first),
            (host, _closed),
        ):
            page = _newcomer(browser, desk, screen, theme)
            page.goto(path)
            for state in states(page, desk):
                yield state, _taken(page, clip)
            page.context.close()


def _newcomer(browser: Browser, desk: ChatServer, screen: str, theme: str) -> Page:
    """Somebody who has never been here."""
    width, height = SIZES[screen]
    return browser.new_context(
        base_url=desk.url,
        viewport={"width": width, "height": height},
        color_scheme="dark" if theme == "dark" else "light",
        has_touch=screen == "phone",
        is_mobile=screen == "phone",
        locale="en-GB",
    ).new_page()


def _states(page: Page, desk: ChatServer) -> Iterator[str]:
    """Walks through a conversation, and stops wherever there is something to see."""
    expect(page.locator(".launcher")).to_be_visible()
    yield "launcher"
    opened(page)
    yield "greeting"
    yield from _asking(page, desk)
    yield from _asking_for_a_person(page, desk)
    yield from _around(page)
    yield from _ending(page, desk)


def _from_right_to_left(page: Page, _: ChatServer) -> Iterator[str]:
    opened(page)
    yield "right-to-left"
    ask(page, "Can I return a light that I have used?")
    expect(page.locator(".foot .icon").first).to_be_visible()
    yield "right-to-left-answer"


def _asked_first(page: Page, desk: ChatServer) -> Iterator[str]:
    """Where the organization wants to know who writes."""
    look = desk.config["widget"]
    desk.config["widget"] = {**look, "prechat": PRE_CHAT}
    page.reload(wait_until="networkidle")
    opened(page)
    ask(page, "Can I return a light that I have used?")
    expect(page.get_by_role("button", name="Send the message")).to_be_visible()
    yield "pre-chat"
    desk.config["widget"] = look


def _closed(page: Page, desk: ChatServer) -> Iterator[str]:
    desk.config["availability"] = CLOSED
    page.reload(wait_until="networkidle")
    opened(page)
    yield "closed"
    page.get_by_role("button", name="Leave a message").click()
    page.get_by_label("Your message").fill("My parcel came without the clamp. Can you send one?")
    page.get_by_label("E-mail address").fill("vera@example.com")
    yield "leaving-a-message"
    page.get_by_role("button", name="Send the message").click()
    expect(page.get_by_text("Your message is with the team")).to_be_visible()
    yield "message-left"


def _asking(page: Page, desk: ChatServer) -> Iterator[str]:
    desk.pause = 0.8
    ask(page, "Can I return a light that I have used?")
    expect(page.get_by_text("Looking it up…")).to_be_visible()
    yield "searching"
    expect(answer(page)).to_contain_text("This is how it goes")
    yield "streaming"
    desk.pause = 0
    expect(page.get_by_role("button", name="Helpful", exact=True)).to_be_visible()
    page.locator(".chip").first.click()
    yield "source"
    page.locator(".chip").first.click()
    page.get_by_role("button", name="Not helpful").click()
    page.get_by_role("button", name="Incomplete").click()
    page.locator(".reasons").scroll_into_view_if_needed()
    yield "thumb-down"
    page.locator(".reasons").get_by_role("button", name="Send").click()
    expect(page.locator(".toast")).to_be_empty(timeout=10_000)


def _asking_for_a_person(page: Page, desk: ChatServer) -> Iterator[str]:
    page.get_by_role("button", name="Talk to a person").click()
    expect(page.get_by_label("What is it about?")).to_be_visible()
    yield "asking-for-a-person"
    page.get_by_role("button", name="Ask for a person").click()
    expect(page.get_by_text("Your ticket number: 1042")).to_be_visible()
    yield "waiting"
    desk.join(desk.talks[0], "Anna")
    desk.say(desk.talks[0], "Hello, I am Anna. I have your order in front of me.")
    ask(page, "Great! Where is my parcel?")
    expect(page.locator(".mine")).to_have_count(2)
    yield "a-person"


def _around(page: Page) -> Iterator[str]:
    page.get_by_role("button", name="Menu").click()
    expect(page.get_by_role("menu")).to_be_visible()
    yield "menu"
    page.get_by_role("menuitem", name="Earlier conversations").click()
    expect(page.locator(".row")).to_be_visible()
    yield "earlier"
    page.get_by_role("button", name="Back").click()
    page.get_by_role("button", name="Emoji").click()
    expect(page.locator(".emoji")).to_be_visible()
    yield "emoji"
    page.keyboard.press("Escape")
    picture: FilePayload = {
        "name": "handlebar.png",
        "mimeType": "image/png",
        "buffer": b"x" * 48_200,
    }
    large: FilePayload = {
        "name": "film.pdf",
        "mimeType": "application/pdf",
        "buffer": b"x" * 10_000_001,
    }
    page.locator("input[type=file]").set_input_files([picture, large])
    expect(page.get_by_text("48 kB")).to_be_visible()
    yield "files"
    page.get_by_role("button", name="Remove film.pdf").click()
    field(page).fill("This is the place.")
    page.get_by_role("button", name="Send", exact=True).click()
    page.context.set_offline(True)
    ask(page, "Are you still there?")
    expect(page.get_by_text("Is sent once you’re connected")).to_be_visible()
    yield "offline"
    page.context.set_offline(False)
    expect(page.locator(".mine .mark")).to_have_text("Sent")


def _ending(page: Page, desk: ChatServer) -> Iterator[str]:
    from_menu(page, "End conversation")
    page.get_by_role("button", name="End it").click()
    page.get_by_role("radio", name="4 of 5").click()
    yield "rating"
    page.get_by_role("button", name="Close chat").last.click()
    desk.say(desk.talks[0], "Your parcel has just left our workshop.")
    expect(page.locator(".preview")).to_be_visible()
    yield "preview"


def _taken(page: Page, clip: tuple[int, int, int, int] | None) -> bytes:
    # Motion is over when nothing has been drawn for a moment.
    page.wait_for_timeout(350)
    if clip is None:
        return page.screenshot(scale="css", animations="disabled")
    x, y, width, height = clip
    corner = {"x": x, "y": y, "width": width, "height": height}
    return page.screenshot(scale="css", animations="disabled", clip=corner)  # type: ignore[arg-type]


def _save_small(picture: bytes, path: Path) -> None:
    """A page has few colours: with a palette its picture takes a third, and looks the same."""
    with Image.open(io.BytesIO(picture)) as image:
        plain = image.convert("RGB")
    palette = plain.quantize(256, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    palette.save(path, optimize=True)


if __name__ == "__main__":
    sys.exit(main())
