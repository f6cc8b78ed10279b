"""What a socket refuses, and that refusing hurts nobody: the checklist W1, W2, W3, W5, W6, W7."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from uuid import uuid4

import jwt
import pytest
import websocket
from flask import Flask

from app import create_app
from app.adapters import Adapters
from app.edge.open_lines import OpenLines
from app.edge.socket_limits import FRAMES_AT_ONCE
from config import Testing
from tests.cast import Cast, Person, assemble
from tests.open_house import Guest, House, opened

DOMAIN = "shop.harbour.example.com"
TEXT = 1


@pytest.fixture
def house(app: Flask) -> Iterator[House]:
    with opened(app) as house:
        yield house


@pytest.fixture
def key(cast: Cast) -> str:
    answer = cast.owner.patch("/api/organization", {"allowed_domains": [DOMAIN, "*.harbour.test"]})
    return str(answer.json["widget_key"])


@pytest.fixture
def guest(house: House, key: str) -> Guest:
    return house.guest(key)


def refusal(guest: Guest) -> int:
    with pytest.raises(websocket.WebSocketBadStatusException) as refused:
        guest.dial()
    return int(refused.value.status_code)


@pytest.mark.parametrize(
    "origin",
    [
        "https://evil.example",
        f"https://{DOMAIN}.evil.example",
        f"https://evil{DOMAIN}",
        f"https://{DOMAIN}:8443",
        "https://harbour.test",
        "null",
        "https://[broken",
        f"https://{DOMAIN}@evil.example",
    ],
)
def test_W1_a_site_that_is_not_on_the_list_gets_no_socket(
    house: House, key: str, origin: str
) -> None:
    assert refusal(house.guest(key, origin)) == 403


@pytest.mark.parametrize("origin", [f"https://{DOMAIN}", "https://de.harbour.test"])
def test_W1_a_site_on_the_list_gets_one(house: House, key: str, origin: str) -> None:
    assert house.guest(key, origin).connect()["type"] == "welcome"


def test_W1_our_own_pages_get_one(house: House, key: str) -> None:
    assert house.guest(key, house.url).connect()["type"] == "welcome"


def test_a_key_that_nobody_has_opens_nothing(house: House) -> None:
    assert refusal(house.guest("pk_nobody")) == 404


def test_W2_the_key_alone_reads_nothing(guest: Guest) -> None:
    guest.dial()
    guest.send("list")
    assert guest.expect("error")["code"] == "hello_first"


def test_W2_tokens_are_long_and_never_alike(house: House, key: str) -> None:
    tokens = {house.guest(key).connect()["visitor_token"] for _ in range(5)}
    assert len(tokens) == 5
    assert min(map(len, tokens)) >= 40


class Site:
    """A host site that vouches for its customers."""

    def __init__(self, owner: Person) -> None:
        self.secret = owner.post("/api/organization/identity-secret").json["secret"]

    def vouch(self, subject: str, secret: str | None = None, **claims: object) -> str:
        whole = {"sub": subject, "exp": int(time.time()) + 600, **claims}
        return jwt.encode(whole, secret or self.secret, algorithm="HS256")


def test_W3_a_signed_identity_makes_a_contact(cast: Cast, guest: Guest) -> None:
    site = Site(cast.owner)
    email = "vera@example.com"
    welcome = guest.connect(identity=site.vouch("customer-7", email=email, name="Vera"))
    assert welcome["visitor"] | {"id": ""} == {
        "id": "",
        "name": "Vera",
        "email": email,
        "identified": True,
    }
    names = [each["name"] for each in cast.owner.get("/api/contacts").json["items"]]
    assert names == ["Vera"]


def test_W3_an_identity_opens_its_history_on_another_machine(
    house: House, cast: Cast, key: str, guest: Guest
) -> None:
    site = Site(cast.owner)
    guest.connect(identity=site.vouch("customer-7"))
    guest.say("From my phone")
    welcome = house.guest(key).connect(identity=site.vouch("customer-7"))
    assert [event["text"] for event in welcome["events"]] == ["From my phone"]
    other = house.guest(key).connect(identity=site.vouch("customer-8"))
    assert other["conversation"] is None


@pytest.mark.parametrize(
    "fault",
    [
        *("secret", "neighbour", "expired", "none", "endless", "endless_text", "nobody", "number"),
        *("nul", "critical", "rubbish"),
    ],
)
def test_W3_an_identity_that_is_not_signed_right_is_refused(
    cast: Cast, guest: Guest, fault: str
) -> None:
    site = Site(cast.owner)
    forged = {
        "secret": site.vouch("customer-7", secret="x" * 40),
        "expired": site.vouch("customer-7", exp=int(time.time()) - 3_600),
        "none": jwt.encode({"sub": "customer-7", "exp": 9e9}, "", algorithm="none"),
        "neighbour": Site(cast.stranger).vouch("customer-7"),
        "endless": site.vouch("customer-7", exp=int(time.time()) + 90 * 86_400),
        "endless_text": site.vouch("customer-7", exp=str(int(time.time()) + 90 * 86_400)),
        "number": site.vouch("", sub=7),
        "nul": site.vouch("customer\0"),
        "critical": jwt.encode(
            {"sub": "customer-7", "exp": int(time.time()) + 600},
            site.secret,
            algorithm="HS256",
            headers={"crit": ["strange"], "strange": 1},
        ),
        "nobody": site.vouch(""),
        "rubbish": "not.a.token",
    }[fault]
    guest.dial()
    guest.send("hello", identity=forged)
    assert guest.expect("error")["code"] == "bad_identity"


def test_W3_an_address_that_was_only_typed_opens_nothing(
    house: House, cast: Cast, key: str, guest: Guest
) -> None:
    site = Site(cast.owner)
    guest.connect(identity=site.vouch("customer-7", email="vera@example.com", name="Vera"))
    guest.say("Private")
    liar = house.guest(key)
    liar.connect()
    liar.send("contact", email="vera@example.com", name="Not Vera")
    liar.say("Hello")
    liar.hang_up()
    welcome = liar.connect()
    assert "Vera" not in str(welcome["visitor"])
    assert [event["text"] for event in welcome["events"]] == ["Hello"]
    names = [each["name"] for each in cast.owner.get("/api/contacts").json["items"]]
    assert names == ["Vera"]
    vera = house.guest(key).connect(identity=site.vouch("customer-7"))
    assert [event["text"] for event in vera["events"]] == ["Private"]


def test_W3_what_is_known_of_an_address_is_not_overwritten_by_who_types_it(
    house: House, cast: Cast, key: str, guest: Guest
) -> None:
    guest.connect()
    guest.send("contact", email="vera@example.com", name="Vera")
    guest.send("contact", phone="+44 20 7946 0000")
    guest.say("Hello")
    liar = house.guest(key)
    liar.connect()
    liar.send("contact", email="vera@example.com")
    liar.send("contact", name="Not Vera", phone="+44 20 7946 0999")
    liar.say("Hello")
    found = [each for each in cast.owner.get("/api/contacts").json["items"] if each["email"]]
    known = cast.owner.get(f"/api/contacts/{found[0]['id']}").json
    assert (known["name"], known["phone"]) == ("Vera", "+44 20 7946 0000")


def test_W5_a_message_beyond_the_cap_is_refused_and_the_socket_lives(guest: Guest) -> None:
    guest.connect()
    guest.send("message", client_id=uuid4().hex, text="x" * 8_001)
    refused = guest.expect("error")
    assert (refused["code"], refused["retry"]) == ("too_long", False)
    assert refused["message"] == "Please keep a message under 8,000 characters."
    assert guest.say("x" * 8_000)["seq"] == 1


def test_W5_a_frame_beyond_the_cap_closes_the_socket_and_nothing_else(
    house: House, key: str, guest: Guest
) -> None:
    guest.connect()
    guest.send_raw("x" * 70_000)
    assert guest.is_hung_up_on()
    assert house.guest(key).connect()["type"] == "welcome"


@pytest.mark.parametrize(
    "raw",
    [
        "not json",
        "[]",
        "null",
        '"hello"',
        "{}",
        '{"type": 7}',
        '{"type": "unheard_of"}',
        '{"type": "message"}',
        '{"type": "message", "client_id": "short", "text": "x"}',
        '{"type": "message", "client_id": "0123456789", "text": 7}',
        '{"type": "message", "client_id": "0123456789", "text": "a\\u0000b"}',
        '{"type": "message", "client_id": "0123456789", "text": "x", "organization_id": "y"}',
        '{"type": "read", "seq": -1}',
        '{"type": "read", "seq": 1e400}',
        '{"type": "read", "seq": NaN}',
        '{"type": "rate", "score": 6}',
        '{"type": "typing", "typing": "yes"}',
        '{"type": "open", "conversation_id": "../../etc/passwd"}',
        "[" * 20_000,
        '{"type": "contact", "fields": ' + '{"a":' * 50 + "1" + "}" * 50 + "}",
    ],
)
def test_W7_what_makes_no_sense_is_answered_and_the_socket_lives(guest: Guest, raw: str) -> None:
    guest.connect()
    guest.send_raw(raw)
    assert guest.expect("error")["retry"] is False
    assert guest.say("Still here?")["seq"] == 1


def test_W7_binary_frames_are_refused(guest: Guest) -> None:
    guest.connect()
    guest.send_raw(b"\x00\x01")
    assert guest.expect("error")["code"] == "bad_frame"
    assert guest.say("Still here?")["seq"] == 1


def test_W7_bad_utf8_closes_that_socket_alone(house: House, key: str, guest: Guest) -> None:
    guest.connect()
    guest.send_frame(b'{"type": "\xff\xfe"}', TEXT)
    assert guest.is_hung_up_on()
    assert house.guest(key).connect()["type"] == "welcome"


def test_W7_who_only_sends_rubbish_is_shown_the_door(guest: Guest) -> None:
    guest.connect()
    for _ in range(10):
        guest.send_raw("rubbish")
    assert guest.expect("goodbye")["reason"] == "too_many"


def test_W6_a_flood_of_frames_is_slowed_down(guest: Guest) -> None:
    guest.connect()
    for _ in range(int(FRAMES_AT_ONCE) + 20):
        guest.send("ping")
    error = guest.expect("error")
    assert (error["code"], error["retry"]) == ("too_many_requests", True)


def test_W6_messages_of_one_visitor_are_limited(config: Testing, adapters: Adapters) -> None:
    app = create_app(replace(config, rate_limits_enabled=True), adapters)
    cast = assemble(app, adapters)
    with opened(app) as house:
        guest = house.guest(cast.owner.get("/api/organization").json["widget_key"])
        guest.connect()
        for number in range(25):
            guest.send("message", client_id=f"message-{number}", text=f"Message {number}")
        error = guest.expect("error")
        assert (error["code"], error["retry"]) == ("too_many_requests", True)
        assert error["client_id"] == "message-20"


def test_W6_nobody_is_flooded_with_mail_by_ever_new_visitors(
    config: Testing, adapters: Adapters
) -> None:
    app = create_app(replace(config, rate_limits_enabled=True), adapters)
    cast = assemble(app, adapters)
    with opened(app) as house:
        key = cast.owner.get("/api/organization").json["widget_key"]
        for number in range(6):
            guest = house.guest(key)
            guest.connect()
            guest.say("Read this")
            guest.send("transcript", email="vera@example.com")
            guest.send("ping")
            told = guest.expect("pong" if number < 5 else "error")
        assert told["code"] == "too_many_requests"


class TestSilence:
    """Pings and the time-out, much faster than they really are."""

    @pytest.fixture
    def lines(self, app: Flask) -> OpenLines:
        lines = OpenLines(ping_every=0.3, idle_after=1.2)
        app.extensions["open_lines"] = lines
        return lines

    def test_W6_who_says_nothing_for_long_is_shown_the_door(
        self, lines: OpenLines, guest: Guest
    ) -> None:
        guest.connect()
        goodbye = guest.expect("goodbye")
        assert (goodbye["reason"], goodbye["retry_after_ms"]) == ("idle", 0)
        assert guest.is_hung_up_on()

    def test_W6_who_says_something_now_and_then_stays(self, lines: OpenLines, guest: Guest) -> None:
        guest.connect()
        for _ in range(20):
            time.sleep(0.1)
            guest.send("ping")
            assert guest.expect("pong")
        assert len(lines) == 1

    def test_W6_who_answers_no_ping_is_gone(self, app: Flask, house: House, key: str) -> None:
        """As a laptop that sleeps: it reads nothing, and no cable tells of it."""
        app.extensions["open_lines"] = lines = OpenLines(ping_every=0.3)
        house.guest(key).connect()
        assert len(lines) == 1
        began = time.monotonic()
        while len(lines) and time.monotonic() - began < 10:
            time.sleep(0.02)
        assert len(lines) == 0


def test_the_server_says_goodbye_before_it_leaves(house: House, guest: Guest) -> None:
    guest.connect()
    house.app.extensions["open_lines"].say_goodbye()
    goodbye = guest.expect("goodbye")
    assert goodbye["reason"] == "restart"
    assert goodbye["retry_after_ms"] > 0


def test_sockets_are_counted(house: House, cast: Cast, guest: Guest) -> None:
    guest.connect()
    parts = cast.owner.get("/health/detailed").json["parts"]
    assert parts["sockets"]["figures"]["connected"] == 1
