"""The agents' socket: live, gap-free, and closed to whoever has no business there."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
import websocket
from flask import Flask
from sqlalchemy import delete, event, insert, select, update

from app import create_app
from app.adapters import Adapters
from app.adapters.redis_bus import RedisBus
from app.extensions import db
from app.models import Ticket, User, Viewing, now
from app.services.inbox import overdue
from app.services.log import telling
from app.services.log.telling import Hint
from app.services.team import screens
from config import Testing
from tests import services
from tests.cast import Cast, Person
from tests.fakes import ScriptedModel
from tests.open_house import Frame, Guest, House, opened
from tests.rooms import CATS, TEA, Room, teach, widget_key

OVER = timedelta(minutes=5)
SCREEN = "0f0e0d0c-0b0a-4908-8706-050403020100"
FAR = 2**31 - 1
SECRET = "The customer's card was declined twice."


@pytest.fixture
def house(app: Flask) -> Iterator[House]:
    with opened(app) as house:
        yield house


@pytest.fixture
def room(house: House, cast: Cast) -> Room:
    teach(cast.owner, "House rules", f"{TEA} {CATS}")
    guest = house.guest(widget_key(cast.owner))
    guest.connect()
    return Room(house, cast, guest)


@pytest.fixture
def screen(house: House, cast: Cast) -> Guest:
    return sit_down(house, cast.agent)


def sit_down(house: House, person: Person, **hello: object) -> Guest:
    screen = house.screen(person).dial()
    screen.send("hello", **hello)
    screen.expect("welcome")
    return screen


def show(screen: Guest, room: Room, last_seq: int = 0) -> Frame:
    screen.send("open", conversation_id=room.conversation_id, last_seq=last_seq)
    return screen.expect("opened")


def refusal(screen: Guest) -> int:
    with pytest.raises(websocket.WebSocketBadStatusException) as refused:
        screen.dial()
    return int(refused.value.status_code)


class TestComing:
    def test_nobody_gets_in_without_a_session(self, house: House) -> None:
        stranger = Guest(f"ws://127.0.0.1:{house.port}/api/inbox/ws")
        assert refusal(stranger) == 401

    def test_a_page_elsewhere_gets_no_socket_with_somebodys_cookies(
        self, house: House, cast: Cast
    ) -> None:
        assert refusal(house.screen(cast.agent, "https://evil.example")) == 403

    def test_our_own_pages_do(self, house: House, cast: Cast) -> None:
        screen = house.screen(cast.agent, house.url).dial()
        screen.send("hello")
        assert screen.expect("welcome")["me"]["name"] == cast.agent.name

    def test_a_program_with_a_key_does_not(self, house: House, cast: Cast) -> None:
        key = cast.owner.api_key("conversations:read")
        screen = Guest(f"ws://127.0.0.1:{house.port}/api/inbox/ws")
        screen.header = key
        assert refusal(screen) == 403

    def test_the_welcome_names_the_team(self, house: House, cast: Cast) -> None:
        screen = house.screen(cast.agent).dial()
        screen.send("hello")
        names = {each["name"] for each in screen.expect("welcome")["people"]}
        assert names == {cast.owner.name, cast.admin.name, cast.agent.name}

    def test_hello_comes_first(self, house: House, room: Room) -> None:
        room.say("Good morning")
        screen = house.screen(room.cast.agent).dial()
        screen.send("open", conversation_id=room.conversation_id)
        assert screen.expect("error")["code"] == "hello_first"

    def test_nonsense_is_answered_in_words_and_the_socket_lives(self, screen: Guest) -> None:
        screen.send_raw("{")
        assert screen.expect("error")["code"] == "bad_frame"
        screen.send("sing")
        assert screen.expect("error")["code"] == "bad_frame"
        screen.send("ping")
        assert screen.expect("pong")


class TestWhatIsTold:
    def test_every_conversation_that_changes_is_told_to_everybody(
        self, house: House, room: Room, screen: Guest
    ) -> None:
        other = sit_down(house, room.cast.owner)
        room.say("When is tea served?")
        for each in (screen, other):
            changed = each.expect("changed")
            assert changed["conversation"]["id"] == room.conversation_id
            assert changed["event"]["text"] == "When is tea served?"

    def test_who_a_visitor_is_is_told_when_they_say_it(self, room: Room, screen: Guest) -> None:
        room.say("When is tea served?")
        room.guest.send("contact", name="Vera", email="vera@example.com")
        told = screen.expect("changed", lambda frame: frame["conversation"]["contact"] is not None)
        assert told["conversation"]["contact"]["name"] == "Vera"

    def test_an_open_one_is_followed_line_by_line(self, room: Room, screen: Guest) -> None:
        room.say("Hello there")
        assert [each["text"] for each in show(screen, room)["events"]] == ["Hello there"]
        room.say("When is tea served?")
        assert screen.event(author="visitor")["text"] == "When is tea served?"

    def test_an_answer_is_seen_while_it_is_made(self, room: Room, screen: Guest) -> None:
        room.say("Hello there")
        show(screen, room)
        room.ask("When is tea served?")
        delta = screen.expect("delta", lambda frame: frame["index"] == 0)
        assert "four in the afternoon" in delta["text"]
        said = screen.event(author="assistant")
        assert said["citations"][0]["title"] == "House rules"
        assert "outcome" in said["inside"] or "outcome" in said

    def test_whoever_comes_in_the_middle_sees_what_was_said_so_far(
        self, room: Room, screen: Guest
    ) -> None:
        seen: list[Frame] = []

        def look() -> None:
            screen.expect("changed", lambda frame: frame["conversation"]["speaker"] == "assistant")
            seen.append(show(screen, room))

        room.script(
            ScriptedModel(_stopping_after("Tea is served at four in the afternoon [1]. ", look))
        )
        room.ask("When is tea served?")
        live = seen[0]["live"]
        assert [each["index"] for each in live["sentences"]] == [0]
        assert "four in the afternoon" in live["sentences"][0]["text"]

    def test_whoever_comes_in_the_middle_sees_what_was_kept_back_so_far(
        self, room: Room, screen: Guest
    ) -> None:
        seen: list[Frame] = []
        false = "Tea is served at seven in the evening [1]. "

        def look() -> None:
            for _ in range(40):
                seen.append(show(screen, room))
                if (seen[-1]["live"] or {}).get("withheld"):
                    return
                time.sleep(0.05)

        true = "Tea is served at four in the afternoon [1]. "
        room.script(ScriptedModel(_stopping_after(true + false + true, look)))
        room.ask("When is tea served?")
        live = seen[-1]["live"]
        assert "four in the afternoon" in live["sentences"][0]["text"]
        [kept_back] = live["withheld"]
        assert "seven in the evening" in kept_back["text"]
        assert kept_back["reason"]

    def test_a_sentence_that_comes_behind_a_takeover_is_no_answer_in_the_making(
        self, app: Flask, room: Room, screen: Guest
    ) -> None:
        room.say("Hello there")
        room.take_over()
        where = UUID(room.cast.owner.organization_id), UUID(room.conversation_id), None
        late = {"answer_id": str(uuid4()), "attempt": 1, "epoch": 1, "index": 0, "text": "Late"}
        with app.app_context():
            telling.at_once(*where, Hint.DELTA, delta=late)
        screen.silence()
        assert show(screen, room)["live"] is None

    def test_an_answer_of_which_nothing_but_what_was_kept_back_is_there_yet_can_be_opened(
        self, app: Flask, room: Room, screen: Guest
    ) -> None:
        room.say("Hello there")
        where = UUID(room.cast.owner.organization_id), UUID(room.conversation_id), None
        made_in = {"answer_id": str(uuid4()), "attempt": 1, "epoch": 99}
        withheld = made_in | {"text": "Tea is served at seven.", "reason": "Nothing says so."}
        show(screen, room)
        with app.app_context():
            telling.at_once(*where, Hint.WITHHELD, withheld=withheld)
        screen.expect("withheld")
        live = show(screen, room)["live"]
        assert (live["sentences"], live["withheld"][0]["reason"]) == ([], "Nothing says so.")

    def test_what_was_withheld_is_seen_by_the_team_and_not_by_the_visitor(
        self, room: Room, screen: Guest
    ) -> None:
        room.say("Hello there")
        room.house.run_jobs()
        show(screen, room)
        false = "Tea is served at seven in the evening [1]."
        room.script(ScriptedModel(f"Tea is served at four in the afternoon [1]. {false}"))
        room.ask("When is tea served?")
        withheld = screen.expect("withheld")
        assert "seven in the evening" in withheld["text"]
        assert withheld["reason"]
        assert not [frame for frame in room.guest.frames if "seven in the evening" in str(frame)]

    def test_a_note_is_told_to_the_team_alone(
        self, house: House, room: Room, screen: Guest
    ) -> None:
        room.say("Hello there")
        show(screen, room)
        path = f"/api/conversations/{room.conversation_id}/notes"
        room.cast.owner.post(path, {"text": SECRET, "client_id": uuid4().hex})
        assert screen.event("note")["text"] == SECRET
        room.guest.silence()
        assert SECRET not in str(room.guest.frames)
        # Nor is there anything to be read.
        assert room.guest.connect()["unread"] == 0
        room.guest.send("list")
        assert room.guest.expect("conversations")["items"][0]["unread"] == 0

    def test_what_the_team_does_to_a_closed_one_draws_no_visitor_into_it(
        self, room: Room, house: House
    ) -> None:
        room.say("Hello there")
        path = f"/api/conversations/{room.conversation_id}"
        assert room.cast.agent.post(f"{path}/close").status_code == 200
        room.guest.hang_up()
        assert room.guest.connect()["conversation"] is None
        assert room.cast.agent.patch(path, {"tags": ["done"]}).status_code == 200
        assert room.guest.silence() == []

    def test_a_ticket_about_no_conversation_is_told_of_when_it_is_given_and_when_it_is_late(
        self, room: Room, screen: Guest
    ) -> None:
        cast = room.cast
        given = {"subject": "Stock", "priority": "high", "assignee_id": cast.agent.id}
        assert cast.owner.post("/api/tickets", given).status_code == 201
        with room.house.app.app_context():
            late = {"due_at": now() - timedelta(minutes=1), "due_watch_at": now()}
            db.session.execute(update(Ticket).values(**late))
            db.session.commit()
            overdue.notice()
        for kind in ("assigned", "deadline"):
            told = screen.expect("notify")
            assert (told["kind"], told["number"], told["conversation_id"]) == (kind, 1, None)

    def test_T6_another_organization_hears_nothing(self, house: House, room: Room) -> None:
        foreign = sit_down(house, room.cast.stranger)
        room.say(SECRET)
        foreign.send("open", conversation_id=room.conversation_id)
        assert foreign.expect("error")["code"] == "not_found"
        foreign.send("history", conversation_id=room.conversation_id, before_seq=9)
        assert foreign.expect("error")["code"] == "not_found"
        foreign.send("typing", conversation_id=room.conversation_id, typing=True)
        foreign.send("read", conversation_id=room.conversation_id, seq=1)
        foreign.silence()
        assert SECRET not in str(foreign.frames)
        assert not [frame for frame in foreign.frames if frame["type"] in {"changed", "event"}]


class TestComingBack:
    def test_nothing_is_missed_after_a_gap(self, house: House, room: Room, screen: Guest) -> None:
        room.say("one")
        newest = show(screen, room)["last_seq"]
        screen.vanish()
        for text in ("two", "three", "four"):
            room.say(text)
        again = sit_down(house, room.cast.agent)
        texts = [each["text"] for each in show(again, room, newest)["events"]]
        assert texts == ["two", "three", "four"]
        room.say("five")
        assert again.event(author="visitor")["text"] == "five"

    def test_a_number_beyond_all_is_answered_like_any_other_or_refused_in_words(
        self, room: Room, screen: Guest
    ) -> None:
        room.say("Hello there")
        where = {"conversation_id": room.conversation_id}
        assert len(show(screen, room, last_seq=FAR)["events"]) == 1
        for line in (screen, room.guest):
            line.send("history", **where, before_seq=FAR)
            assert len(line.expect("history")["events"]) == 1
            line.send("history", **where, before_seq=FAR + 1)
            assert line.expect("error")["code"] == "bad_frame"
        screen.send("read", **where, seq=FAR)
        assert room.guest.expect("read")["seq"] == 1

    def test_a_long_conversation_is_opened_by_no_more_questions_than_a_short_one(
        self, app: Flask, room: Room, screen: Guest
    ) -> None:
        room.say("Hello there")
        path, asked = f"/api/conversations/{room.conversation_id}/messages", list[str]()
        with app.app_context():
            event.listen(db.engine, "before_cursor_execute", lambda *said: asked.append(said[2]))
        counts = []
        for said in range(2, 8, 5):
            for number in range(said):
                body = {"text": "Yes", "client_id": f"reply-{said}-{number}"}
                assert room.cast.agent.post(path, body).status_code == 201
            screen.silence()
            asked.clear()
            assert len(show(screen, room)["events"]) > said
            counts.append(len([each for each in asked if "FROM users" in each]))
        assert counts[0] == counts[1], counts

    def test_after_a_very_long_gap_the_newest_part_comes(self, room: Room, screen: Guest) -> None:
        path = f"/api/conversations/{room.say('first')['conversation_id']}/notes"
        for number in range(210):
            room.cast.owner.post(path, {"text": f"note {number}", "client_id": uuid4().hex})
        opened = show(screen, room, last_seq=1)
        assert len(opened["events"]) == 200
        assert opened["more"]
        screen.send(
            "history",
            conversation_id=room.conversation_id,
            before_seq=opened["events"][0]["seq"],
        )
        assert screen.expect("history")["events"][0]["text"] == "first"


@pytest.mark.redis
def test_an_agent_comes_back_to_another_worker_and_misses_nothing(
    app: Flask, config: Testing, adapters: Adapters, room: Room, screen: Guest
) -> None:
    """Two apps on one database, which hear of each other by Redis alone."""
    url = services.require_redis()
    channel = f"test-{uuid4().hex}"
    here, there = RedisBus(url, channel), RedisBus(url, channel)
    first = create_app(config, replace(adapters, event_bus=here))
    second = create_app(config, replace(adapters, event_bus=there))
    with opened(first) as house, opened(second) as elsewhere:
        guest = house.guest(widget_key(room.cast.owner))
        guest.connect()
        story = Room(house, room.cast, guest)
        screen = sit_down(house, room.cast.agent)
        story.say("one")
        newest = show(screen, story)["last_seq"]
        screen.vanish()
        story.say("two")
        again = sit_down(elsewhere, room.cast.agent)
        assert [each["text"] for each in show(again, story, newest)["events"]] == ["two"]
        story.say("three")
        assert again.event(author="visitor")["text"] == "three"
    for bus in (here, there):
        bus.close()
    for each in (first, second):
        with each.app_context():
            db.session.remove()
            db.engine.dispose()


class TestColleagues:
    def test_who_went_without_a_word_is_not_looking_any_more(
        self, app: Flask, house: House, room: Room, screen: Guest
    ) -> None:
        """As after the death of the process that held the other screen."""
        room.say("Hello there")
        show(screen, room)
        other = sit_down(house, room.cast.owner)
        show(other, room)
        screen.expect("viewers", lambda frame: len(frame["viewers"]) == 2)
        with app.app_context():
            gone = Viewing.user_id == UUID(room.cast.owner.id)
            db.session.execute(update(Viewing).where(gone).values(seen_at=now() - OVER))
            db.session.commit()
        for each in app.extensions["inbox_hall"]._rooms.values():
            with app.app_context():
                each.look_around()
        assert screen.expect("viewers")["viewers"] == [room.cast.agent.id]

    def test_who_looks_at_the_same_conversation_is_seen(
        self, house: House, room: Room, screen: Guest
    ) -> None:
        room.say("Hello there")
        assert show(screen, room)["viewers"] == [room.cast.agent.id]
        other = sit_down(house, room.cast.owner)
        both = {room.cast.agent.id, room.cast.owner.id}
        assert set(show(other, room)["viewers"]) == both
        screen.expect("viewers", lambda frame: set(frame["viewers"]) == both)
        other.hang_up()
        screen.expect("viewers", lambda frame: frame["viewers"] == [room.cast.agent.id])

    @pytest.mark.parametrize("row", ["taken away", "written"])
    def test_who_comes_back_is_welcomed_while_the_cut_socket_ends(
        self, app: Flask, house: House, cast: Cast, row: str
    ) -> None:
        """Between looking for the screen's row and writing it, another socket changes it."""
        own = {"screen_id": UUID(SCREEN), "user_id": UUID(cast.agent.id), "seen_at": now()}
        with app.app_context():
            own["organization_id"] = db.session.scalars(select(User.organization_id)).first()
            if row == "taken away":
                db.session.execute(insert(Viewing).values(**own))
            db.session.commit()
            engine, changes = db.engine, [delete(Viewing), insert(Viewing).values(**own)]

        def meanwhile(_conn: object, _cursor: object, statement: str, *_: object) -> None:
            if changes and statement.startswith("SELECT") and "FROM viewings" in statement:
                change = changes[0 if row == "taken away" else 1]
                changes.clear()
                with engine.begin() as other:
                    other.execute(change)

        event.listen(engine, "after_cursor_execute", meanwhile)
        screen = house.screen(cast.agent).dial()
        screen.send("hello", screen_id=SCREEN)
        assert screen.receive()["type"] == "welcome"
        assert not changes

    def test_who_comes_back_is_there_although_the_cut_socket_ends_later(
        self, app: Flask, house: House, room: Room, screen: Guest
    ) -> None:
        room.say("Hello there")
        show(screen, room)
        owner, both = room.cast.owner, {room.cast.agent.id, room.cast.owner.id}
        cut, again = (sit_down(house, owner, screen_id=SCREEN) for _ in range(2))
        show(again, room)
        screen.expect("viewers", lambda frame: set(frame["viewers"]) == both)
        cut.hang_up()
        assert not [each for each in screen.silence() if each["type"] == "viewers"]
        # Cut off from another worker, nobody there knows of the socket here.
        with app.app_context():
            db.session.execute(delete(Viewing).where(Viewing.screen_id == UUID(SCREEN)))
            db.session.commit()
            app.extensions["inbox_hall"].renew()
            assert set(screens.viewers_of(UUID(room.conversation_id))) == set(map(UUID, both))

    def test_typing_is_seen_by_colleagues_and_by_the_visitor(
        self, house: House, room: Room, screen: Guest
    ) -> None:
        room.say("Hello there")
        show(screen, room)
        other = sit_down(house, room.cast.owner)
        show(other, room)
        other.send("typing", conversation_id=room.conversation_id, typing=True)
        typing = screen.expect("typing", lambda frame: frame["who"] == "person")
        assert typing["user_id"] == room.cast.owner.id
        assert room.guest.expect("typing", lambda frame: frame["who"] == "person")["typing"]

    def test_the_visitor_does_not_see_that_a_note_is_written(
        self, house: House, room: Room, screen: Guest
    ) -> None:
        room.say("Hello there")
        room.house.run_jobs()
        show(screen, room)
        other = sit_down(house, room.cast.owner)
        other.send("typing", conversation_id=room.conversation_id, typing=True, note=True)
        assert screen.expect("typing", lambda frame: frame["who"] == "person")["note"]
        room.guest.silence()
        frames = [frame for frame in room.guest.frames if frame["type"] == "typing"]
        assert not [frame for frame in frames if frame["who"] == "person"]

    def test_the_visitor_is_seen_typing(self, room: Room, screen: Guest) -> None:
        room.say("Hello there")
        show(screen, room)
        room.guest.send("typing", typing=True)
        assert screen.expect("typing", lambda frame: frame["who"] == "visitor")["typing"]

    def test_reading_is_told_to_the_visitor(self, room: Room, screen: Guest) -> None:
        seq = room.say("Hello there")["seq"]
        show(screen, room)
        screen.send("read", conversation_id=room.conversation_id, seq=seq)
        assert room.guest.expect("read")["seq"] == seq

    def test_who_goes_away_is_seen(self, room: Room, screen: Guest) -> None:
        owner = room.cast.owner
        owner.patch(f"/api/users/{owner.id}", {"availability": "away"})
        told = screen.expect("person")
        assert (told["id"], told["availability"]) == (owner.id, "away")

    def test_that_the_shared_views_are_others_now_is_told_and_ones_own_to_nobody(
        self, room: Room, screen: Guest
    ) -> None:
        owner = room.cast.owner
        owner.post("/api/inbox/views", {"name": "My own"})
        shared = owner.post("/api/inbox/views", {"name": "Ours", "shared": True}).json["id"]
        screen.expect("views_changed")
        owner.patch(f"/api/inbox/views/{shared}", {"name": "Ours, and better"})
        screen.expect("views_changed")
        owner.delete(f"/api/inbox/views/{shared}")
        screen.expect("views_changed")
        assert "views_changed" not in [frame["type"] for frame in screen.silence()]


ENDINGS: dict[str, Callable[[Cast], object]] = {
    "suspended": lambda cast: cast.owner.patch(f"/api/users/{cast.admin.id}", {"active": False}),
    "demoted": lambda cast: cast.owner.patch(f"/api/users/{cast.admin.id}", {"role": "agent"}),
    "signed out": lambda cast: cast.admin.post("/api/auth/logout"),
    "signed out by the owner": lambda cast: cast.owner.post(f"/api/users/{cast.admin.id}/sign-out"),
}


class TestAccessEnds:
    @pytest.mark.parametrize("ending", ENDINGS.values(), ids=ENDINGS.keys())
    def test_A7_the_socket_closes_within_seconds(
        self, house: House, cast: Cast, ending: Callable[[Cast], object]
    ) -> None:
        screen = sit_down(house, cast.admin)
        ending(cast)
        assert screen.expect("goodbye")["reason"] in {"signed_out", "role_changed"}
        assert screen.is_hung_up_on()

    @pytest.mark.parametrize("ending", ENDINGS.values(), ids=ENDINGS.keys())
    def test_W4_not_one_more_frame_is_answered(
        self, house: House, room: Room, ending: Callable[[Cast], object]
    ) -> None:
        room.say(SECRET)
        screen = sit_down(house, room.cast.admin)
        ending(room.cast)
        screen.send("open", conversation_id=room.conversation_id)
        assert screen.expect("goodbye")["reason"] in {"signed_out", "role_changed"}
        assert SECRET not in str([frame for frame in screen.frames if frame["type"] == "opened"])


def _stopping_after(first: str, act: Callable[[], None]) -> Callable[[object], Iterator[str]]:
    def answer(_messages: object) -> Iterator[str]:
        yield first
        yield "Coffee is served at nine in the morning [1]."
        act()

    return answer
