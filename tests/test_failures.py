"""What a caller is told when something fails: JSON to programs, a page to people."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from app import create_app
from app.adapters import Adapters
from app.errors import Unavailable
from config import Testing
from tests.cast import Cast
from tests.fakes import fakes

# How a failure is told does not depend on the database.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
SECRET = "the text of the fault"


@pytest.fixture
def config(database_url: str, tmp_path: Path) -> Testing:
    return Testing(data_dir=tmp_path, database_url=database_url, max_json_bytes=100_000)


@pytest.fixture
def app(config: Testing, adapters: Adapters) -> Flask:
    """An app with two rooms that always fail, one for programs and one for people."""
    app = create_app(config, adapters)

    def fail() -> None:
        raise RuntimeError(SECRET)

    def give_up() -> None:
        raise Unavailable

    for name, view in (("fail", fail), ("unavailable", give_up)):
        app.add_url_rule(f"/api/{name}", f"api_{name}", view)
        app.add_url_rule(f"/{name}", name, view)
    return app


def error_of(answer: Any) -> dict[str, Any]:
    """The one shape that every refusal has."""
    assert answer.mimetype == "application/json"
    body = answer.get_json()
    assert set(body) == {"error"}
    assert {"code", "message", "request_id"} <= set(body["error"])
    assert body["error"]["request_id"] == answer.headers["X-Request-Id"]
    return dict(body["error"])


class TestPrograms:
    @pytest.mark.parametrize(
        ("method", "path", "status", "code"),
        [
            ("GET", "/api/no/such/thing", 404, "not_found"),
            ("GET", "/api/users/not-a-uuid", 404, "not_found"),
            ("DELETE", "/api/auth/login", 405, "method_not_allowed"),
            ("GET", "/api/fail", 500, "internal_error"),
            ("GET", "/api/unavailable", 503, "unavailable"),
            ("GET", "/api/auth/me", 401, "not_signed_in"),
        ],
    )
    def test_every_refusal_has_one_shape(
        self, app: Flask, method: str, path: str, status: int, code: str
    ) -> None:
        answer = app.test_client().open(path, method=method)
        assert answer.status_code == status
        assert error_of(answer)["code"] == code

    def test_a_method_that_is_not_taken_names_those_that_are(self, app: Flask) -> None:
        answer = app.test_client().delete("/api/auth/login")
        assert "POST" in answer.headers["Allow"]

    @pytest.mark.parametrize(
        "body", [b"", b"{", b"[1, 2", b'"text"', b"null", b"[]", b"7", b"\xff\xfe"]
    )
    def test_a_body_that_cannot_be_read_is_refused(self, app: Flask, body: bytes) -> None:
        answer = app.test_client().post(
            "/api/auth/login", data=body, content_type="application/json"
        )
        assert answer.status_code == 422
        assert error_of(answer)["fields"]

    @pytest.mark.parametrize(
        "kind", ["text/plain", "application/x-www-form-urlencoded", "text/xml", ""]
    )
    def test_a_body_of_another_kind_is_refused(self, app: Flask, kind: str) -> None:
        answer = app.test_client().post(
            "/api/auth/login", data=b"email=a&password=b", content_type=kind
        )
        assert answer.status_code == 415
        assert "application/json" in error_of(answer)["message"]

    def test_nesting_without_end_is_refused(self, app: Flask) -> None:
        body = b'{"email":' + b"[" * 4_000 + b"]" * 4_000 + b"}"
        answer = app.test_client().post(
            "/api/auth/login", data=body, content_type="application/json"
        )
        assert answer.status_code == 422

    def test_more_than_we_take_is_refused(self, app: Flask, config: Testing) -> None:
        body = b'{"email": "' + b"x" * config.max_json_bytes + b'"}'
        answer = app.test_client().post(
            "/api/auth/login", data=body, content_type="application/json"
        )
        assert answer.status_code == 413
        assert error_of(answer)["code"] == "too_large"

    def test_a_file_may_be_larger_than_a_body(self, cast: Cast, config: Testing) -> None:
        content = b"\x89PNG\r\n\x1a\n" + bytes(config.max_json_bytes * 2)
        picture = (io.BytesIO(content), "me.png")
        answer = cast.owner.put(f"/api/users/{cast.owner.id}/picture", data={"picture": picture})
        assert answer.status_code == 200

    @pytest.mark.parametrize(
        ("most", "said"), [(10_000, "9 KB"), (1024**2, "1 MB"), (60 * 1024**2, "60 MB")]
    )
    def test_even_a_file_ends_somewhere(self, cast: Cast, app: Flask, most: int, said: str) -> None:
        app.config["MAX_CONTENT_LENGTH"] = most
        picture = (io.BytesIO(bytes(most + 10_000)), "me.png")
        answer = cast.owner.put(f"/api/users/{cast.owner.id}/picture", data={"picture": picture})
        assert answer.status_code == 413
        words = f"This is larger than we can take: one request may have {said}."
        assert error_of(answer)["message"] == words

    def test_each_field_is_told_its_own_fault(self, app: Flask) -> None:
        answer = app.test_client().post("/api/auth/register", json={"email": "nobody", "name": ""})
        assert answer.status_code == 422
        fields = error_of(answer)["fields"]
        assert fields["email"] == "This is not an e-mail address."
        assert fields["password"] == fields["name"] == "Please fill this in."

    def test_what_was_sent_is_never_sent_back(self, app: Flask) -> None:
        sent = {"email": "a@b.example.com", "password": ["my-secret-password"], "more": "my-secret"}
        answer = app.test_client().post("/api/auth/login", json=sent)
        assert answer.status_code == 422
        assert "my-secret" not in answer.text


class TestPeople:
    @pytest.mark.parametrize(
        ("method", "path", "status"),
        [
            ("GET", "/no/such/page", 404),
            ("GET", "/dashboard/no/such/page", 404),
            ("POST", "/login", 405),
            ("GET", "/fail", 500),
            ("GET", "/unavailable", 503),
        ],
    )
    def test_they_see_a_page(self, app: Flask, method: str, path: str, status: int) -> None:
        answer = app.test_client().open(path, method=method)
        assert answer.status_code == status
        assert answer.mimetype == "text/html"
        assert answer.headers["X-Request-Id"] in answer.text
        assert "<h1" in answer.text

    def test_a_page_that_is_not_for_their_role_says_so(self, cast: Cast) -> None:
        answer = cast.agent.get("/dashboard/settings/audit")
        assert answer.status_code == 403
        assert "Not for your role" in answer.text

    def test_an_address_with_markup_does_no_harm(self, app: Flask) -> None:
        answer = app.test_client().get("/<script>alert(1)</script>")
        assert answer.status_code == 404
        assert "<script>alert" not in answer.text


@pytest.mark.parametrize("path", ["/fail", "/api/fail"])
class TestTheUnforeseen:
    def test_it_tells_nothing_of_itself(self, app: Flask, path: str) -> None:
        answer = app.test_client().get(path)
        assert SECRET not in answer.text
        assert "Traceback" not in answer.text
        assert "RuntimeError" not in answer.text

    def test_neither_does_it_in_development(self, config: Testing, path: str) -> None:
        config.testing, config.debug = False, True
        app = create_app(config, fakes())
        app.add_url_rule(path, "fail", lambda: 1 / 0)
        answer = app.test_client().get(path)
        assert answer.status_code == 500
        assert "ZeroDivisionError" not in answer.text

    def test_it_keeps_its_headers(self, app: Flask, path: str) -> None:
        answer = app.test_client().get(path)
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cache-Control"] == "no-store"
