"""The people who write to an organization, as the team looks them up and corrects them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.cast import Cast, Person
from tests.chats import begin


def add(person: Person, **facts: Any) -> dict[str, Any]:
    answer = person.post("/api/contacts", facts)
    assert answer.status_code == 201, answer.get_json()
    made: dict[str, Any] = answer.get_json()
    return made


def found(person: Person, search: str) -> list[str]:
    answer = person.get("/api/contacts", query_string={"search": search}).get_json()
    return [each["name"] for each in answer["items"]]


@pytest.mark.parametrize(
    "search", ["thistle", "wood thistle", "Thistlewod", "thsitlewood", "@sample.example", "5521"]
)
def test_somebody_is_found_by_any_part_or_with_a_slip(cast: Cast, search: str) -> None:
    add(cast.agent, name="Thistlewood", email="t@sample.example", phone="0170 5521")
    add(cast.agent, name="Somebody else", email="else@example.com")
    assert found(cast.agent, search) == ["Thistlewood"]
    assert found(cast.stranger, search) == []


def test_letters_beyond_english_are_found_in_either_case(cast: Cast) -> None:
    add(cast.agent, name="ÖZGE ÉTÉ")
    assert found(cast.agent, "özge été") == ["ÖZGE ÉTÉ"]


def test_whoever_fits_exactly_is_not_mixed_with_who_is_near(cast: Cast) -> None:
    add(cast.agent, name="Thistlewood")
    add(cast.agent, name="Thistlewod")
    assert found(cast.agent, "Thistlewod") == ["Thistlewod"]


def test_a_sign_of_the_database_is_only_a_sign(cast: Cast) -> None:
    add(cast.agent, name="Hundred percent")
    assert found(cast.agent, "%") == found(cast.agent, "_") == []


def test_an_address_is_taken_away_and_given_again(cast: Cast) -> None:
    made = add(cast.agent, name="A regular", email="r@example.com", phone="1")
    path = f"/api/contacts/{made['id']}"
    changed = cast.agent.patch(path, {"email": "", "phone": None}).get_json()
    assert (changed["email"], changed["phone"], changed["name"]) == (None, "", "A regular")
    assert cast.agent.patch(path, {"email": "not one"}).status_code == 422
    assert cast.agent.patch(path, {"email": "R@example.com"}).get_json()["email"] == "r@example.com"


def test_the_list_says_how_often_somebody_has_written(cast: Cast) -> None:
    chat = begin(cast.owner, "Hello")
    chat.tell(name="A regular", email="r@example.com")
    add(cast.agent, name="Never wrote")
    page = cast.agent.get("/dashboard/contacts").get_data(as_text=True)
    assert 'data-label="Conversations">1<' in page
    assert 'data-label="Conversations">None<' in page
