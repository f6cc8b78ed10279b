"""The widget for everybody: by keyboard, by ear, on a phone, from right to left, in the dark."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.looks import everything_wrong_with
from tests.e2e.widget.visits import Visit, answer, ask, field, from_menu, opened
from tests.stubs.chat_server import ChatServer

pytestmark = pytest.mark.e2e
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
# Half of a laptop's window in each direction is what a zoom of 200 % leaves.
ZOOMED = {"viewport": {"width": 640, "height": 360}}
IN_THE_DARK = {"color_scheme": "dark"}
SCREENS = {"desktop": {}, "dark": IN_THE_DARK, "phone": PHONE, "dark phone": PHONE | IN_THE_DARK}
INTO_THE_BODY = """() => {
  const host = document.querySelector("frontdesk-widget");
  if (host.parentNode !== document.body) document.body.append(host);
}"""
FOCUS = "document.querySelector('frontdesk-widget').shadowRoot.activeElement"
# Nothing of the panel may be out of its window, nor anything in it wider than it is.
SPILLS = """() => {
  const root = document.querySelector("frontdesk-widget").shadowRoot;
  const room = root.querySelector(".panel").getBoundingClientRect();
  const out = [...root.querySelectorAll(".panel *")].filter((one) => {
    const box = one.getBoundingClientRect();
    const isOut = box.left < room.left - 1 || box.right > room.right + 1;
    return isOut && box.width && !one.closest(".sr");
  });
  const beyond = room.left < -1 || room.right > innerWidth + 1 || room.top < -1;
  return [...(beyond ? ["the panel"] : []), ...out.map((one) => one.className || one.localName)];
}"""


@pytest.mark.parametrize("screen", SCREENS.values(), ids=SCREENS.keys())
def test_no_state_of_the_widget_has_a_flaw(
    desk: ChatServer,
    visit: Visit,
    screen: dict[str, object],
) -> None:
    page = visit("dark" if "color_scheme" in screen else "shop", **screen)
    expect(page.locator(".launcher")).to_be_visible()
    flawless(page, "the launcher")
    opened(page)
    flawless(page, "the greeting")
    ask(page, "Can I return a light?")
    expect(answer(page)).to_contain_text("working days")
    page.locator(".chip").first.click()
    flawless(page, "an answer and its source")
    page.get_by_role("button", name="Not helpful").click()
    expect(page.get_by_text("What was wrong?")).to_be_visible()
    flawless(page, "why it was no good")
    ask(page, "Which front light?")
    expect(answer(page)).to_contain_text("Lantern 100")
    flawless(page, "a table")
    page.get_by_role("button", name="Menu").click()
    expect(page.get_by_role("menu")).to_be_visible()
    flawless(page, "the menu")
    page.get_by_role("menuitem", name="Earlier conversations").click()
    expect(page.locator(".row")).to_be_visible()
    flawless(page, "earlier conversations")
    page.get_by_role("button", name="Back").click()
    page.get_by_role("button", name="Talk to a person").click()
    expect(page.get_by_label("What is it about?")).to_be_visible()
    flawless(page, "asking for a person")
    page.get_by_role("button", name="Ask for a person").click()
    expect(page.get_by_text("Your ticket number: 1042")).to_be_visible()
    desk.join(desk.talks[0], "Anna")
    desk.say(desk.talks[0], "Hello!")
    expect(answer(page)).to_have_text("Hello!")
    flawless(page, "a person")
    page.get_by_role("button", name="Emoji").click()
    flawless(page, "emoji")
    page.keyboard.press("Escape")
    file = {"name": "film.pdf", "mimeType": "application/pdf", "buffer": b"x" * 10_000_001}
    page.locator("input[type=file]").set_input_files([file])
    expect(page.get_by_text("Larger than 10 MB.")).to_be_visible()
    flawless(page, "a file that is too large")
    from_menu(page, "End conversation")
    expect(page.get_by_role("button", name="End it")).to_be_visible()
    flawless(page, "ending")
    page.get_by_role("button", name="End it").click()
    page.get_by_role("radio", name="4 of 5").click()
    flawless(page, "rating")
    page.get_by_role("button", name="Close chat").last.click()
    desk.say(desk.talks[0], "One more thing.")
    expect(page.locator(".preview")).to_be_visible()
    flawless(page, "a preview")


def test_these_eyes_see_into_the_widget(visit: Visit) -> None:
    """Else a widget without a flaw would only be one that was not looked at."""
    page = opened(visit())
    ask(page, "Can I return a light?")
    expect(answer(page)).to_contain_text("working days")
    answer(page).evaluate("e => { e.style.color = '#ddd'; e.style.minWidth = '900px' }")
    page.evaluate(INTO_THE_BODY)
    assert "color-contrast" in " ".join(everything_wrong_with(page))
    assert page.evaluate(SPILLS) != []


def test_the_focus_goes_in_and_comes_back(visit: Visit) -> None:
    page = visit()
    page.locator(".launcher").focus()
    page.keyboard.press("Enter")
    expect(field(page)).to_be_focused()
    page.keyboard.press("Escape")
    expect(field(page)).to_have_count(0)
    expect(page.locator(".launcher")).to_be_focused()


def test_the_focus_comes_back_to_a_button_of_the_page(desk: ChatServer, visit: Visit) -> None:
    page_, policy = desk.hosts["shop"]
    own = page_.replace("<button>Buy", "<button data-frontdesk=open>Ask us</button><button>Buy")
    desk.hosts["own"] = (own.replace(" data-key", " data-launcher=none data-key"), policy)
    page = visit("own")
    expect(page.locator("frontdesk-widget")).to_have_count(1)
    page.wait_for_load_state("networkidle")
    page.get_by_role("button", name="Ask us").press("Enter")
    expect(field(page)).to_be_focused()
    expect(page.locator(".launcher")).to_have_count(0)
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Ask us")).to_be_focused()


def test_escape_closes_what_is_on_top_and_only_that(visit: Visit) -> None:
    page = opened(visit())
    page.get_by_role("button", name="Menu").click()
    expect(page.get_by_role("menuitem", name="New conversation")).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("menuitem", name="Earlier conversations")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Menu")).to_be_focused()
    page.get_by_role("button", name="Talk to a person").press("Enter")
    expect(page.get_by_label("Name")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Talk to a person")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator(".panel")).to_have_count(0)


def test_on_a_phone_the_focus_stays_in_the_open_dialog(visit: Visit) -> None:
    page = opened(visit(**PHONE))
    expect(page.locator(".panel")).to_have_attribute("aria-modal", "true")
    expect(page.locator(".launcher")).to_be_hidden()
    for key in ("Tab", "Shift+Tab"):
        for _ in range(15):
            page.keyboard.press(key)
            assert page.evaluate(f"{FOCUS} !== null"), "The focus left the dialog."


def test_on_a_desk_the_page_can_be_reached(visit: Visit) -> None:
    page = opened(visit())
    for _ in range(15):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent") == "Buy":
            return
    raise AssertionError("The Tab key does not lead back to the page.")


def test_what_is_typed_here_is_none_of_the_pages_shortcuts(visit: Visit) -> None:
    page = opened(visit())
    page.evaluate("window.keys = []; addEventListener('keydown', (e) => keys.push(e.key))")
    field(page).press("s")
    assert page.evaluate("keys") == []


def test_a_phone_is_filled_to_its_edges(visit: Visit) -> None:
    page = opened(visit(**PHONE))
    box = page.locator(".panel").bounding_box()
    assert box == {"x": 0, "y": 0, "width": 390, "height": 844}
    assert field(page).evaluate("e => getComputedStyle(e).fontSize") == "16px"


def test_a_pen_that_grows_leaves_the_newest_message_in_sight(visit: Visit) -> None:
    page = opened(visit(**PHONE))
    for number in range(1, 4):
        ask(page, "Which front light?")
        expect(page.locator(".mine")).to_have_count(number)
        expect(answer(page)).to_contain_text("Lantern 100")
    files = [{"name": f"{n}.txt", "mimeType": "text/plain", "buffer": b"x"} for n in range(5)]
    page.locator("input[type=file]").set_input_files(files)
    expect(page.locator(".chips .file")).to_have_count(5)
    assert page.locator(".body").evaluate("e => e.scrollHeight > e.clientHeight")
    left = page.locator(".body").evaluate("e => e.scrollHeight - e.scrollTop - e.clientHeight")
    assert left < 2


@pytest.mark.parametrize("size", [ZOOMED, {"viewport": {"width": 320, "height": 480}}])
def test_a_zoom_of_200_percent_hides_nothing(visit: Visit, size: dict[str, object]) -> None:
    page = opened(visit(**size))
    ask(page, "Which front light?")
    expect(answer(page)).to_contain_text("Lantern 100")
    assert page.evaluate(SPILLS) == []
    for name in ("Menu", "Talk to a person", "Attach a file"):
        page.get_by_role("button", name=name).click(trial=True)


def test_it_is_read_from_right_to_left_where_one_does(visit: Visit) -> None:
    page = opened(visit("arabic"))
    panel = page.locator(".panel")
    expect(panel).to_have_attribute("dir", "rtl")
    expect(panel).to_have_attribute("lang", "ar")
    # An empty field has no words of its own to go by.
    expect(field(page)).to_have_css("direction", "rtl")
    ask(page, "Can I return a light?")
    expect(answer(page)).to_contain_text("working days")
    mine, theirs = page.locator(".mine .bubble"), answer(page)
    left, right = mine.bounding_box(), theirs.bounding_box()
    assert left is not None
    assert right is not None
    assert left["x"] < right["x"]
    # Each text keeps the direction of its own language.
    assert theirs.evaluate("e => getComputedStyle(e).direction") == "ltr"
    page.locator(".chip").first.click()
    assert page.evaluate(SPILLS) == []
    flawless(page, "Arabic")


@pytest.mark.parametrize(
    ("locale", "words"),
    [("de-AT", "Frage stellen …"), ("pt-BR", "Faça uma pergunta…"), ("sv", "Ask a question…")],
)
def test_it_speaks_as_the_browser_does(visit: Visit, locale: str, words: str) -> None:
    page = opened(visit(locale=locale))
    expect(field(page)).to_have_attribute("placeholder", words)


@pytest.mark.parametrize("colour", ["#ffe600", "#7dd3fc", "#ff7a00", "#000000", "#ffffff"])
def test_any_colour_can_be_read(desk: ChatServer, visit: Visit, colour: str) -> None:
    desk.config["widget"] = {**desk.config["widget"], "color": colour}
    page = opened(visit())
    ask(page, "Can I return a light?")
    expect(answer(page)).to_contain_text("working days")
    flawless(page, colour)


def test_who_wants_no_motion_sees_none(visit: Visit) -> None:
    page = opened(visit())
    ask(page, "Can I return a light?")
    expect(answer(page)).to_contain_text("working days")
    script = """() => document.querySelector("frontdesk-widget").shadowRoot.getAnimations()
      .filter((one) => one.effect.getComputedTiming().duration > 10).length"""
    assert page.evaluate(script) == 0


def test_the_full_page_has_no_launcher_and_cannot_be_closed(visit: Visit) -> None:
    page = visit("page", viewport={"width": 1000, "height": 700})
    expect(field(page)).to_be_visible()
    expect(page.locator(".launcher")).to_have_count(0)
    expect(page.get_by_role("button", name=re.compile("Close"))).to_have_count(0)
    page.keyboard.press("Escape")
    ask(page, "Can I return a light?")
    expect(answer(page)).to_contain_text("working days")
    flawless(page, "the full page")


def flawless(page: Page, what: str) -> None:
    # It hangs beside the body, where axe cannot reckon what is behind a text.
    page.evaluate(INTO_THE_BODY)
    assert everything_wrong_with(page) == [], what
    if page.locator(".panel").count():
        assert page.evaluate(SPILLS) == [], what
