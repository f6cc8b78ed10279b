"""Ten thousand conversations, and one of five thousand messages: nothing holds the browser up."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.e2e.desks import Agent, introduce, visitor
from tests.e2e.server import Server

pytestmark = pytest.mark.e2e
CONVERSATIONS, MESSAGES = 10_000, 5_000
LONGEST_TASK = 100
MOST_ROWS = 60
MOST_TURNS = 200
KEPT = ("id", "number", "last_event_at", "preview", "mailed_seq")
WATCH = """() => {
  window.tasks = [];
  new PerformanceObserver((list) => {
    for (const one of list.getEntries()) window.tasks.push(Math.round(one.duration));
  }).observe({ type: "longtask", buffered: false });
}"""
# As a finger does: many small steps, with the frames between them.
SCROLL = """async ([selector, step, steps]) => {
  const box = document.querySelector(selector);
  for (let at = 0; at < steps; at++) {
    box.scrollTop += step;
    await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  }
}"""


def test_ten_thousand_conversations_scroll_smoothly(
    server: Server, new_context: Callable[[], BrowserContext]
) -> None:
    with visitor(server) as vera:
        conversation = introduce(vera, "Vera Many", "Do you deliver to Malta?")
        vera.event(author="assistant")
    many(server, conversation.replace("-", ""))
    olivia = Agent(new_context(), "Demo Owner", *server.demo_sign_in)
    page = olivia.arrive()
    expect(page.locator(".row:not([hidden])").first).to_be_visible()
    page.evaluate(WATCH)
    while (
        page.evaluate("document.querySelector('.pile__more') !== null")
        and loaded(page) < CONVERSATIONS
    ):
        page.evaluate(SCROLL, ["#scroll", 1_500, 60])
    assert loaded(page) >= CONVERSATIONS
    scroll(page, "#scroll", -3_000)
    assert page.locator(".row").count() <= MOST_ROWS
    assert worst(page) <= LONGEST_TASK


def test_five_thousand_messages_scroll_smoothly(
    server: Server, new_context: Callable[[], BrowserContext]
) -> None:
    with visitor(server) as vera:
        conversation = introduce(vera, "Vera Long", "Do you deliver to Malta?")
        vera.event(author="assistant")
    long(server, conversation.replace("-", ""))
    olivia = Agent(new_context(), "Demo Owner", *server.demo_sign_in)
    page = olivia.arrive(f"/dashboard/inbox/{conversation}")
    expect(olivia.thread.locator(".said").first).to_be_visible()
    page.evaluate(WATCH)
    first = olivia.thread.get_by_text("line 3 of many", exact=True)
    for _ in range(MOST_TURNS):
        if first.count():
            break
        page.evaluate(SCROLL, ["#thread", -600, 25])
    assert olivia.thread.locator(".said").count() >= MESSAGES
    scroll(page, "#thread", 2_000)
    assert worst(page) <= LONGEST_TASK


def many(server: Server, model: str) -> None:
    """Copies of one conversation, a minute apart, each with a number of its own."""
    columns = [row["name"] for row in server.rows("PRAGMA table_info(conversations)")]
    others = ", ".join(name for name in columns if name not in KEPT)
    server.change_rows(
        f"""
        WITH RECURSIVE series(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM series WHERE n < ?)
        INSERT INTO conversations (id, number, last_event_at, preview, mailed_seq, {others})
        SELECT lower(hex(randomblob(16))), 100000 + n,
               strftime('%Y-%m-%d %H:%M:%f', last_event_at, '-' || n || ' minutes') || '000',
               'This is what was said in number ' || n, mailed_seq, {others}
        FROM conversations, series WHERE id = ?
        """,
        CONVERSATIONS,
        model,
    )


def long(server: Server, conversation: str) -> None:
    """A conversation in which two have gone on and on."""
    server.change_rows(
        """
        WITH RECURSIVE series(n) AS (SELECT 3 UNION ALL SELECT n + 1 FROM series WHERE n < ?)
        INSERT INTO events (id, created_at, organization_id, conversation_id, seq, kind, author,
          author_id, author_name, text, body, inside, feedback_reason, feedback_comment)
        SELECT lower(hex(randomblob(16))), created_at, organization_id, conversation_id, n,
          'message', CASE n % 3 WHEN 0 THEN 'visitor' ELSE 'person' END, NULL, 'Somebody',
          'line ' || n || ' of many', '{}', '{}', '', ''
        FROM events, series WHERE conversation_id = ? AND seq = 1
        """,
        MESSAGES + 2,
        conversation,
    )
    server.change_rows(
        "UPDATE conversations SET last_seq = ?, team_read_seq = ? WHERE id = ?",
        MESSAGES + 2,
        MESSAGES + 2,
        conversation,
    )


def loaded(page: Page) -> int:
    rows: float = page.evaluate("parseFloat(document.getElementById('rows').style.height) / 92")
    return round(rows)


def scroll(page: Page, where: str, step: int) -> None:
    """There, back and there again: a machine that does other things too is judged by its best."""
    page.evaluate("window.best = Infinity")
    for turn in (1, -1, 1):
        page.evaluate("window.tasks = []")
        page.evaluate(SCROLL, [where, step * turn, 150])
        page.evaluate("window.best = Math.min(window.best, Math.max(0, ...window.tasks))")


def worst(page: Page) -> int:
    """The longest time in milliseconds for which scrolling held the page up."""
    longest: int = page.evaluate("window.best")
    # Shown by -rP. The browser counts as long what takes over 50 ms.
    print(f"longest task while scrolling: {longest} ms" if longest else "no long task")
    return longest
