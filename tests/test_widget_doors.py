"""What strangers may knock at by name: the widget's key, a chat page, the demo shop's door."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from websocket import WebSocketBadStatusException

from app import create_app
from app.adapters import Adapters
from app.services.upkeep import demo
from config import Testing
from tests.cast import Cast
from tests.open_house import opened

STRANGE = ["%00", "pk_%00", "pk_ü", "", "%F0%9F%91%8B", "pk_%27--", "p" * 500]


@pytest.fixture
def client(app: Flask, cast: Cast) -> FlaskClient:
    return app.test_client()


@pytest.mark.parametrize("key", STRANGE)
@pytest.mark.parametrize("path", ["config", "transcript/{id}", "attachments/{id}"])
def test_a_key_of_no_form_is_nobodys(client: FlaskClient, path: str, key: str) -> None:
    answer = client.get(f"/api/chat/{path.format(id=uuid4())}?key={key}")
    assert answer.status_code in {404, 422}, answer.text


@pytest.mark.parametrize("key", ["%00", "pk_%00", "", "pk_%27--"])
def test_a_key_of_no_form_opens_no_socket(app: Flask, cast: Cast, key: str) -> None:
    with opened(app) as house, pytest.raises(WebSocketBadStatusException) as refused:
        house.guest(key).dial()
    assert refused.value.status_code == 404


def test_a_key_of_no_form_takes_no_file(client: FlaskClient) -> None:
    assert client.post("/api/chat/upload?key=%00").status_code == 404


@pytest.mark.parametrize("slug", ["%00", "a%00", "ü", "..", "x" * 500, "'--"])
def test_a_chat_page_of_no_form_is_not_there(client: FlaskClient, slug: str) -> None:
    assert client.get(f"/chat/{slug}").status_code == 404


def asked_from(app: Flask, key: str, origin: str, host: str) -> int:
    headers = {"Origin": origin, "Host": host}
    return app.test_client().get(f"/api/chat/config?key={key}", headers=headers).status_code


class TestTheDemoShop:
    @pytest.fixture
    def config(self, config: Testing) -> Testing:
        return replace(config, demo=True, shop_port=5502)

    @pytest.fixture
    def demo_key(self, app: Flask, cast: Cast) -> str:
        with app.app_context():
            demo.seed()
            return demo.widget_key()

    @pytest.mark.parametrize("name", ["127.0.0.1", "localhost", "desk.lan"])
    def test_it_is_let_in_by_whatever_name_one_comes(
        self, app: Flask, demo_key: str, name: str
    ) -> None:
        assert asked_from(app, demo_key, f"http://{name}:5502", f"{name}:5501") == 200

    def test_it_is_let_in_on_the_port_to_which_it_has_moved(
        self, config: Testing, adapters: Adapters, demo_key: str
    ) -> None:
        moved = create_app(replace(config, shop_port=6001), adapters)
        assert asked_from(moved, demo_key, "http://localhost:6001", "localhost:6000") == 200
        assert asked_from(moved, demo_key, "http://localhost:5502", "localhost:6000") == 403

    @pytest.mark.parametrize("origin", ["http://evil.example:5502", "http://localhost:5503"])
    def test_nobody_else_is(self, app: Flask, demo_key: str, origin: str) -> None:
        assert asked_from(app, demo_key, origin, "localhost:5501") == 403

    def test_it_shows_nobody_elses_widget(self, app: Flask, cast: Cast) -> None:
        key = (cast.owner.get("/api/organization").json or {})["widget_key"]
        assert asked_from(app, key, "http://localhost:5502", "localhost:5501") == 403
