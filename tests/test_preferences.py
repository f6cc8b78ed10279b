"""What an organization decides about its assistant and its widget, and where it is installed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import update
from werkzeug.test import TestResponse

from app.extensions import db
from app.models import WidgetOrigin, now
from app.services.widget import installations
from tests.cast import Cast

SITE = "https://shop.example.com"
WIDGET, ASSISTANT = "/api/organization/widget", "/api/organization/assistant"
GOOD: dict[str, Any] = {
    "color": "#AA00ff",
    "theme": "dark",
    "side": "left",
    "offset": {"x": 4, "y": 80},
    "launcher": {"text": "Ask us"},
    "greeting": "Hello!\nWhat can we do for you?",
    "suggestions": ["Where is my order?", "Can I send it back?"],
    "ai_notice": False,
    "locale": "pt",
    "prechat": {
        "enabled": True,
        "fields": [{"name": "order", "label": "Order number", "type": "text", "required": True}],
        "consent": "I agree.",
    },
    "hidden_on": ["/checkout", "/account/*"],
    "sounds": False,
    "show_branding": False,
    "strings": {"de": {"send": "Ab die Post"}},
}
BAD: list[dict[str, Any]] = [
    {"color": "red"},
    {"color": "#12345"},
    {"color": "#123456\n"},
    {"theme": "pink"},
    {"side": "top"},
    {"offset": {"x": -1, "y": 0}},
    {"offset": {"x": 1}},
    {"launcher": {"text": "x" * 41}},
    {"launcher": {"text": "a", "html": "<b>"}},
    {"greeting": "x" * 501},
    {"suggestions": ["a"] * 7},
    {"suggestions": [" "]},
    {"locale": "xx"},
    {"prechat": {"enabled": True, "fields": [{"name": "A b", "label": "a"}]}},
    {"prechat": {"enabled": True, "fields": [{"name": "a", "label": "a"}] * 2}},
    {"prechat": {"enabled": True, "fields": [{"name": "a", "label": "a", "type": "file"}]}},
    {"hidden_on": ["/a,/b"]},
    {"hidden_on": ["checkout"]},
    {"strings": {"xx": {"send": "Go"}}},
    {"strings": {"en": {"<script>": "Go"}}},
    {"strings": {"en": {"send": "x" * 401}}},
    {"strings": {"en": {"send": "a\0b"}}},
    {"logo_url": "https://evil.example.com/pixel.gif"},
    {"name": "Somebody else"},
]


@pytest.fixture
def key(cast: Cast) -> str:
    cast.owner.patch("/api/organization", {"allowed_domains": ["shop.example.com"]})
    return str(cast.owner.get("/api/organization").json["widget_key"])


def config(app: Flask, key: str, origin: str = SITE) -> TestResponse:
    client = app.test_client()
    return client.get(f"/api/chat/config?key={key}", headers={"Origin": origin})


def test_what_is_chosen_is_what_visitors_see(cast: Cast, key: str, app: Flask) -> None:
    changed = cast.admin.patch(WIDGET, GOOD)
    assert changed.status_code == 200, changed.text
    seen = config(app, key).get_json()["widget"]
    for name, value in GOOD.items():
        assert changed.json[name] == seen[name] == value
    assert cast.agent.get(WIDGET).json["color"] == "#AA00ff"


def test_what_is_left_out_stays_and_null_goes_back(cast: Cast) -> None:
    by_itself = cast.admin.get(WIDGET).json
    cast.admin.patch(WIDGET, GOOD)
    changed = cast.admin.patch(WIDGET, {"color": None, "theme": "light"}).json
    assert (changed["color"], changed["theme"]) == (by_itself["color"], "light")
    assert changed["greeting"] == GOOD["greeting"]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("changes", BAD, ids=str)
def test_what_no_widget_could_show_is_refused(cast: Cast, changes: dict[str, Any]) -> None:
    answer = cast.admin.patch(WIDGET, changes)
    assert answer.status_code == 422
    assert answer.json["error"]["fields"]
    assert cast.stranger.get(WIDGET).json["color"] == cast.admin.get(WIDGET).json["color"]


def test_the_assistant_goes_by_its_new_name(cast: Cast, key: str, app: Flask) -> None:
    given = {
        "name": "Pip",
        "guidance": "Be brief.",
        "tokens_a_day": 0,
        "tokens_a_visitor": 9,
        "second_opinion": False,
    }
    assert cast.admin.patch(ASSISTANT, given).json == given
    assert config(app, key).get_json()["widget"]["name"] == "Pip"
    assert cast.admin.patch(ASSISTANT, {"name": None}).json["name"] == "Assistant"
    for bad in ({"name": " "}, {"name": "x" * 61}, {"tokens_a_day": -1}, {"guidance": "x" * 4_001}):
        assert cast.admin.patch(ASSISTANT, bad).status_code == 422


def test_changes_are_audited_and_keep_out_of_each_others_way(cast: Cast) -> None:
    cast.admin.patch(ASSISTANT, {"name": "Pip"})
    cast.admin.patch(WIDGET, {"color": "#000000"})
    cast.admin.patch(WIDGET, {"color": "#000000"})
    assert cast.admin.get(ASSISTANT).json["name"] == "Pip"
    entries = cast.admin.get("/api/admin/audit").json["items"]
    said = [each["summary"] for each in entries if each["action"] == "organization.changed"]
    assert said == ["Adam changed color of the widget", "Adam changed name of the assistant"]
    assert cast.stranger.get(ASSISTANT).json["name"] == "Assistant"


class TestInstallations:
    def test_a_site_that_asks_is_seen(self, cast: Cast, key: str, app: Flask) -> None:
        assert cast.owner.get(WIDGET).json["installed_on"] == []
        assert config(app, key).status_code == 200
        assert config(app, key, "https://evil.example.com").status_code == 403
        assert config(app, key, "http://localhost").status_code == 200
        [site] = cast.owner.get(WIDGET).json["installed_on"]
        assert site["origin"] == SITE
        assert cast.stranger.get(WIDGET).json["installed_on"] == []

    def test_a_busy_site_is_written_down_once_a_minute(
        self, cast: Cast, key: str, app: Flask
    ) -> None:
        config(app, key)
        long_ago = now() - timedelta(days=1)
        with app.app_context():
            db.session.execute(update(WidgetOrigin).values(last_seen_at=long_ago))
            db.session.commit()
        config(app, key)
        [site] = cast.owner.get(WIDGET).json["installed_on"]
        assert site["last_seen_at"][:10] == long_ago.isoformat()[:10]

    def test_a_wildcard_does_not_fill_the_table(self, cast: Cast, app: Flask, key: str) -> None:
        cast.owner.patch("/api/organization", {"allowed_domains": ["*.example.com"]})
        for place in range(installations.MOST_ORIGINS + 5):
            assert config(app, key, f"https://s{place}.example.com").status_code == 200
        sites = cast.owner.get(WIDGET).json["installed_on"]
        assert len(sites) == installations.MOST_ORIGINS
