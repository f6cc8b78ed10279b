"""Files in the inbox: sent along, given to the visitor, refused; and the looks of it all."""

from __future__ import annotations

import base64

import httpx2
import pytest
from playwright.sync_api import Browser, FilePayload, Page, Route, expect

from tests.e2e.conftest import MILLISECONDS
from tests.e2e.desks import SITE, Agent, introduce, visitor
from tests.e2e.looks import everything_wrong_with, flaws
from tests.e2e.server import Server
from tests.e2e.widget.visits import ask, opened
from tests.open_house import Guest

pytestmark = pytest.mark.e2e
ASKED = "My light is broken."
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
NOTE = b"Turn it off and on again.\n"
# What the browser itself would carry: files that were dragged from the desktop, or copied.
CARRY = """([name, type, text, words]) => {
  const carried = new DataTransfer();
  if (name) carried.items.add(new File([text], name, { type }));
  for (const [kind, said] of Object.entries(words || {})) carried.setData(kind, said);
  return carried;
}"""
DROP = """(carried) => {
  const room = document.getElementById("messages");
  for (const type of ["dragenter", "dragover", "drop"]) {
    const how = { bubbles: true, cancelable: true, dataTransfer: carried };
    room.dispatchEvent(new DragEvent(type, how));
    if (type === "dragover") window.seen = !document.querySelector(".drop-here").hidden;
  }
  return window.seen;
}"""
PASTE = """(carried) => !document.querySelector(".composer__field").dispatchEvent(
  new ClipboardEvent("paste", { bubbles: true, cancelable: true, clipboardData: carried }))"""


@pytest.fixture(scope="module")
def settings() -> dict[str, str]:
    return {"EMBEDDINGS": "none"}


def attach(page: Page, *files: tuple[str, str, bytes]) -> None:
    chosen: list[FilePayload] = [
        {"name": name, "mimeType": kind, "buffer": content} for name, kind, content in files
    ]
    page.locator("#composer input[type=file]").set_input_files(chosen)


def drop(page: Page, name: str, kind: str, text: str) -> bool:
    carried = page.evaluate_handle(CARRY, [name, kind, text, None])
    return bool(page.evaluate(DROP, carried))


def paste(page: Page, name: str, kind: str, text: str, words: dict[str, str] | None = None) -> bool:
    carried = page.evaluate_handle(CARRY, [name, kind, text, words])
    return bool(page.evaluate(PASTE, carried))


def fetched(server: Server, guest: Guest, url: str) -> httpx2.Response:
    key = guest.url.partition("key=")[2]
    headers = {"Authorization": f"Visitor {guest.token}", "Origin": SITE}
    return httpx2.get(f"{server.url}{url}?key={key}", headers=headers)


def test_files_go_along_by_button_by_dropping_and_by_pasting(server: Server, olivia: Agent) -> None:
    with visitor(server) as vera:
        introduce(vera, "Vera Files", ASKED)
        page = olivia.arrive()
        olivia.open("Vera Files")
        held = page.locator(".file--held")
        with page.expect_file_chooser() as chooser:
            page.get_by_role("button", name="Attach a file").click()
        chooser.value.set_files({"name": "how.txt", "mimeType": "text/plain", "buffer": NOTE})
        expect(held).to_have_count(1)
        assert drop(page, "where.csv", "text/csv", "a,b") is True
        expect(held).to_have_count(2)
        expect(page.locator(".drop-here")).to_be_hidden()
        assert paste(page, "when.md", "text/markdown", "# Now") is True
        expect(held).to_have_count(3)
        attach(page, ("spot.png", "image/png", PNG))
        expect(held.last.locator("img")).to_be_visible()
        page.get_by_role("button", name="Leave out where.csv").click()
        expect(held).to_have_count(3)
        expect(page.locator(".file--held[aria-busy=true]")).to_have_count(0)
        olivia.field.press("Enter")
        olivia.send_now()
        said = vera.event(author="person")
        assert said["text"] == ""
        assert [one["name"] for one in said["attachments"]] == ["how.txt", "when.md", "spot.png"]
        got = fetched(server, vera, said["attachments"][0]["url"])
        assert got.content == NOTE
        sent = olivia.thread.locator(".said--person").last
        expect(sent.locator(".shot img")).to_be_visible()
        expect(sent.locator(".file")).to_have_count(2)


def test_words_that_are_pasted_or_dragged_stay_words(server: Server, olivia: Agent) -> None:
    with visitor(server) as vera:
        introduce(vera, "Vera Table", ASKED)
        page = olivia.arrive()
        olivia.open("Vera Table")
        table = {"text/plain": "a\tb", "text/html": "<table><td>a<td>b</table>"}
        assert paste(page, "image.png", "image/png", "x", table) is False
        assert paste(page, "", "", "", {"text/plain": "only words"}) is False
        carried = page.evaluate_handle(CARRY, ["", "", "", {"text/plain": "dragged"}])
        assert page.evaluate(DROP, carried) is False
        expect(page.locator(".file--held")).to_have_count(0)


def test_what_cannot_be_sent_is_said_by_its_name(server: Server, olivia: Agent) -> None:
    with visitor(server) as vera:
        introduce(vera, "Vera Refuses", ASKED)
        page = olivia.arrive()
        olivia.open("Vera Refuses")
        page.locator("#composer input[type=file]").evaluate("one => one.removeAttribute('accept')")
        bad = page.locator(".toast--bad")
        attach(page, ("page.html", "text/html", b"<script>alert(1)</script>"))
        expect(bad.last).to_contain_text("page.html: Files of this kind cannot be sent")
        attach(page, ("photo.png", "image/png", b"not a picture"))
        expect(bad.last).to_contain_text("photo.png: This is not a .png file")
        attach(page, ("film.pdf", "application/pdf", b"%PDF-" + bytes(10 * 1024 * 1024)))
        expect(bad.last).to_contain_text("film.pdf is too large: at most 10.0 MB")
        expect(page.locator(".file--held")).to_have_count(0)
        attach(page, *[(f"{each}.txt", "text/plain", NOTE) for each in range(6)])
        expect(bad.last).to_contain_text("At most 5 files")
        expect(page.locator(".file--held")).to_have_count(5)


def test_a_file_that_is_on_its_way_up_belongs_to_where_it_was_added(
    server: Server, olivia: Agent
) -> None:
    with visitor(server) as vera, visitor(server) as tom:
        introduce(vera, "Vera Upload", ASKED)
        introduce(tom, "Tom Upload", "Where is my parcel?")
        page = olivia.arrive()
        olivia.open("Vera Upload")
        waiting: list[Route] = []

        def hold(route: Route) -> None:
            waiting.append(route)

        page.route("**/api/attachments", hold)
        attach(page, ("how.txt", "text/plain", NOTE))
        expect(page.locator(".file--held")).to_contain_text("sending")
        olivia.field.press("Enter")
        expect(page.locator(".toast--bad")).to_contain_text("still being sent up")
        page.get_by_role("radio", name="Note").click()
        expect(page.locator(".file--held")).to_have_count(0)
        olivia.open("Tom Upload")
        expect(page.locator(".file--held")).to_have_count(0)
        waiting[0].continue_()
        olivia.open("Vera Upload")
        page.get_by_role("radio", name="Reply").click()
        expect(page.locator(".file--held[aria-busy=false]")).to_contain_text("how.txt")
        expect(page.locator(".composer__send")).to_be_enabled()


def test_a_file_in_a_note_is_the_teams_alone(server: Server, olivia: Agent) -> None:
    with visitor(server) as vera:
        introduce(vera, "Vera Private File", ASKED)
        page = olivia.arrive()
        olivia.open("Vera Private File")
        page.keyboard.press("n")
        attach(page, ("margin.txt", "text/plain", NOTE))
        expect(page.locator(".file--held[aria-busy=false]")).to_have_count(1)
        page.get_by_role("radio", name="Reply").click()
        expect(page.locator(".file--held")).to_have_count(0)
        page.reload()
        page.get_by_role("radio", name="Note").click()
        expect(page.locator(".file--held")).to_contain_text("margin.txt")
        olivia.field.press("Enter")
        link = olivia.thread.locator(".note-paper .file")
        expect(link).to_contain_text("margin.txt")
        path = str(link.get_attribute("href"))
        assert olivia.call("GET", path).body() == NOTE
        assert "margin" not in str(vera.frames + vera.silence())
        assert fetched(server, vera, path.replace("/api/", "/api/chat/")).status_code == 404


def test_files_pass_between_the_widget_and_the_inbox(
    server: Server, browser: Browser, olivia: Agent
) -> None:
    context = browser.new_context(
        base_url=f"http://127.0.0.1:{server.port + 1}", reduced_motion="reduce"
    )
    context.set_default_timeout(MILLISECONDS)
    widget = context.new_page()
    widget.goto("/")
    opened(widget)
    broken: FilePayload = {"name": "broken.png", "mimeType": "image/png", "buffer": PNG}
    widget.locator("input[type=file]").set_input_files(broken)
    expect(widget.locator(".chips .file")).to_contain_text("broken.png")
    ask(widget, "It looks like this.")
    page = olivia.arrive()
    page.locator(".row").filter(has_text="Visitor").first.get_by_role("link").click()
    picture = olivia.thread.locator(".said--visitor .shot img")
    expect(picture).to_be_visible()
    assert picture.evaluate("one => one.decode().then(() => one.naturalWidth)") == 1
    with page.expect_popup() as popup:
        picture.click()
    assert popup.value.url.startswith(f"{server.url}/api/attachments/")

    attach(page, ("how.txt", "text/plain", NOTE))
    expect(page.locator(".file--held[aria-busy=false]")).to_have_count(1)
    olivia.field.fill("This may help.")
    olivia.field.press("Enter")
    olivia.send_now()
    with widget.expect_download() as download:
        widget.get_by_role("button", name="Download how.txt").click()
    assert download.value.path().read_bytes() == NOTE
    context.close()


def test_the_composer_is_without_a_flaw_in_each_of_its_states(
    server: Server, olivia: Agent
) -> None:
    with visitor(server) as vera, visitor(server) as tom:
        introduce(vera, "Vera Flawless", ASKED)
        introduce(tom, "Tom Flawless", "Where is my parcel?")
        page = olivia.arrive()
        olivia.open("Vera Flawless")
        olivia.write("@Demo Agent, look at this.", note=True)
        expect(olivia.thread.locator(".called")).to_be_visible()
        olivia.field.fill("Begun")
        page.get_by_role("radio", name="Reply").click()
        attach(page, ("how.txt", "text/plain", NOTE))
        expect(page.locator(".file--held[aria-busy=false]")).to_be_visible()
        olivia.field.fill("x" * 8_001)
        expect(page.locator(".composer__count")).to_have_text("8,001 of 8,000")
        olivia.field.press("Enter")
        expect(page.locator(".toast--bad")).to_contain_text("under 8,000 characters")
        assert "\n".join(flaws(page)) == ""
        page.route("**/messages", lambda route: route.abort())
        olivia.field.fill("One moment.")
        olivia.field.press("Enter")
        olivia.send_now()
        expect(olivia.thread.locator(".said--failed")).to_be_visible()
        assert "\n".join(flaws(page)) == ""
        page.unroute("**/messages")
        page.get_by_role("button", name="Try again").click()
        assert vera.event(author="person")["text"] == "One moment."
        olivia.field.fill("And another.")
        olivia.field.press("Enter")
        page.set_viewport_size({"width": 1280, "height": 800})
        olivia.open("Tom Flawless")
        expect(page.locator(".elsewhere")).to_be_visible()
        assert everything_wrong_with(page) == []
