"""Pages without a mouse and without eyes: the keyboard leads everywhere, mistakes are announced."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.people import Person
from tests.e2e.server import Server

pytestmark = pytest.mark.e2e
MOST_STOPS = 80
DESK = (
    "/dashboard",
    "/dashboard/inbox",
    "/dashboard/tickets",
    "/dashboard/contacts",
    "/dashboard/documents/drafts",
    "/dashboard/settings/team",
    "/dashboard/settings/hours",
    "/dashboard/settings/replies",
    "/dashboard/settings/profile",
    "/dashboard/settings/widget",
    "/dashboard/settings/widget/install",
    "/dashboard/settings/assistant",
)
# What has the focus, and whether that can be seen: on itself, on what is drawn in its place, or on
# the box that a link or a field fills.
# To the page all of a widget is one element; what really has the focus is in its shadow.
FOCUS = """() => {
  let one = document.activeElement;
  while (one?.shadowRoot?.activeElement) one = one.shadowRoot.activeElement;
  if (!one || one === document.body) return null;
  const drawn = one.matches("[type=radio], [type=checkbox]") ? one.nextElementSibling : null;
  const box = one.closest(".figure, .row, .finder");
  const outlined = [one, drawn, box].filter(Boolean).some((each) => {
    const { outlineStyle, outlineWidth } = getComputedStyle(each);
    return outlineStyle !== "none" && parseFloat(outlineWidth) >= 1;
  });
  const { top, bottom, width, height } = one.getBoundingClientRect();
  const inSight = width > 0 && height > 0 && bottom > 0 && top < innerHeight;
  const name = one.getAttribute("aria-label") || one.textContent.trim() || one.name;
  return { what: `${one.localName} ${name}`, field: one.name || "", outlined, inSight };
}"""


def test_somebody_signs_in_with_the_keyboard_alone(server: Server, page: Page) -> None:
    email, password = server.demo_sign_in
    page.goto("/login")
    tab_to(page, "email")
    page.keyboard.type(email)
    tab_to(page, "password")
    page.keyboard.type(password)
    page.keyboard.press("Enter")
    expect(page).to_have_url("/dashboard")


def test_the_keyboard_changes_a_role_and_gives_the_focus_back(
    server: Server, page: Page, somebody: Callable[[str], Person]
) -> None:
    owner = demo_owner(server, somebody)
    owner.page.goto("/dashboard/settings/team")
    actions = owner.page.get_by_role("button", name="Actions for Demo Agent")
    actions.focus()
    owner.page.keyboard.press("Enter")
    expect(owner.page.get_by_role("button", name="Set to away")).to_be_focused()
    owner.page.keyboard.press("ArrowDown")
    expect(owner.page.get_by_role("button", name="Sign out everywhere")).to_be_focused()
    owner.page.keyboard.press("ArrowDown")
    expect(owner.page.get_by_role("button", name="Suspend")).to_be_focused()
    owner.page.keyboard.press("Enter")
    expect(owner.page.get_by_role("dialog", name="Suspend Demo Agent?")).to_be_visible()
    owner.page.keyboard.press("Escape")
    expect(actions).to_be_focused()


@pytest.mark.parametrize("path", ["/", "/login", "/signup", "/demo", "/api/docs"])
def test_the_focus_is_seen_at_every_stop_of_a_public_page(page: Page, path: str) -> None:
    page.goto(path)
    assert stops_that_cannot_be_seen(page) == []


def test_the_focus_is_seen_at_every_stop_of_the_desk(
    server: Server, somebody: Callable[[str], Person]
) -> None:
    owner = demo_owner(server, somebody)
    for path in DESK:
        owner.page.goto(path)
        assert stops_that_cannot_be_seen(owner.page) == [], path


def test_the_first_stop_skips_to_the_content(page: Page) -> None:
    page.goto("/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_be_focused()


def test_an_empty_field_is_announced_and_gets_the_focus(page: Page) -> None:
    page.goto("/login")
    page.get_by_role("button", name="Sign in").click()
    email = page.get_by_label("E-mail address")
    expect_mistake(page, email, "Please fill this in.")
    email.fill("olivia@harbour.example.com")
    expect(email).not_to_have_attribute("aria-invalid", "true")


def test_the_first_of_several_mistakes_gets_the_focus(page: Page) -> None:
    page.goto("/signup")
    page.get_by_label("Organization").fill("Harbour Books")
    page.get_by_label("Your name").fill("Olivia")
    page.get_by_label("E-mail address").fill("not an address")
    page.get_by_label("Password", exact=True).fill("short")
    page.get_by_role("button", name="Create the organization").click()
    expect_mistake(page, page.get_by_label("E-mail address"), "This is not a complete e-mail")
    password = page.get_by_label("Password", exact=True)
    expect(password).to_have_accessible_description(re.compile("Please use at least 8 characters"))


def test_a_mistake_that_only_the_server_finds_is_announced_at_its_field(
    server: Server, page: Page
) -> None:
    page.goto("/signup")
    page.get_by_label("Organization").fill("Harbour Books")
    page.get_by_label("Your name").fill("Olivia")
    page.get_by_label("E-mail address").fill(server.demo_sign_in[0])
    page.get_by_label("Password", exact=True).fill("correct horse battery staple")
    page.get_by_role("button", name="Create the organization").click()
    expect_mistake(page, page.get_by_label("E-mail address"), "There is an account")


def test_what_belongs_to_no_field_is_announced_above_the_form(page: Page) -> None:
    page.goto("/login")
    page.get_by_label("E-mail address").fill("nobody@harbour.example.com")
    page.get_by_label("Password", exact=True).fill("whatever it was")
    page.get_by_role("button", name="Sign in").click()
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("do not belong together")
    expect(alert).to_be_focused()


def test_the_chosen_theme_is_there_from_the_first_byte_of_every_next_page(page: Page) -> None:
    page.goto("/")
    page.get_by_role("radio", name="Dark").first.check(force=True)
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    dark = background(page)
    for path in ("/", "/login", "/no/such/page"):
        answer = page.goto(path)
        assert answer is not None
        assert '<html lang="en" data-theme="dark">' in answer.text()
        assert background(page) == dark
    page.goto("/")
    expect(page.get_by_role("radio", name="Dark").first).to_be_checked()


def test_without_a_choice_the_theme_follows_the_system(page: Page) -> None:
    page.goto("/login")
    seen = {}
    for system in ("light", "dark"):
        page.emulate_media(color_scheme="dark" if system == "dark" else "light")
        seen[system] = background(page)
    assert seen["light"] != seen["dark"]


def demo_owner(server: Server, somebody: Callable[[str], Person]) -> Person:
    owner = somebody("Owner")
    owner.email, password = server.demo_sign_in
    credentials = {"email": owner.email, "password": password}
    assert owner.call("POST", "/api/auth/login", credentials).status == 200
    return owner


def tab_to(page: Page, field: str) -> None:
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        focus = page.evaluate(FOCUS)
        if focus and focus["field"] == field:
            return
    raise AssertionError(f"The Tab key does not lead to the field “{field}”.")


def stops_that_cannot_be_seen(page: Page) -> list[str]:
    """Walk through the page with the Tab key, once round."""
    unseen, stops = [], 0
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        focus = page.evaluate(FOCUS)
        if focus is None:
            break
        stops += 1
        if not focus["outlined"]:
            unseen.append(f"{focus['what']}: no outline")
        if not focus["inSight"]:
            unseen.append(f"{focus['what']}: out of sight")
    assert stops > 3, "The Tab key leads nowhere."
    return unseen


def expect_mistake(page: Page, field: Locator, sentence: str) -> None:
    expect(field).to_be_focused()
    expect(field).to_have_attribute("aria-invalid", "true")
    described = field.get_attribute("aria-describedby") or ""
    said = page.locator(", ".join(f"#{name}" for name in described.split()))
    expect(said.filter(has_text=sentence)).to_be_visible()


def background(page: Page) -> str:
    return str(page.evaluate("getComputedStyle(document.documentElement).backgroundColor"))
