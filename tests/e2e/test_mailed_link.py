"""The visitor has left: the reply comes by mail, and its link takes up the thread again."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID, uuid4

import jwt
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.e2e.conftest import MILLISECONDS
from tests.e2e.desks import Agent
from tests.e2e.looks import everything_wrong_with
from tests.e2e.patience import wait_for
from tests.e2e.server import Server
from tests.e2e.widget.visits import answer, ask, opened

pytestmark = pytest.mark.e2e
MAILBOX = "mailbox@example.com"
STALE = "This link is not good any more."
DUE = "UPDATE conversations SET mail_due_at = '2020-01-01 00:00:00.000000' WHERE mail_due_at > ''"


@pytest.fixture(scope="module")
def settings() -> dict[str, str]:
    return {"EMBEDDINGS": "none"}


@pytest.fixture
def olivia(browser: Browser, server: Server, kept: dict[str, Any]) -> Iterator[Agent]:
    context = browser.new_context(base_url=server.url, reduced_motion="reduce")
    yield Agent(context, "Olivia", *server.demo_sign_in, kept)
    context.close()


@pytest.fixture
def new_browser(browser: Browser) -> Iterator[Callable[[], BrowserContext]]:
    made: list[BrowserContext] = []

    def make() -> BrowserContext:
        made.append(browser.new_context(reduced_motion="reduce"))
        made[-1].set_default_timeout(MILLISECONDS)
        return made[-1]

    yield make
    for context in made:
        context.close()


def shop(server: Server) -> str:
    return f"http://127.0.0.1:{server.port + 1}/"


def leave_a_question(page: Page, server: Server, words: str) -> str:
    """Ask on the shop's site, and say where an answer reaches one; the id of the conversation."""
    page.goto(shop(server))
    opened(page)
    ask(page, words)
    expect(answer(page)).to_be_visible()
    page.locator(".person:visible").last.click()
    page.get_by_label("E-mail address").fill(MAILBOX)
    if (message := page.get_by_label("Your message")).count():
        message.fill("Please write to me.")
    page.locator(".form .main").click()
    query = """SELECT conversations.id FROM conversations JOIN events ON conversation_id =
        conversations.id WHERE events.text = ? AND contact_id IS NOT NULL"""
    found = wait_for(lambda: server.rows(query, words), "contact")
    return str(UUID(found[0]["id"]))


def reply(agent: Agent, conversation_id: str, words: str) -> None:
    """Take over and write, as somebody of the team does in the inbox."""
    agent.page.goto(f"/dashboard/inbox/{conversation_id}")
    expect(agent.page.locator("#inbox")).to_have_attribute("data-link", "open")
    agent.write(words)
    agent.send_now()
    expect(agent.thread).to_contain_text(words)


def letter(agent: Agent, server: Server) -> str:
    """The link of the newest letter, read where an operator without a mail provider reads it."""
    sent = "SELECT id FROM outbox_messages WHERE template = 'reply' AND recipient = ?"
    before = len(server.rows(sent, MAILBOX))
    wait_for(lambda: server.change_rows(DUE), "letter that is due")
    wait_for(lambda: len(server.rows(sent, MAILBOX)) > before, "letter")
    link = agent.open_kept_mail(MAILBOX, "has answered you").get_attribute("href") or ""
    assert "/chat/demo#continue=" in link
    return link


def test_it_goes_on_by_mail_and_comes_back_live(
    server: Server, olivia: Agent, new_browser: Callable[[], BrowserContext]
) -> None:
    home = new_browser()
    tab = home.new_page()
    conversation_id = leave_a_question(tab, server, "Can a frame bag hold the Lantern 60?")
    tab.close()
    reply(olivia, conversation_id, "Yes, with the short strap.")
    link = letter(olivia, server)
    letter_text = olivia.page.locator(".mail-text").inner_text()
    assert "> Yes, with the short strap." in letter_text
    shown = olivia.page.frame_locator(".mail-frame").locator("body")
    expect(shown).to_contain_text("Yes, with the short strap.")
    expect(shown).not_to_contain_text("built-in")

    elsewhere = new_browser().new_page()
    elsewhere.goto(link)
    expect(answer(elsewhere)).to_have_text("Yes, with the short strap.")
    expect(elsewhere.get_by_text("Can a frame bag hold the Lantern 60?")).to_be_visible()
    assert "continue=" not in elsewhere.url, "The secret stays in nobody's history."
    assert everything_wrong_with(elsewhere) == []

    olivia.page.goto(f"/dashboard/inbox/{conversation_id}")
    expect(olivia.page.locator("#inbox")).to_have_attribute("data-link", "open")
    ask(elsewhere, "Thank you, that is what I needed.")
    expect(olivia.thread).to_contain_text("Thank you, that is what I needed.")
    olivia.write("You are welcome.")
    olivia.send_now()
    expect(answer(elsewhere)).to_have_text("You are welcome.")

    elsewhere.reload()
    expect(answer(elsewhere)).to_have_text("You are welcome.")
    back_home = home.new_page()
    back_home.goto(shop(server))
    opened(back_home)
    expect(answer(back_home)).to_have_text("You are welcome.")
    expect(back_home.get_by_text("Thank you, that is what I needed.")).to_be_visible()


def test_what_was_read_meanwhile_is_not_mailed(
    server: Server, olivia: Agent, new_browser: Callable[[], BrowserContext]
) -> None:
    tab = new_browser().new_page()
    conversation_id = leave_a_question(tab, server, "Is the Harbour light waterproof?")
    reply(olivia, conversation_id, "It is, down to a metre.")
    expect(answer(tab)).to_have_text("It is, down to a metre.")
    read = "SELECT 1 FROM conversations WHERE visitor_read_seq = last_seq AND id = ?"
    wait_for(lambda: server.rows(read, conversation_id.replace("-", "")), "reading")
    server.change_rows(DUE)
    idle = "SELECT 1 FROM conversations WHERE mail_due_at IS NOT NULL"
    wait_for(lambda: not server.rows(idle), "sweep")
    olivia.page.goto("/dev/mail")
    assert olivia.page.get_by_text("down to a metre").count() == 0


@pytest.mark.parametrize("flaw", ["forged", "expired", "erased"])
def test_a_link_that_opens_nothing_says_so_and_what_can_be_done(
    server: Server, olivia: Agent, new_browser: Callable[[], BrowserContext], flaw: str
) -> None:
    tab = new_browser().new_page()
    words = f"Does the {flaw} light have a mount?"
    conversation_id = leave_a_question(tab, server, words)
    tab.close()
    reply(olivia, conversation_id, "It has two.")
    link = letter(olivia, server)
    link = spoilt(olivia, server, link, flaw)
    page = new_browser().new_page()
    page.goto(link)
    # Not in a notice that goes by itself.
    said = page.locator(".banner[role=status]").filter(has_text=STALE)
    expect(said).to_be_visible()
    expect(page.get_by_text(words)).to_have_count(0)
    assert everything_wrong_with(page) == []
    ask(page, "How many days do I have to send a light back?")
    expect(page.locator(".mine")).to_have_count(1)
    expect(said).to_have_count(0)


def spoilt(agent: Agent, server: Server, link: str, flaw: str) -> str:
    """The link after what makes it worthless has happened."""
    page, _, token = link.partition("#continue=")
    if flaw == "forged":
        claims = jwt.decode(token, options={"verify_signature": False})
        return f"{page}#continue={jwt.encode(claims, uuid4().hex * 2, algorithm='HS256')}"
    if flaw == "erased":
        contact = agent.call("GET", f"/api/contacts?search={MAILBOX}").json()["items"][0]
        assert agent.call("DELETE", f"/api/contacts/{contact['id']}").status == 204
        return link
    return f"{page}#continue={expired(server, token)}"


def expired(server: Server, token: str) -> str:
    """The same claims, signed with the server's own key, and a minute too late."""
    secret = (server.data_dir / "keys" / "secret_key").read_text().strip()
    key = hashlib.sha256(b"frontdesk reply link\0" + secret.encode()).digest()
    claims = jwt.decode(token, key, algorithms=["HS256"], audience="continue")
    return jwt.encode(claims | {"exp": int(time.time()) - 60}, key, algorithm="HS256")
