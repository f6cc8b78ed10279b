"""Takes the pictures of the README anew: a real server with the demo, a real browser.

.venv/bin/python scripts/screenshots.py [--out docs/screenshots]
"""

from __future__ import annotations

import argparse
import io
import sys
import tempfile
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page

# A script's own folder is all that Python looks into by itself.
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.e2e.browser import launched_browser
from tests.e2e.desks import introduce, visitor
from tests.e2e.server import Server, running

ROOT = Path(__file__).resolve().parent.parent
# The assistant is to answer as it does wherever `make run` has built the model.
MODEL = ROOT / "data" / "models" / "minilm"
PUBLIC = {"landing": "/", "login": "/login"}
OF_THE_DESK = {
    "overview": "/dashboard",
    "tickets": "/dashboard/tickets",
    "contacts": "/dashboard/contacts",
    "article-drafts": "/dashboard/documents/drafts",
    "widget": "/dashboard/settings/widget",
    "widget-install": "/dashboard/settings/widget/install",
    "assistant": "/dashboard/settings/assistant",
    "hours": "/dashboard/settings/hours",
    "replies": "/dashboard/settings/replies",
    "team": "/dashboard/settings/team",
    "api-keys": "/dashboard/settings/api-keys",
}
# Nobody's names: these are no customers.
SAID = (
    ("Guest from Iceland", "Do you deliver to Iceland?"),
    ("Someone at the shop", "I would like to speak to a person, please."),
    ("A happy rider", "I love your lights, best purchase this year!"),
    ("Order 5498", "Where is my parcel? It was due on Tuesday."),
    ("Order 5471", "My Harbour rear light stopped charging after two weeks. Get me a human!"),
)
TICKETS = (
    {"subject": "The clamp of a Lantern 60 is broken", "priority": "urgent"},
    {"subject": "Invoice without a tax number", "priority": "low"},
)
ARTICLE = {
    "question": "Do you deliver to Iceland?",
    "answer": "Yes. Parcels to Iceland take six working days and cost 18 euros.",
    "category": "Delivery",
}
SCREENS = {"desktop": (1280, 800), "phone": (390, 844)}
THEMES = ("light", "dark")
MOST_BYTES = 2_000_000
SPLIT = [{"start": "09:00", "end": "12:30"}, {"start": "14:00", "end": "18:00"}]
WORKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday")
# So that the desk looks like one at which somebody works.
DEEDS: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("POST", "/api/invites", {"email": "colleague@example.com", "role": "agent"}),
    (
        "POST",
        "/api/api-keys",
        {"name": "Nightly export", "scopes": ["team:read", "contacts:read"], "expires_in_days": 90},
    ),
    ("POST", "/api/api-keys", {"name": "Shop backend", "scopes": ["contacts:write"]}),
    (
        "POST",
        "/api/canned-replies",
        {
            "shortcut": "delivery",
            "title": "Where a parcel is",
            "text": "Hello {{contact.first_name|there}}, your parcel is on its way to you.",
        },
    ),
    (
        "POST",
        "/api/macros",
        {
            "name": "Refund and close",
            "steps": [
                {"do": "reply", "text": "Your refund is on its way."},
                {"do": "tag", "tags": ["refund"]},
                {"do": "close"},
            ],
        },
    ),
    (
        "PUT",
        "/api/organization/hours",
        {
            "time_zone": "Europe/Lisbon",
            "week": dict.fromkeys(WORKDAYS, SPLIT),
            "holidays": [{"date": "2026-12-25", "name": "Christmas Day"}],
        },
    ),
)


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "screenshots")
    out: Path = parser.parse_args().out
    out.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory(prefix="frontdesk-pictures-") as folder,
        running(Path(folder), EMBEDDING_MODEL=str(MODEL)) as server,
        launched_browser() as browser,
    ):
        _take_all(browser, server, out)
    total = sum(path.stat().st_size for path in out.glob("*.png"))
    print(f"{len(list(out.glob('*.png')))} pictures in {out}, {total // 1000} kB.")
    if total > MOST_BYTES:
        print(f"That is more than the {MOST_BYTES // 1000} kB that they may take.")
        return 1
    return 0


def _take_all(browser: Browser, server: Server, out: Path) -> None:
    state: Any = None
    for screen, size in SCREENS.items():
        for theme in THEMES:
            suffix = f"{screen}-{theme}"
            with _context(browser, server, size, theme) as stranger:
                _take(stranger.new_page(), PUBLIC, out, suffix)
            with _context(browser, server, size, theme, state) as owner:
                if state is None:
                    _settle_in(owner, server)
                    _fill(owner, server)
                    state = owner.storage_state()
                _take(owner.new_page(), OF_THE_DESK | _newest(owner), out, suffix)


def _context(
    browser: Browser, server: Server, size: tuple[int, int], theme: str, state: Any = None
) -> BrowserContext:
    width, height = size
    return browser.new_context(
        base_url=server.url,
        viewport={"width": width, "height": height},
        color_scheme="dark" if theme == "dark" else "light",
        reduced_motion="reduce",
        locale="en-GB",
        timezone_id="Europe/Lisbon",
        storage_state=state,
    )


def _settle_in(owner: BrowserContext, server: Server) -> None:
    email, password = server.demo_sign_in
    answer = owner.request.post("/api/auth/login", data={"email": email, "password": password})
    assert answer.ok, answer.text()
    for method, path, body in DEEDS:
        _call(owner, method, path, body)


def _fill(owner: BrowserContext, server: Server) -> None:
    """Some who have written, with tickets, and an article that waits."""
    for name, words in SAID:
        with visitor(server) as guest:
            last = introduce(guest, name, words)
            guest.expect("event", lambda frame: frame["event"]["author"]["kind"] != "visitor")
    for ticket in TICKETS:
        _call(owner, "POST", "/api/tickets", {"reason": "It is new.", **ticket})
    _call(owner, "POST", f"/api/conversations/{last}/article", ARTICLE)


def _newest(owner: BrowserContext) -> dict[str, str]:
    """One page of each kind that has no address of its own."""
    contacts = owner.request.get("/api/contacts").json()["items"]
    tickets = owner.request.get("/api/tickets").json()["items"]
    ticket = next(each for each in tickets if each["conversation_id"])
    return {
        "contact": f"/dashboard/contacts/{contacts[0]['id']}",
        "ticket": f"/dashboard/tickets/{ticket['id']}",
    }


def _call(owner: BrowserContext, method: str, path: str, body: dict[str, Any]) -> None:
    twin = next(one for one in owner.cookies() if one.get("name") == "csrf_access_token")
    headers = {"X-CSRF-TOKEN": twin.get("value", "")}
    answer = owner.request.fetch(path, method=method, data=body, headers=headers)
    assert answer.ok, answer.text()


def _take(page: Page, places: dict[str, str], out: Path, suffix: str) -> None:
    for name, path in places.items():
        answer = page.goto(path, wait_until="networkidle")
        assert answer is not None, path
        assert answer.ok, f"{path} answered {answer.status}"
        page.evaluate("document.fonts.ready.then(() => {})")
        picture = page.screenshot(scale="css", animations="disabled")
        save_small(picture, out / f"{name}-{suffix}.png")


def save_small(picture: bytes, path: Path) -> None:
    """A page has few colours: with a palette its picture takes a third, and looks the same."""
    with Image.open(io.BytesIO(picture)) as image:
        plain = image.convert("RGB")
    palette = plain.quantize(256, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    palette.save(path, optimize=True)


if __name__ == "__main__":
    sys.exit(main())
