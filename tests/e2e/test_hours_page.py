"""The page of opening hours as somebody fills it in, by mouse and by the keyboard alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.looks import everything_wrong_with
from tests.e2e.people import Person

pytestmark = pytest.mark.e2e
Somebody = Callable[[str], Person]
PATH, HOURS, TARGETS = (
    "/dashboard/settings/hours",
    "/api/organization/hours",
    "/api/organization/targets",
)
ALWAYS: dict[str, Any] = {"time_zone": "Europe/Lisbon", "always_open": True}


@pytest.fixture
def admin(somebody: Somebody, kept: dict[str, Any]) -> Person:
    """The owner of an organization that has decided nothing yet, on the page."""
    person = somebody("Noor")
    if person.name in kept:
        person.context.add_cookies(kept[person.name])
    else:
        person.register("Bluebird Hours")
        kept[person.name] = person.context.cookies()
    assert person.call("PUT", HOURS, ALWAYS).ok
    person.page.goto(PATH)
    return person


def day(page: Page, name: str) -> Locator:
    return page.get_by_role("group", name=name, exact=True)


def save(page: Page) -> None:
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Everything is saved.")).to_be_visible()


def test_a_week_with_split_shifts_is_filled_in_and_copied(admin: Person) -> None:
    page = admin.page
    expect(page.get_by_text("Open around the clock.")).to_be_visible()
    page.get_by_role("radio", name="In these hours").check()
    expect(page.get_by_text("Closed, and there are no hours")).to_be_visible()
    monday = day(page, "Monday")
    monday.get_by_role("button", name="Add hours on Monday").click()
    monday.get_by_label("Monday, to").fill("12:30")
    monday.get_by_role("button", name="Add hours on Monday").click()
    monday.get_by_label("Monday, from").nth(1).fill("14:00")
    monday.get_by_label("Monday, to").nth(1).fill("17:30")
    monday.get_by_role("button", name="Copy the hours of Monday").click()
    page.get_by_role("button", name="To every day").click()
    expect(page.locator(".drawing__open")).to_have_count(14)
    day(page, "Sunday").get_by_role("button", name="Remove 09:00 to 12:30 on Sunday").click()
    save(page)
    week = admin.call("GET", HOURS).json()["week"]
    shifts = [(each["start"], each["end"]) for each in week["thursday"]]
    assert shifts == [("09:00", "12:30"), ("14:00", "17:30")]
    assert [each["start"] for each in week["sunday"]] == ["14:00"]
    page.reload()
    expect(day(page, "Tuesday").get_by_label("Tuesday, from").first).to_have_value("09:00")


def test_hours_past_midnight_are_asked_about(admin: Person) -> None:
    page = admin.page
    page.get_by_role("radio", name="In these hours").check()
    friday = day(page, "Friday")
    friday.get_by_role("button", name="Add hours on Friday").click()
    friday.get_by_label("Friday, from").fill("20:00")
    friday.get_by_label("Friday, to").fill("02:00")
    page.get_by_role("button", name="Save", exact=True).click()
    mistake = friday.get_by_text("Friday: 02:00 is not after 20:00. Does it end on the next day?")
    expect(mistake).to_be_visible()
    assert everything_wrong_with(page) == []
    friday.get_by_label("ends on Saturday").check()
    expect(mistake).to_be_hidden()
    save(page)
    [night] = admin.call("GET", HOURS).json()["week"]["friday"]
    assert night == {"start": "20:00", "end": "02:00", "next_day": True}


def test_a_holiday_is_kept_and_two_of_one_day_are_not(admin: Person) -> None:
    page = admin.page
    page.get_by_role("radio", name="In these hours").check()
    for name in ("Christmas Day", "Again"):
        page.get_by_role("button", name="Add a holiday").click()
        page.get_by_label("Date").last.fill("2026-12-25")
        page.get_by_label("Name").last.fill(name)
    page.get_by_role("button", name="Save", exact=True).click()
    again = day(page, "Again")
    expect(again.get_by_text("2026-12-25 is in the list twice.")).to_be_visible()
    again.get_by_role("button", name="Remove Again").click()
    save(page)
    [holiday] = admin.call("GET", HOURS).json()["holidays"]
    assert holiday == {"date": "2026-12-25", "name": "Christmas Day", "spans": []}


def test_outside_of_the_hours_the_assistant_can_be_silent(admin: Person) -> None:
    page = admin.page
    page.get_by_role("radio", name="In these hours").check()
    page.get_by_label("The assistant answers").uncheck()
    page.get_by_label("A word of your own").fill("Call us in an emergency.")
    save(page)
    said = admin.call("GET", HOURS).json()["offline"]
    assert said == {"assistant": False, "message": "Call us in an emergency."}


def test_targets_are_written_as_one_says_them(admin: Person) -> None:
    page = admin.page
    first = page.get_by_label("Urgent, first reply")
    first.fill("soon")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Please write it like 30 min or 4 h.")).to_be_visible()
    expect(first).to_be_focused()
    first.fill("90")
    page.get_by_label("Low, solved").fill("")
    expect(first).to_have_value("1 h 30 min")
    save(page)
    said = admin.call("GET", TARGETS).json()
    assert (said["urgent"]["first_reply"], said["low"]["resolution"]) == (90, None)
    page.get_by_label("Set deadlines").uncheck()
    expect(first).to_be_hidden()
    save(page)
    assert admin.call("GET", TARGETS).json()["on"] is False
    page.get_by_label("Set deadlines").check()
    save(page)


def test_the_keyboard_alone_fills_in_a_day_and_is_not_lost(admin: Person) -> None:
    page = admin.page
    page.get_by_role("radio", name="Around the clock").focus()
    page.keyboard.press("ArrowRight")
    page.get_by_role("button", name="Add hours on Monday").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_label("Monday, from")).to_be_focused()
    page.get_by_role("button", name="Copy the hours of Monday").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="To Monday to Friday")).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Copy the hours of Monday")).to_be_focused()
    page.get_by_role("button", name="Remove 09:00 to 17:00 on Sunday").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Add hours on Sunday")).to_be_focused()
    page.get_by_label("Monday, from").focus()
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("There are unsaved changes.")).to_be_visible()
    page.get_by_role("button", name="Undo").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Open around the clock.")).to_be_visible()
    expect(page.get_by_text("Everything is saved.")).to_be_visible()
