"""The widget in a real browser, on pages that are not ours, before a desk that is scripted."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.looks import Complaints
from tests.e2e.patience import wait_for
from tests.e2e.widget.visits import Visit, answer, ask, field, from_menu, heard, opened
from tests.stubs.chat_script import HOSTS, SHOP
from tests.stubs.chat_server import ChatServer

pytestmark = pytest.mark.e2e
LONG_TASK = 50
WATCH = """
  window.shifts = []; window.tasks = [];
  new PerformanceObserver((list) => shifts.push(...list.getEntries().map((e) => e.value)))
    .observe({ type: "layout-shift", buffered: true });
  new PerformanceObserver((list) => tasks.push(...list.getEntries().map((e) => e.duration)))
    .observe({ type: "longtask", buffered: true });
"""


def test_a_visitor_asks_and_the_answer_comes_with_its_sources(visit: Visit) -> None:
    page = opened(visit())
    ask(page, "Can I return a light?")
    expect(answer(page)).to_contain_text("within 30 days of delivery")
    expect(answer(page).locator("ol > li")).to_have_count(3)
    page.get_by_role("button", name="Source 1: Returns and refunds").first.click()
    card = page.get_by_role("group", name="Source 1: Returns and refunds")
    expect(card).to_contain_text("thirty days of delivery, used or not")
    link = card.get_by_role("link", name="Open the source")
    expect(link).to_have_attribute("href", "https://shop.example.com/returns")
    expect(link).to_have_attribute("rel", "noopener noreferrer")
    card.get_by_role("button", name="Close source").click()
    expect(card).to_have_count(0)


def test_sentences_come_one_by_one_and_can_be_stopped(desk: ChatServer, visit: Visit) -> None:
    desk.pause = 0.5
    page = opened(visit())
    ask(page, "Can I return a light?")
    expect(page.get_by_text("Looking it up…")).to_be_visible()
    expect(answer(page)).to_contain_text("within 30 days")
    expect(answer(page)).not_to_contain_text("working days")
    page.get_by_role("button", name="Stop answering").click()
    expect(page.get_by_role("button", name="Stop answering")).to_have_count(0)
    expect(answer(page)).not_to_contain_text("working days")


def test_the_live_region_speaks_whole_sentences_with_the_name_once(
    desk: ChatServer, visit: Visit
) -> None:
    page = opened(visit())
    ask(page, "Can I return a light?")
    expect(answer(page)).to_contain_text("working days")
    said = page.locator("[aria-live=polite] p").all_inner_texts()
    assert said[0] == "Assistant: Yes, you can return a used light within 30 days of delivery."
    assert len(said) == 6
    assert not any("Assistant" in line for line in said[1:])
    desk.join(desk.talks[0], "Anna")
    desk.say(desk.talks[0], "Hello!")
    expect(page.locator("[aria-live=polite]")).to_contain_text("Anna: Hello!")


def test_a_suggestion_asks_and_an_action_asks_further(visit: Visit) -> None:
    page = opened(visit())
    page.get_by_role("button", name="Can I return a light that I have used?").click()
    page.get_by_role("button", name="What if it is broken?").click()
    expect(page.locator(".mine")).to_have_count(2)
    expect(page.get_by_role("link", name="Start a return")).to_be_visible()


def test_a_thumb_is_kept_and_a_thumb_down_asks_why(desk: ChatServer, visit: Visit) -> None:
    page = opened(visit())
    ask(page, "Can I return a light?")
    page.get_by_role("button", name="Helpful", exact=True).click()
    expect(page.get_by_role("button", name="Helpful", exact=True)).to_have_attribute(
        "aria-pressed", "true"
    )
    page.get_by_role("button", name="Not helpful").click()
    page.get_by_role("button", name="Incomplete").click()
    page.get_by_label("Anything else?").fill("What about gift cards?")
    page.get_by_role("group", name="What was wrong?").get_by_role("button", name="Send").click()
    wait_for(lambda: len(heard(desk, "feedback")) == 3, "word of the thumbs")
    votes = [(one["value"], one.get("reason")) for one in heard(desk, "feedback")]
    assert votes == [("up", None), ("down", None), ("down", "incomplete")]


def test_a_reload_brings_everything_back(visit: Visit) -> None:
    page = opened(visit())
    ask(page, "Can I return a light?")
    expect(answer(page)).to_contain_text("working days")
    field(page).fill("half a thou")
    page.reload()
    expect(answer(page)).to_contain_text("working days")
    expect(page.locator(".mine")).to_have_count(1)
    expect(field(page)).to_have_value("half a thou")


def test_two_tabs_show_the_same(visit: Visit) -> None:
    one = opened(visit())
    other = one.context.new_page()
    other.goto("/host/shop")
    opened(other)
    ask(one, "Can I return a light?")
    expect(answer(other)).to_contain_text("working days")
    ask(other, "And which light is right?")
    expect(one.locator(".mine")).to_have_count(2)
    expect(answer(one)).to_contain_text("Lantern 100")


def test_what_is_typed_in_a_minute_offline_arrives_once_and_in_order(
    desk: ChatServer, visit: Visit
) -> None:
    page = opened(visit())
    ask(page, "Can I return a light?")
    expect(answer(page)).to_contain_text("working days")
    page.clock.install()
    page.context.set_offline(True)
    desk.hang_up()
    expect(page.get_by_text("You’re offline.")).to_be_visible()
    ask(page, "The first.")
    page.clock.run_for(30_000)
    ask(page, "The second.")
    page.clock.run_for(30_000)
    expect(page.get_by_text("Is sent once you’re connected")).to_be_visible()
    page.context.set_offline(False)
    wait_for(lambda: words(desk)[1:] == ["The first.", "The second."], "both, in order")
    expect(page.get_by_text("You’re offline.")).to_be_hidden()
    expect(page.locator(".mine")).to_have_count(3)
    assert words(desk) == ["Can I return a light?", "The first.", "The second."]


def test_what_is_typed_offline_outlives_a_reload(desk: ChatServer, visit: Visit) -> None:
    page = opened(visit())
    ask(page, "Can I return a light?")
    expect(answer(page)).to_contain_text("working days")
    desk.stop()
    ask(page, "Are you there?")
    page.evaluate("window.stop()")
    desk.start()
    page.reload()
    wait_for(lambda: words(desk) == ["Can I return a light?", "Are you there?"], "the message")
    expect(page.locator(".mine")).to_have_count(2)


def test_a_restart_in_the_middle_of_an_answer_loses_nothing(desk: ChatServer, visit: Visit) -> None:
    desk.pause = 0.6
    page = opened(visit())
    ask(page, "Can I return a light?")
    expect(answer(page)).to_contain_text("within 30 days")
    desk.stop()
    expect(page.get_by_text("Reconnecting…")).to_be_visible()
    desk.pause = 0
    desk.start()
    expect(page.get_by_text("Reconnecting…")).to_be_hidden()
    expect(answer(page)).to_contain_text("working days")
    expect(page.locator(".bubble")).to_have_count(2)


def test_a_person_who_takes_over_is_seen_at_once(desk: ChatServer, visit: Visit) -> None:
    desk.pause = 0.6
    page = opened(visit())
    ask(page, "Can I return a light?")
    expect(answer(page)).to_contain_text("within 30 days")
    desk.join(desk.talks[0], "Anna")
    expect(page.get_by_text("Anna joined the conversation").first).to_be_visible()
    expect(page.get_by_role("heading", name="Anna")).to_be_visible()
    expect(page.locator(".bubble")).to_have_count(1)
    desk.say(desk.talks[0], "I take care of it.")
    expect(page.locator(".bubble").last).to_have_text("I take care of it.")
    expect(page.locator(".from").last).to_have_text(re.compile("Anna"))


def test_an_answer_that_comes_while_it_is_closed_is_announced(
    desk: ChatServer, visit: Visit
) -> None:
    page = opened(visit())
    ask(page, "Can I return a light?")
    expect(answer(page)).to_contain_text("working days")
    page.get_by_role("button", name="Close chat").first.click()
    desk.say(desk.talks[0], "One **more** thing.")
    expect(page.locator(".preview")).to_contain_text("One more thing.")
    launcher = page.get_by_role("button", name="Open chat, unread messages: 1")
    expect(launcher).to_be_visible()
    launcher.click()
    expect(page.locator(".preview")).to_have_count(0)
    wait_for(lambda: heard(desk, "read"), "word that it was read")
    assert page.evaluate("Frontdesk.unreadCount()") == 0


def test_someone_can_always_be_asked_for(desk: ChatServer, visit: Visit) -> None:
    page = opened(visit())
    page.get_by_role("button", name="Talk to a person").click()
    page.get_by_label("E-mail address").fill("not an address")
    page.get_by_role("button", name="Ask for a person").click()
    expect(page.get_by_text("Please check this.")).to_be_visible()
    expect(page.get_by_label("E-mail address")).to_be_focused()
    page.get_by_label("E-mail address").fill("vera@example.com")
    page.get_by_label("What is it about?").fill("My order 1234")
    page.get_by_role("button", name="Ask for a person").click()
    expect(page.get_by_text("Your ticket number: 1042")).to_be_visible()
    asked = heard(desk, "escalate")[0]
    assert (asked["email"], asked["reason"]) == ("vera@example.com", "My order 1234")


def test_outside_of_business_hours_one_leaves_a_message(desk: ChatServer, visit: Visit) -> None:
    away = {"open": False, "people_online": False, "reopens_at": "2031-01-06T08:00:00Z"}
    desk.config["availability"] = {**desk.config["availability"], **away}
    page = opened(visit(timezone_id="UTC", locale="en-GB"))
    expect(page.get_by_text(re.compile("The team is back Monday.* 08:00"))).to_be_visible()
    page.get_by_role("button", name="Talk to a person").click()
    expect(page.get_by_text("Leave a message and you’ll get an answer")).to_be_visible()
    page.get_by_role("button", name="Back").click()
    page.get_by_role("button", name="Leave a message").click()
    page.get_by_role("button", name="Send the message").click()
    expect(page.get_by_text("Please fill this in.")).to_have_count(2)
    page.get_by_label("Your message").fill("Where is parcel 1234?")
    page.get_by_label("E-mail address").fill("vera@example.com")
    page.get_by_role("button", name="Send the message").click()
    expect(page.get_by_text("Your message is with the team")).to_be_visible()
    expect(page.get_by_text("Where is parcel 1234?")).to_be_visible()
    expect(page.get_by_text("Your ticket number: 1042")).to_be_visible()
    left = heard(desk, "escalate")[0]
    assert (left["reason"], left["email"]) == ("Where is parcel 1234?", "vera@example.com")


def test_a_closed_desk_promises_nothing_that_it_does_not_do(desk: ChatServer, visit: Visit) -> None:
    closed = {"open": False, "people_online": False, "assistant": False, "reply_time": ""}
    desk.config["availability"] = {**closed, "reopens_at": None, "message": ""}
    page = opened(visit())
    expect(page.locator(".hours")).to_contain_text("Nobody is at the desk right now. Leave a")
    desk.config["availability"]["message"] = "We are at the fair until Monday."
    page.evaluate("localStorage.clear(); sessionStorage.clear()")
    page.reload()
    expect(opened(page).locator(".hours")).to_have_text("We are at the fair until Monday.")
    page.get_by_role("button", name="Leave a message").click()
    expect(page.locator(".lead")).to_contain_text("We are at the fair until Monday.")


@pytest.mark.parametrize(
    ("locale", "words"),
    [("en", "in a few minutes."), ("de", "wenige Minuten."), ("ar", "بضع دقائق.")],
)
def test_how_soon_there_is_an_answer_is_said_in_the_visitors_language(
    visit: Visit, locale: str, words: str
) -> None:
    expect(opened(visit(locale=locale)).locator(".hours")).to_contain_text(words)


def test_before_the_first_message_one_may_be_asked_who_one_is(
    desk: ChatServer, visit: Visit
) -> None:
    fields = [{"name": "email", "label": "Your e-mail", "type": "email", "required": True}]
    prechat = {"enabled": True, "fields": fields, "consent": "I agree to be answered."}
    desk.config["widget"] = {**desk.config["widget"], "prechat": prechat}
    page = opened(visit())
    ask(page, "Can I return a light?")
    page.get_by_label("Your e-mail").fill("vera@example.com")
    page.get_by_role("button", name="Send the message").click()
    expect(page.get_by_role("checkbox", name="I agree to be answered.")).to_be_focused()
    page.get_by_role("checkbox", name="I agree to be answered.").check()
    page.get_by_role("button", name="Send the message").click()
    expect(answer(page)).to_contain_text("working days")
    assert heard(desk, "message")[0]["fields"] == {"email": "vera@example.com"}
    ask(page, "And which light?")
    expect(page.locator(".mine")).to_have_count(2)


def test_a_file_is_uploaded_and_sent_along(desk: ChatServer, visit: Visit) -> None:
    page = opened(visit())
    picture = {"name": "handlebar.png", "mimeType": "image/png", "buffer": b"x" * 48_200}
    large = {"name": "film.pdf", "mimeType": "application/pdf", "buffer": b"x" * 10_000_001}
    page.locator("input[type=file]").set_input_files([picture, large])
    expect(page.get_by_text("Larger than 10 MB.")).to_be_visible()
    expect(page.get_by_text("48 kB")).to_be_visible()
    page.get_by_role("button", name="Remove film.pdf").click()
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("button", name="Download handlebar.png")).to_be_visible()
    assert len(heard(desk, "message")[0]["attachments"]) == 1


def test_earlier_conversations_can_be_read_and_a_new_one_begun(visit: Visit) -> None:
    page = opened(visit())
    ask(page, "Can I return a light?")
    expect(answer(page)).to_contain_text("working days")
    from_menu(page, "New conversation")
    expect(page.get_by_text("How can we help you ride at night?")).to_be_visible()
    ask(page, "What is this?")
    expect(answer(page)).to_contain_text("I did not find anything")
    from_menu(page, "Earlier conversations")
    page.get_by_role("listitem").filter(has_text="thirty days").or_(
        page.get_by_role("listitem").filter(has_text="used light")
    ).get_by_role("button").click()
    expect(answer(page)).to_contain_text("working days")


def test_a_conversation_is_ended_rated_and_forgotten(desk: ChatServer, visit: Visit) -> None:
    page = opened(visit())
    ask(page, "Can I return a light?")
    expect(answer(page)).to_contain_text("working days")
    with page.expect_download() as download:
        from_menu(page, "Download transcript")
    assert download.value.suggested_filename == "conversation-1.txt"
    from_menu(page, "End conversation")
    page.get_by_role("button", name="End it").click()
    page.get_by_role("radio", name="4 of 5").click()
    page.get_by_role("group", name="How was this conversation?").get_by_role(
        "button", name="Send"
    ).click()
    expect(page.get_by_text("Thank you for telling us.")).to_be_visible()
    assert heard(desk, "rate")[0]["score"] == 4
    from_menu(page, "Delete my data")
    page.get_by_role("button", name="Delete everything").click()
    expect(page.get_by_text("How can we help you ride at night?")).to_be_visible()
    kept = page.evaluate("Object.keys(localStorage)")
    assert kept == ["frontdesk:pk_test:config"]


def test_the_page_can_speak_to_the_widget_even_before_it_is_there(
    desk: ChatServer, visit: Visit
) -> None:
    early = """<script>
      window.Frontdesk = function () { (Frontdesk.q = Frontdesk.q || []).push(arguments) };
      window.seen = [];
      Frontdesk("on", "open", () => seen.push("open"));
      Frontdesk("on", "message", (one) => seen.push(one.text));
      Frontdesk("identify", "a.signed.token");
      Frontdesk("open");
    </script>"""
    snippet = HOSTS["shop"][0].split("</main>")[1]
    desk.hosts["early"] = (SHOP.format(style=early, snippet=snippet), "")
    page = visit("early")
    expect(field(page)).to_be_visible()
    wait_for(lambda: heard(desk, "hello"), "hello")
    assert heard(desk, "hello")[-1]["identity"] == "a.signed.token"
    page.evaluate("Frontdesk.send('Can I return a light?')")
    expect(answer(page)).to_contain_text("working days")
    assert page.evaluate("seen")[0] == "open"
    assert "used light" in page.evaluate("seen")[1]
    page.evaluate("Frontdesk.setLocale('de')")
    expect(page.get_by_role("button", name="Mit Mensch sprechen")).to_be_visible()
    page.evaluate("Frontdesk('preview', { color: '#7c3aed', side: 'left', greeting: 'Servus' })")
    mine = page.locator(".mine .bubble")
    expect(mine).to_have_css("background-color", "rgb(124, 58, 237)")
    left = page.locator(".panel").bounding_box()
    assert left is not None
    assert left["x"] < 100
    page.evaluate("Frontdesk('close')")
    expect(field(page)).to_have_count(0)
    page.evaluate("Frontdesk.hide()")
    expect(page.locator(".launcher")).to_be_hidden()
    page.evaluate("Frontdesk.show()")
    expect(page.locator(".launcher")).to_be_visible()


@pytest.mark.parametrize("host", ["hostile", "strict"])
def test_it_works_where_the_page_is_not_kind(visit: Visit, host: str) -> None:
    page = visit(host, viewport={"width": 1000, "height": 800})
    complaints = Complaints(page)
    launcher = page.locator(".launcher")
    box = launcher.bounding_box()
    assert box is not None
    assert (round(box["width"]), round(box["height"])) == (56, 56)
    assert (round(box["x"]), round(box["y"])) == (1000 - 20 - 56, 800 - 20 - 56)
    opened(page)
    ask(page, "Can I return a light?")
    expect(answer(page)).to_contain_text("working days")
    style = "element => { const s = getComputedStyle(element); return [s.fontSize, s.color] }"
    assert answer(page).evaluate(style) == ["15px", "rgb(21, 25, 29)"]
    expect(answer(page).get_by_role("link")).to_have_count(0)
    assert complaints.all_but("favicon.ico") == []


def test_what_strangers_write_is_only_ever_text(desk: ChatServer, visit: Visit) -> None:
    evil = "<img src=x onerror=hacked=1>"
    desk.config["organization"] = {"name": evil}
    desk.config["widget"] = {**desk.config["widget"], "name": evil, "greeting": evil}
    page = opened(visit())
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.evaluate("document.title = '<script>hacked=1</script>'")
    ask(page, f"attack {evil}")
    expect(answer(page)).to_contain_text("<img src=x onerror=hacked=1>")
    page.locator(".chip").click()
    expect(page.locator(".quote")).to_contain_text("<svg onload=hacked=1>")
    desk.join(desk.talks[0], evil)
    desk.say(desk.talks[0], f"[x](javascript:hacked=1) {evil} ![p](https://evil.example/p.png)")
    expect(page.locator(".bubble")).to_have_count(3)
    for link in page.locator(".panel a").all():
        assert not (link.get_attribute("href") or "").startswith("javascript")
    assert page.evaluate("typeof hacked") == "undefined"
    assert page.locator(".panel img").count() == 0
    assert [url for url in asked if desk.url.split("://")[1] not in url] == []


def test_no_cookie_and_no_stranger_is_involved(desk: ChatServer, visit: Visit) -> None:
    page = visit()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.reload()
    opened(page)
    ask(page, "Can I return a light?")
    expect(answer(page)).to_contain_text("working days")
    assert page.context.cookies() == []
    assert {url.split("/")[2] for url in asked} == {desk.url.split("/")[2]}


def test_nothing_on_the_page_moves_and_no_task_is_long(visit: Visit) -> None:
    longest = []
    for _ in range(3):
        page = visit()
        page.add_init_script(WATCH)
        page.reload()
        opened(page)
        ask(page, "Can I return a light?")
        expect(answer(page)).to_contain_text("working days")
        assert page.evaluate("shifts") == []
        longest.append(max(page.evaluate("tasks"), default=0))
        page.context.close()
        # A busy machine may hold up a task once; one that is long by itself is so each time.
        if longest[-1] <= LONG_TASK:
            return
    raise AssertionError(f"Tasks of {longest} ms.")


def test_it_is_not_drawn_where_it_is_not_wanted(desk: ChatServer, visit: Visit) -> None:
    desk.config["widget"] = {**desk.config["widget"], "hidden_on": ["/host/german*", "/other"]}
    expect(visit("german").locator(".launcher")).to_be_hidden()
    expect(visit("shop").locator(".launcher")).to_be_visible()


def words(desk: ChatServer) -> list[str]:
    """What visitors are on record as having said."""
    return [
        event["text"]
        for talk in desk.talks
        for event in talk.events
        if event["author"]["kind"] == "visitor"
    ]
