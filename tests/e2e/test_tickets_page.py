"""Tickets as people use them: opening one, moving it, finding it, changing it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.e2e.looks import flaws
from tests.e2e.people import Person
from tests.e2e.server import Server

pytestmark = pytest.mark.e2e
Somebody = Callable[[str], Person]
HOSTILE = "<img src=x onerror='window.harm=1'>\u202e"


@pytest.fixture(scope="module")
def kept() -> list[Any]:
    """Cookies of who has signed in already: signing in is rationed."""
    return []


@pytest.fixture
def owner(somebody: Somebody, kept: list[Any]) -> Person:
    person = somebody("Petra")
    if kept:
        person.context.add_cookies(kept)
    else:
        person.register("Quay Bicycles")
        kept.extend(person.context.cookies())
    return person


def ticket(person: Person, subject: str, **facts: Any) -> dict[str, Any]:
    answer = person.call("POST", "/api/tickets", {"subject": subject, **facts})
    assert answer.status == 201, answer.text()
    made: dict[str, Any] = answer.json()
    return made


def status_of(person: Person, made: dict[str, Any]) -> str:
    return str(person.call("GET", f"/api/tickets/{made['id']}").json()["status"])


def test_from_an_empty_room_to_a_solved_ticket(owner: Person) -> None:
    page = owner.page
    page.goto("/dashboard/tickets")
    page.get_by_role("button", name="Open the first one").click()
    dialog = page.get_by_role("dialog", name="New ticket")
    dialog.get_by_role("button", name="Open the ticket").click()
    expect(dialog.get_by_label("What is it about?")).to_be_focused()
    dialog.get_by_label("What is it about?").fill("The clamp is broken")
    dialog.get_by_label("Priority").select_option("high")
    dialog.get_by_role("button", name="Open the ticket").click()
    column = page.get_by_role("region", name="Open")
    card = column.get_by_role("listitem").filter(has_text="The clamp is broken")
    expect(card.get_by_text("High")).to_be_visible()
    card.get_by_role("button", name="Move ticket 1").click()
    page.get_by_role("menuitem", name="Waiting for the customer").click()
    waiting = page.get_by_role("region", name="Waiting for the customer")
    waiting.get_by_role("link", name="The clamp is broken").click()
    page.get_by_role("button", name="Solved").click()
    expect(page.get_by_role("button", name="Open it again")).to_be_visible()
    expect(page.get_by_role("listitem").filter(has_text="changed status")).to_have_count(2)


def test_a_card_is_dragged_to_another_column(owner: Person) -> None:
    made = ticket(owner, "Wrong colour")
    page = owner.page
    page.goto("/dashboard/tickets")
    card = page.get_by_role("listitem").filter(has_text="Wrong colour")
    card.drag_to(page.get_by_role("region", name="Solved"))
    expect(page.get_by_text(f"Ticket {made['number']} has been moved.")).to_be_visible()
    assert status_of(owner, made) == "solved"


def test_one_is_changed_and_its_moment_stays_what_was_typed(owner: Person) -> None:
    made = ticket(owner, "Missing invoice")
    page = owner.page
    page.goto(f"/dashboard/tickets/{made['id']}")
    page.get_by_label("Due").fill("2027-01-04T09:30")
    page.get_by_label("Who takes care of it").select_option("Petra")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    expect(page.get_by_label("Due")).to_have_value("2027-01-04T09:30")
    now = owner.call("GET", f"/api/tickets/{made['id']}").json()
    assert now["due_is_set"]
    assert now["assignee_id"]
    page.get_by_label("Due").fill("2019-01-04T09:30")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_label("Due")).to_have_attribute("aria-invalid", "true")


def test_the_deadline_is_read_and_set_by_the_organizations_clock(owner: Person) -> None:
    """The reader's own clock shows something else; also where the clocks have been changed."""
    hours = owner.call("GET", "/api/organization/hours").json() | {"time_zone": "Asia/Kathmandu"}
    given = {name: hours[name] for name in ("time_zone", "week", "holidays") if name in hours}
    assert owner.call("PUT", "/api/organization/hours", given).ok
    made = ticket(owner, "By whose clock?")
    page = owner.page
    page.goto(f"/dashboard/tickets/{made['id']}")
    page.get_by_label("Due").fill("2027-07-05T09:30")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    expect(page.get_by_label("Due")).to_have_value("2027-07-05T09:30")
    expect(page.get_by_text("Mon 5 Jul 2027, 09:30 (Asia/Kathmandu)")).to_be_visible()
    due = owner.call("GET", f"/api/tickets/{made['id']}").json()["due_at"]
    assert due.startswith("2027-07-05T03:45"), "It is five and three quarters of an hour ahead."
    history = page.get_by_role("region", name="What happened to it")
    expect(history).to_contain_text("Mon 5 Jul 2027, 09:30")


def test_a_warning_and_a_breach_are_seen_in_every_place(owner: Person, server: Server) -> None:
    soon, late = ticket(owner, "Soon it is due"), ticket(owner, "It is late")
    told = "UPDATE tickets SET due_warned_at = ?, breached_at = ?, due_at = ? WHERE subject = ?"
    past, future = "2026-01-02 03:04:05.000000", "2036-01-02 03:04:05.000000"
    assert server.change_rows(told, past, None, future, "Soon it is due")
    assert server.change_rows(told, past, past, past, "It is late")
    page = owner.page
    for path in ("/dashboard/tickets", "/dashboard/tickets?layout=list"):
        page.goto(path)
        for words, subject in (("due soon", "Soon it is due"), ("late, due", "It is late")):
            entry = page.locator("li.ticket, tbody tr").filter(has_text=subject)
            expect(entry.get_by_text(words)).to_be_visible()
    page.goto(f"/dashboard/tickets/{soon['id']}")
    expect(page.get_by_text("The team was warned that it is due soon.")).to_be_visible()
    page.goto(f"/dashboard/tickets/{late['id']}")
    expect(page.get_by_text("The deadline passed.")).to_be_visible()
    page.goto("/dashboard/tickets?overdue=1")
    expect(page.get_by_role("link", name="It is late")).to_be_visible()
    expect(page.get_by_role("link", name="Soon it is due")).to_have_count(0)


def test_a_card_is_moved_and_taken_with_the_keyboard_alone(owner: Person) -> None:
    made = ticket(owner, "Moved by keys")
    page = owner.page
    page.goto("/dashboard/tickets")
    page.get_by_role("button", name=f"Move ticket {made['number']}").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("menuitem", name="Waiting for the customer")).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("menuitem", name="Solved")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name=f"Move ticket {made['number']}")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("menuitem", name="Waiting for the customer")).to_be_focused()
    page.keyboard.press("End")
    page.keyboard.press("Enter")
    expect(page.get_by_text(f"Ticket {made['number']} is yours.")).to_be_visible()
    page.goto(f"/dashboard/tickets/{made['id']}")
    expect(page.get_by_text("Petra changed assignee", exact=False)).to_be_visible()
    expect(page.get_by_role("region", name="What happened to it")).to_contain_text("– → Petra")


def test_the_list_finds_by_word_number_and_owner(owner: Person) -> None:
    calm = ticket(owner, "A lost glove")
    ticket(owner, "A burning battery", priority="urgent")
    page = owner.page
    page.goto("/dashboard/tickets?layout=list")
    lost, burning = (page.get_by_role("link", name=name) for name in ("lost glove", "burning"))
    expect(lost).to_be_visible()
    page.get_by_role("search").get_by_label("Priority").select_option("urgent")
    expect(lost).to_have_count(0)
    expect(burning).to_be_visible()
    page.get_by_role("link", name="Clear").click()
    page.get_by_label("Subject or number").fill(str(calm["number"]))
    page.get_by_role("button", name="Show").click()
    expect(burning).to_have_count(0)
    expect(lost).to_be_visible()
    page.get_by_label("Whose").select_option("me")
    expect(page.get_by_text("No ticket like this")).to_be_visible()


def test_a_narrowed_board_does_not_say_that_nothing_is_to_do(owner: Person) -> None:
    ticket(owner, "The valve leaks")
    owner.page.goto("/dashboard/tickets?q=zzzqq")
    expect(owner.page.get_by_role("region", name="Open")).to_contain_text("None like this.")
    expect(owner.page.get_by_text("Nothing to do.")).to_have_count(0)


def test_L2_what_a_customer_wrote_is_only_text(owner: Person) -> None:
    made = ticket(owner, HOSTILE, reason=HOSTILE)
    for path in ("", "?layout=list", f"/{made['id']}"):
        owner.page.goto(f"/dashboard/tickets{path}")
        expect(owner.page.get_by_text("onerror").first).to_be_visible()
        assert owner.page.evaluate("window.harm") is None


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_one_ticket_is_without_a_flaw(owner: Person, scheme: Any) -> None:
    made = ticket(owner, "Broken clamp", priority="urgent", reason="It snapped.")
    owner.page.emulate_media(color_scheme=scheme)
    owner.page.goto(f"/dashboard/tickets/{made['id']}")
    assert flaws(owner.page) == []
