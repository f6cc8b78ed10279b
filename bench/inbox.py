"""What the inbox takes with a million messages: the list, its counts, and search.

    .venv/bin/python bench/inbox.py [--messages 1000000] [--open 10000] [--database-url URL]
                                    [--keep FOLDER] [--check] [--explain]

Without an address it is SQLite in a folder of its own; with one, an empty PostgreSQL database that
may be filled. Messages are made of words as frequent as in real text, twenty of them to a
conversation. What is measured is the whole request, by HTTP without a network.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from flask import Flask  # noqa: E402
from flask.testing import FlaskClient  # noqa: E402
from sqlalchemy import event, insert, select, text  # noqa: E402
from uuid_utils.compat import uuid7  # noqa: E402

from app import create_app  # noqa: E402
from app.extensions import db  # noqa: E402
from app.models import (  # noqa: E402
    AuthorKind,
    Contact,
    Conversation,
    Event,
    EventKind,
    Organization,
    Tagging,
    User,
    now,
)
from app.schema import bring_up_to_date  # noqa: E402
from app.services.people import organizations  # noqa: E402
from app.services.people.passwords import hash_password  # noqa: E402
from config import Development  # noqa: E402

SEED = 20_261_121
A_CONVERSATION = 20
SLICE = 500
VOCABULARY = 8_000
WORDS_A_MESSAGE = 22
P95_MILLISECONDS = 200.0
PASSWORD = "correct horse battery staple"
EMAIL = "agent@bench.example.com"
TAGS = ("refund", "delivery", "vip", "bug")
# As frequent as in English.
LETTERS = (
    "eeeeeeeeeeeettttttttaaaaaaaaooooooooiiiiiiinnnnnnnssssss"
    "hhhhhhrrrrrrddddlllluuucccmmmwwffggyyppbbvk"
)


def main() -> int:
    options = _options()
    chance = random.Random(SEED)
    words = _vocabulary(chance)
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(options.keep or scratch)
        config = Development(
            data_dir=folder,
            log_level="ERROR",
            **({"database_url": options.database_url} if options.database_url else {}),
        )
        app = create_app(config)
        with app.app_context():
            bring_up_to_date()
            if db.session.scalar(select(Organization.id).limit(1)) is None:
                began = time.perf_counter()
                _fill(chance, words, options.messages, options.open)
                print(f"filled in {time.perf_counter() - began:.0f} s")
        slow = _measure(app, chance, words, explain=options.explain)
    return int(options.check and slow)


def _measure(app: Flask, chance: random.Random, words: Sequence[str], *, explain: bool) -> bool:
    client = app.test_client()
    signed = client.post("/api/auth/login", json={"email": EMAIL, "password": PASSWORD})
    assert signed.status_code == 200, signed.text
    slow = False
    print(f"{'':34} {'p50 ms':>8} {'p95 ms':>8} {'max ms':>8}")
    for name, paths in _questions(chance, words).items():
        taken = sorted(_timed(client, path) for path in paths)
        p50, p95 = taken[len(taken) // 2], taken[int(len(taken) * 0.95)]
        print(f"{name:34} {p50:8.1f} {p95:8.1f} {taken[-1]:8.1f}", flush=True)
        slow = slow or p95 > P95_MILLISECONDS
        if explain:
            _explain(app, client, paths[0])
    return slow


def _questions(chance: random.Random, words: Sequence[str]) -> dict[str, list[str]]:
    frequent, rare = words[:50], words[2_000:]

    def search(make: Callable[[], str], more: str = "") -> list[str]:
        return [f"/api/conversations/search?q={make()}{more}" for _ in range(30)]

    listed = "/api/conversations?status=open&sort="
    return {
        **{
            f"list, {sort}": [f"{listed}{sort}"] * 30
            for sort in ("newest", "waiting", "priority", "deadline")
        },
        "list, mine": [f"{listed}newest&assignee=me"] * 30,
        "list, tag": [f"{listed}newest&tag=vip"] * 30,
        "list, closed": ["/api/conversations?status=closed"] * 30,
        "list, by a word": [f"{listed}newest&q={chance.choice(rare)}" for _ in range(30)],
        "counts": ["/api/inbox/counts"] * 30,
        "search, frequent word": search(lambda: chance.choice(frequent)),
        "search, rare word": search(lambda: chance.choice(rare)),
        "search, two words": search(
            lambda: f"{chance.choice(words[:500])}%20{chance.choice(rare)}"
        ),
        "search, part of a word": search(lambda: chance.choice(rare)[:5]),
        "search, a slip": search(lambda: _slipped(chance, chance.choice(rare))),
        "search, nothing there": search(lambda: "xylophonist" + chance.choice(rare)[:2]),
        "search, number": search(lambda: str(chance.randrange(1, 9_000))),
        "search, name": search(lambda: f"Person{chance.randrange(1, 9_000)}"),
        "search, frequent, only open": search(lambda: chance.choice(frequent), "&status=open"),
        "search, rare, only a tag": search(lambda: chance.choice(rare), "&tag=vip"),
    }


def _timed(client: FlaskClient, path: str) -> float:
    began = time.perf_counter()
    answer = client.get(path)
    assert answer.status_code == 200, answer.text
    return (time.perf_counter() - began) * 1_000


def _explain(app: Flask, client: FlaskClient, path: str) -> None:
    """How the database goes about each statement of one request."""
    said: list[tuple[str, Any]] = []
    with app.app_context():
        engine = db.engine

    def note(_c: Any, _cursor: Any, statement: str, values: Any, *_: Any) -> None:
        said.append((statement, values))

    event.listen(engine, "before_cursor_execute", note)
    client.get(path)
    event.remove(engine, "before_cursor_execute", note)
    verb = "EXPLAIN QUERY PLAN" if engine.dialect.name == "sqlite" else "EXPLAIN ANALYZE"
    with engine.connect() as connection:
        for statement, values in said:
            if "conversations" in statement and statement.startswith("SELECT"):
                rows = connection.exec_driver_sql(f"{verb} {statement}", values)
                print("\n".join(f"      {row[-1]}" for row in rows))


def _fill(chance: random.Random, words: Sequence[str], messages: int, still_open: int) -> None:
    organization = organizations.make_organization("Bench")
    db.session.add(
        User(
            organization=organization,
            email=EMAIL,
            name="Agent",
            password_hash=hash_password(PASSWORD),
            email_verified_at=now(),
        )
    )
    db.session.commit()
    agent = db.session.scalars(select(User)).unique().one()
    count = messages // A_CONVERSATION
    weights = [1 / (place + 2) for place in range(len(words))]
    for start in range(0, count, SLICE):
        part = range(start, min(start + SLICE, count))
        _fill_slice(chance, words, weights, part=part, agent=agent, closed=count - still_open)
    if db.engine.dialect.name == "postgresql":
        db.session.execute(text("ANALYZE"))
    db.session.commit()


def _fill_slice(
    chance: random.Random,
    words: Sequence[str],
    weights: Sequence[float],
    *,
    part: range,
    agent: User,
    closed: int,
) -> None:
    organization_id = agent.organization_id
    begin = now() - timedelta(days=400)
    contacts, conversations, events, taggings = [], [], [], []
    said = iter(chance.choices(words, weights, k=len(part) * A_CONVERSATION * WORDS_A_MESSAGE))
    for number in part:
        at = begin + timedelta(minutes=number * 10)
        contact_id, conversation_id = uuid7(), uuid7()
        contacts.append(_contact(contact_id, organization_id, number))
        row = _conversation(chance, conversation_id, organization_id, number)
        row |= {"contact_id": contact_id, "last_event_at": at, "created_at": at}
        if number < closed:
            row["status"] = "closed"
        elif number % 3 == 0:
            row["person_id"] = agent.id
        if number % 7 == 0:
            row["tags"] = [chance.choice(TAGS)]
            taggings.append(_tagging(conversation_id, organization_id, row["tags"][0]))
        conversations.append(row)
        events += list(_events(said, conversation_id, organization_id))
    for model, rows in (
        (Contact, contacts),
        (Conversation, conversations),
        (Tagging, taggings),
        (Event, events),
    ):
        db.session.execute(insert(model), rows)
    db.session.commit()


def _contact(contact_id: UUID, organization_id: UUID, number: int) -> dict[str, Any]:
    return {
        "id": contact_id,
        "organization_id": organization_id,
        "name": f"Person{number} Name{number % 97}",
        "email": f"person{number}@example.com",
    }


def _conversation(
    chance: random.Random, conversation_id: UUID, organization_id: UUID, number: int
) -> dict[str, Any]:
    waiting = chance.random() < 0.5
    return {
        "id": conversation_id,
        "organization_id": organization_id,
        "number": number + 1,
        "status": "open",
        "priority": chance.choice(["low", "low", "medium", "high", "urgent"]),
        "waiting_since": now() - timedelta(minutes=chance.randrange(10_000)) if waiting else None,
        "due_at": now() + timedelta(minutes=chance.randrange(-500, 5_000)) if waiting else None,
        "last_seq": A_CONVERSATION,
        "preview": "A message",
        "person_id": None,
        "tags": [],
    }


def _tagging(conversation_id: UUID, organization_id: UUID, name: str) -> dict[str, Any]:
    return {"conversation_id": conversation_id, "organization_id": organization_id, "name": name}


def _events(
    said: Iterator[str], conversation_id: UUID, organization_id: UUID
) -> Iterator[dict[str, Any]]:
    for seq in range(1, A_CONVERSATION + 1):
        yield {
            "organization_id": organization_id,
            "conversation_id": conversation_id,
            "seq": seq,
            "kind": EventKind.MESSAGE,
            "author": AuthorKind.VISITOR if seq % 2 else AuthorKind.ASSISTANT,
            "text": " ".join(next(said) for _ in range(WORDS_A_MESSAGE)),
        }


def _vocabulary(chance: random.Random) -> list[str]:
    """Words out of letters as frequent as in English; the most frequent ones are short."""
    found: dict[str, None] = {}
    while len(found) < VOCABULARY:
        length = chance.choice([3, 4]) if len(found) < 100 else chance.choice([5, 6, 7, 8, 9, 10])
        found["".join(chance.choice(LETTERS) for _ in range(length))] = None
    return list(found)


def _slipped(chance: random.Random, word: str) -> str:
    at = chance.randrange(1, len(word) - 2)
    return word[:at] + word[at + 1] + word[at] + word[at + 2 :]


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=1_000_000)
    parser.add_argument("--open", type=int, default=10_000)
    parser.add_argument("--database-url", default="")
    parser.add_argument("--keep", default="", help="a folder to fill once and use again")
    parser.add_argument("--check", action="store_true", help="fail where a p95 is above 200 ms")
    parser.add_argument("--explain", action="store_true")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
