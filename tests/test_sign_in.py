"""Signing in: the checklist A1 to A9 (A6, Google, is in tests/e2e/test_google.py)."""

from __future__ import annotations

import base64
import json
import time
from datetime import UTC, datetime, timedelta
from http.cookies import SimpleCookie
from typing import Any
from uuid import UUID

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from flask import Flask
from sqlalchemy import update

from app.adapters import Adapters
from app.extensions import db
from app.models import Invitation, MailedLink, SignInSession
from config import Production, Testing
from tests.cast import PASSWORD, Cast, Mailbox, Person, hire, register

NEW = "an entirely new password"


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def sign_in_for_tokens(person: Person) -> dict[str, Any]:
    credentials = {"email": person.email, "password": PASSWORD, "transport": "bearer"}
    answer = person.app.test_client().post("/api/auth/login", json=credentials)
    assert answer.status_code == 200
    return answer.get_json()


def refresh(app: Flask, token: str) -> Any:
    return app.test_client().post("/api/auth/refresh", headers=bearer(token))


def me(app: Flask, token: str) -> int:
    return app.test_client().get("/api/auth/me", headers=bearer(token)).status_code


class TestA1Refreshing:
    def test_A1_each_refresh_hands_out_a_new_pair(self, app: Flask, cast: Cast) -> None:
        first = sign_in_for_tokens(cast.owner)
        second = refresh(app, first["refresh_token"]).get_json()
        assert second["refresh_token"] != first["refresh_token"]
        assert me(app, second["access_token"]) == 200

    def test_A1_a_spent_refresh_token_ends_the_whole_family(self, app: Flask, cast: Cast) -> None:
        stolen = sign_in_for_tokens(cast.owner)
        newest = refresh(app, stolen["refresh_token"]).get_json()
        let_the_leeway_pass(app)
        assert refresh(app, stolen["refresh_token"]).status_code == 401
        assert refresh(app, newest["refresh_token"]).status_code == 401
        assert me(app, newest["access_token"]) == 401

    def test_A1_a_token_two_generations_old_gets_no_leeway(self, app: Flask, cast: Cast) -> None:
        first = sign_in_for_tokens(cast.owner)
        second = refresh(app, first["refresh_token"]).get_json()
        third = refresh(app, second["refresh_token"]).get_json()
        assert refresh(app, first["refresh_token"]).status_code == 401
        assert me(app, third["access_token"]) == 401

    def test_A1_two_tabs_that_renew_at_the_same_moment_both_survive(
        self, app: Flask, cast: Cast
    ) -> None:
        shared = sign_in_for_tokens(cast.owner)
        one = refresh(app, shared["refresh_token"])
        other = refresh(app, shared["refresh_token"])
        assert (one.status_code, other.status_code) == (200, 200)
        later = refresh(app, other.get_json()["refresh_token"])
        assert later.status_code == 200
        assert me(app, later.get_json()["access_token"]) == 200

    def test_A1_reuse_is_written_into_the_audit_log(self, app: Flask, cast: Cast) -> None:
        stolen = sign_in_for_tokens(cast.owner)
        refresh(app, stolen["refresh_token"])
        let_the_leeway_pass(app)
        refresh(app, stolen["refresh_token"])
        actions = [entry["action"] for entry in cast.owner.get("/api/admin/audit").json["items"]]
        assert "session.reuse_detected" in actions

    def test_A1_the_cookies_are_renewed_too(self, cast: Cast) -> None:
        before = cast.owner.cookie("refresh_token_cookie")
        assert cast.owner.post("/api/auth/refresh").status_code == 200
        assert cast.owner.cookie("refresh_token_cookie") != before
        assert cast.owner.get("/api/auth/me").status_code == 200

    def test_A1_a_page_renews_a_session_whose_access_token_has_run_out(self, cast: Cast) -> None:
        cast.owner.client.delete_cookie("access_token_cookie")
        assert cast.owner.get("/dashboard").status_code == 200
        assert cast.owner.get("/api/auth/me").status_code == 200


def let_the_leeway_pass(app: Flask) -> None:
    with app.app_context():
        long_ago = datetime.now(UTC) - timedelta(minutes=5)
        db.session.execute(update(SignInSession).values(rotated_at=long_ago))
        db.session.commit()


class TestA2KindsOfTokens:
    def test_A2_a_refresh_token_does_not_open_anything(self, app: Flask, cast: Cast) -> None:
        assert me(app, sign_in_for_tokens(cast.owner)["refresh_token"]) == 401

    def test_A2_an_access_token_does_not_refresh(self, app: Flask, cast: Cast) -> None:
        assert refresh(app, sign_in_for_tokens(cast.owner)["access_token"]).status_code == 401

    @pytest.mark.parametrize("change", [{"iss": "somebody"}, {"aud": "visitors"}, {"iss": None}])
    def test_A2_issuer_and_audience_are_enforced(
        self, app: Flask, cast: Cast, change: dict[str, Any]
    ) -> None:
        claims = claims_of(cast.owner)
        forged = {key: value for key, value in (claims | change).items() if value is not None}
        assert me(app, jwt.encode(claims, app.config["SECRET_KEY"], "HS256")) == 200
        assert me(app, jwt.encode(forged, app.config["SECRET_KEY"], "HS256")) == 401

    def test_A2_an_access_token_lives_fifteen_minutes_and_a_refresh_token_seven_days(
        self, cast: Cast
    ) -> None:
        pair = sign_in_for_tokens(cast.owner)
        assert lifetime(pair["access_token"]) == 15 * 60
        assert lifetime(pair["refresh_token"]) == 7 * 24 * 3600


def claims_of(person: Person) -> dict[str, Any]:
    token = sign_in_for_tokens(person)["access_token"]
    return jwt.decode(token, options={"verify_signature": False})


def lifetime(token: str) -> int:
    claims = jwt.decode(token, options={"verify_signature": False})
    return int(claims["exp"] - claims["iat"])


class TestA3ForgedTokens:
    def test_A3_no_algorithm_is_no_token(self, app: Flask, cast: Cast) -> None:
        assert me(app, jwt.encode(claims_of(cast.owner), None, "none")) == 401

    def test_A3_another_algorithm_is_refused(self, app: Flask, cast: Cast) -> None:
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        pem = key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        assert me(app, jwt.encode(claims_of(cast.owner), pem, "RS256")) == 401
        secret = app.config["SECRET_KEY"]
        assert me(app, jwt.encode(claims_of(cast.owner), secret, "HS512")) == 401

    def test_A3_an_unknown_critical_header_is_refused(self, app: Flask, cast: Cast) -> None:
        headers = {"crit": ["mystery"], "mystery": True}
        secret = app.config["SECRET_KEY"]
        assert me(app, jwt.encode(claims_of(cast.owner), secret, "HS256", headers)) == 401

    def test_A3_a_key_inside_the_token_is_not_believed(self, app: Flask, cast: Cast) -> None:
        own = b"k" * 32
        jwk = {"kty": "oct", "k": base64.urlsafe_b64encode(own).decode().rstrip("=")}
        assert me(app, jwt.encode(claims_of(cast.owner), own, "HS256", {"jwk": jwk})) == 401

    @pytest.mark.parametrize(
        "token", ["", "x", "a.b.c", "é.é.é", "fd_sk_", "fd_sk_0_x", "." * 5000]
    )
    def test_A3_rubbish_is_a_plain_401(self, app: Flask, token: str) -> None:
        header = {"Authorization": f"Bearer {token}".encode().decode("latin-1")}
        assert app.test_client().get("/api/auth/me", headers=header).status_code == 401

    @pytest.mark.parametrize("claim", [{"sid": "x"}, {"sid": None}, {"sub": "x"}, {"sid": 7}])
    def test_A3_signed_claims_that_make_no_sense_are_a_401(
        self, app: Flask, cast: Cast, claim: dict[str, Any]
    ) -> None:
        token = jwt.encode(claims_of(cast.owner) | claim, app.config["SECRET_KEY"], "HS256")
        assert me(app, token) == 401

    def test_A3_one_persons_session_does_not_open_for_another(self, app: Flask, cast: Cast) -> None:
        swapped = claims_of(cast.owner) | {"sub": cast.stranger.id}
        assert me(app, jwt.encode(swapped, app.config["SECRET_KEY"], "HS256")) == 401


class TestA4MailedLinks:
    @pytest.mark.parametrize("token", [None, "", "x", "\x00", "é" * 200, "a" * 5000])
    @pytest.mark.parametrize(
        ("path", "rest"),
        [
            ("reset-password", {"password": NEW}),
            ("verify-email", {}),
            ("invitation", {}),
            ("accept-invite", {"name": "Eve", "password": NEW}),
        ],
    )
    def test_A4_a_made_up_link_is_refused(
        self, app: Flask, path: str, rest: dict[str, str], token: str | None
    ) -> None:
        answer = Person(app).post(f"/api/auth/{path}", {"token": token, **rest})
        assert 400 <= answer.status_code < 500
        assert "token" in answer.json["error"]["fields"]

    def test_A4_a_reset_link_works_once(self, cast: Cast) -> None:
        token = ask_for_reset(cast, cast.agent)
        body = {"token": token, "password": NEW}
        assert cast.nobody.post("/api/auth/reset-password", body).status_code == 204
        assert cast.nobody.post("/api/auth/reset-password", body).status_code == 422
        assert cast.agent.sign_in(NEW).status_code == 200

    def test_A4_only_the_newest_reset_link_works(self, cast: Cast) -> None:
        older = ask_for_reset(cast, cast.agent)
        newer = ask_for_reset(cast, cast.agent)
        assert reset(cast, older) == 422
        assert reset(cast, newer) == 204

    def test_A4_an_expired_reset_link_is_refused(self, app: Flask, cast: Cast) -> None:
        token = ask_for_reset(cast, cast.agent)
        expire(app, MailedLink)
        assert reset(cast, token) == 422

    def test_A4_a_link_for_one_purpose_does_not_serve_another(self, cast: Cast) -> None:
        verify = cast.mailbox.token(cast.owner.email, "confirm your e-mail")
        assert reset(cast, verify) == 422
        invited = invite(cast, "new@harbour.example.com")
        assert reset(cast, invited) == 422

    def test_A4_a_suspended_persons_link_is_refused(self, cast: Cast) -> None:
        token = ask_for_reset(cast, cast.agent)
        cast.owner.patch(f"/api/users/{cast.agent.id}", {"active": False})
        assert reset(cast, token) == 422

    def test_A4_an_invitation_works_once(self, cast: Cast) -> None:
        body = {
            "token": invite(cast, "new@harbour.example.com"),
            "name": "New",
            "password": PASSWORD,
        }
        assert cast.nobody.post("/api/auth/accept-invite", body).status_code == 201
        assert Person(cast.owner.app).post("/api/auth/accept-invite", body).status_code == 422

    def test_A4_an_invitation_ends_when_withdrawn_or_expired(self, app: Flask, cast: Cast) -> None:
        withdrawn = invite(cast, "one@harbour.example.com")
        [row] = cast.owner.get("/api/invites").json["items"]
        assert cast.owner.delete(f"/api/invites/{row['id']}").status_code == 204
        assert cast.nobody.post("/api/auth/invitation", {"token": withdrawn}).status_code == 422
        expired = invite(cast, "two@harbour.example.com")
        assert cast.nobody.post("/api/auth/invitation", {"token": expired}).status_code == 200
        expire(app, Invitation)
        assert cast.nobody.post("/api/auth/invitation", {"token": expired}).status_code == 422

    def test_A4_sending_an_invitation_again_replaces_its_link(self, cast: Cast) -> None:
        older = invite(cast, "new@harbour.example.com")
        [row] = cast.owner.get("/api/invites").json["items"]
        assert cast.owner.post(f"/api/invites/{row['id']}/resend").status_code == 201
        newer = cast.mailbox.token("new@harbour.example.com", "invites you")
        assert cast.nobody.post("/api/auth/invitation", {"token": older}).status_code == 422
        assert cast.nobody.post("/api/auth/invitation", {"token": newer}).status_code == 200

    def test_A4_the_verification_link_confirms_the_address(self, cast: Cast) -> None:
        token = cast.mailbox.token(cast.owner.email, "confirm your e-mail")
        assert not cast.owner.get("/api/auth/me").json["user"]["email_verified"]
        assert cast.nobody.post("/api/auth/verify-email", {"token": token}).status_code == 200
        assert cast.owner.get("/api/auth/me").json["user"]["email_verified"]

    def test_a_second_invitation_does_not_tell_of_accounts_elsewhere(self, cast: Cast) -> None:
        answer = cast.owner.post("/api/invites", {"email": cast.stranger.email, "role": "agent"})
        assert answer.status_code == 201
        token = cast.mailbox.token(cast.stranger.email, "invites you")
        body = {"token": token, "name": "Stan", "password": PASSWORD}
        assert cast.nobody.post("/api/auth/accept-invite", body).status_code == 409


def ask_for_reset(cast: Cast, person: Person) -> str:
    answer = cast.nobody.post("/api/auth/forgot-password", {"email": person.email})
    assert answer.status_code == 202
    return cast.mailbox.token(person.email, "Set a new password")


def reset(cast: Cast, token: str) -> int:
    body = {"token": token, "password": NEW}
    return cast.nobody.post("/api/auth/reset-password", body).status_code


def invite(cast: Cast, email: str) -> str:
    assert cast.owner.post("/api/invites", {"email": email, "role": "agent"}).status_code == 201
    return cast.mailbox.token(email, "invites you")


def expire(app: Flask, model: type[MailedLink | Invitation]) -> None:
    with app.app_context():
        db.session.execute(update(model).values(expires_at=datetime.now(UTC) - timedelta(1)))
        db.session.commit()


class TestA5Passwords:
    @pytest.mark.parametrize(
        "password",
        [
            "12345678abc",
            "😀🎉" * 32,
            "ä" * 20 + "ö" + "ü",
            "пароль-на-русском",
            "密码密码密码密码很长",
            "كلمة السر الطويلة",
            " leading and trailing ",
            "abc" * 341,
        ],
    )
    def test_A5_any_script_and_length_works(self, app: Flask, password: str) -> None:
        person = Person(app, "pat@example.com")
        body = {"email": person.email, "password": password, "name": "Pat", "organization": "P"}
        assert person.post("/api/auth/register", body).status_code == 201
        assert person.sign_in(password).status_code == 200
        assert person.sign_in(password + "x").status_code == 401

    @pytest.mark.parametrize(
        ("password", "says"),
        [
            ("short", "at least 8"),
            ("x" * 1025, "at most 1024"),
            ("y" * 5000, "at most"),
            ("aaaaaaaaaaaa", "more than one character"),
            ("pat@example.com", "e-mail address"),
            ("with a \x00 zero byte", "control characters"),
            ("half a pair \ud83d here", "broken character"),
        ],
    )
    def test_A5_the_rest_is_refused_in_words(self, app: Flask, password: str, says: str) -> None:
        body = {
            "email": "pat@example.com",
            "password": password,
            "name": "Pat",
            "organization": "P",
        }
        answer = Person(app).post("/api/auth/register", body)
        assert answer.status_code == 422
        assert says in answer.json["error"]["fields"]["password"]

    def test_A5_two_long_passwords_that_begin_alike_are_different(self, app: Flask) -> None:
        person = Person(app, "pat@example.com")
        password = "p4ssw0rd" * 20
        body = {"email": person.email, "password": password, "name": "Pat", "organization": "P"}
        person.post("/api/auth/register", body)
        assert person.sign_in(password[:-1] + "X").status_code == 401

    def test_A5_an_accent_typed_in_two_ways_is_the_same_password(self, app: Flask) -> None:
        person = Person(app, "pat@example.com")
        body = {
            "email": person.email,
            "password": "cafe\u0301 noir",
            "name": "Pat",
            "organization": "P",
        }
        person.post("/api/auth/register", body)
        assert person.sign_in("caf\u00e9 noir").status_code == 200


def ways_in(person: Person) -> dict[str, Any]:
    """Every way by which a person reaches something of theirs."""
    second = person.sign_in_elsewhere()
    tokens = sign_in_for_tokens(person)
    ways = {
        "first browser": lambda: person.get("/api/auth/me").status_code,
        "second browser": lambda: second.get("/api/auth/me").status_code,
        "a page": lambda: second.get("/dashboard").status_code,
        "access token": lambda: me(person.app, tokens["access_token"]),
        "refresh token": lambda: refresh(person.app, tokens["refresh_token"]).status_code,
    }
    if person.facts["user"]["role"] != "agent":
        header = person.api_key("team:read")
        ways["API key"] = lambda: (
            person.app.test_client().get("/api/team", headers=header).status_code
        )
    return ways


def assert_shut(ways: dict[str, Any]) -> None:
    answers = {name: try_it() for name, try_it in ways.items()}
    assert answers == {name: 302 if name == "a page" else 401 for name in ways}


class TestA7EndingAccess:
    def test_A7_every_way_is_open_to_begin_with(self, cast: Cast) -> None:
        assert {try_it() for try_it in ways_in(cast.admin).values()} == {200}

    def test_A7_suspending_shuts_every_way_at_once(self, cast: Cast) -> None:
        ways = ways_in(cast.admin)
        answer = cast.owner.patch(f"/api/users/{cast.admin.id}", {"active": False})
        assert answer.status_code == 200
        assert_shut(ways)
        assert cast.admin.sign_in().status_code == 401

    def test_A7_resetting_the_password_shuts_every_way_at_once(self, cast: Cast) -> None:
        ways = ways_in(cast.admin)
        assert reset(cast, ask_for_reset(cast, cast.admin)) == 204
        assert_shut(ways)

    def test_A7_changing_ones_password_keeps_only_this_device(self, cast: Cast) -> None:
        second = cast.agent.sign_in_elsewhere()
        body = {"current_password": PASSWORD, "new_password": NEW}
        assert cast.agent.post("/api/auth/change-password", body).status_code == 204
        assert cast.agent.get("/api/auth/me").status_code == 200
        assert second.get("/api/auth/me").status_code == 401

    def test_A7_demoting_takes_the_powers_of_every_session_and_key(self, cast: Cast) -> None:
        header = cast.admin.api_key("team:read", "audit:read")
        cast.owner.patch(f"/api/users/{cast.admin.id}", {"role": "agent"})
        assert cast.admin.get("/api/auth/me").json["user"]["role"] == "agent"
        assert cast.admin.get("/api/admin/audit").status_code == 403
        client = cast.owner.app.test_client()
        assert client.get("/api/admin/audit", headers=header).status_code == 401

    def test_A7_suspending_takes_back_the_invitations_that_were_sent(self, cast: Cast) -> None:
        cast.admin.post("/api/invites", {"email": "pal@example.com", "role": "admin"})
        token = cast.mailbox.token("pal@example.com", "invites you")
        cast.owner.patch(f"/api/users/{cast.admin.id}", {"active": False})
        body = {"token": token, "name": "Pal", "password": PASSWORD}
        assert cast.nobody.post("/api/auth/accept-invite", body).status_code == 422

    def test_A7_suspending_stops_what_was_queued_in_their_name(
        self, cast: Cast, adapters: Adapters
    ) -> None:
        cast.admin.post("/api/invites", {"email": "pal@example.com", "role": "agent"})
        cast.owner.patch(f"/api/users/{cast.admin.id}", {"active": False})
        assert cast.mailbox.letters("pal@example.com") == []

    def test_A7_letting_somebody_in_again_brings_no_old_session_back(self, cast: Cast) -> None:
        ways = ways_in(cast.agent)
        cast.owner.patch(f"/api/users/{cast.agent.id}", {"active": False})
        cast.owner.patch(f"/api/users/{cast.agent.id}", {"active": True})
        assert_shut(ways)
        assert cast.agent.sign_in().status_code == 200

    def test_A7_logout_everywhere_means_everywhere(self, cast: Cast) -> None:
        second = cast.agent.sign_in_elsewhere()
        assert cast.agent.post("/api/auth/logout-everywhere").status_code == 204
        assert second.get("/api/auth/me").status_code == 401

    def test_A7_one_device_can_be_signed_out_from_another(self, cast: Cast) -> None:
        second = cast.agent.sign_in_elsewhere()
        listed = cast.agent.get("/api/auth/sessions").json["items"]
        [other] = [item for item in listed if not item["current"]]
        assert cast.agent.delete(f"/api/auth/sessions/{other['id']}").status_code == 204
        assert second.get("/api/auth/me").status_code == 401
        assert cast.agent.get("/api/auth/me").status_code == 200

    def test_A7_an_admin_signs_a_colleague_out(self, cast: Cast) -> None:
        assert cast.admin.post(f"/api/users/{cast.agent.id}/sign-out").status_code == 204
        assert cast.agent.get("/api/auth/me").status_code == 401


class TestA8Strangers:
    def test_A8_login_says_the_same_about_unknown_people(self, cast: Cast) -> None:
        known = {"email": cast.owner.email, "password": "wrong password"}
        unknown = {"email": "nobody@example.com", "password": "wrong password"}
        answers = [cast.nobody.post("/api/auth/login", body) for body in (known, unknown)]
        assert [answer.status_code for answer in answers] == [401, 401]
        first, second = (strip_id(answer.json) for answer in answers)
        assert first == second

    def test_A8_forgot_says_the_same_about_unknown_people(self, cast: Cast) -> None:
        answers = [
            cast.nobody.post("/api/auth/forgot-password", {"email": email})
            for email in (cast.owner.email, "nobody@example.com", "not even an address")
        ]
        assert {answer.status_code for answer in answers} == {202}
        assert len({answer.get_data() for answer in answers}) == 1
        assert cast.mailbox.letters("nobody@example.com") == []


def strip_id(body: dict[str, Any]) -> str:
    del body["error"]["request_id"]
    return json.dumps(body, sort_keys=True)


class TestA8Clock:
    @pytest.fixture
    def config(self, config: Testing) -> Testing:
        config.bcrypt_rounds = 10
        config.answer_floor_seconds = 0.15
        return config

    @pytest.mark.parametrize("path", ["login", "forgot-password"])
    def test_A8_the_clock_does_not_tell_who_has_an_account(
        self, app: Flask, adapters: Adapters, path: str
    ) -> None:
        person = register(app, "olivia@example.com", "Olivia", "Books")
        extra = {"password": "wrong password"} if path == "login" else {}
        times: dict[str, list[float]] = {person.email: [], "nobody@example.com": []}
        Person(app).post(f"/api/auth/{path}", {"email": "warm@example.com", **extra})
        for _ in range(7):
            for email, taken in times.items():
                started = time.perf_counter()
                Person(app).post(f"/api/auth/{path}", {"email": email, **extra})
                taken.append(time.perf_counter() - started)
        known, unknown = (sorted(taken)[3] for taken in times.values())
        assert abs(known - unknown) < 0.35 * max(known, unknown), times


class TestA9Cookies:
    def test_A9_the_tokens_are_out_of_scripts_reach(self, cast: Cast) -> None:
        for name, cookie in cookies_of(cast.owner).items():
            assert cookie["samesite"] == "Lax"
            assert bool(cookie["httponly"]) == name.endswith("_cookie")
            assert not cookie["secure"]

    @pytest.mark.parametrize("method", ["POST", "PATCH", "DELETE"])
    def test_A9_a_change_without_the_csrf_token_is_refused(self, cast: Cast, method: str) -> None:
        path = {
            "POST": "/api/auth/logout",
            "PATCH": f"/api/users/{cast.owner.id}",
            "DELETE": f"/api/auth/sessions/{UUID(int=7)}",
        }[method]
        answer = cast.owner.client.open(path, method=method, json={"name": "Mallory"})
        assert (answer.status_code, answer.json["error"]["code"]) == (403, "csrf")
        wrong = {"X-CSRF-TOKEN": cast.stranger.cookie("csrf_access_token")}
        answer = cast.owner.client.open(path, method=method, json={}, headers=wrong)
        assert answer.status_code == 403
        assert cast.owner.get("/api/auth/me").json["user"]["name"] == "Olivia"

    def test_A9_refreshing_by_cookie_needs_its_csrf_token(self, cast: Cast) -> None:
        assert cast.owner.client.post("/api/auth/refresh").status_code == 403

    def test_A9_a_form_on_another_site_cannot_sign_anybody_in(self, cast: Cast) -> None:
        body = {"email": cast.owner.email, "password": PASSWORD}
        answer = cast.nobody.client.post("/api/auth/login", data=body)
        assert answer.status_code == 415
        disguised = cast.nobody.client.post(
            "/api/auth/login", data=json.dumps(body), content_type="text/plain"
        )
        assert disguised.status_code == 415

    def test_A9_signing_out_takes_the_cookies_back(self, cast: Cast) -> None:
        cast.owner.post("/api/auth/logout")
        assert cast.owner.client.get_cookie("access_token_cookie") is None
        assert cast.owner.client.get_cookie("refresh_token_cookie") is None


def cookies_of(person: Person) -> dict[str, Any]:
    answer = person.sign_in()
    found = SimpleCookie()
    for header in answer.headers.getlist("Set-Cookie"):
        found.load(header)
    assert len(found) == 4
    return dict(found)


class TestA9InProduction:
    @pytest.fixture
    def config(self, config: Testing) -> Production:
        return Production(
            data_dir=config.data_dir,
            database_url=config.database_url,
            public_url="https://desk.example.com",
            secret_key="tGm3v0Zq8rKx2LwYp5Nc7Jd9Hb4Fs6Ae1Uo",
            encryption_key="Qw8Er2Ty6Ui0Op4As9Df3Gh7Jk1Lz5Xc_Vb",
            bcrypt_rounds=4,
            answer_floor_seconds=0.0,
        )

    def test_A9_cookies_are_secure_in_production(self, app: Flask, mailbox: Mailbox) -> None:
        person = register(app, "olivia@example.com", "Olivia", "Books")
        assert all(cookie["secure"] for cookie in cookies_of(person).values())


def test_a_new_person_is_welcomed_and_asked_to_confirm(cast: Cast) -> None:
    subjects = [letter.subject for letter in cast.mailbox.letters(cast.owner.email)]
    assert subjects == ["Welcome to Frontdesk, Olivia", "Please confirm your e-mail address"]


def test_an_address_is_taken_whatever_its_case(cast: Cast) -> None:
    body = {
        "email": cast.owner.email.upper(),
        "password": PASSWORD,
        "name": "X",
        "organization": "Y",
    }
    answer = cast.nobody.post("/api/auth/register", body)
    assert (answer.status_code, answer.json["error"]["code"]) == (409, "email_taken")
    assert (
        cast.nobody.post(
            "/api/auth/login", {"email": f" {cast.owner.email.upper()} ", "password": PASSWORD}
        ).status_code
        == 200
    )


def test_an_invited_person_joins_with_the_role_they_were_invited_for(
    app: Flask, cast: Cast
) -> None:
    person = hire(cast.owner, cast.mailbox, "ines@harbour.example.com", "Inês", "admin")
    assert person.facts["user"]["role"] == "admin"
    assert person.facts["user"]["email_verified"]
    assert person.organization_id == cast.owner.organization_id


def test_the_password_is_not_changed_without_the_current_one(cast: Cast) -> None:
    body = {"current_password": "a guess", "new_password": NEW}
    answer = cast.agent.post("/api/auth/change-password", body)
    assert answer.status_code == 422
    assert "current_password" in answer.json["error"]["fields"]
    assert cast.agent.sign_in().status_code == 200
