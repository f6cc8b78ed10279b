"""Who has been erased is told so wherever their widget is open, and is a stranger from then on."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from tests.cast import Cast
from tests.open_house import Guest, House, opened


@pytest.fixture
def house(app: Flask) -> Iterator[House]:
    with opened(app) as house:
        yield house


@pytest.fixture
def key(cast: Cast) -> str:
    return str((cast.owner.get("/api/organization").json or {})["widget_key"])


@pytest.fixture
def guest(house: House, key: str) -> Guest:
    guest = house.guest(key)
    guest.connect()
    return guest


@pytest.fixture
def other_tab(house: House, key: str, guest: Guest) -> Guest:
    other = house.guest(key)
    other.token = guest.token
    other.connect()
    return other


def test_every_tab_is_hung_up(guest: Guest, other_tab: Guest) -> None:
    guest.say("Hello")
    other_tab.event(author="visitor")
    guest.send("erase")
    assert other_tab.expect("goodbye")["reason"] == "erased"
    assert other_tab.is_hung_up_on()
    assert guest.is_hung_up_on()


def test_who_is_erased_by_the_team_is_hung_up(cast: Cast, guest: Guest, other_tab: Guest) -> None:
    guest.send("contact", email="vera@example.com")
    guest.say("Hello")
    contact = (cast.owner.get("/api/contacts").json or {})["items"][0]["id"]
    assert cast.owner.delete(f"/api/contacts/{contact}").status_code == 204
    for tab in (guest, other_tab):
        assert tab.expect("goodbye")["reason"] == "erased"


def test_a_tab_that_was_told_nothing_learns_it_when_it_speaks(
    cast: Cast, guest: Guest, other_tab: Guest
) -> None:
    guest.send("erase")
    guest.expect("goodbye")
    other_tab.send("message", client_id="0123456789", text="Still me?")
    assert other_tab.expect("goodbye")["reason"] == "erased"


def test_the_token_is_nobodys_then(house: House, key: str, guest: Guest) -> None:
    token = guest.token
    guest.send("erase")
    guest.expect("goodbye")
    assert house.guest(key).connect(visitor_token=token)["visitor_token"] != token


def test_T8_who_merely_types_an_address_does_not_erase_whose_it_is(
    cast: Cast, guest: Guest, house: House, key: str
) -> None:
    made = cast.owner.post("/api/contacts", {"email": "vera@example.com", "name": "Vera"})
    liar = house.guest(key)
    liar.connect()
    liar.send("contact", email="vera@example.com")
    liar.say("Hello")
    liar.send("erase")
    assert liar.expect("goodbye")["reason"] == "erased"
    assert cast.owner.get(f"/api/contacts/{(made.json or {})['id']}").status_code == 200
