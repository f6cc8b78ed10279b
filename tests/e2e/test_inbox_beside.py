"""What stands beside a thread leads to what it names."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, expect

from tests.e2e.desks import Agent, introduce, visitor
from tests.e2e.looks import everything_wrong_with
from tests.e2e.server import Server

pytestmark = pytest.mark.e2e
WIDE = {"width": 1440, "height": 900}


@pytest.fixture
def beside(olivia: Agent) -> Locator:
    olivia.page.set_viewport_size(WIDE)  # type: ignore[arg-type]
    return olivia.page.get_by_role("complementary", name="About this conversation")


def test_the_ticket_beside_it_is_the_one_that_opens(
    server: Server, olivia: Agent, beside: Locator
) -> None:
    page = olivia.page
    with visitor(server) as vera:
        conversation = introduce(vera, "Vera Ticket", "I would like to speak to a person, please.")
        vera.event("escalated")
    olivia.arrive(f"/dashboard/inbox/{conversation}")
    number = beside.locator(".side__ticket strong").inner_text()
    beside.locator(".side__ticket").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(number)


def test_all_tags_are_read_whole(server: Server, olivia: Agent, beside: Locator) -> None:
    tags = ["a tag with a rather long name", "refund", "delivery", "wholesale", "vip"]
    with visitor(server) as vera:
        conversation = introduce(vera, "Vera Tags", "Do you deliver to Malta?")
        vera.event(author="assistant")
    assert olivia.call("PATCH", f"/api/conversations/{conversation}", {"tags": tags}).ok
    olivia.arrive(f"/dashboard/inbox/{conversation}")
    named = beside.locator(".side__tags .mark")
    expect(named).to_have_count(len(tags))
    assert all(
        one.evaluate("each => each.scrollWidth <= each.clientWidth + 1") for one in named.all()
    )
    expect(olivia.page.locator(".head__marks")).to_contain_text("+3")


def test_code_in_a_note_is_read_from_its_beginning(server: Server, olivia: Agent) -> None:
    with visitor(server) as vera:
        conversation = introduce(vera, "Vera Code", "مرحبا")
        vera.event(author="assistant")
    olivia.arrive(f"/dashboard/inbox/{conversation}")
    olivia.write(f"مرحبا\n```\nfirst {'and so on ' * 30}last\n```", note=True)
    code = olivia.thread.locator(".note-paper pre")
    expect(code).to_contain_text("first")
    # Drawn anew when it has arrived.
    expect(code).to_have_css("direction", "ltr")
    expect(code).to_have_js_property("scrollLeft", 0)


def test_what_comes_in_before_the_line_is_open_is_there(server: Server, olivia: Agent) -> None:
    late = """window.WebSocket = class extends WebSocket {
      set onopen(run) { super.onopen = (event) => setTimeout(() => run(event), 3000); }
    }"""
    olivia.page.add_init_script(late)
    olivia.page.goto("/dashboard/inbox")
    expect(olivia.page.locator("#view-name")).to_have_text("All open")
    olivia.page.wait_for_load_state("networkidle")
    with visitor(server) as vera:
        introduce(vera, "Vera Between", "Do you deliver to Malta?")
        expect(olivia.page.locator("#inbox")).to_have_attribute("data-link", "connecting")
        vera.event(author="assistant")
        expect(olivia.row("Vera Between")).to_be_visible()


def test_what_a_visitor_has_told_and_their_other_conversations(
    server: Server, olivia: Agent, beside: Locator
) -> None:
    page = olivia.page
    address = "vera.beside@example.com"
    with visitor(server) as vera:
        facts = {"Order": "5498", "Loyal since": "2019"}
        vera.send(
            "contact", name="Vera Beside", email=address, phone="+44 20 7946 0018", fields=facts
        )
        first = vera.say("Do you deliver to Malta?")["conversation_id"]
        vera.event(author="assistant")
        assert olivia.call("POST", f"/api/conversations/{first}/close").ok
    with visitor(server) as again:
        again.send("contact", name="Vera Beside", email=address)
        second = again.say("It is me again.")["conversation_id"]
        again.event(author="assistant")
    olivia.arrive(f"/dashboard/inbox/{second}")
    for words in ("Telephone", "+44 20 7946 0018", "Order", "5498", "Loyal since", "2019"):
        expect(beside).to_contain_text(words)
    other = beside.get_by_role("listitem").filter(has_text="closed ·").get_by_role("button")
    assert everything_wrong_with(page) == []
    other.click()
    expect(olivia.thread).to_contain_text("Do you deliver to Malta?")
