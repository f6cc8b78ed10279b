"""Files that the team sends along: with a reply for the visitor, with a note for nobody else."""

from __future__ import annotations

import io
from threading import Barrier, Thread
from typing import Any
from uuid import uuid4

import pytest

from app.services.log.attachments import MOST_BYTES, MOST_UNSENT_OF_TEAM
from tests.cast import Cast, Person
from tests.chats import Chat, begin

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 64


def upload(person: Person, name: str = "plan.png", content: bytes = PNG) -> Any:
    return person.post("/api/attachments", data={"file": (io.BytesIO(content), name)})


def send(person: Person, chat: Chat, where: str, *files: str, text: str = "") -> Any:
    body = {"text": text, "client_id": uuid4().hex, "attachments": list(files)}
    return person.post(f"/api/conversations/{chat.id}/{where}", body)


def visitor_gets(cast: Cast, chat: Chat, file_id: str) -> int:
    key = cast.owner.get("/api/organization").json["widget_key"]
    path = f"/api/chat/attachments/{file_id}?key={key}"
    return chat.app.test_client().get(path, headers=chat.header).status_code


def test_a_file_goes_with_a_reply_and_the_visitor_may_fetch_it(cast: Cast) -> None:
    chat, other = begin(cast.owner), begin(cast.owner)
    made = upload(cast.agent)
    assert made.status_code == 201
    file = made.json
    assert (file["name"], file["media_type"], file["size_bytes"]) == ("plan.png", "image/png", 72)
    assert visitor_gets(cast, chat, file["id"]) == 404
    event = send(cast.agent, chat, "messages", file["id"]).json["event"]
    [attached] = event["attachments"]
    assert attached["url"] == file["url"] == f"/api/attachments/{file['id']}"
    assert visitor_gets(cast, chat, file["id"]) == 200
    assert visitor_gets(cast, other, file["id"]) == 404
    assert cast.admin.get(file["url"]).data == PNG


def test_the_file_of_a_note_is_never_the_visitors(cast: Cast) -> None:
    chat = begin(cast.owner)
    file = upload(cast.agent).json
    noted = send(cast.agent, chat, "notes", file["id"], text="Internal")
    assert noted.json["event"]["attachments"][0]["id"] == file["id"]
    assert cast.admin.get(file["url"]).status_code == 200
    assert visitor_gets(cast, chat, file["id"]) == 404


def test_what_was_not_sent_is_its_uploaders_alone(cast: Cast) -> None:
    file = upload(cast.agent).json
    assert cast.agent.get(file["url"]).status_code == 200
    assert cast.admin.get(file["url"]).status_code == 404
    assert cast.stranger.get(file["url"]).status_code == 404


def test_T2_only_ones_own_uploads_can_be_sent_and_only_once(cast: Cast) -> None:
    chat = begin(cast.owner)
    foreign = begin(cast.stranger)
    file = upload(cast.agent).json["id"]
    assert send(cast.admin, chat, "messages", file).status_code == 409
    assert send(cast.stranger, foreign, "messages", file).status_code == 409
    assert send(cast.stranger, foreign, "notes", file).status_code == 409
    assert send(cast.agent, chat, "messages", str(uuid4())).status_code == 409
    assert send(cast.agent, chat, "messages", file).status_code == 201
    assert send(cast.agent, chat, "notes", file).status_code == 409


def test_of_two_replies_at_once_one_gets_the_file(cast: Cast) -> None:
    for _ in range(3):
        chats, starts = (begin(cast.owner), begin(cast.owner)), Barrier(2)
        file, codes = upload(cast.agent).json["id"], list[int]()

        def take(
            chat: Chat, starts: Barrier = starts, file: str = file, codes: list[int] = codes
        ) -> None:
            starts.wait()
            codes.append(send(cast.agent, chat, "messages", file).status_code)

        both = [Thread(target=take, args=[chat]) for chat in chats]
        for each in both:
            each.start()
        for each in both:
            each.join(20)
        assert sorted(codes) == [201, 409]


@pytest.mark.parametrize("where", ["messages", "notes"])
def test_nothing_at_all_cannot_be_sent(cast: Cast, where: str) -> None:
    answer = send(cast.agent, begin(cast.owner), where, text=" \n")
    assert (answer.status_code, answer.json["error"]["code"]) == (422, "empty")


def test_U1_U6_the_same_rules_hold_as_for_visitors(cast: Cast) -> None:
    refused = upload(cast.agent, "page.html", b"<script>alert(1)</script>")
    assert (refused.status_code, refused.json["error"]["code"]) == (422, "wrong_file")
    too_large = upload(cast.agent, "a.txt", b"a" * (MOST_BYTES + 1))
    assert too_large.status_code == 413
    named = upload(cast.agent, "../../evil.png").json["name"]
    assert "/" not in named


def test_whoever_never_sends_cannot_pile_them_up(cast: Cast) -> None:
    for _ in range(MOST_UNSENT_OF_TEAM):
        assert upload(cast.agent).status_code == 201
    assert upload(cast.agent).status_code == 429
    assert upload(cast.admin).status_code == 201
