"""The knowledge pages as people use them: giving files, watching them being learned, asking."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.e2e.looks import Complaints, flaws
from tests.e2e.patience import wait_for
from tests.e2e.people import Person
from tests.e2e.server import Server

pytestmark = pytest.mark.e2e
Somebody = Callable[[str], Person]
DOCUMENTS = "/dashboard/documents"
PARCEL = "A parcel to Norway takes nine working days.\n"
ROOMS = {
    "try": "/dashboard/knowledge/try",
    "found": "/dashboard/knowledge/try?q=how+long+does+delivery+take",
    "questions": "/dashboard/knowledge/questions",
}
HOSTILE = "<img src=x onerror='window.harm=1'>\u202efdp.txt"


@pytest.fixture
def admin(somebody: Somebody, kept: dict[str, Any]) -> Person:
    """The owner of an organization that knows nothing yet, on the documents page."""
    person = somebody("Nadia")
    if person.name in kept:
        person.context.add_cookies(kept[person.name])
    else:
        person.register()
        kept[person.name] = person.context.cookies()
    for path in ("/api/documents", "/api/knowledge/questions"):
        for item in person.call("GET", path).json()["items"]:
            assert person.call("DELETE", f"{path}/{item['id']}").status == 204
    person.page.goto(DOCUMENTS)
    return person


@pytest.fixture
def demo_owner(somebody: Somebody, server: Server, kept: dict[str, Any]) -> Person:
    return signed_in(somebody("Owner"), *server.demo_sign_in, kept)


@pytest.fixture
def demo_agent(somebody: Somebody, server: Server, kept: dict[str, Any]) -> Person:
    return signed_in(somebody("Agent"), "agent@demo.example.com", server.demo_sign_in[1], kept)


@pytest.fixture
def plain_page(admin: Person, browser: Browser, server: Server) -> Iterator[Page]:
    """The same admin in a browser that runs no scripts at all."""
    context = browser.new_context(base_url=server.url, java_script_enabled=False)
    context.set_default_timeout(15_000)
    context.add_cookies(admin.context.cookies())  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(DOCUMENTS)
    yield page
    context.close()


def test_an_empty_room_teaches_what_to_give(admin: Person) -> None:
    expect(
        admin.page.get_by_role("heading", name="Your assistant knows nothing yet")
    ).to_be_visible()
    expect(admin.page.get_by_text("Start with what is asked most")).to_be_visible()


def test_files_dropped_anywhere_become_ready_while_the_page_is_watched(admin: Person) -> None:
    page = admin.page
    drag(page, "dragenter", {})
    expect(page.get_by_text("Let go to upload")).to_be_visible()
    drag(page, "drop", {"norway.txt": PARCEL, "sweden.md": "# Sweden\n\nFive working days."})
    expect(page.get_by_text("Let go to upload")).to_be_hidden()
    for name in ("norway", "sweden"):
        # The demo's articles may still be in front of it.
        expect(row(page, name)).to_contain_text("Ready", timeout=30_000)
        expect(uploads(page, f"{name}.")).to_contain_text("Ready: it can be found now.")
        expect(row(page, name).get_by_role("cell").nth(3)).to_have_text("1")
    expect(page.get_by_role("heading", name="All documents 2")).to_be_visible()


def test_a_chosen_file_shows_how_much_of_it_has_gone(admin: Person) -> None:
    page = admin.page
    slow_down(page)
    choose(page, "long.txt", "All about lights. \n\n" * 25_000)
    bar = page.get_by_role("progressbar", name="Upload of long.txt")
    shares = [wait_for(lambda: share_of(bar), "share that has gone")]
    shares.append(wait_for(lambda: share_of(bar, above=shares[0]), "growing share"))
    assert 0 < shares[0] < shares[1] <= 100
    expect(uploads(page, "long.txt")).to_contain_text("Uploaded.")
    expect(row(page, "long")).to_contain_text("Ready")


def test_an_upload_can_be_cancelled_and_tried_again(admin: Person) -> None:
    page = admin.page
    slow_down(page)
    choose(page, "long.txt", "All about mounts. \n\n" * 25_000)
    page.get_by_role("button", name="Cancel the upload of long.txt").click()
    expect(uploads(page, "long.txt")).to_contain_text("Cancelled. Nothing of it was kept.")
    assert admin.call("GET", "/api/documents").json()["items"] == []
    page.get_by_role("button", name="Retry the upload of long.txt").click()
    expect(row(page, "long")).to_contain_text("Ready")


def test_a_lost_connection_is_said_and_tried_again(admin: Person) -> None:
    page = admin.page
    admin.context.set_offline(True)
    choose(page, "norway.txt", PARCEL)
    expect(uploads(page, "norway.txt")).to_contain_text("You are offline.")
    admin.context.set_offline(False)
    page.get_by_role("button", name="Retry the upload of norway.txt").click()
    expect(row(page, "norway")).to_contain_text("Ready")


def test_the_plain_form_works_without_scripts(plain_page: Page) -> None:
    plain_page.get_by_label("Files", exact=True).set_input_files(
        [given("norway.txt", PARCEL), given("tool.exe", "MZ")]
    )
    plain_page.get_by_label("Category").first.fill("Shipping")
    plain_page.get_by_role("button", name="Upload").click()
    expect(plain_page.get_by_text("“norway” is being learned.")).to_be_visible()
    expect(plain_page.get_by_text("“tool.exe” cannot be read.")).to_be_visible()
    expect(row(plain_page, "norway")).to_contain_text("Shipping")
    wait_for(lambda: is_ready(plain_page, "norway"), "norway that is learned")
    plain_page.goto("/dashboard/knowledge/try")
    plain_page.get_by_label("Question", exact=True).fill("parcel to Norway")
    plain_page.get_by_role("button", name="Find passages").click()
    expect(plain_page.get_by_role("link", name="norway")).to_be_visible()


def test_what_is_known_word_for_word_is_said_and_not_doubled(admin: Person) -> None:
    page = admin.page
    choose(page, "norway.txt", PARCEL)
    expect(row(page, "norway")).to_contain_text("Ready")
    choose(page, "copy.txt", PARCEL)
    expect(uploads(page, "copy.txt")).to_contain_text("Known already, word for word, as “norway”.")
    expect(page.get_by_role("heading", name="All documents 1")).to_be_visible()


def test_a_changed_file_is_a_new_version_of_the_same_document(admin: Person) -> None:
    page = admin.page
    choose(page, "norway.txt", PARCEL)
    expect(row(page, "norway")).to_contain_text("Ready")
    choose(page, "norway.txt", "It takes two weeks now.")
    expect(uploads(page, "A new version of what was there")).to_be_visible()
    expect(page.get_by_role("heading", name="All documents 1")).to_be_visible()


def test_what_cannot_be_taken_is_refused_before_it_is_sent(admin: Person, tmp_path: Path) -> None:
    page, sent = admin.page, []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else 0)
    huge = tmp_path / "huge.pdf"
    with huge.open("wb") as file:
        file.truncate(51 * 1024 * 1024)
    page.get_by_label("Choose files").set_input_files(huge)
    expect(uploads(page, "huge.pdf")).to_contain_text("This is larger than 50 MB.")
    choose(page, "tool.exe", "MZ")
    expect(uploads(page, "tool.exe")).to_contain_text("Please upload PDF, Word (.docx)")
    choose(page, "nothing.txt", "")
    expect(uploads(page, "nothing.txt")).to_contain_text("This file is empty.")
    assert sent == []


def test_a_failure_says_why_and_can_be_retried_and_deleted(admin: Person, server: Server) -> None:
    page = admin.page
    choose(page, "broken.pdf", "%PDF-1.4\nnothing of the kind")
    failed = row(page, "broken")
    expect(failed).to_contain_text("Failed")
    page.get_by_role("button", name="Retry “broken”").click()
    wait_for(
        lambda: server.rows("SELECT 1 FROM documents WHERE title='broken' AND version=2"), "retry"
    )
    expect(failed.get_by_text("Failed")).to_be_visible()
    page.get_by_role("button", name="Delete “broken”").click()
    dialog = page.get_by_role("dialog", name="Delete “broken”?")
    dialog.get_by_role("button", name="Delete").click()
    expect(page.get_by_text("“broken” is deleted.")).to_be_visible()
    expect(page.get_by_role("heading", name="Your assistant knows nothing yet")).to_be_visible()


def test_progress_is_shown_without_taking_the_focus(admin: Person, server: Server) -> None:
    page = admin.page
    choose(page, "norway.txt", PARCEL)
    expect(row(page, "norway")).to_contain_text("Ready")
    hold(server, "norway", "reading", "pages_total=120, pages_done=41")
    page.reload()
    expect(row(page, "norway")).to_contain_text("Reading page 42 of 120")
    search = page.get_by_role("searchbox")
    search.fill("half a wo")
    hold(server, "norway", "embedding", "passages_total=40, passages_done=16, live_version=version")
    expect(row(page, "norway")).to_contain_text("Embedding 16 of 40")
    expect(row(page, "norway")).to_contain_text("Already found by its words.")
    hold(server, "norway", "ready", "passages_total=40")
    expect(row(page, "norway").get_by_text("Ready")).to_be_visible()
    expect(search).to_be_focused()
    expect(search).to_have_value("half a wo")


def test_a_text_a_question_and_a_page_are_added_by_dialogs(admin: Person) -> None:
    page = admin.page
    page.get_by_role("button", name="A text").click()
    dialog = page.get_by_role("dialog", name="Add a text")
    dialog.get_by_role("button", name="Add the text").click()
    expect(dialog.get_by_text("Please fill this in.").first).to_be_visible()
    dialog.get_by_label("Title").fill("Opening hours")
    dialog.get_by_label("Text", exact=True).fill("We open at nine.")
    dialog.get_by_role("button", name="Add the text").click()
    expect(page.get_by_text("“Opening hours” is being learned.")).to_be_visible()
    expect(row(page, "Opening hours")).to_contain_text("Ready")
    page.get_by_role("button", name="A question with its answer").click()
    dialog = page.get_by_role("dialog", name="Add a question")
    dialog.get_by_label("Question").fill("Are you open on Sundays?")
    dialog.get_by_label("Answer").fill("No.")
    dialog.get_by_role("button", name="Add it").click()
    expect(row(page, "Are you open on Sundays?")).to_contain_text("Ready")
    page.get_by_role("button", name="A web page").click()
    dialog = page.get_by_role("dialog", name="Add a web page")
    dialog.get_by_label("Address").fill("http://127.0.0.1/inside")
    dialog.get_by_role("button", name="Add the page").click()
    expect(dialog.get_by_label("Address")).to_have_attribute("aria-invalid", "true")


def test_a_document_page_shows_its_passages_and_is_edited(admin: Person) -> None:
    page = admin.page
    choose(page, "norway.md", "# Norway\n\n## Time\n\n" + PARCEL)
    expect(row(page, "norway")).to_contain_text("Ready")
    row(page, "norway").get_by_role("link").click()
    expect(page.locator("#p-0")).to_contain_text("A parcel to Norway")
    expect(page.get_by_role("heading", name="No answers yet")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="Original").click()
    assert Path(download.value.path()).read_text().endswith(PARCEL)
    page.get_by_role("button", name="Edit").click()
    dialog = page.get_by_role("dialog", name="Edit")
    dialog.get_by_label("Title").fill("Parcels to Norway")
    dialog.get_by_role("button", name="Add a fact").click()
    dialog.get_by_label("Its value").fill("English")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog.get_by_text("Please give this fact a name.")).to_be_visible()
    dialog.get_by_label("Name of the fact").fill("language")
    dialog.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="Parcels to Norway")).to_be_visible()
    expect(page.get_by_label("Facts")).to_contain_text("English")
    expect(page.get_by_label("Facts")).to_contain_text("Ready")
    expect(page.locator("#p-0")).to_contain_text("A parcel to Norway")


def test_trying_it_finds_the_sentence_and_leads_to_its_place(admin: Person) -> None:
    page = admin.page
    choose(page, "norway.txt", PARCEL)
    expect(row(page, "norway")).to_contain_text("Ready")
    page.get_by_role("link", name="Try it").click()
    page.get_by_label("Question", exact=True).fill("How long does a <b>parcel</b> to Norway take?")
    page.get_by_role("button", name="Find passages").click()
    told = page.get_by_role("region", name="What a visitor would be told")
    expect(told).to_contain_text("A parcel to Norway takes nine working days")
    expect(told).to_contain_text("quoted from the documents")
    first = page.get_by_role("listitem").filter(has_text="nine working days")
    expect(first.locator("mark").filter(has_text="takes")).to_be_visible()
    expect(first).to_contain_text("Found by")
    first.get_by_role("link", name="norway").click()
    expect(page.locator("#p-0:target")).to_contain_text("nine working days")


def test_test_questions_are_added_and_run(admin: Person) -> None:
    page = admin.page
    choose(page, "norway.txt", PARCEL)
    expect(row(page, "norway")).to_contain_text("Ready")
    page.get_by_role("link", name="Test questions").click()
    ask_known(page, "How long to Norway?", "norway", "A parcel to Norway takes nine working days.")
    ask_known(page, "Do you sell helmets?", None, "")
    expect(page.get_by_text("Nothing answers this")).to_be_visible()
    page.get_by_role("button", name="Run now").click()
    expect(page.get_by_text("Place 1", exact=True)).to_be_visible()
    last = page.get_by_role("region", name="The last run")
    expect(last).to_contain_text("100 %")
    expect(last).to_contain_text("MRR")
    page.get_by_role("button", name="Delete the question “Do you sell helmets?”").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(page.get_by_role("heading", name="Questions 1")).to_be_visible()


def test_an_agent_reads_and_changes_nothing(demo_agent: Person) -> None:
    page = demo_agent.page
    page.goto(DOCUMENTS)
    expect(row(page, "Delivery abroad")).to_be_visible()
    for name in ("Choose files", "A text", "Delete", "Retry"):
        expect(page.get_by_role("button", name=name)).to_have_count(0)
    expect(page.locator("input[type=file]")).to_have_count(0)
    row(page, "Delivery abroad").get_by_role("link").click()
    expect(page.locator("#p-0")).to_be_visible()
    expect(page.get_by_role("link", name="Original")).to_be_visible()
    for name in ("Edit", "More actions", "Retry"):
        expect(page.get_by_role("button", name=name)).to_have_count(0)
    page.goto("/dashboard/knowledge/questions")
    expect(page.get_by_role("button", name="Add a question")).to_have_count(0)
    assert demo_agent.call("DELETE", page_id(page, DOCUMENTS)).status in {403, 404}


def test_U7_a_hostile_file_name_does_no_harm_on_any_page(admin: Person) -> None:
    page = admin.page
    choose(page, HOSTILE, PARCEL)
    expect(uploads(page, "onerror")).not_to_contain_text("\u202e")
    expect(row(page, "onerror")).to_contain_text("Ready")
    page.reload()
    row(page, "onerror").get_by_role("link").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("onerror='window.harm=1'")
    page.goto("/dashboard/knowledge/try?q=parcel+<script>window.harm=1</script>")
    expect(page.get_by_role("link", name="onerror")).to_be_visible()
    page.goto(DOCUMENTS)
    page.get_by_role("button", name="Delete").click()
    expect(page.get_by_role("dialog")).to_contain_text("onerror")
    assert page.evaluate("window.harm") is None
    assert page.locator("img").count() == 0


def test_a_long_register_is_searched_narrowed_and_continued(demo_owner: Person) -> None:
    page = demo_owner.page
    page.goto(DOCUMENTS)
    expect(page.get_by_role("heading", name="All documents 50+")).to_be_visible()
    page.get_by_role("link", name="Older documents").click()
    expect(page.get_by_role("link", name="Older documents")).to_have_count(0)
    assert page.get_by_role("row").count() > 51
    page.get_by_role("searchbox").fill("lantern")
    page.get_by_role("combobox", name="Category").last.select_option("Manuals")
    page.get_by_role("button", name="Search").click()
    expect(page.get_by_role("heading", name="Found 2")).to_be_visible()
    page.get_by_role("searchbox").fill("no such thing")
    page.get_by_role("button", name="Search").click()
    expect(page.get_by_role("heading", name="Nothing like that")).to_be_visible()
    page.get_by_role("link", name="Show all").click()
    expect(page.get_by_role("heading", name="All documents 50+")).to_be_visible()


@pytest.mark.parametrize("room", ["documents", "one", "try", "found", "questions"])
def test_every_room_is_accessible_and_fits_every_screen(demo_owner: Person, room: str) -> None:
    page = demo_owner.page
    complaints = Complaints(page)
    page.goto(ROOMS.get(room, DOCUMENTS))
    if room == "one":
        page.locator("[data-title]").first.click()
        expect(page.get_by_role("heading", name="Passages")).to_be_visible()
    assert flaws(page) == []
    assert complaints.all_but() == []


def signed_in(person: Person, email: str, password: str, kept: dict[str, Any]) -> Person:
    if email in kept:
        person.context.add_cookies(kept[email])
        return person
    answer = person.call("POST", "/api/auth/login", {"email": email, "password": password})
    assert answer.status == 200, answer.text()
    kept[email] = person.context.cookies()
    return person


def given(name: str, text: str) -> dict[str, object]:
    return {"name": name, "mimeType": "text/plain", "buffer": text.encode()}


def choose(page: Page, name: str, text: str) -> None:
    page.get_by_label("Choose files").set_input_files([given(name, text)])


def drag(page: Page, event: str, files: dict[str, str]) -> None:
    """What a browser tells the page when files are dragged over it or dropped."""
    page.evaluate(
        """([event, files]) => {
          const data = new DataTransfer();
          for (const [name, text] of Object.entries(files)) data.items.add(new File([text], name));
          if (!data.items.length) data.items.add(new File(["x"], "x.txt"));
          document.body.dispatchEvent(
            new DragEvent(event, { bubbles: true, cancelable: true, dataTransfer: data }));
        }""",
        [event, files],
    )


def row(page: Page, title: str) -> Locator:
    """The document's row in the register."""
    return page.get_by_role("row").filter(has_text=title).filter(has=page.get_by_role("cell"))


def is_ready(page: Page, title: str) -> bool:
    """Whether the register says so when it is looked at anew, as somebody without scripts does."""
    page.reload()
    return "Ready" in row(page, title).inner_text()


def uploads(page: Page, text: str) -> Locator:
    return page.get_by_role("list", name="Uploads").get_by_role("listitem").filter(has_text=text)


def slow_down(page: Page, bytes_a_second: int = 300_000) -> None:
    """A line on which an upload can be watched."""
    line = page.context.new_cdp_session(page)
    line.send("Network.enable")
    rates = {"latency": 10, "downloadThroughput": -1, "uploadThroughput": bytes_a_second}
    line.send("Network.emulateNetworkConditions", {"offline": False, **rates})


def share_of(bar: Locator, above: float = 0) -> float:
    if not bar.is_visible():
        return 0
    value = float(bar.get_attribute("value") or 0)
    return value if value > above else 0


def hold(server: Server, title: str, status: str, others: str) -> None:
    """Put a document into a state and keep every worker away from it."""
    changed = server.change_rows(
        f"UPDATE documents SET status=?, lease_until='2999-01-01 00:00:00.000000', {others} "
        "WHERE title=?",
        status,
        title,
    )
    assert changed == 1


def ask_known(page: Page, question: str, document: str | None, quote: str) -> None:
    page.get_by_role("button", name="Add a question").click()
    dialog = page.get_by_role("dialog", name="Add a test question")
    dialog.get_by_label("Question").fill(question)
    if document is None:
        dialog.get_by_role("radio", name="stands nowhere").check()
    else:
        dialog.get_by_label("Document", exact=True).select_option(label=document)
        dialog.get_by_label("The sentence that answers it").fill(quote)
    dialog.get_by_role("button", name="Add the question").click()
    expect(page.get_by_text(question)).to_be_visible()


def page_id(page: Page, path: str) -> str:
    """The API address of some document of the register."""
    page.goto(path)
    href = page.locator("[data-title]").first.get_attribute("href") or ""
    return href.replace("/dashboard", "/api")
