"""The settings of the widget as an admin uses them: seen first, saved next, then on the site."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import FrameLocator, Locator, Page, expect

from tests.e2e.looks import Complaints, everything_wrong_with, flaws
from tests.e2e.people import Person
from tests.e2e.server import Server

pytestmark = pytest.mark.e2e
WIDGET = "/dashboard/settings/widget"
PARTS = ("look", "greeting", "prechat", "behaviour", "words")
DEFAULTS = dict.fromkeys(
    ("color", "theme", "side", "offset", "launcher", "locale", "hidden_on", "prechat", "strings")
)


@pytest.fixture(scope="module")
def settings() -> dict[str, str]:
    # No question is asked here, so nothing has to be found by its meaning.
    return {"EMBEDDINGS": "none"}


@pytest.fixture
def owner(somebody: Callable[[str], Person], server: Server, kept: dict[str, Any]) -> Person:
    """The demo's owner before settings that nobody has touched but for greeting and questions."""
    owner = somebody("Owner")
    if "owner" not in kept:
        email, password = server.demo_sign_in
        answer = owner.call("POST", "/api/auth/login", {"email": email, "password": password})
        assert answer.ok, answer.text()
        kept["owner"] = owner.context.cookies()
    owner.context.add_cookies(kept["owner"])
    wishes = DEFAULTS | {"greeting": "Ask away.", "suggestions": ["Where is my parcel?"]}
    assert owner.call("PATCH", "/api/organization/widget", wishes).ok
    assert owner.call("PATCH", "/api/organization/assistant", {"name": "Spoke"}).ok
    assert owner.call("DELETE", "/api/organization/widget/logo").ok
    return owner


@pytest.fixture
def page(owner: Person) -> Page:
    """The page with a preview that is there."""
    owner.page.goto(WIDGET)
    expect(panel(owner.page)).to_be_visible()
    return owner.page


def test_what_is_typed_is_seen_at_once_and_saved_only_on_request(owner: Person, page: Page) -> None:
    turn_to(page, "Greeting")
    page.get_by_role("textbox", name="Greeting").fill("Good evening!")
    page.get_by_label("Name of the assistant").fill("Lumen")
    expect(preview(page).get_by_role("heading", name="Good evening!")).to_be_visible()
    expect(preview(page).get_by_role("heading", name="Lumen")).to_be_visible()
    turn_to(page, "Look")
    page.get_by_label("Colour", exact=True).fill("#1d4ed8")
    expect(preview(page).locator(".launcher")).to_have_css("background-color", "rgb(29, 78, 216)")
    page.get_by_label("Text on the launcher").fill("Ask us")
    page.get_by_role("radio", name="Closed").check(force=True)
    expect(preview(page).locator(".launcher")).to_have_text("Ask us")
    page.get_by_role("radio", name="Left").check(force=True)
    expect(preview(page).locator("frontdesk-widget")).to_have_class(re.compile("left"))
    assert look(owner)["greeting"] == "Ask away."
    assert look(owner)["color"] == "#0f766e"


def test_what_is_saved_is_on_the_site(owner: Person, page: Page, server: Server) -> None:
    page.get_by_label("Colour", exact=True).fill("#be185d")
    turn_to(page, "Greeting")
    page.get_by_role("textbox", name="Greeting").fill("Welcome to the workshop.")
    page.get_by_label("Name of the assistant").fill("Lumen")
    expect(page.get_by_text("There are unsaved changes.")).to_be_visible()
    save(page)
    shop = widget_in_the_shop(owner, server)
    expect(shop.get_by_role("heading", name="Welcome to the workshop.")).to_be_visible()
    expect(shop.get_by_role("heading", name="Lumen")).to_be_visible()
    expect(shop.locator(".launcher")).to_have_css("background-color", "rgb(190, 24, 93)")


def test_a_colour_that_nobody_could_read_letters_on_is_corrected_and_said(page: Page) -> None:
    colour = page.get_by_label("Colour", exact=True)
    colour.fill("#e0641a")
    expect(colour).to_have_accessible_description(re.compile("it is shown as #[0-9a-f]{6}"))
    page.get_by_role("button", name="Yellow").click()
    expect(colour).to_have_value("#f5c518")
    expect(colour).to_have_accessible_description(re.compile("Dark letters can be read on it"))


def test_a_mistake_is_said_beside_its_field_also_on_another_card(owner: Person, page: Page) -> None:
    colour = page.get_by_label("Colour", exact=True)
    colour.fill("red")
    turn_to(page, "Words")
    page.get_by_role("button", name="Save").click()
    expect(colour).to_be_focused()
    expect(colour).to_have_accessible_description(re.compile("Please give a colour such as"))
    assert everything_wrong_with(page) == []
    colour.fill("#0f766e")
    turn_to(page, "Behaviour")
    page.get_by_label("Hidden on these pages").fill("checkout")
    page.get_by_role("button", name="Save").click()
    # This one only the server finds.
    hidden = page.get_by_label("Hidden on these pages")
    expect(hidden).to_have_accessible_description(re.compile("Please give paths such as"))
    expect(hidden).to_be_focused()
    assert look(owner)["hidden_on"] == []


def test_undo_goes_back_to_what_is_saved(page: Page) -> None:
    turn_to(page, "Greeting")
    page.get_by_role("textbox", name="Greeting").fill("Oh no")
    page.get_by_role("button", name="Remove this question").click()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("textbox", name="Greeting")).to_have_value("Ask away.")
    expect(page.get_by_label("Suggested question", exact=True)).to_have_value("Where is my parcel?")
    expect(preview(page).get_by_role("heading", name="Ask away.")).to_be_visible()
    expect(page.get_by_text("Everything is saved.")).to_be_visible()


def test_leaving_with_unsaved_changes_is_asked_about(page: Page) -> None:
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.get_by_label("Text on the launcher").press_sequentially("Ask")
    page.get_by_role("link", name="Team", exact=True).click(no_wait_after=True)
    expect(page.get_by_label("Text on the launcher")).to_have_value("Ask")
    assert asked == ["beforeunload"]
    page.get_by_label("Text on the launcher").fill("")
    page.get_by_role("link", name="Team", exact=True).click()
    expect(page).to_have_url(re.compile("/settings/team"))


def test_the_preview_asks_no_server_and_answers_all_the_same(page: Page) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("websocket", lambda socket: asked.append(socket.url))
    complaints = Complaints(page)
    page.reload()
    page.get_by_role("radio", name="Talking").check(force=True)
    widget = preview(page)
    widget.get_by_role("button", name="Source 1: Returns").click()
    expect(widget.get_by_text("You have 30 days, counted")).to_be_visible()
    widget.locator(".pen textarea").fill("Hello?")
    widget.locator(".pen textarea").press("Enter")
    expect(widget.locator(".msg").get_by_text("This is a preview.")).to_be_visible()
    assert [url for url in asked if "/api/chat" in url or url.startswith("ws")] == []
    assert complaints.all_but() == []


def test_the_preview_does_not_take_the_focus_from_who_types(page: Page) -> None:
    turn_to(page, "Form")
    page.get_by_role("switch", name="Ask before the first message").check()
    page.get_by_role("button", name="E-mail", exact=True).click()
    label = page.get_by_label("Label of the field")
    expect(label).to_be_focused()
    label.press("Control+a")
    page.keyboard.type("Where may we write?", delay=20)
    expect(label).to_have_value("Where may we write?")
    expect(preview(page).get_by_label("Where may we write?")).to_be_visible()


def test_questions_are_put_in_order_with_the_keyboard(owner: Person, page: Page) -> None:
    turn_to(page, "Greeting")
    page.get_by_role("button", name="Add a question").press("Enter")
    page.keyboard.type("Do you repair lights?")
    page.get_by_role("button", name="Move this question up").last.press("Enter")
    page.get_by_role("button", name="Remove this question").last.press("Enter")
    expect(page.get_by_label("Suggested question", exact=True)).to_be_focused()
    save(page)
    assert look(owner)["suggestions"] == ["Do you repair lights?"]


def test_a_word_of_ones_own_is_said_by_the_widget(
    owner: Person, page: Page, server: Server
) -> None:
    turn_to(page, "Words")
    page.get_by_label("Find a word").fill("Talk to a person")
    mine = page.get_by_label("Talk to a person", exact=True)
    mine.fill("Ring the workshop")
    expect(preview(page).get_by_role("button", name="Ring the workshop")).to_be_visible()
    save(page)
    assert look(owner)["strings"] == {"en": {"person": "Ring the workshop"}}
    shop = widget_in_the_shop(owner, server)
    expect(shop.get_by_role("button", name="Ring the workshop")).to_be_visible()
    mine.fill("")
    save(page)
    assert look(owner)["strings"] == {}


def test_the_words_of_every_language_can_be_changed_and_seen(page: Page) -> None:
    turn_to(page, "Words")
    page.get_by_label("Language of the widget").select_option("ar")
    expect(panel(page)).to_have_attribute("dir", "rtl")
    page.get_by_label("Words in").select_option("de")
    page.get_by_label("Find a word").fill("warteschl")
    expect(page.get_by_text("There is no such word.")).to_be_visible()
    page.get_by_label("Find a word").fill("{name} ist dazu")
    line = page.locator(".wording__line:visible")
    line.get_by_role("textbox").fill("Jemand ist dazugekommen")
    expect(line).to_contain_text("{name} is missing")


def test_a_logo_is_fitted_shown_and_taken_away(owner: Person, page: Page, server: Server) -> None:
    page.locator("[data-logo-file]").set_input_files(
        {"name": "wide.png", "mimeType": "image/png", "buffer": picture(600, 200)}
    )
    expect(page.get_by_text("Logo saved.")).to_be_visible()
    expect(preview(page).locator(".who img")).to_have_js_property("naturalWidth", 160)
    shop = widget_in_the_shop(owner, server)
    expect(shop.locator(".who img")).to_have_js_property("naturalWidth", 160)
    page.get_by_role("button", name="Remove the logo").click()
    expect(preview(page).locator(".who img")).to_have_count(0)
    expect(page.get_by_role("button", name="Choose a logo")).to_be_focused()


def test_what_is_no_picture_is_refused_beside_the_logo(page: Page) -> None:
    page.locator("[data-logo-file]").set_input_files(
        {"name": "logo.png", "mimeType": "image/png", "buffer": b"no picture at all"}
    )
    expect(page.get_by_role("alert").filter(has_text="cannot read this file")).to_be_visible()


@pytest.mark.parametrize("part", PARTS)
def test_every_card_of_the_settings_is_without_a_flaw(page: Page, part: str) -> None:
    page.goto("about:blank")
    page.goto(f"{WIDGET}#{part}")
    expect(page.locator(f"#part-{part}")).to_be_visible()
    if part == "prechat":
        page.get_by_role("button", name="Own question").click()
    assert flaws(page) == []


def test_the_cards_are_turned_with_the_arrows(page: Page) -> None:
    page.get_by_role("tab", name="Look").focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("tab", name="Greeting")).to_be_focused()
    expect(page.get_by_role("textbox", name="Greeting")).to_be_visible()
    page.keyboard.press("End")
    expect(page.get_by_role("tab", name="Words")).to_have_attribute("aria-selected", "true")
    expect(page).to_have_url(re.compile("#words$"))


def test_on_a_phone_form_and_preview_take_turns(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    expect(panel(page)).to_be_hidden()
    page.get_by_role("radio", name="Preview").check(force=True)
    expect(panel(page)).to_be_visible()
    expect(page.get_by_label("Colour", exact=True)).to_be_hidden()
    assert everything_wrong_with(page) == []


def turn_to(page: Page, name: str) -> None:
    page.get_by_role("tab", name=name, exact=True).click()


def save(page: Page) -> None:
    page.get_by_role("button", name="Save", exact=True).click()
    expect(
        page.get_by_text("Saved. Your site shows it from the next page on.").last
    ).to_be_visible()
    expect(page.get_by_text("Everything is saved.")).to_be_visible()


def preview(page: Page) -> FrameLocator:
    return page.frame_locator("[data-frame]")


def panel(page: Page) -> Locator:
    return preview(page).locator(".panel")


def look(owner: Person) -> dict[str, Any]:
    return dict(owner.call("GET", "/api/organization/widget").json())


def widget_in_the_shop(owner: Person, server: Server) -> Page:
    """The shop anew, in a tab of its own, with the widget open."""
    shop = owner.context.new_page()
    shop.goto(f"http://127.0.0.1:{server.port + 1}/")
    shop.locator(".launcher").click()
    expect(shop.locator(".panel")).to_be_visible()
    return shop


def picture(width: int, height: int) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (width, height), (190, 24, 93)).save(file, "PNG")
    return file.getvalue()
