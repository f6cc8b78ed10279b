"""Opening hours as they are set, and what visitors are told and get because of them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from sqlalchemy import update

from app.extensions import db
from app.models import Organization, User
from app.services.conversation import escalation
from app.services.hours.opening import moment_in_words
from app.services.hours.schedules import DAYS, OVERLAP, hours_of
from app.services.log import visitors
from tests.cast import Cast, Person
from tests.chats import Chat, arrive, begin
from tests.open_house import Guest, opened
from tests.rooms import widget_key

PATH = "/api/organization/hours"
NINE_TO_FIVE = [{"start": "09:00", "end": "17:00"}]


def span(start: str, end: str, *, next_day: bool = False) -> dict[str, Any]:
    return {"start": start, "end": end, "next_day": next_day}


def put(person: Person, **given: Any) -> Any:
    return person.put(PATH, json={"time_zone": "UTC", **given})


def closed_until(person: Person, days: int = 3, **given: Any) -> datetime:
    """Open at nine on one day of the week only, and that is not today."""
    day = datetime.now(UTC) + timedelta(days=days)
    answer = put(person, week={DAYS[day.weekday()]: NINE_TO_FIVE}, **given)
    assert answer.status_code == 200, answer.text
    return day.replace(hour=9, minute=0, second=0, microsecond=0)


def config_of(person: Person) -> dict[str, Any]:
    key = person.get("/api/organization").json["widget_key"]
    return dict(person.get(f"/api/chat/config?key={key}").json["availability"])


def leave_the_desk(app: Flask, person: Person) -> None:
    with app.app_context():
        db.session.execute(
            update(User)
            .where(User.organization_id == UUID(person.organization_id))
            .values(last_seen_at=datetime.now(UTC) - timedelta(hours=1))
        )
        db.session.commit()


class TestSetting:
    def test_whoever_has_decided_nothing_is_always_open(self, cast: Cast) -> None:
        said = cast.agent.get(PATH).json
        assert (said["always_open"], said["now"]["open"], said["holidays"]) == (True, True, [])
        assert said["offline"] == {"assistant": True, "message": ""}

    def test_what_is_set_comes_back_in_order(self, cast: Cast) -> None:
        given = {
            "time_zone": "America/St_Johns",
            "week": {
                "monday": [span("14:00", "18:30"), span("09:00", "12:30")],
                "friday": [span("20:00", "02:00", next_day=True)],
                "sunday": [span("00:00", "00:00")],
            },
            "holidays": [
                {"date": "2026-12-26", "name": "Boxing Day", "spans": [span("10:00", "12:00")]},
                {"date": "2026-12-25", "name": "Christmas Day"},
            ],
            "offline": {"assistant": False, "message": "In a hurry? Call us."},
        }
        answer = cast.admin.put(PATH, json=given)
        assert answer.status_code == 200, answer.text
        said = cast.agent.get(PATH).json
        assert said["week"]["monday"] == [span("09:00", "12:30"), span("14:00", "18:30")]
        assert said["week"]["friday"] == given["week"]["friday"]
        assert said["week"]["sunday"] == given["week"]["sunday"]
        assert said["week"]["tuesday"] == []
        assert [each["date"] for each in said["holidays"]] == ["2026-12-25", "2026-12-26"]
        assert (said["offline"], said["always_open"]) == (given["offline"], False)
        assert cast.agent.get("/api/organization").json["time_zone"] == "America/St_Johns"
        sent_back = {key: value for key, value in said.items() if key != "now"}
        assert cast.admin.put(PATH, json=sent_back).json == said
        entries = cast.admin.get("/api/admin/audit").json["items"]
        assert [each["action"] for each in entries].count("organization.hours_changed") == 1
        [entry] = [each for each in entries if each["action"] == "organization.hours_changed"]
        assert entry["summary"].endswith("changed the opening hours")
        _, week = entry["changes"]["week"]
        assert week.startswith("Monday 09:00–12:30, 14:00–18:30; ")
        _, holidays = entry["changes"]["holidays"]
        assert holidays.startswith("2026-12-25 ")
        assert "{" not in str(entry["changes"].values())

    @pytest.mark.parametrize(
        ("given", "field", "sentence"),
        [
            (
                {"week": {"monday": [span("17:00", "09:00")]}},
                "week.monday",
                "Monday: 09:00 is not after 17:00. Does it end on the next day?",
            ),
            (
                {"week": {"tuesday": [span("09:00", "13:00"), span("12:00", "17:00")]}},
                "week.tuesday",
                OVERLAP.format(day="Tuesday", one="09:00–13:00", other="12:00–17:00"),
            ),
            (
                {
                    "week": {
                        "sunday": [span("22:00", "03:00", next_day=True)],
                        "monday": [span("02:00", "08:00")],
                    }
                },
                "week.sunday",
                "Sunday: 22:00–03:00 reaches into Monday, where 02:00–08:00 begins before it ends.",
            ),
            (
                {"week": {"monday": [span("09:00", "10:00", next_day=True)]}},
                "week.monday",
                "Monday: from 09:00 to 10:00 on the next day is longer than a day.",
            ),
            (
                {"holidays": [{"date": "2026-12-25"}, {"date": "2026-12-25"}]},
                "holidays.1",
                "2026-12-25 is in the list twice. Please keep one of the two.",
            ),
            (
                {"holidays": [{"date": "2026-02-30"}]},
                "holidays.0.date",
                "Please give a day of the calendar such as 2026-12-25.",
            ),
            (
                {"week": {"monday": [{"start": "25:00", "end": "9"}]}},
                "week.monday.0.start",
                "Please give a time of the day such as 09:30.",
            ),
            (
                {"time_zone": "Mars/Olympus"},
                "time_zone",
                "This is not a time zone that we know, such as Europe/Lisbon.",
            ),
        ],
    )
    def test_a_mistake_is_named_at_its_place(
        self, cast: Cast, given: dict[str, Any], field: str, sentence: str
    ) -> None:
        answer = put(cast.admin, **given)
        assert answer.status_code == 422
        assert answer.json["error"]["fields"][field] == sentence
        assert cast.agent.get(PATH).json["always_open"] is True

    def test_a_night_may_end_where_the_next_day_begins(self, cast: Cast) -> None:
        week = {
            "sunday": [span("22:00", "02:00", next_day=True)],
            "monday": [span("02:00", "04:00")],
        }
        assert put(cast.admin, week=week).status_code == 200

    @pytest.mark.parametrize(
        "kept",
        [
            "nonsense",
            {"always_open": False, "week": 5, "holidays": "no"},
            {
                "always_open": False,
                "week": {"monday": [{"start": "x"}, None, {"start": "9:00", "end": "08:00"}]},
                "holidays": [None, {"date": "never"}, {"date": "2026-12-25", "spans": 7}],
                "offline": [],
            },
        ],
    )
    def test_what_cannot_be_read_stops_nobody(self, cast: Cast, app: Flask, kept: Any) -> None:
        with app.app_context():
            organization = db.session.get_one(Organization, UUID(cast.owner.organization_id))
            organization.settings = organization.settings | {"hours": kept}
            organization.time_zone = "Not/AZone"
            db.session.commit()
            assert hours_of(organization).zone.key == "UTC"
        assert cast.agent.get(PATH).status_code == 200
        assert config_of(cast.owner)["message"] == ""


class TestPresence:
    def test_an_open_desk_promises_what_the_team_has_promised_itself(self, cast: Cast) -> None:
        said = config_of(cast.owner)
        assert (said["open"], said["people_online"], said["reopens_at"]) == (True, True, None)
        assert (said["reply_time"], said["assistant"]) == ("a few hours", True)

    def test_a_closed_desk_says_when_it_opens(self, cast: Cast) -> None:
        opens = closed_until(cast.admin, offline={"message": "Emergencies: 555 0199."})
        said = config_of(cast.owner)
        assert (said["open"], said["reply_time"], said["assistant"]) == (False, "", True)
        assert datetime.fromisoformat(said["reopens_at"]) == opens
        assert said["message"] == "Emergencies: 555 0199."
        now = cast.agent.get(PATH).json["now"]
        assert (now["open"], datetime.fromisoformat(now["reopens_at"])) == (False, opens)


class TestEscalation:
    def ask(self, chat: Chat, reason: str = "My parcel is lost") -> str:
        with chat.app.app_context():
            guest = visitors.find(chat.organization_id, chat.token)
            assert guest is not None
            conversation_id = UUID(chat.id) if chat.id else None
            state, line = escalation.ask_for_person(guest, conversation_id, "please-" * 3, reason)
            chat.id = str(state.id)
            return line.text

    def test_while_somebody_is_there_somebody_answers_here(self, cast: Cast) -> None:
        assert "Somebody will answer here in this chat." in self.ask(arrive(cast.owner))

    def test_while_nobody_is_there_nobody_is_promised(self, cast: Cast, app: Flask) -> None:
        leave_the_desk(app, cast.owner)
        said = self.ask(arrive(cast.owner))
        assert "Nobody is at the desk right now; your message is waiting" in said

    def test_a_closed_desk_says_when_it_is_back(self, cast: Cast) -> None:
        opens = closed_until(cast.admin, offline={"message": "Emergencies: 555 0199."})
        said = self.ask(arrive(cast.owner))
        back = f"back on {opens:%A} at 9:00 (UTC time); your message is waiting for them."
        assert f"{back} Emergencies: 555 0199." in said

    def test_it_says_so_in_the_visitors_language(self, cast: Cast) -> None:
        closed_until(cast.admin)
        said = self.ask(arrive(cast.owner, locale="fr-CA"))
        assert "à 9:00 (heure de UTC)" in said

    def test_a_message_with_an_address_becomes_a_ticket(self, cast: Cast) -> None:
        closed_until(cast.admin)
        chat = arrive(cast.owner)
        chat.tell(email="vera@example.com", name="Vera")
        assert "vera@example.com" in self.ask(chat)
        [ticket] = cast.agent.get("/api/tickets").json["items"]
        assert ticket["subject"] == "My parcel is lost"
        whole = cast.agent.get(f"/api/tickets/{ticket['id']}").json
        assert whole["contact"]["email"] == "vera@example.com"


class TestOffDuty:
    def test_the_assistant_answers_outside_the_hours_unless_it_is_told_not_to(
        self, cast: Cast
    ) -> None:
        closed_until(cast.admin)
        assert self.told(cast, begin(cast.owner))["kind"] == "message"

    def test_a_message_becomes_a_ticket_with_a_clear_sentence(self, cast: Cast) -> None:
        opens = closed_until(cast.admin, offline={"assistant": False})
        chat = begin(cast.owner, "Is the Lantern waterproof?")
        said = self.told(cast, chat)
        assert said["kind"] == "escalated"
        assert "I've passed this on to the team as ticket 1." in said["text"]
        assert f"back on {opens:%A} at 9:00" in said["text"]
        [ticket] = cast.agent.get("/api/tickets").json["items"]
        assert ticket["subject"] == "Is the Lantern waterproof?"
        assert "outside of the opening hours" in ticket["reason"]
        assert ticket["category"] == "request"

    def test_whatever_comes_after_it_is_acknowledged_and_makes_no_second_ticket(
        self, cast: Cast
    ) -> None:
        closed_until(cast.admin, offline={"assistant": False})
        chat = begin(cast.owner, "Is the Lantern waterproof?")
        self.told(cast, chat)
        chat.say("And the Beacon?")
        said = self.told(cast, chat)
        assert said["kind"] == "message"
        assert "it is ticket 1" in said["text"]
        assert len(cast.agent.get("/api/tickets").json["items"]) == 1
        assert cast.agent.get(f"/api/conversations/{chat.id}").json["waiting_since"]

    def test_within_the_hours_it_answers(self, cast: Cast) -> None:
        put(cast.admin, always_open=True, offline={"assistant": False})
        assert self.told(cast, begin(cast.owner))["kind"] == "message"

    def told(self, cast: Cast, chat: Chat) -> dict[str, Any]:
        cast.mailbox.adapters.job_queue.run_all()  # type: ignore[attr-defined]
        events = cast.agent.get(f"/api/conversations/{chat.id}/messages").json["items"]
        return dict(events[-1])


class TestWhoIsThereAlready:
    """A widget that is open for hours hears what changes meanwhile."""

    @pytest.fixture
    def guest(self, app: Flask, cast: Cast) -> Iterator[Guest]:
        with opened(app) as house:
            guest = house.guest(widget_key(cast.owner))
            guest.connect()
            yield guest

    def test_hears_that_the_desk_has_closed_and_opened(self, cast: Cast, guest: Guest) -> None:
        closed_until(cast.admin, offline={"assistant": True, "message": "Back soon."})
        told = guest.expect("availability")["availability"]
        assert (told["open"], told["message"]) == (False, "Back soon.")
        assert told["reopens_at"]
        put(cast.admin, always_open=True)
        assert guest.expect("availability")["availability"]["open"] is True

    def test_hears_that_the_team_has_gone(self, app: Flask, cast: Cast, guest: Guest) -> None:
        leave_the_desk(app, cast.owner)
        assert guest.expect("availability")["availability"]["people_online"] is False

    def test_hears_nothing_of_another_organization(self, cast: Cast, guest: Guest) -> None:
        closed_until(cast.stranger)
        closed_until(cast.admin)
        assert guest.expect("availability")["availability"]["open"] is False
        assert [frame["type"] for frame in guest.frames].count("availability") == 1


class TestWords:
    now = datetime(2026, 11, 20, 18, 0, tzinfo=UTC)
    lisbon = ZoneInfo("Europe/Lisbon")

    @pytest.mark.parametrize(
        ("at", "locale", "words"),
        [
            ((2026, 11, 20, 20, 30), "en", "today at 20:30 (Lisbon time)"),
            ((2026, 11, 23, 9, 0), "en", "on Monday at 9:00 (Lisbon time)"),
            ((2026, 11, 23, 9, 0), "de", "Montag, 9:00 Uhr (Ortszeit Lisbon)"),
            ((2026, 11, 23, 9, 0), "fr", "lundi à 9:00 (heure de Lisbon)"),
            ((2026, 11, 23, 9, 0), "es", "el lunes a las 9:00 (hora de Lisbon)"),
            ((2026, 11, 23, 9, 0), "pt", "segunda-feira às 9:00 (hora de Lisbon)"),
            ((2027, 1, 4, 9, 5), "en", "on Monday, 4 January, at 9:05 (Lisbon time)"),
            ((2027, 1, 4, 9, 5), "de", "Montag, 4. Januar, 9:05 Uhr (Ortszeit Lisbon)"),
        ],
    )
    def test_a_moment_is_said_as_one_says_it(
        self, at: tuple[int, ...], locale: str, words: str
    ) -> None:
        moment = datetime(*at, tzinfo=UTC)  # type: ignore[misc, arg-type]
        assert moment_in_words(moment, self.lisbon, self.now, locale) == words
