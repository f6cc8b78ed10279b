"""The widget on the demo shop, before the desk as its operator runs it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import httpx2
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.e2e.conftest import MILLISECONDS
from tests.e2e.looks import Complaints, everything_wrong_with
from tests.e2e.patience import wait_for
from tests.e2e.people import Person
from tests.e2e.server import Server
from tests.e2e.widget.visits import answer, ask, field, from_menu, opened

pytestmark = pytest.mark.e2e
QUESTION = "How many days do I have to send a light back?"
EVIL_ARTICLE = """# Zeppelin <img src=x onerror=hacked=1>

## Inflating <svg onload=hacked=1>

The quizzical zeppelin is inflated with helium <img src=x onerror=hacked=1> in four hours.
"""


@pytest.fixture(scope="module")
def settings() -> dict[str, str]:
    # Words are enough to find these answers, and the model would take its time to load.
    return {"EMBEDDINGS": "none"}


@pytest.fixture(scope="module")
def learned(server: Server) -> Server:
    """A desk that has read its articles."""
    unread = "SELECT id FROM documents WHERE live_version = 0"
    wait_for(lambda: not server.rows(unread), "knowledge", seconds=120)
    return server


@pytest.fixture
def new_visitor(browser: Browser, learned: Server) -> Iterator[Callable[..., BrowserContext]]:
    made: list[BrowserContext] = []

    def make(**options: Any) -> BrowserContext:
        shop = f"http://127.0.0.1:{learned.port + 1}"
        made.append(browser.new_context(base_url=shop, reduced_motion="reduce", **options))
        made[-1].set_default_timeout(MILLISECONDS)
        return made[-1]

    yield make
    for context in made:
        context.close()


@pytest.fixture
def visitor(new_visitor: Callable[..., BrowserContext]) -> Page:
    page = new_visitor().new_page()
    page.goto("/")
    return opened(page)


@pytest.fixture
def owner(browser: Browser, learned: Server) -> Iterator[Person]:
    context = browser.new_context(base_url=learned.url)
    person = Person(context, "Owner")
    email, password = learned.demo_sign_in
    assert person.call("POST", "/api/auth/login", {"email": email, "password": password}).ok
    yield person
    context.close()


@pytest.fixture
def agent(browser: Browser, learned: Server) -> Iterator[Person]:
    context = browser.new_context(base_url=learned.url)
    person = Person(context, "Agent")
    body = {"email": "agent@demo.example.com", "password": learned.demo_sign_in[1]}
    assert person.call("POST", "/api/auth/login", body).ok
    yield person
    context.close()


def test_a_visitor_asks_and_reads_where_it_stands(visitor: Page, learned: Server) -> None:
    complaints = Complaints(visitor)
    ask(visitor, QUESTION)
    expect(answer(visitor).locator(".chip").first).to_be_visible()
    answer(visitor).locator(".chip").first.click()
    expect(visitor.locator(".quote")).to_be_visible()
    assert everything_wrong_with(visitor) == []
    visitor.get_by_role("button", name="Helpful", exact=True).click()
    expect(visitor.get_by_role("button", name="Helpful", exact=True)).to_have_attribute(
        "aria-pressed", "true"
    )
    visitor.reload()
    expect(visitor.get_by_role("button", name="Helpful", exact=True)).to_have_attribute(
        "aria-pressed", "true"
    )
    assert complaints.all_but() == []


def test_a_file_goes_along_and_comes_back(visitor: Page) -> None:
    note = {"name": "note.txt", "mimeType": "text/plain", "buffer": b"My light is broken.\n"}
    visitor.locator("input[type=file]").set_input_files([note])
    expect(visitor.locator(".chips .file")).to_contain_text("note.txt")
    field(visitor).fill("Here it is.")
    visitor.get_by_role("button", name="Send").click()
    with visitor.expect_download() as download:
        visitor.get_by_role("button", name="Download note.txt").click()
    assert download.value.path().read_bytes() == b"My light is broken.\n"


def test_an_open_widget_sees_the_desk_close(visitor: Page, owner: Person) -> None:
    hours = owner.call("GET", "/api/organization/hours").json()
    expect(visitor.locator(".hours")).not_to_contain_text("at the fair")
    offline = {"assistant": True, "message": "We are at the fair until Monday."}
    shut = {"time_zone": "UTC", "week": {}, "holidays": [], "offline": offline}
    answered = owner.call("PUT", "/api/organization/hours", shut)
    assert answered.ok, answered.text()
    try:
        expect(visitor.locator(".hours")).to_have_text("We are at the fair until Monday.")
    finally:
        open_again = {key: value for key, value in hours.items() if key != "now"}
        assert owner.call("PUT", "/api/organization/hours", open_again).ok
    expect(visitor.locator(".hours")).not_to_contain_text("at the fair")


def test_two_tabs_show_the_same_from_the_first_word(visitor: Page) -> None:
    other = visitor.context.new_page()
    other.goto("/")
    opened(other)
    ask(visitor, QUESTION)
    expect(answer(visitor).locator(".chip").first).to_be_visible()
    expect(other.locator(".mine")).to_have_count(1)
    expect(answer(other).locator(".chip").first).to_be_visible()


def test_what_is_typed_offline_arrives_once_and_in_order(visitor: Page, learned: Server) -> None:
    ask(visitor, QUESTION)
    expect(answer(visitor).locator(".chip").first).to_be_visible()
    visitor.context.set_offline(True)
    expect(visitor.get_by_text("You’re offline.")).to_be_visible()
    ask(visitor, "The first of two.")
    ask(visitor, "The second of two.")
    visitor.context.set_offline(False)
    said = (
        "SELECT text FROM events WHERE kind = 'message' AND text LIKE 'The % of two.' ORDER BY seq"
    )
    wait_for(lambda: len(learned.rows(said)) == 2, "both messages", seconds=60)
    expect(visitor.locator(".mine .mark")).to_have_count(0)
    texts = [row["text"] for row in learned.rows(said)]
    assert texts == ["The first of two.", "The second of two."]
    expect(visitor.locator(".mine")).to_have_count(3)


def test_a_kill_in_the_middle_loses_and_doubles_nothing(visitor: Page, learned: Server) -> None:
    ask(visitor, QUESTION)
    expect(answer(visitor).locator(".chip").first).to_be_visible()
    ask(visitor, "Which front light is the brightest?")
    learned.kill()
    ask(visitor, "Are you still there?")
    learned.start()
    said = "SELECT text FROM events WHERE kind = 'message' AND text = 'Are you still there?'"
    wait_for(lambda: learned.rows(said), "the message", seconds=60)
    expect(visitor.locator(".mine .mark")).to_have_count(0)
    expect(visitor.locator(".mine")).to_have_count(3)
    expect(visitor.locator(".msg:not(.mine)")).to_have_count(3)
    assert len(learned.rows(said)) == 1


def test_a_person_takes_over_and_hands_back(visitor: Page, agent: Person, learned: Server) -> None:
    ask(visitor, QUESTION)
    expect(answer(visitor).locator(".chip").first).to_be_visible()
    # The agent has signed in just now, and an open widget hears of it.
    expect(visitor.locator(".dot.on")).to_be_visible()
    visitor.get_by_role("button", name="Talk to a person").click()
    visitor.get_by_label("E-mail address").fill("vera@example.com")
    visitor.get_by_label("What is it about?").fill("My order")
    visitor.locator(".form .main").click()
    expect(visitor.get_by_text("Your message is with the team")).to_be_visible()
    newest = agent.call("GET", "/api/conversations").json()["items"][0]["id"]
    taken = agent.call("POST", f"/api/conversations/{newest}/takeover", {})
    assert taken.ok, taken.text()
    expect(visitor.get_by_role("heading", name="Demo Agent")).to_be_visible()
    body = {"text": "I am on it.", "client_id": "agent-said-1"}
    said = agent.call("POST", f"/api/conversations/{newest}/messages", body)
    assert said.ok, said.text()
    expect(answer(visitor)).to_have_text("I am on it.")
    assert agent.call("POST", f"/api/conversations/{newest}/hand-back", {}).ok
    expect(visitor.get_by_text("The assistant answers again.")).to_be_visible()


def test_it_is_ended_rated_and_forgotten(visitor: Page, learned: Server) -> None:
    ask(visitor, "Please forget the word xylophone.")
    expect(answer(visitor)).to_be_visible()
    with visitor.expect_download() as download:
        from_menu(visitor, "Download transcript")
    assert "xylophone" in download.value.path().read_text()
    from_menu(visitor, "End conversation")
    visitor.get_by_role("button", name="End it").click()
    visitor.get_by_role("radio", name="5 of 5").click()
    visitor.locator(".rating .main").click()
    expect(visitor.get_by_text("Thank you for telling us.")).to_be_visible()
    from_menu(visitor, "Delete my data")
    visitor.get_by_role("button", name="Delete everything").click()
    expect(visitor.locator(".hello")).to_be_visible()
    said = "SELECT id FROM events WHERE text LIKE '%xylophone%'"
    wait_for(lambda: not learned.rows(said), "nothing left")


def test_what_strangers_write_is_inert_on_both_sides(
    visitor: Page, owner: Person, learned: Server
) -> None:
    evil = "<img src=x onerror=hacked=1><script>hacked=1</script>"
    complaints = Complaints(visitor)
    owner.call("PATCH", "/api/organization", {"name": f"Shop {evil}"})
    document = {"name": "evil.md", "mimeType": "text/markdown", "buffer": EVIL_ARTICLE.encode()}
    given = owner.context.request.post(
        "/api/documents",
        multipart={"file": document},
        headers={"X-CSRF-TOKEN": owner.cookie("csrf_access_token")},
    )
    assert given.ok, given.text()
    unread = "SELECT id FROM documents WHERE live_version = 0"
    wait_for(lambda: not learned.rows(unread), "the article", seconds=60)
    visitor.reload()
    visitor.evaluate("words => { document.title = words }", evil)
    file = {"name": f"{evil.replace('/', '')}.txt", "mimeType": "text/plain", "buffer": b"x"}
    opened(visitor).locator("input[type=file]").set_input_files([file])
    expect(visitor.locator(".chips .file")).to_contain_text("onerror")
    ask(visitor, f"How is the quizzical zeppelin inflated? {evil}")
    visitor.locator(".chip").first.click()
    expect(visitor.locator(".quote").first).to_contain_text("<img")
    assert visitor.evaluate("typeof hacked") == "undefined"
    newest = owner.call("GET", "/api/conversations").json()["items"][0]["id"]
    for path in ("/dashboard", f"/dashboard/conversations/{newest}", "/dashboard/documents"):
        owner.page.goto(path)
        owner.page.wait_for_load_state("networkidle")
        assert owner.page.evaluate("typeof hacked") == "undefined", path
        assert owner.page.locator("img[src=x]").count() == 0, path
    told = owner.call("GET", f"/api/conversations/{newest}")
    assert told.headers["content-type"].startswith("application/json")
    assert told.headers["x-content-type-options"] == "nosniff"
    assert complaints.all_but() == []


def test_the_chat_page_is_the_same_chat_without_a_script(browser: Browser, learned: Server) -> None:
    context = browser.new_context(base_url=learned.url, reduced_motion="reduce")
    page = context.new_page()
    complaints = Complaints(page)
    page.goto("/chat/demo")
    ask(page, QUESTION)
    expect(answer(page).locator(".chip").first).to_be_visible()
    assert everything_wrong_with(page) == []
    assert complaints.all_but() == []
    assert context.cookies() == []
    context.close()


def test_a_signature_that_is_no_good_keeps_nobody_out(visitor: Page) -> None:
    visitor.evaluate("Frontdesk.identify('not.a.token')")
    ask(visitor, QUESTION)
    expect(answer(visitor).locator(".chip").first).to_be_visible()


def test_a_site_that_is_not_allowed_gets_no_widget(browser: Browser, learned: Server) -> None:
    key = learned.rows("SELECT widget_key FROM organizations")[0]["widget_key"]
    refused = httpx2.get(
        f"{learned.url}/api/chat/config?key={key}", headers={"Origin": "https://evil.example"}
    )
    assert refused.status_code == 403
