"""What nobody types and somebody sends: it is refused or kept, but never a fault."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from app import create_app
from app.adapters import Adapters
from app.extensions import db
from app.models import SignInSession
from config import Testing
from tests.cast import Person, register

LOGIN = {"email": "olivia@harbour.example.com", "password": "correct horse battery staple"}

FORWARDED = {
    "198.51.100.7": "198.51.100.7",
    "198.51.100.7:4711": "198.51.100.7",
    "[2001:db8::7]:4711": "2001:db8::7",
    "2001:db8::7": "2001:db8::7",
    "::ffff:198.51.100.7": "198.51.100.7",
    "fe80::1%" + "x" * 100: "fe80::1",
    "198.51.100.7:4711:1": "",
    "x" * 500: "",
    "unknown": "",
    "a\0b": "",
}


@pytest.fixture
def owner(app: Flask) -> Person:
    return register(app, LOGIN["email"], "Olivia", "Harbour Books")


def test_the_longest_that_is_described_is_taken_and_no_more(owner: Person) -> None:
    for method, path, most, more in (
        ("POST", "/api/api-keys", 80, {"scopes": ["team:read"]}),
        ("POST", "/api/contacts", 120, {}),
        ("PATCH", "/api/organization", 120, {}),
        ("PATCH", f"/api/users/{owner.id}", 120, {}),
    ):
        # Letters that take four bytes each.
        longest = owner.call(method, path, {"name": "🦊" * most, **more})
        assert longest.status_code < 300, path
        assert longest.get_json()["name"] == "🦊" * most
        too_long = owner.call(method, path, {"name": "🦊" * (most + 1), **more})
        assert too_long.status_code == 422, path


@pytest.mark.parametrize("text", ["a\0b", "\x1b[31m"])
def test_what_no_keyboard_types_is_refused_where_it_would_be_kept(owner: Person, text: str) -> None:
    for method, path, body in (
        ("POST", "/api/contacts", {"name": text}),
        ("PATCH", "/api/organization", {"name": text}),
        ("PATCH", f"/api/users/{owner.id}", {"name": text}),
        ("POST", "/api/api-keys", {"name": text, "scopes": ["team:read"]}),
        ("POST", "/api/auth/login", {**LOGIN, "email": text}),
        ("POST", "/api/auth/forgot-password", {"email": text}),
        ("PATCH", "/api/organization", {"allowed_domains": [text]}),
        ("PATCH", "/api/organization", {"time_zone": text}),
    ):
        assert owner.call(method, path, body).status_code == 422, path
    assert owner.get("/api/contacts", query_string={"search": text}).status_code == 422


def test_facts_about_a_contact_come_back_as_they_were_given(owner: Person) -> None:
    facts = {
        "note": "a\x1bb\u202e",
        "big": 10**300,
        "small": -1.5e-300,
        "": "",
        "true": True,
        "nothing": None,
        "emoji": "🦊" * 1000,
    }
    answer = owner.post("/api/contacts", {"name": "somebody", "attributes": facts})
    assert answer.status_code == 201
    assert owner.get(f"/api/contacts/{answer.get_json()['id']}").get_json()["attributes"] == facts
    assert owner.get("/api/contacts").status_code == 200


@pytest.mark.parametrize("facts", [{"note": "a\0b"}, {"a\0b": "note"}])
def test_a_zero_in_a_fact_is_refused_in_words(owner: Person, facts: dict[str, str]) -> None:
    """PostgreSQL keeps it in JSON, but fails later, when something looks the fact up."""
    answer = owner.post("/api/contacts", {"name": "somebody", "attributes": facts})
    assert answer.status_code == 422
    assert "control characters" in answer.get_json()["error"]["fields"]["attributes"]


def test_what_is_no_number_is_refused(owner: Person) -> None:
    for number in ("NaN", "Infinity", "-Infinity", "1e400"):
        body = f'{{"name": "somebody", "attributes": {{"number": {number}}}}}'
        answer = owner.call("POST", "/api/contacts", data=body, content_type="application/json")
        assert answer.status_code == 422, number


def test_a_browser_of_any_name_can_sign_in(app: Flask, owner: Person) -> None:
    for agent in ("a\0b", "x" * 5_000, "\x1b[31m", "Ünïcode", ""):
        headers = {"User-Agent": agent}
        answer = app.test_client().post("/api/auth/login", json=LOGIN, headers=headers)
        assert answer.status_code == 200
    with app.app_context():
        kept = db.session.scalars(select(SignInSession.user_agent)).all()
    assert all(name.isprintable() and len(name) <= 300 for name in kept)


def test_a_proxy_may_forward_anything(config: Testing, adapters: Adapters, owner: Person) -> None:
    config.trusted_proxies = 1
    app = create_app(config, adapters)
    for forwarded, kept in FORWARDED.items():
        headers = {"X-Forwarded-For": forwarded}
        answer = app.test_client().post("/api/auth/login", json=LOGIN, headers=headers)
        assert answer.status_code == 200
        with app.app_context():
            newest = select(SignInSession.ip_address).order_by(SignInSession.id.desc()).limit(1)
            assert db.session.scalar(newest) == kept, forwarded
    with app.app_context():
        db.engine.dispose()
