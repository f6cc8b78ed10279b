"""An organization is deleted: closed at once, gone for good, whatever happens meanwhile (T8)."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select, text

from app import jobs
from app.adapters import Adapters
from app.adapters.text_extraction import FakeExtraction
from app.errors import ProviderError
from app.extensions import db
from app.models import OrganizationRemoval, SignInSession, User
from tests import every_table
from tests.cast import PASSWORD, Cast, Person, register
from tests.chats import begin
from tests.every_table import CANARY
from tests.fakes import fakes
from tests.open_house import opened
from tests.rooms import teach, widget_key
from tests.shelf import Killed, at_every_step, killed_at

GOODBYE = "Your organization was deleted"
REMOVAL = "/api/organization/removal"


@pytest.fixture
def adapters() -> Adapters:
    chosen = fakes()
    chosen.text_extraction = FakeExtraction()
    return chosen


def leave(owner: Person, name: str = "Harbour Books", password: str = PASSWORD) -> int:
    return owner.post(REMOVAL, {"name": name, "password": password}).status_code


def work(cast: Cast) -> None:
    cast.mailbox.adapters.job_queue.run_all()  # type: ignore[attr-defined]


def let_time_pass(cast: Cast) -> None:
    """All leases have ended."""
    with cast.owner.app.app_context():
        for row in db.session.scalars(select(OrganizationRemoval)):
            row.due_at, row.lease_until = row.created_at, None
        db.session.commit()
        jobs.sweep()
    work(cast)


def furnish(person: Person) -> None:
    """Something in every store, by the front door, and then a row in every table there is."""
    teach(person, f"{CANARY} and tea", f"The code of {CANARY} is blue.")
    begin(person, f"Where is {CANARY}?").be_answered(f"{CANARY} is here.")
    person.app.extensions["adapters"].job_queue.run_all()
    with person.app.app_context():
        every_table.fill(UUID(person.organization_id))


def test_T8_nothing_of_an_organization_is_left_in_any_table_or_store(
    app: Flask, cast: Cast, adapters: Adapters
) -> None:
    neighbour = register(app, "nora@neighbour.example.com", "Nora", "Neighbour Ltd")
    ours, theirs = UUID(cast.owner.organization_id), UUID(neighbour.organization_id)
    furnish(neighbour)
    with app.app_context():
        nearby = every_table.about(theirs)
    # Else nothing could be said about a table in which nothing ever was.
    assert {each.name for each in every_table.tables() if "organization_id" in each.c} <= set(
        nearby
    )
    furnish(cast.owner)
    assert leave(cast.owner) == 204
    work(cast)
    with app.app_context():
        assert set(every_table.about(ours)) == {"organization_removals"}
    let_time_pass(cast)
    with app.app_context():
        assert every_table.about(ours) == {}
        assert every_table.about(theirs) == nearby
        rows = every_table.everything()
    assert not any(name.endswith(ours.hex) for name in rows)
    assert not any("Harbour" in row or "harbour" in row for row in rows_but_mail(rows))
    kept = {owner for owner, _ in adapters.vector_store.kept}  # type: ignore[attr-defined]
    assert (ours in kept, theirs in kept) == (False, True)
    assert not adapters.file_storage.keys(ours)
    assert adapters.file_storage.keys(theirs)


def rows_but_mail(rows: dict[str, list[str]]) -> list[str]:
    """The last mail says to whom it went."""
    return [row for name, of in rows.items() if name != "outbox_messages" for row in of]


def test_T8_what_was_known_cannot_be_found_by_its_words(
    app: Flask, cast: Cast, database_url: str
) -> None:
    furnish(cast.owner)
    leave(cast.owner)
    work(cast)
    let_time_pass(cast)
    again = register(app, cast.owner.email, "Olivia", "Harbour Books")
    found = again.get("/api/knowledge/search", query_string={"q": f"What is {CANARY}?"}).get_json()
    assert found["results"] == []
    found = again.get("/api/conversations/search", query_string={"q": CANARY}).get_json()
    assert found["items"] == []
    if database_url.startswith("sqlite"):
        with app.app_context():
            query = "SELECT count(*) FROM message_words WHERE message_words MATCH '\"Cormorant\"'"
            assert db.session.scalar(text(query)) == 0


def test_it_is_closed_before_anything_is_removed(app: Flask, cast: Cast) -> None:
    key, slug = widget_key(cast.owner), cast.owner.get("/api/organization").get_json()["slug"]
    robot = cast.admin.api_key("team:read")
    assert leave(cast.owner) == 204
    for person in (cast.owner, cast.admin, cast.agent):
        assert person.get("/api/auth/me").status_code == 401
        assert Person(app, person.email).sign_in().status_code == 401
    assert cast.nobody.get("/api/team", headers=robot).status_code == 401
    assert cast.nobody.get(f"/api/chat/config?key={key}").status_code in {403, 404}
    assert cast.nobody.get(f"/chat/{slug}").status_code == 404
    assert cast.stranger.get("/api/auth/me").status_code == 200


def test_open_sockets_are_hung_up(app: Flask, cast: Cast) -> None:
    with opened(app) as house:
        guests = [house.guest(widget_key(cast.owner)) for _ in range(2)]
        elsewhere = house.guest(widget_key(cast.stranger))
        screen = house.screen(cast.agent).dial()
        screen.send("hello")
        screen.expect("welcome")
        for each in (*guests, elsewhere):
            each.connect()
        guests[0].say("Hello")
        assert leave(cast.owner) == 204
        for each in guests:
            assert each.expect("goodbye")["reason"] == "erased"
        assert screen.expect("goodbye")["reason"] == "signed_out"
        elsewhere.send("ping")
        assert elsewhere.expect("pong")


def test_the_owner_gets_a_last_mail_and_may_begin_anew(app: Flask, cast: Cast) -> None:
    leave(cast.owner)
    assert len(cast.mailbox.letters(cast.owner.email, GOODBYE)) == 1
    assert cast.mailbox.letters(cast.admin.email, GOODBYE) == []
    let_time_pass(cast)
    assert len(cast.mailbox.letters(cast.owner.email, GOODBYE)) == 1
    register(app, cast.owner.email, "Olivia", "Harbour Books")
    register(app, cast.agent.email, "Aisha", "Aisha alone")


def test_the_name_and_the_password_have_to_be_right(cast: Cast) -> None:
    answer = cast.owner.post(REMOVAL, {"name": "Harbour", "password": PASSWORD})
    assert answer.status_code == 422
    assert list(answer.get_json()["error"]["fields"]) == ["name"]
    answer = cast.owner.post(REMOVAL, {"name": "Harbour Books", "password": "wrong"})
    assert answer.status_code == 422
    assert list(answer.get_json()["error"]["fields"]) == ["password"]
    assert leave(cast.admin) == 403
    work(cast)
    assert cast.owner.get("/api/organization").status_code == 200


def test_who_signs_in_with_google_alone_has_to_have_done_so_just_now(
    app: Flask, cast: Cast
) -> None:
    def signed_in(ago: timedelta) -> None:
        with app.app_context():
            db.session.get_one(User, UUID(cast.owner.id)).password_hash = None
            for session in db.session.scalars(select(SignInSession)):
                session.created_at = datetime.now(UTC) - ago
            db.session.commit()

    signed_in(timedelta(minutes=11))
    assert leave(cast.owner, password="") == 403
    signed_in(timedelta(minutes=9))
    assert leave(cast.owner, password="") == 204


def test_whoever_is_killed_at_any_step_leaves_it_to_the_next(
    app: Flask, cast: Cast, adapters: Adapters
) -> None:
    furnish(cast.owner)
    assert leave(cast.owner) == 204
    ours = UUID(cast.owner.organization_id)
    deaths = 0
    for number in itertools.count(1):
        try:
            with at_every_step(adapters, killed_at(number)):
                let_time_pass(cast)
            break
        except Killed:
            deaths += 1
            adapters.job_queue.stop()
            jobs.install_jobs(app)
    while is_there(app):
        let_time_pass(cast)
    assert deaths > 3
    assert len(cast.mailbox.letters(cast.owner.email, GOODBYE)) == 1
    with app.app_context():
        assert every_table.about(ours) == {}
    assert adapters.file_storage.keys(ours) == {}


def is_there(app: Flask) -> bool:
    with app.app_context():
        return db.session.scalar(select(OrganizationRemoval.id)) is not None


def test_a_store_that_is_away_is_waited_for(app: Flask, cast: Cast, adapters: Adapters) -> None:
    furnish(cast.owner)
    store = adapters.vector_store
    adapters.vector_store = Away()  # type: ignore[assignment]
    leave(cast.owner)
    work(cast)
    assert is_there(app)
    adapters.vector_store = store
    let_time_pass(cast)
    let_time_pass(cast)
    assert not is_there(app)
    assert not adapters.vector_store.kept  # type: ignore[attr-defined]


class Away:
    def drop(self, organization_id: UUID, *, keep: str | None = None) -> None:
        raise ProviderError("The vectors cannot be reached.")
