"""Takes the pictures of the inbox anew: a real server with the demo, visitors, two agents.

.venv/bin/python scripts/inbox_screenshots.py [--out docs/inbox]
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path
from uuid import uuid4

from playwright.sync_api import Browser

# A script's own folder is all that Python looks into by itself.
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from screenshots import save_small
from tests.e2e.browser import launched_browser
from tests.e2e.desks import AGENT, Agent, introduce, visitor
from tests.e2e.patience import wait_for
from tests.e2e.server import Server, running

ROOT = Path(__file__).resolve().parent.parent
# The assistant is to answer as it does wherever `make run` has built the model.
MODEL = ROOT / "data" / "models" / "minilm"
UNREAD = "SELECT 1 FROM documents WHERE status <> 'ready'"
SCREENS = {"desktop": (1440, 900), "tablet": (1024, 768), "phone": (390, 844)}
# Nobody's names: these are no customers.
SAID = (
    ("Guest from Iceland", "Do you deliver to Iceland?"),
    ("Guest on a tour", "Is the Beacon front light allowed in Germany?"),
    ("Order 5512", "Can you change the address of my order?"),
    ("Someone at the shop", "I would like to speak to a person, please."),
    ("Guest with a bag", "How do I mount the tail light on a seatpost with a bag?"),
    ("A happy rider", "I love your lights, best purchase this year!"),
    ("Order 5498", "Where is my parcel? It was due on Tuesday."),
)
ANGRY = (
    "My Harbour rear light stopped charging after two weeks. This is ridiculous!!",
    "I want my money back. Now. Get me a human.",
)


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "inbox")
    out: Path = parser.parse_args().out
    out.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory(prefix="frontdesk-pictures-") as folder,
        running(Path(folder), EMBEDDING_MODEL=str(MODEL)) as server,
        launched_browser() as browser,
    ):
        opened = _fill(server, browser)
        for screen, size in SCREENS.items():
            for theme in ("light", "dark"):
                _take(server, browser, opened, out, (screen, size, theme))
    return 0


def _fill(server: Server, browser: Browser) -> str:
    """A desk at which somebody works; the conversation to look at."""
    wait_for(lambda: not server.rows(UNREAD), "end of reading the demo's documents", seconds=180)
    for name, words in SAID:
        with visitor(server) as guest:
            introduce(guest, name, words)
            guest.expect("event", lambda frame: frame["event"]["author"]["kind"] != "visitor")
    with visitor(server, page_title="Harbour rear light · Dusk & Spoke") as caller:
        opened = introduce(caller, "Order 5471", ANGRY[0])
        caller.expect("event", lambda frame: frame["event"]["author"]["kind"] != "visitor")
        caller.say(ANGRY[1])
    ada = Agent(browser.new_context(base_url=server.url), "Ada", AGENT, server.demo_sign_in[1])
    note = "He wrote three times last week, I found the mails in spam. Let us be generous."
    body = {"client_id": uuid4().hex, "text": note}
    answer = ada.call("POST", f"/api/conversations/{opened}/notes", body)
    assert answer.ok, answer.text()
    ada.context.close()
    return opened


def _take(
    server: Server,
    browser: Browser,
    opened: str,
    out: Path,
    how: tuple[str, tuple[int, int], str],
) -> None:
    screen, (width, height), theme = how
    context = browser.new_context(
        base_url=server.url,
        viewport={"width": width, "height": height},
        color_scheme="dark" if theme == "dark" else "light",
        reduced_motion="reduce",
        locale="en-GB",
        timezone_id="Europe/Lisbon",
    )
    olivia = Agent(context, "Olivia", *server.demo_sign_in)
    for name, path in {"list": "/dashboard/inbox", "open": f"/dashboard/inbox/{opened}"}.items():
        olivia.arrive(path)
        olivia.page.wait_for_load_state("networkidle")
        picture = olivia.page.screenshot(scale="css", animations="disabled")
        save_small(picture, out / f"{name}-{screen}-{theme}.png")
    context.close()


if __name__ == "__main__":
    sys.exit(main())
