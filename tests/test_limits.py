"""How often something may be asked, and that nobody gets around it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import redis
from flask import Flask
from werkzeug.test import TestResponse

from app import create_app
from app.extensions import limiter
from config import Testing
from tests import services
from tests.fakes import fakes
from tests.stubs.wire import Wire

# What is counted does not stand in the database.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
MakeApp = Callable[..., Flask]
LOGIN, FORGOT = "/api/auth/login", "/api/auth/forgot-password"
LOGINS_PER_ACCOUNT, LOGINS_PER_ADDRESS = 10, 30
BODIES = [b"", b"[]", b"{}", b'{"email": 7}', b"\xff", b'{"email": "\\ud800"}']


@pytest.fixture(autouse=True)
def fresh_limiter() -> Iterator[None]:
    """The limiter is one a process: what it thinks of Redis must not travel between tests."""
    yield
    limiter._storage_dead = False


@pytest.fixture
def make_app(database_url: str, tmp_path: Path) -> MakeApp:
    """An app that counts, in memory unless it is told otherwise."""

    def make(**settings: object) -> Flask:
        settings = {"rate_limits_enabled": True, **settings}
        return create_app(
            Testing(data_dir=tmp_path, database_url=database_url, **settings),  # type: ignore[arg-type]
            fakes(),
        )

    return make


@pytest.fixture
def redis_url() -> Iterator[str]:
    url = services.require_redis()
    with redis.Redis.from_url(url) as client:
        client.flushdb()
        yield url
        client.flushdb()


@pytest.fixture
def wire(redis_url: str) -> Iterator[Wire]:
    parts = urlsplit(redis_url)
    with Wire(parts.hostname or "127.0.0.1", parts.port or 6379) as wire:
        yield wire


@pytest.fixture
def wired(make_app: MakeApp, wire: Wire, redis_url: str) -> Flask:
    """An app whose way to Redis leads over the wire."""
    return make_app(redis_url=f"redis://127.0.0.1:{wire.port}{urlsplit(redis_url).path}")


def log_in(
    app: Flask,
    email: str = "olivia@harbour.example.com",
    address: str = "192.0.2.1",
    **headers: str,
) -> TestResponse:
    return app.test_client().post(
        LOGIN,
        json={"email": email, "password": "not this one"},
        environ_base={"REMOTE_ADDR": address},
        headers=headers,
    )


def statuses(answers: Iterator[TestResponse]) -> list[int]:
    return [answer.status_code for answer in answers]


class TestA8Throttling:
    def test_A8_one_account_is_tried_so_often_from_wherever(self, make_app: MakeApp) -> None:
        app = make_app()
        tried = statuses(
            log_in(app, address=f"192.0.2.{number}") for number in range(LOGINS_PER_ACCOUNT + 3)
        )
        assert tried == [401] * LOGINS_PER_ACCOUNT + [429] * 3
        assert log_in(app, email="somebody@else.example.com").status_code == 401

    @pytest.mark.parametrize(
        "spelling", ["OLIVIA@Harbour.Example.COM", " olivia@harbour.example.com "]
    )
    def test_A8_another_spelling_is_the_same_account(
        self, make_app: MakeApp, spelling: str
    ) -> None:
        app = make_app()
        for _ in range(LOGINS_PER_ACCOUNT):
            log_in(app)
        assert log_in(app, email=spelling).status_code == 429

    def test_A8_one_address_tries_so_many_accounts(self, make_app: MakeApp) -> None:
        app = make_app()
        tried = statuses(
            log_in(app, email=f"person{number}@harbour.example.com")
            for number in range(LOGINS_PER_ADDRESS + 3)
        )
        assert tried == [401] * LOGINS_PER_ADDRESS + [429] * 3
        assert (
            log_in(app, email="person1@harbour.example.com", address="192.0.2.2").status_code == 401
        )

    def test_A8_a_throttled_caller_is_told_when_to_come_back(self, make_app: MakeApp) -> None:
        app = make_app()
        for _ in range(LOGINS_PER_ACCOUNT):
            log_in(app)
        answer = log_in(app)
        assert 0 < int(answer.headers["Retry-After"]) <= 60
        error = answer.get_json()["error"]
        assert error["code"] == "too_many_requests"
        assert error["message"] == "Too many attempts. Please wait a little and try again."
        assert error["request_id"] == answer.headers["X-Request-Id"]

    def test_A8_resets_are_throttled_by_account(self, make_app: MakeApp) -> None:
        app = make_app()
        tried = [
            app.test_client()
            .post(
                FORGOT,
                json={"email": "olivia@harbour.example.com"},
                environ_base={"REMOTE_ADDR": f"192.0.2.{number}"},
            )
            .status_code
            for number in range(5)
        ]
        assert tried == [202] * 3 + [429] * 2

    def test_A8_resets_are_throttled_by_address(self, make_app: MakeApp) -> None:
        client = make_app().test_client()
        tried = [
            client.post(FORGOT, json={"email": f"person{number}@x.example.com"}).status_code
            for number in range(12)
        ]
        assert tried == [202] * 10 + [429] * 2

    @pytest.mark.parametrize("body", BODIES)
    def test_A8_a_body_that_names_nobody_does_no_harm(self, make_app: MakeApp, body: bytes) -> None:
        client = make_app().test_client()
        for path in (LOGIN, FORGOT):
            answer = client.post(path, data=body, content_type="application/json")
            assert answer.status_code == 422


class TestO2Addresses:
    @pytest.mark.parametrize(
        "header", ["X-Forwarded-For", "Forwarded", "X-Real-Ip", "X-Client-Ip", "Cf-Connecting-Ip"]
    )
    def test_O2_forwarded_for_mints_no_fresh_buckets(self, make_app: MakeApp, header: str) -> None:
        app = make_app()
        tried = statuses(
            log_in(app, email=f"p{number}@x.example.com", **{header: f"198.51.100.{number}"})
            for number in range(LOGINS_PER_ADDRESS + 1)
        )
        assert tried[-1] == 429

    def test_O2_behind_a_proxy_each_caller_has_a_bucket(self, make_app: MakeApp) -> None:
        app = make_app(trusted_proxies=1)
        tried = statuses(
            log_in(
                app,
                email=f"p{number}@x.example.com",
                **{"X-Forwarded-For": f"198.51.100.{number}"},
            )
            for number in range(LOGINS_PER_ADDRESS + 5)
        )
        assert set(tried) == {401}

    def test_O2_behind_a_proxy_what_the_caller_forwards_counts_for_nothing(
        self, make_app: MakeApp
    ) -> None:
        """The proxy adds the real address at the end; what stands before it is the caller's own."""
        app = make_app(trusted_proxies=1)
        tried = statuses(
            log_in(
                app,
                email=f"p{number}@x.example.com",
                **{"X-Forwarded-For": f"203.0.113.{number}, 198.51.100.7"},
            )
            for number in range(LOGINS_PER_ADDRESS + 1)
        )
        assert tried[-1] == 429

    def test_O2_a_whole_network_of_the_new_kind_is_one_caller(self, make_app: MakeApp) -> None:
        """A single customer is given 2⁶⁴ addresses of IPv6."""
        app = make_app()
        tried = statuses(
            log_in(app, email=f"p{number}@x.example.com", address=f"2001:db8:1:2::{number:x}")
            for number in range(LOGINS_PER_ADDRESS + 1)
        )
        assert tried[-1] == 429
        assert log_in(app, email="q@x.example.com", address="2001:db8:1:3::1").status_code == 401

    @pytest.mark.parametrize("address", ["::ffff:192.0.2.1", "fe80::1%eth0", "nonsense", ""])
    def test_an_address_of_an_unusual_form_does_no_harm(
        self, make_app: MakeApp, address: str
    ) -> None:
        assert log_in(make_app(), address=address).status_code == 401


class TestRedis:
    def test_a_second_worker_knows_what_the_first_has_counted(
        self, make_app: MakeApp, redis_url: str
    ) -> None:
        one = make_app(redis_url=redis_url)
        for _ in range(LOGINS_PER_ACCOUNT):
            assert log_in(one).status_code == 401
        assert log_in(make_app(redis_url=redis_url)).status_code == 429
        # Without Redis each would count for itself.
        assert log_in(make_app()).status_code == 401

    def test_no_address_is_kept_in_it(self, make_app: MakeApp, redis_url: str) -> None:
        log_in(make_app(redis_url=redis_url))
        with redis.Redis.from_url(redis_url) as client:
            names = b" ".join(client.keys("*"))
        assert names
        assert b"olivia" not in names

    def test_without_it_everybody_is_still_answered_and_still_limited(
        self, wired: Flask, wire: Wire
    ) -> None:
        assert log_in(wired).status_code == 401
        wire.cut()
        tried = statuses(log_in(wired) for _ in range(LOGINS_PER_ACCOUNT + 3))
        assert set(tried) == {401, 429}
        assert tried[-1] == 429
        assert wired.test_client().get("/").status_code == 200
        assert log_in(wired, email="another@x.example.com").status_code == 401

    def test_when_it_never_was_there_neither(self, make_app: MakeApp) -> None:
        app = make_app(redis_url="redis://127.0.0.1:1/0")
        tried = statuses(log_in(app) for _ in range(LOGINS_PER_ACCOUNT + 3))
        assert set(tried) == {401, 429}
        assert tried[-1] == 429

    def test_when_it_falls_silent_nobody_waits_for_it_for_long(
        self, wired: Flask, wire: Wire
    ) -> None:
        assert log_in(wired).status_code == 401
        wire.fall_silent()
        began = time.monotonic()
        assert log_in(wired).status_code == 401
        assert time.monotonic() - began < 4
        began = time.monotonic()
        assert log_in(wired).status_code == 401
        assert time.monotonic() - began < 1

    def test_when_it_is_back_it_counts_again(
        self, wired: Flask, wire: Wire, redis_url: str
    ) -> None:
        assert log_in(wired).status_code == 401
        wire.cut()
        assert log_in(wired).status_code == 401
        wire.mend()
        with redis.Redis.from_url(redis_url) as client:
            client.flushdb()
            deadline = time.monotonic() + 20
            while not client.keys("*"):
                assert time.monotonic() < deadline, "it is never asked again"
                log_in(wired, email="another@x.example.com")
                time.sleep(0.2)
