"""The mail that nothing carries is for the person at this machine, and for nobody else."""

from __future__ import annotations

import secrets
from typing import Any

import pytest
from flask import Flask

from app import create_app
from app.adapters import Adapters
from config import Config, Production, Testing
from tests.cast import LINK, register
from tests.fakes import fakes

# Who may look does not depend on the database.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
EMAIL = "olivia@harbour.example.com"


@pytest.fixture
def adapters() -> Adapters:
    return keeping()


@pytest.fixture
def app(config: Testing, adapters: Adapters) -> Flask:
    app = create_app(config, adapters)
    register(app, EMAIL, "Olivia", "Harbour Books")
    return app


def keeping() -> Adapters:
    adapters = fakes()
    adapters.mailer.delivers = False
    return adapters


def look(
    app: Flask, path: str = "/dev/mail", address: str = "127.0.0.1", **headers: str
) -> tuple[int, str]:
    answer = app.test_client().get(
        path, environ_base={"REMOTE_ADDR": address}, headers={"Host": "127.0.0.1:5000", **headers}
    )
    return answer.status_code, answer.text


def test_the_links_can_be_read_on_this_machine(app: Flask) -> None:
    status, page = look(app)
    assert status == 200
    assert EMAIL in page
    letter = page.split('href="/dev/mail/')[1].partition('"')[0]
    status, message = look(app, f"/dev/mail/{letter}")
    assert status == 200
    assert LINK.search(message)
    assert look(app, f"/dev/mail/{letter}/html")[0] == 200


def test_this_machine_has_many_names(app: Flask) -> None:
    for address in ("127.0.0.1", "127.8.9.10", "::1"):
        for host in ("127.0.0.1:5000", "localhost:5000", "localhost", "[::1]:5000"):
            assert look(app, address=address, Host=host)[0] == 200, (address, host)


def test_another_machine_finds_nothing(app: Flask) -> None:
    for address in ("192.0.2.1", "10.0.0.2", "::ffff:192.0.2.1", "fe80::1", "", "unix:"):
        assert look(app, address=address)[0] == 404, address


def test_a_foreign_name_that_points_here_finds_nothing(app: Flask) -> None:
    """As a hostile page has its own name resolve to this machine and then reads what it serves."""
    for host in (
        "attacker.example.com",
        "attacker.example.com:5000",
        "127.0.0.1.attacker.example.com",
        "localhost.attacker.example.com",
        "attacker.example.com#localhost",
        "192.0.2.1:5000",
        "0.0.0.0:5000",
    ):
        assert look(app, Host=host)[0] in {400, 404}, host


def test_whoever_comes_by_way_of_a_proxy_finds_nothing(app: Flask) -> None:
    for name, value in (
        ("X-Forwarded-For", "127.0.0.1"),
        ("X-Forwarded-For", "192.0.2.1"),
        ("X-Forwarded-For", ""),
        ("X-Forwarded-Host", "localhost"),
        ("X-Forwarded-Proto", "https"),
        ("X-Forwarded-Port", "443"),
        ("Forwarded", "for=127.0.0.1"),
        ("X-Real-Ip", "127.0.0.1"),
        ("Via", "1.1 proxy"),
    ):
        assert look(app, **{name: value})[0] == 404, name


def test_a_proxy_that_says_nothing_is_known_by_its_old_protocol(app: Flask) -> None:
    """As nginx passes requests on, unless it is told to say more."""
    answer = app.test_client().get(
        "/dev/mail",
        environ_base={"REMOTE_ADDR": "127.0.0.1"},
        environ_overrides={"SERVER_PROTOCOL": "HTTP/1.0"},
        headers={"Host": "127.0.0.1:5000", "Connection": "close"},
    )
    assert answer.status_code == 404


def test_a_trusted_proxy_does_not_change_that(config: Testing) -> None:
    config.trusted_proxies = 1
    app = create_app(config, keeping())
    headers = {"X-Forwarded-For": "127.0.0.1", "X-Forwarded-Host": "localhost"}
    assert look(app, **headers)[0] == 404


def test_the_mail_of_one_person_is_not_shown_to_another_machine_either(app: Flask) -> None:
    letter = look(app)[1].split('href="/dev/mail/')[1].partition('"')[0]
    for path in (f"/dev/mail/{letter}", f"/dev/mail/{letter}/html"):
        assert look(app, path, address="192.0.2.1")[0] == 404


class TestAbsent:
    """It is not hidden, it is not there."""

    def test_in_production(self, database_url: str, tmp_path: Any) -> None:
        app = create_app(
            Production(
                data_dir=tmp_path,
                database_url=database_url,
                secret_key=secrets.token_urlsafe(48),
                encryption_key=secrets.token_urlsafe(48),
                public_url="https://desk.example.com",
            ),
            keeping(),
        )
        assert_absent(app)

    def test_once_mail_is_really_sent(self, config: Testing) -> None:
        config.sendgrid_api_key = "SG.key"
        assert_absent(create_app(config, fakes()))

    def test_a_link_to_it_is_shown_to_this_machine_only(self, app: Flask) -> None:
        assert "/dev/mail" in look(app, "/forgot-password")[1]
        assert "/dev/mail" not in look(app, "/forgot-password", address="192.0.2.1")[1]


def test_the_way_in_to_the_demo_is_shown_to_this_machine_only(
    config: Config, adapters: Adapters
) -> None:
    from app.services.upkeep import demo

    config.demo = True
    app = create_app(config, adapters)
    with app.app_context():
        demo.seed()
        hint = demo.sign_in_hint()
    assert hint is not None
    assert hint["password"] in look(app, "/login")[1]
    assert hint["password"] not in look(app, "/login", address="192.0.2.1")[1]
    assert hint["password"] not in look(app, "/login", Host="attacker.example.com")[1]


def assert_absent(app: Flask) -> None:
    assert not [rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/dev")]
    assert look(app)[0] == 404
