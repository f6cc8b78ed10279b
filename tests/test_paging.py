"""Lists by cursor: the next page begins after the last row seen, whatever came in between."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from flask import Flask

from tests.cast import Person, register

SIZE = 3
NO_CURSORS = [
    "x",
    "none",
    "💥",
    "a" * 22 + "b",
    "a" * 64,
    "AAAAAAAAAAAAAAAAAAAAA'",
    base64.urlsafe_b64encode(b"too short").decode(),
    base64.urlsafe_b64encode(bytes(17)).decode(),
    "\0" * 22,
]


@pytest.fixture
def owner(app: Flask) -> Person:
    return register(app, "olivia@harbour.example.com", "Olivia", "Harbour Books")


@pytest.fixture
def names(owner: Person) -> list[str]:
    """Eight contacts, from the newest to the oldest, as the list shows them."""
    names = [f"contact {number}" for number in range(8)]
    for name in names:
        add(owner, name)
    return names[::-1]


def add(owner: Person, name: str) -> str:
    answer = owner.post("/api/contacts", {"name": name})
    assert answer.status_code == 201
    return str(answer.get_json()["id"])


def page(owner: Person, cursor: str | None = None, **query: Any) -> dict[str, Any]:
    query = {"limit": SIZE, **query, **({"cursor": cursor} if cursor else {})}
    answer = owner.get("/api/contacts", query_string=query)
    assert answer.status_code == 200
    return dict(answer.get_json())


def seen(page: dict[str, Any]) -> list[str]:
    return [item["name"] for item in page["items"]]


def test_the_pages_together_are_the_whole_list(owner: Person, names: list[str]) -> None:
    first = page(owner)
    second = page(owner, first["next_cursor"])
    third = page(owner, second["next_cursor"])
    assert [len(seen(one)) for one in (first, second, third)] == [3, 3, 2]
    assert seen(first) + seen(second) + seen(third) == names
    assert third["next_cursor"] is None


def test_a_last_page_that_is_full_says_that_it_is_the_last(owner: Person, names: list[str]) -> None:
    last = page(owner, limit=len(names))
    assert seen(last) == names
    assert last["next_cursor"] is None


def test_nothing_is_shown_twice_when_rows_come_in_between(owner: Person, names: list[str]) -> None:
    first = page(owner)
    for number in range(SIZE):
        add(owner, f"late {number}")
    assert seen(page(owner, first["next_cursor"])) == names[SIZE : 2 * SIZE]


def test_nothing_is_left_out_when_rows_go_in_between(owner: Person, names: list[str]) -> None:
    first = page(owner)
    for item in first["items"]:
        assert owner.delete(f"/api/contacts/{item['id']}").status_code == 204
    assert seen(page(owner, first["next_cursor"])) == names[SIZE : 2 * SIZE]


def test_a_search_is_paged_as_well(owner: Person, names: list[str]) -> None:
    add(owner, "somebody else")
    first = page(owner, search="CONTACT")
    second = page(owner, first["next_cursor"], search="CONTACT")
    assert seen(first) + seen(second) == names[: 2 * SIZE]


def test_what_means_something_to_the_database_means_nothing_in_a_search(
    owner: Person, names: list[str]
) -> None:
    for search in ("%", "_", "\\", "c%t", "'; --"):
        assert seen(page(owner, search=search)) == []


def test_an_empty_list_is_a_list(owner: Person) -> None:
    assert page(owner) == {"items": [], "next_cursor": None}


def test_a_cursor_tells_nothing_and_is_fit_for_an_address(owner: Person, names: list[str]) -> None:
    cursor = page(owner)["next_cursor"]
    assert cursor.replace("-", "").replace("_", "").isalnum()
    assert len(cursor) < 30


def test_a_cursor_that_is_none_is_refused(owner: Person) -> None:
    for path in ("/api/contacts", "/api/admin/audit", "/api/admin/mail"):
        for cursor in NO_CURSORS:
            answer = owner.get(path, query_string={"cursor": cursor})
            assert answer.status_code == 422, cursor
            assert "cursor" in answer.get_json()["error"]["fields"]


def test_a_page_with_such_a_cursor_is_an_error_page(owner: Person) -> None:
    for path in ("/dashboard/settings/audit", "/dashboard/settings/mail"):
        answer = owner.get(path, query_string={"cursor": "none"})
        assert answer.status_code == 422
        assert answer.mimetype == "text/html"


def test_a_limit_that_is_none_is_refused(owner: Person) -> None:
    for limit in (0, -1, 201, "many", "1.5", ""):
        answer = owner.get("/api/contacts", query_string={"limit": limit})
        assert answer.status_code == 422, limit
