"""The page of canned replies and macros as somebody of the team uses it, and who gets what."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.looks import everything_wrong_with
from tests.e2e.people import Person
from tests.e2e.server import Server

pytestmark = pytest.mark.e2e
Somebody = Callable[[str], Person]
PATH, REPLIES, MACROS = "/dashboard/settings/replies", "/api/canned-replies", "/api/macros"


@pytest.fixture
def someone(somebody: Somebody, kept: dict[str, Any]) -> Person:
    """The owner of an organization that has nothing ready, on the page."""
    person = somebody("Ruth")
    if person.name in kept:
        person.context.add_cookies(kept[person.name])
    else:
        person.register("Bluebird Replies")
        kept[person.name] = person.context.cookies()
    for path in (REPLIES, MACROS):
        for one in person.call("GET", path).json()["items"]:
            assert person.call("DELETE", f"{path}/{one['id']}").ok
    person.page.goto(PATH)
    return person


def dialog(page: Page) -> Locator:
    return page.locator("dialog[open]")


def write_reply(person: Person, shortcut: str, text: str) -> None:
    body = {"shortcut": shortcut, "text": text}
    assert person.call("POST", REPLIES, body).status == 201


def write_macro(person: Person, *steps: dict[str, Any]) -> None:
    assert person.call("POST", MACROS, {"name": "Refund", "steps": steps}).status == 201


def macro_of(person: Person) -> dict[str, Any]:
    one: dict[str, Any] = person.call("GET", MACROS).json()["items"][0]
    return one


def test_a_reply_is_written_with_a_variable_and_seen_as_it_will_be(someone: Person) -> None:
    page = someone.page
    expect(page.get_by_role("heading", name="No canned replies yet")).to_be_visible()
    page.get_by_role("button", name="New reply").click()
    expect(dialog(page).get_by_label("Shortcut")).to_be_focused()
    page.keyboard.type("Refund")
    dialog(page).get_by_label("Text").fill("Hello , it is on its way.")
    for _ in range(len(", it is on its way.")):
        page.keyboard.press("ArrowLeft")
    dialog(page).get_by_role("button", name="Customer’s first name").click()
    sample = dialog(page).get_by_role("region", name="As it is sent")
    expect(sample).to_have_text("Hello Alex, it is on its way.")
    dialog(page).get_by_role("radio", name="Nothing known").check(force=True)
    expect(sample).to_have_text("Hello there, it is on its way.")
    assert everything_wrong_with(page) == []
    dialog(page).get_by_role("button", name="Save the reply").click()
    expect(page.get_by_text("Reply added.")).to_be_visible()
    expect(page.get_by_role("row", name="/refund")).to_be_visible()
    (saved,) = someone.call("GET", REPLIES).json()["items"]
    assert saved["text"] == "Hello {{contact.first_name|there}}, it is on its way."


def test_what_is_wrong_with_a_reply_is_said_beside_its_field(someone: Person) -> None:
    write_reply(someone, "hours", "From nine to six.")
    page = someone.page
    page.reload()
    page.get_by_role("button", name="New reply").click()
    shortcut, text = dialog(page).get_by_label("Shortcut"), dialog(page).get_by_label("Text")
    save = dialog(page).get_by_role("button", name="Save the reply")
    save.click()
    expect(shortcut).to_have_accessible_description(
        "Please fill this in. Letters, digits, - and _."
    )
    shortcut.fill("two words")
    text.fill("Dear {{customer.name}}")
    expect(dialog(page).get_by_text("“customer.name” is not a variable.")).to_be_visible()
    save.click()
    expect(dialog(page).get_by_text("and no space")).to_be_visible()
    shortcut.fill("hours")
    save.click()
    expect(text).to_have_attribute("aria-invalid", "true")
    assert everything_wrong_with(page) == []
    text.fill("Dear {{contact.name}}")
    expect(dialog(page).get_by_text("Nothing is said for contact.name")).to_be_hidden()
    save.click()
    expect(dialog(page).get_by_text("with this shortcut already")).to_be_visible()
    expect(shortcut).to_be_focused()


def test_what_was_typed_is_not_thrown_away_unasked(someone: Person) -> None:
    page = someone.page
    page.get_by_role("button", name="New reply").click()
    page.keyboard.press("Escape")
    expect(dialog(page)).to_have_count(0)
    expect(page.get_by_role("button", name="New reply")).to_be_focused()
    page.get_by_role("button", name="New reply").click()
    dialog(page).get_by_label("Text").fill("Half a thought")
    page.keyboard.press("Escape")
    question = page.get_by_role("dialog", name="Leave without saving?")
    question.get_by_role("button", name="Cancel").click()
    expect(page.get_by_label("Text", exact=True)).to_have_value("Half a thought")
    for _ in range(3):  # browsers hold back a dialog's closing only once between two clicks
        page.keyboard.press("Escape")
        expect(question).to_be_visible()
        page.keyboard.press("Escape")
        expect(question).to_be_hidden()
        expect(page.get_by_label("Text", exact=True)).to_have_value("Half a thought")
    page.keyboard.press("Escape")
    question.get_by_role("button", name="Leave").click()
    expect(dialog(page)).to_have_count(0)


def test_a_question_asked_again_at_once_is_answered_all_the_same(someone: Person) -> None:
    page = someone.page
    page.get_by_role("button", name="New reply").click()
    dialog(page).get_by_label("Text").fill("Half a thought")
    page.keyboard.press("Escape")
    page.evaluate(
        """() => {
            const confirm = document.getElementById("confirm");
            confirm.close("no");
            document.querySelector("dialog[open]").dispatchEvent(
                new KeyboardEvent("keydown", { key: "Escape", bubbles: true, cancelable: true }),
            );
        }"""
    )
    question = page.get_by_role("dialog", name="Leave without saving?")
    question.get_by_role("button", name="Leave").click()
    expect(dialog(page)).to_have_count(0)


def test_replies_are_searched_changed_and_deleted(someone: Person) -> None:
    write_reply(someone, "hours", "From nine to six.")
    write_reply(someone, "refund", "The money is on its way.")
    page = someone.page
    page.reload()
    search = page.get_by_role("searchbox", name="Search the canned replies")
    search.fill("money")
    expect(page.get_by_role("row", name="/refund")).to_be_visible()
    expect(page.get_by_role("row", name="/hours")).to_be_hidden()
    search.fill("no such words")
    expect(page.get_by_text("No reply has these words.")).to_be_visible()
    search.fill("/hou")
    page.get_by_role("button", name="Edit /hours").click()
    dialog(page).get_by_label("Title").fill("When we are here")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Reply saved.")).to_be_visible()
    expect(page.get_by_text("When we are here")).to_be_visible()
    page.get_by_role("button", name="Delete /hours").click()
    page.get_by_role("dialog", name="Delete /hours?").get_by_role("button", name="Delete").click()
    expect(page.get_by_text("/hours is deleted.")).to_be_visible()
    expect(page.get_by_role("row", name="/hours")).to_have_count(0)


def test_a_macro_is_put_together_out_of_every_kind_of_step(someone: Person) -> None:
    page = someone.page
    page.get_by_role("button", name="New macro").click()
    box = dialog(page)
    box.get_by_label("Name").fill("Refund and close")
    wanted: list[tuple[str, str, str]] = [
        ("reply", "Text", "Dear {{contact.name|customer}}"),
        ("note", "Text", "Paid back."),
        ("assign", "To whom", "me"),
        ("tag", "Tags, separated by commas", "Refund, money"),
        ("untag", "Tags, separated by commas", "open"),
        ("priority", "Priority", "low"),
        ("snooze", "For how long", "3"),
        ("close", "", ""),
        ("hand_back", "", ""),
    ]
    for place, (kind, label, value) in enumerate(wanted, start=1):
        box.get_by_role("button", name="Add a step").click()
        step = box.get_by_role("group", name=f"Step {place}")
        what = step.get_by_label("What it does")
        expect(what).to_be_focused()
        what.select_option(kind)
        if kind in {"assign", "priority"}:
            step.get_by_label(label).select_option(value)
        elif label:
            step.get_by_label(label).fill(value)
        if kind == "snooze":
            step.get_by_label("Unit").select_option("days")
    assert everything_wrong_with(page) == []
    box.get_by_role("button", name="Save the macro").click()
    expect(page.get_by_text("Macro added.")).to_be_visible()
    row = page.get_by_role("row", name="Refund and close")
    expect(row).to_contain_text("Snooze for 3 days")
    expect(row).to_contain_text("Assign to whoever runs it")
    steps = macro_of(someone)["steps"]
    assert [step["do"] for step in steps] == [kind for kind, _, _ in wanted]
    assert steps[6]["minutes"] == 3 * 24 * 60
    row.get_by_role("button", name="Edit").click()
    third = box.get_by_role("group", name="Step 7")
    expect(third.get_by_label("For how long")).to_have_value("3")
    expect(third.get_by_label("Unit")).to_have_value("1440")


def test_the_keyboard_puts_steps_into_another_order(someone: Person) -> None:
    write_macro(someone, {"do": "note", "text": "One"}, {"do": "close"}, {"do": "hand_back"})
    page = someone.page
    page.reload()
    page.get_by_role("button", name="Edit Refund").click()
    up = dialog(page).get_by_role("group", name="Step 3").get_by_label("Move this step up")
    up.focus()
    page.keyboard.press("Enter")
    expect(dialog(page).get_by_role("group", name="Step 2").get_by_label("up")).to_be_focused()
    page.keyboard.press("ArrowUp")
    # At the top it can only go down again; the focus stays with the step.
    first = dialog(page).get_by_role("group", name="Step 1")
    expect(first.get_by_label("down")).to_be_focused()
    expect(first.get_by_label("What it does")).to_have_value("hand_back")
    dialog(page).get_by_role("group", name="Step 3").get_by_label("Remove this step").click()
    dialog(page).get_by_role("button", name="Save the macro").click()
    expect(page.get_by_text("Macro saved.")).to_be_visible()
    assert [step["do"] for step in macro_of(someone)["steps"]] == ["hand_back", "note"]


def test_what_is_wrong_with_a_step_is_said_beside_it(someone: Person) -> None:
    write_macro(someone, {"do": "note", "text": "One"})
    page = someone.page
    page.reload()
    page.get_by_role("button", name="New macro").click()
    box = dialog(page)
    save = box.get_by_role("button", name="Save the macro")
    save.click()
    expect(box.get_by_label("Name")).to_be_focused()
    expect(box.get_by_role("alert")).to_contain_text("Please add a step")
    box.get_by_label("Name").fill("Refund")
    for _ in range(2):
        box.get_by_role("button", name="Add a step").click()
    box.get_by_role("group", name="Step 1").get_by_label("Text").fill("Fine")
    save.click()
    second = box.get_by_role("group", name="Step 2")
    expect(second).to_have_accessible_description("Please fill this in.")
    second.get_by_label("Text").fill("Dear {{nobody}}")
    save.click()
    expect(second).to_have_accessible_description(re.compile("“nobody” is not a var"))
    assert everything_wrong_with(page) == []
    second.get_by_label("Text").fill("Dear all")
    save.click()
    expect(box.get_by_text("There is a macro with this name already.")).to_be_visible()


def test_conversations_are_given_out_in_turn_up_to_what_each_can_bear(someone: Person) -> None:
    page = someone.page
    page.goto("/dashboard/settings/team")
    switch = page.get_by_role("switch", name="Give conversations that want a person")
    expect(switch).not_to_be_checked()
    switch.check()
    expect(page.get_by_text("are given out in turn now")).to_be_visible()
    most = page.get_by_label("Conversations that Ruth is given at once, at most")
    most.fill("101")
    most.press("Tab")
    expect(page.get_by_text("a whole number from 0 to 100")).to_be_visible()
    most.fill("3")
    most.press("Tab")
    expect(page.get_by_text("You are given 3 at once, at most.")).to_be_visible()
    page.reload()
    expect(most).to_have_value("3")
    expect(switch).to_be_checked()
    assert someone.call("GET", "/api/organization/assignment").json() == {"automatic": True}


def test_a_step_for_somebody_who_has_left_is_not_changed_behind_ones_back(
    server: Server, somebody: Somebody
) -> None:
    owner = somebody("Owner")
    email, password = server.demo_sign_in
    assert owner.call("POST", "/api/auth/login", {"email": email, "password": password}).ok
    team = owner.call("GET", "/api/team").json()["items"]
    agent = next(each for each in team if each["email"].startswith("agent@"))
    write_macro(owner, {"do": "assign", "assignee_id": agent["id"]})
    assert owner.call("PATCH", f"/api/users/{agent['id']}", {"active": False}).ok
    page = owner.page
    page.goto(PATH)
    page.get_by_role("button", name="Edit Refund").click()
    step = dialog(page).get_by_role("group", name="Step 1")
    expect(step.get_by_label("To whom")).to_have_value(agent["id"])
    dialog(page).get_by_role("button", name="Save the macro").click()
    expect(step).to_have_accessible_description(re.compile("is suspended"))
    assert owner.call("PATCH", f"/api/users/{agent['id']}", {"active": True}).ok
