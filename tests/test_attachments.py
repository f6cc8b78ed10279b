"""Files that are sent along: what is taken, who may see it, and how it is handed out."""

from __future__ import annotations

import io
import zipfile
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import update
from werkzeug.test import TestResponse

from app.adapters import Adapters
from app.extensions import db
from app.models import Attachment, Removal, now
from app.services import removals
from app.services.log.attachments import MOST_BYTES, MOST_UNSENT, UNSENT_KEPT
from tests.cast import Cast, Person
from tests.chats import Chat, arrive, begin

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 64
PDF = b"%PDF-1.7\n" + b"0" * 64
OFFICE = "application/vnd.openxmlformats-officedocument"
SITE = "https://shop.example.com"


def office(*parts: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for part in ("[Content_Types].xml", *parts):
            archive.writestr(part, "<x/>")
    return packed.getvalue()


TAKEN = {
    "photo.png": (PNG, "image/png"),
    "photo.JPG": (b"\xff\xd8\xff\xe0" + b"0" * 64, "image/jpeg"),
    "moving.gif": (b"GIF89a" + b"0" * 64, "image/gif"),
    "photo.webp": (b"RIFF1234WEBP" + b"0" * 64, "image/webp"),
    "invoice.pdf": (PDF, "application/pdf"),
    "log.txt": (b"It is broken.", "text/plain"),
    "orders.csv": ("Größe;5".encode("latin-1"), "text/csv"),
    "letter.docx": (office("word/document.xml"), f"{OFFICE}.wordprocessingml.document"),
    "table.xlsx": (office("xl/workbook.xml"), f"{OFFICE}.spreadsheetml.sheet"),
}
REFUSED = {
    "page.html": b"<script>alert(1)</script>",
    "drawing.svg": b"<svg onload='alert(1)'/>",
    "photo.png": PDF,
    "photo.jpg": b"<html><script>alert(1)</script>",
    "program.exe": b"MZ" + b"0" * 64,
    "notes.txt": b"MZ\x00\x00" + b"\x00" * 64,
    "photo.webp": b"RIFF1234WAVE" + b"0" * 64,
    "letter.docx": office("xl/workbook.xml"),
    "macros.docx": office("word/document.xml", "word/vbaProject.bin"),
    "torn.xlsx": b"PK\x03\x04" + b"0" * 64,
    "old.doc": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"0" * 64,
    "nothing.txt": b"",
    "none": b"text",
}


@pytest.fixture
def key(cast: Cast) -> str:
    cast.owner.patch("/api/organization", {"allowed_domains": ["shop.example.com"]})
    return str(cast.owner.get("/api/organization").json["widget_key"])


def upload(chat: Chat, key: str, name: str, content: bytes, **headers: str) -> TestResponse:
    return chat.app.test_client().post(
        f"/api/chat/upload?key={key}",
        data={"file": (io.BytesIO(content), name)},
        headers=chat.header | headers,
    )


def uploaded(chat: Chat, key: str, name: str = "photo.png", content: bytes = PNG) -> UUID:
    return UUID(upload(chat, key, name, content).get_json()["id"])


def fetch(chat: Chat, key: str, file_id: Any) -> TestResponse:
    client = chat.app.test_client()
    return client.get(f"/api/chat/attachments/{file_id}?key={key}", headers=chat.header)


def team_gets(person: Person, file_id: Any) -> TestResponse:
    return person.get(f"/api/attachments/{file_id}")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
class TestKinds:
    @pytest.mark.parametrize("name", TAKEN)
    def test_U6_what_it_says_it_is_is_taken(self, cast: Cast, key: str, name: str) -> None:
        content, media_type = TAKEN[name]
        answer = upload(arrive(cast.owner), key, name, content)
        assert answer.status_code == 201, answer.text
        said = answer.get_json()
        assert (said["name"], said["size"], said["media_type"]) == (name, len(content), media_type)

    @pytest.mark.parametrize("name", REFUSED)
    def test_U6_what_it_is_not_is_refused_in_words(self, cast: Cast, key: str, name: str) -> None:
        answer = upload(arrive(cast.owner), key, name, REFUSED[name])
        assert (answer.status_code, answer.get_json()["error"]["code"]) == (422, "wrong_file")
        assert answer.get_json()["error"]["fields"]["file"]

    def test_U1_a_file_that_is_too_large_is_refused_in_words(self, cast: Cast, key: str) -> None:
        chat = arrive(cast.owner)
        assert upload(chat, key, "a.txt", b"a" * MOST_BYTES).status_code == 201
        little = upload(chat, key, "a.txt", b"a" * (MOST_BYTES + 1))
        much = upload(chat, key, "a.txt", b"a" * (MOST_BYTES * 2))
        for answer in (little, much):
            assert (answer.status_code, answer.get_json()["error"]["code"]) == (413, "too_large")

    @pytest.mark.parametrize(
        ("name", "kept"),
        [
            ("../../etc/passwd.txt", "passwd.txt"),
            ("exe\u202etxt.txt", "exetxt.txt"),
        ],
    )
    def test_U7_a_name_is_only_a_name(
        self, cast: Cast, key: str, adapters: Adapters, name: str, kept: str
    ) -> None:
        chat = arrive(cast.owner)
        assert upload(chat, key, name, b"text").get_json()["name"] == kept
        [stored] = adapters.file_storage.keys(chat.organization_id)
        assert "passwd" not in stored


class TestWhoSeesThem:
    def test_a_file_goes_with_its_message_to_both_sides(self, cast: Cast, key: str) -> None:
        chat = begin(cast.owner)
        file_id = uploaded(chat, key)
        chat.say("Look at this", attachments=[file_id])
        listed = cast.agent.get(f"/api/conversations/{chat.id}/messages").json["items"][-1]
        [attached] = listed["attachments"]
        assert attached["url"] == f"/api/attachments/{file_id}"
        assert team_gets(cast.agent, file_id).data == PNG
        assert fetch(chat, key, file_id).data == PNG

    def test_T7_nobody_elses_file_exists(self, cast: Cast, key: str) -> None:
        chat, other = begin(cast.owner), begin(cast.owner)
        foreign = begin(cast.stranger)
        foreign_key = str(cast.stranger.get("/api/organization").json["widget_key"])
        file_id = uploaded(chat, key)
        for sent in (False, True):
            if sent:
                chat.say("Look", attachments=[file_id])
            assert fetch(other, key, file_id).status_code == 404
            assert fetch(foreign, foreign_key, file_id).status_code == 404
            assert fetch(foreign, key, file_id).status_code == 401
            assert team_gets(cast.stranger, file_id).status_code == 404
            assert fetch(chat, key, uuid4()).status_code == 404

    def test_T2_nobody_sends_a_file_of_somebody_elses(self, cast: Cast, key: str) -> None:
        chat, other = begin(cast.owner), begin(cast.owner)
        file_id = uploaded(chat, key)
        with pytest.raises(Exception, match="no longer there"):
            other.say("Mine now", attachments=[file_id])

    def test_what_was_not_sent_is_not_the_teams(self, cast: Cast, key: str) -> None:
        chat = arrive(cast.owner)
        file_id = uploaded(chat, key)
        assert fetch(chat, key, file_id).status_code == 200
        assert team_gets(cast.owner, file_id).status_code == 404

    def test_W2_the_key_alone_opens_nothing(self, cast: Cast, key: str, app: Flask) -> None:
        chat = begin(cast.owner)
        file_id = uploaded(chat, key)
        client = app.test_client()
        paths = (f"/api/chat/attachments/{file_id}", f"/api/chat/transcript/{chat.id}")
        for path in paths:
            assert client.get(f"{path}?key={key}").status_code == 401
            wrong = {"Authorization": "Visitor vt_guessed"}
            assert client.get(f"{path}?key={key}", headers=wrong).status_code == 401
            bearer = {"Authorization": f"Bearer {chat.token}"}
            assert client.get(f"{path}?key={key}", headers=bearer).status_code == 401
            # Not even with the token where everybody would read it.
            assert client.get(f"{path}?key={key}&token={chat.token}").status_code in (401, 422)

    def test_U6_nothing_but_a_picture_is_shown_on_the_spot(self, cast: Cast, key: str) -> None:
        chat = begin(cast.owner)
        picture = uploaded(chat, key)
        script = uploaded(chat, key, "notes.txt", b"<html><script>alert(1)</script>")
        chat.say("Look", attachments=[picture, script])
        for answer in (fetch(chat, key, picture), team_gets(cast.agent, picture)):
            assert answer.headers["Content-Disposition"].startswith("inline")
            assert answer.mimetype == "image/png"
        for answer in (fetch(chat, key, script), team_gets(cast.agent, script)):
            assert answer.headers["Content-Disposition"].startswith("attachment")
            assert answer.mimetype == "text/plain"
        for answer in (fetch(chat, key, picture), team_gets(cast.agent, script)):
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            assert "sandbox" in answer.headers["Content-Security-Policy"]
            assert answer.headers["Cache-Control"] == "no-store"

    def test_a_transcript_is_saved_without_what_is_for_the_team(
        self, cast: Cast, key: str, app: Flask
    ) -> None:
        chat = begin(cast.owner)
        note = {"text": "Wombat", "client_id": uuid4().hex}
        cast.agent.post(f"/api/conversations/{chat.id}/notes", note)
        path = f"/api/chat/transcript/{chat.id}?key={key}"
        answer = app.test_client().get(path, headers=chat.header)
        assert answer.mimetype == "text/plain"
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert "Do you deliver to Malta?" in answer.text
        assert "Wombat" not in answer.text
        other = begin(cast.owner)
        assert app.test_client().get(path, headers=other.header).status_code == 404


class TestOrigins:
    def test_W1_another_site_gets_nothing(self, cast: Cast, key: str) -> None:
        chat = arrive(cast.owner)
        evil = upload(chat, key, "a.png", PNG, Origin="https://evil.example.com")
        assert evil.status_code == 403
        assert "Access-Control-Allow-Origin" not in evil.headers

    def test_the_organizations_site_may_ask_before_it_sends(
        self, cast: Cast, key: str, app: Flask
    ) -> None:
        chat = arrive(cast.owner)
        asked = app.test_client().options(
            f"/api/chat/upload?key={key}",
            headers={
                "Origin": SITE,
                "Access-Control-Request-Method": "POST",
                "Access-Control-Request-Headers": "authorization",
            },
        )
        sent = upload(chat, key, "a.png", PNG, Origin=SITE)
        refused = upload(chat, key, "a.exe", b"MZ", Origin=SITE)
        assert (asked.status_code, sent.status_code, refused.status_code) == (200, 201, 422)
        for answer in (asked, sent, refused):
            assert answer.headers["Access-Control-Allow-Origin"] == SITE
            assert answer.headers["Access-Control-Allow-Headers"] == "Authorization"


class TestHoarding:
    def test_whoever_never_sends_is_stopped(self, cast: Cast, key: str) -> None:
        chat = begin(cast.owner)
        files = [uploaded(chat, key) for _ in range(MOST_UNSENT)]
        assert upload(chat, key, "a.png", PNG).status_code == 429
        chat.say("Some of them", attachments=files[:5])
        assert upload(chat, key, "a.png", PNG).status_code == 201

    def test_what_nobody_sent_is_gone_after_a_day(
        self, cast: Cast, key: str, app: Flask, adapters: Adapters
    ) -> None:
        chat = begin(cast.owner)
        forgotten, sent = uploaded(chat, key), uploaded(chat, key)
        chat.say("One of them", attachments=[sent])
        with app.app_context():
            db.session.execute(
                update(Attachment).values(created_at=now() - UNSENT_KEPT - UNSENT_KEPT)
            )
            db.session.commit()
        fresh = uploaded(arrive(cast.owner), key)
        with app.app_context():
            assert set(db.session.scalars(db.select(Attachment.id))) == {sent, fresh}
            for removal_id in db.session.scalars(db.select(Removal.id)).all():
                removals.clean_up(removal_id)
        assert len(adapters.file_storage.keys(chat.organization_id)) == 2
        assert fetch(chat, key, forgotten).status_code == 404
