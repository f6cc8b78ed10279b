"""What visitors say of themselves before the first message: kept, and never in its way."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask

from tests.cast import Cast
from tests.open_house import Frame, Guest, House, opened
from tests.rooms import widget_key


@pytest.fixture
def house(app: Flask) -> Iterator[House]:
    with opened(app) as house:
        yield house


@pytest.fixture
def guest(house: House, cast: Cast) -> Guest:
    guest = house.guest(widget_key(cast.owner))
    guest.connect()
    return guest


def contact(cast: Cast) -> dict[str, Any]:
    answer = cast.agent.get("/api/contacts")
    assert answer.status_code == 200, answer.get_json()
    (found,) = answer.json["items"]
    return {name: found[name] for name in ("email", "name", "phone", "attributes")}


def test_what_a_form_asks_for_is_kept_under_its_own_names(guest: Guest, cast: Cast) -> None:
    told = {"email": "Vera@Visitors.example.com", "name": "Vera", "phone": "0123", "order": "5498"}
    guest.say("Where is it?", fields=told)
    assert contact(cast) == {
        "email": "vera@visitors.example.com",
        "name": "Vera",
        "phone": "0123",
        "attributes": {"order": "5498"},
    }


@pytest.mark.parametrize("typed", ["vera at home", "vera@home", "v@x.example\r\nBcc: w@x.example"])
def test_what_is_no_address_is_read_and_never_written_to(
    guest: Guest, cast: Cast, typed: str
) -> None:
    assert guest.say("Where is it?", fields={"email": typed})["seq"] == 1
    assert contact(cast)["email"] is None
    assert contact(cast)["attributes"] == {"email": typed}


def test_what_is_too_long_is_cut(guest: Guest, cast: Cast) -> None:
    guest.say("Where is it?", fields={"name": "Vera\n" + "a" * 500, "phone": "1" * 200})
    kept = contact(cast)
    assert kept["name"] == ("Vera " + "a" * 500)[:120]
    assert kept["phone"] == "1" * 40


@pytest.mark.parametrize(
    "fields",
    [
        {"email": {"a": 1}},
        {"order": [1]},
        {"fields": {"order": "1"}},
        {"order": None},
        {"order": "a\0b"},
        {"order": "x" * 2_001},
        {"x" * 61: "1"},
        {f"fact {number}": "1" for number in range(21)},
        "vera",
    ],
    ids=lambda fields: str(fields)[:20],
)
def test_what_no_form_sends_is_refused(guest: Guest, cast: Cast, fields: Any) -> None:
    refused = _refused(guest, fields)
    assert (refused["code"], refused["retry"]) == ("bad_frame", False)
    assert cast.agent.get("/api/contacts").json["items"] == []


def test_nobody_has_more_to_tell_than_anybody_reads(guest: Guest, cast: Cast) -> None:
    for begin in range(0, 80, 20):
        facts = {f"fact {number}": "1" for number in range(begin, begin + 20)}
        guest.say("Where is it?", fields=facts)
    assert len(contact(cast)["attributes"]) == 50
    guest.say("Where is it?", fields={"fact 1": "2"})
    assert contact(cast)["attributes"]["fact 1"] == "2"


def _refused(guest: Guest, fields: Any) -> Frame:
    guest.send("message", client_id=uuid4().hex, text="Where is it?", fields=fields)
    return guest.expect("error")
