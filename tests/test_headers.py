"""What every answer tells the browser: what our pages never do, and what may be kept."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from io import BytesIO

import brotli
import pytest
from flask import Flask
from werkzeug.test import TestResponse

from app import create_app
from app.pages.assets import version
from config import Testing
from tests.cast import Cast, Person
from tests.fakes import fakes

# Headers do not depend on the database.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
A_YEAR = 31_536_000


def policy_of(answer: TestResponse) -> dict[str, str]:
    parts = answer.headers["Content-Security-Policy"].split(";")
    return {name: sources for name, _, sources in (part.strip().partition(" ") for part in parts)}


def pages_of(app: Flask) -> list[str]:
    """Every address without a blank in it that a browser can open."""
    return sorted(
        rule.rule
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or ()) and not rule.arguments
    )


def answers(app: Flask, person: Person) -> Iterator[tuple[str, TestResponse]]:
    for path in [*pages_of(app), "/there/is/no/such/page", "/api/nor/such/an/operation"]:
        yield path, person.get(path)


class TestO1Policy:
    def test_O1_no_page_allows_anything_inline(self, app: Flask, cast: Cast) -> None:
        for person in (cast.nobody, cast.owner, cast.agent):
            for path, answer in answers(app, person):
                policy = policy_of(answer)
                assert "unsafe" not in str(policy), path
                assert policy["default-src"] == policy["script-src"] == "'self'", path
                assert policy["style-src"] == "'self'", path
                assert policy["object-src"] == policy["base-uri"] == "'none'", path
                assert policy["form-action"] == "'self'", path

    def test_O1_no_page_can_be_framed_by_another_site(self, app: Flask, cast: Cast) -> None:
        for path, answer in answers(app, cast.owner):
            ours = path == "/dashboard/settings/widget/preview"  # in a frame of the settings page
            assert policy_of(answer)["frame-ancestors"] == ("'self'" if ours else "'none'"), path
            assert answer.headers["X-Frame-Options"] == ("SAMEORIGIN" if ours else "DENY"), path

    def test_O1_no_answer_is_taken_for_something_else(self, app: Flask, cast: Cast) -> None:
        for path, answer in answers(app, cast.owner):
            assert answer.headers["X-Content-Type-Options"] == "nosniff", path

    def test_O1_no_address_with_a_secret_is_passed_on(self, app: Flask, cast: Cast) -> None:
        for path, answer in answers(app, cast.nobody):
            assert answer.headers["Referrer-Policy"] == "strict-origin-when-cross-origin", path

    def test_O1_errors_and_assets_carry_the_policy_too(self, cast: Cast) -> None:
        asset = f"/assets/{version()}/css/base.css"
        for path in (asset, "/assets/x/nothing.css", "/dashboard/settings/nothing"):
            assert "unsafe" not in str(policy_of(cast.owner.get(path)))
        assert policy_of(cast.owner.post("/login"))["default-src"] == "'self'"

    def test_O1_the_one_exception_is_a_mail_and_may_do_nothing_else(self, config: Testing) -> None:
        adapters = fakes()
        adapters.mailer.delivers = False
        person = Person(create_app(config, adapters))
        person.post("/api/auth/register", registration())
        (first, *_) = person.get("/dev/mail").text.split("/dev/mail/")[1:]
        answer = person.get(f"/dev/mail/{first[:36]}/html")
        assert answer.status_code == 200
        policy = policy_of(answer)
        assert policy["default-src"] == "'none'"
        assert "sandbox" in policy
        assert "script-src" not in policy

    @pytest.mark.parametrize(
        ("public_url", "expected"),
        [
            ("https://desk.example.com", f"max-age={A_YEAR}; includeSubDomains"),
            ("http://127.0.0.1:5000", None),
        ],
    )
    def test_O1_browsers_are_bound_to_https_where_it_is_spoken(
        self, config: Testing, public_url: str, expected: str | None
    ) -> None:
        config.public_url = public_url
        client = create_app(config, fakes()).test_client()
        for path in ("/", "/login", "/api/auth/me", "/health", "/no/such/page"):
            assert client.get(path).headers.get("Strict-Transport-Security") == expected


class TestO1Keeping:
    def test_O1_what_is_private_is_not_stored(self, app: Flask, cast: Cast) -> None:
        for path, answer in answers(app, cast.owner):
            if path != "/favicon.ico":
                assert answer.headers["Cache-Control"] == "no-store", path

    def test_O1_neither_are_changes_refusals_and_ways_to_the_sign_in(self, cast: Cast) -> None:
        for answer in (
            cast.owner.patch("/api/organization", {"name": "Harbour Books & Maps"}),
            cast.agent.get("/api/admin/audit"),
            cast.nobody.get("/api/auth/me"),
            cast.nobody.get("/dashboard"),
        ):
            assert answer.headers["Cache-Control"] == "no-store"

    def test_a_picture_is_kept_by_its_own_browser_only(self, cast: Cast) -> None:
        picture = (BytesIO(b"\x89PNG\r\n\x1a\n" + bytes(64)), "me.png")
        cast.owner.put(f"/api/users/{cast.owner.id}/picture", data={"picture": picture})
        url = cast.owner.get("/api/auth/me").get_json()["user"]["picture_url"]
        answer = cast.agent.get(url)
        assert answer.status_code == 200
        assert "private" in answer.headers["Cache-Control"]
        assert cast.stranger.get(url).status_code == 404


class TestAssets:
    def test_an_asset_is_kept_for_good_under_the_address_that_pages_name(self, app: Flask) -> None:
        address = f"/assets/{version()}/css/base.css"
        assert address in app.test_client().get("/").text
        answer = app.test_client().get(address)
        assert answer.status_code == 200
        assert answer.headers["Cache-Control"] == f"public, max-age={A_YEAR}, immutable"
        assert "Set-Cookie" not in answer.headers

    def test_under_an_older_address_it_is_asked_for_again(self, app: Flask) -> None:
        answer = app.test_client().get("/assets/0123456789ab/css/base.css")
        assert answer.headers["Cache-Control"] == "no-cache"
        known = {"If-None-Match": answer.headers["ETag"]}
        with app.test_client().get("/assets/0123456789ab/css/base.css", headers=known) as again:
            assert (again.status_code, again.data) == (304, b"")

    @pytest.mark.parametrize(
        ("name", "kind"),
        [
            ("css/base.css", "text/css"),
            ("js/api.js", "text/javascript"),
            ("img/favicon.svg", "image/svg+xml"),
        ],
    )
    def test_each_kind_is_named_as_what_it_is(self, app: Flask, name: str, kind: str) -> None:
        answer = app.test_client().get(f"/assets/{version()}/{name}")
        assert answer.mimetype == kind

    @pytest.mark.parametrize(
        "path",
        [
            "../../config.py",
            "..%2f..%2fconfig.py",
            "css/../../../config.py",
            "%2e%2e/%2e%2e/config.py",
            "/etc/passwd",
            "css",
            "css/",
            "nothing.css",
            "css/base.css%00",
        ],
    )
    def test_nothing_else_of_the_disk_can_be_reached(self, app: Flask, path: str) -> None:
        answer = app.test_client().get(f"/assets/{version()}/{path}")
        assert answer.status_code in {308, 404}
        assert "MIN_SECRET_LENGTH" not in answer.text


class TestPacking:
    PATHS = ("/", f"/assets/{version()}/css/base.css", f"/assets/{version()}/js/api.js")

    @pytest.mark.parametrize("path", PATHS)
    def test_pages_and_assets_are_packed_as_the_browser_likes_best(
        self, app: Flask, path: str
    ) -> None:
        plain = app.test_client().get(path)
        best = app.test_client().get(path, headers={"Accept-Encoding": "gzip, deflate, br"})
        older = app.test_client().get(path, headers={"Accept-Encoding": "gzip"})
        assert "Content-Encoding" not in plain.headers
        assert best.headers["Content-Encoding"] == "br"
        assert older.headers["Content-Encoding"] == "gzip"
        assert without_ids(brotli.decompress(best.data)) == without_ids(plain.data)
        assert without_ids(gzip.decompress(older.data)) == without_ids(plain.data)
        assert len(best.data) < len(plain.data) / 2
        for answer in (plain, best, older):
            assert "Accept-Encoding" in answer.headers["Vary"]

    def test_answers_of_the_api_are_packed_too(self, app: Flask) -> None:
        answer = app.test_client().get("/api/openapi.json", headers={"Accept-Encoding": "br"})
        assert answer.headers["Content-Encoding"] == "br"

    def test_what_is_short_is_not_worth_it(self, app: Flask) -> None:
        answer = app.test_client().get("/health", headers={"Accept-Encoding": "gzip, br"})
        assert "Content-Encoding" not in answer.headers


def registration() -> dict[str, str]:
    return {
        "email": "olivia@harbour.example.com",
        "password": "correct horse battery staple",
        "name": "Olivia",
        "organization": "Harbour Books",
    }


def without_ids(page: bytes) -> bytes:
    """Each answer names the request that it belongs to."""
    return re.sub(rb"[0-9a-f]{32}", b"", page)
