"""No tenant sees another, nobody does more than their role: the checklist T1, T4, T5, T9.

The matrix is laid over the routes that the app really has. A route without an entry fails.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from app.adapters import Adapters
from app.adapters.text_extraction import FakeExtraction
from app.api.reference import described
from tests.cast import PASSWORD, Cast, Person
from tests.chats import begin
from tests.fakes import fakes

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 32
OWN_MODEL = {"name": "small-talker", "key": "sk-of-the-organization"}
ROLES = ("agent", "admin", "owner")
CANARY = "Cormorant-7431"


@dataclass(frozen=True)
class Entry:
    """Who may call a route at least, and how to call it so that it would work."""

    least: str
    json: Callable[[Cast], Any] | None = None
    target: Callable[[Cast], str] | None = None
    form: Callable[[], dict[str, Any]] | None = None
    outcome: int = 200
    options: dict[str, Any] = field(default_factory=dict)


def own_session(cast: Cast) -> str:
    """The matrix calls it as somebody else than its owner, for whom it does not exist."""
    listed = cast.agent.sign_in_elsewhere().get("/api/auth/sessions").json["items"]
    return str(next(item["id"] for item in listed if item["current"]))


def open_invitation(cast: Cast) -> str:
    email = f"{uuid4().hex[:8]}@example.com"
    made = cast.owner.post("/api/invites", {"email": email, "role": "agent"})
    return str(made.json["id"])


def some_key(cast: Cast) -> str:
    made = cast.owner.post("/api/api-keys", {"name": CANARY, "scopes": ["team:read"]})
    return str(made.json["id"])


def some_contact(cast: Cast) -> str:
    email = f"{uuid4().hex[:8]}@example.com"
    made = cast.owner.post("/api/contacts", {"email": email, "name": CANARY})
    return str(made.json["id"])


def some_document(cast: Cast) -> str:
    """Learned, so that everything can be done with it."""
    unique = f"{CANARY} {uuid4().hex}"
    body = {"title": unique, "text": f"{unique} is the code."}
    made = cast.owner.post("/api/documents/text", body).json["items"][0]
    cast.mailbox.adapters.job_queue.run_all()  # type: ignore[attr-defined]
    return str(made["document"]["id"])


def some_page(cast: Cast) -> str:
    body = {"url": f"https://example.com/{uuid4().hex}"}
    made = cast.owner.post("/api/documents/page", body).json["items"][0]
    cast.mailbox.adapters.job_queue.run_all()  # type: ignore[attr-defined]
    return str(made["document"]["id"])


def some_question(cast: Cast) -> str:
    made = cast.owner.post("/api/knowledge/questions", {"question": f"What is {CANARY}?"})
    return str(made.json["id"])


def some_sitemap(cast: Cast) -> str:
    body = {"url": f"https://example.com/{CANARY}/{uuid4().hex}.xml", "sitemap": True}
    return str(cast.owner.post("/api/documents/page", body).json["sitemap"]["id"])


def failed_sitemap(cast: Cast) -> str:
    made = some_sitemap(cast)
    cast.mailbox.adapters.job_queue.run_all()  # type: ignore[attr-defined]
    return made


def some_run(cast: Cast) -> str:
    some_question(cast)
    return str(cast.owner.post("/api/knowledge/runs").json["id"])


def after_some_question(cast: Cast) -> None:
    """No body, but nothing can be run before there is something to ask."""
    some_question(cast)


def after_own_model(cast: Cast) -> None:
    """No body, but nothing can be tried before there is a key."""
    assert cast.owner.call("PUT", "/api/organization/model", OWN_MODEL).status_code == 200


def some_file() -> dict[str, Any]:
    return {"file": (io.BytesIO(b"Tea at four."), "tea.txt")}


def some_logo() -> dict[str, Any]:
    return {"picture": (io.BytesIO(PNG), "logo.png")}


def some_conversation(cast: Cast) -> str:
    return begin(cast.owner, CANARY).id


def some_answer(cast: Cast) -> str:
    return begin(cast.owner, CANARY).be_answered(CANARY)


def some_ticket(cast: Cast) -> str:
    return str(cast.owner.post("/api/tickets", {"subject": CANARY}).json["id"])


def some_attachment(cast: Cast) -> str:
    chat = begin(cast.owner, CANARY)
    key = cast.owner.get("/api/organization").json["widget_key"]
    form = {"file": (io.BytesIO(PNG), f"{CANARY}.png")}
    answer = cast.nobody.post(f"/api/chat/upload?key={key}", data=form, headers=chat.header)
    chat.say("Look", attachments=[UUID(answer.json["id"])])
    return str(answer.json["id"])


def some_filters(_: Cast) -> dict[str, Any]:
    return {"name": CANARY, "shared": True, "filters": {"assignee": "me", "status": "open"}}


def some_words(_: Cast) -> dict[str, str]:
    return {"shortcut": uuid4().hex, "text": f"{CANARY} for {{{{contact.name}}}}"}


def some_canned_reply(cast: Cast) -> str:
    return str(cast.owner.post("/api/canned-replies", some_words(cast)).json["id"])


def some_steps(_: Cast) -> dict[str, Any]:
    return {"name": uuid4().hex, "steps": [{"do": "note", "text": CANARY}]}


def some_macro(cast: Cast) -> str:
    return str(cast.owner.post("/api/macros", some_steps(cast)).json["id"])


def some_conversation_and_macro(cast: Cast) -> str:
    """Two ids in one path."""
    return f"{some_conversation(cast)} {some_macro(cast)}"


def some_view(cast: Cast) -> str:
    return str(cast.owner.post("/api/inbox/views", some_filters(cast)).json["id"])


def some_article(cast: Cast) -> str:
    body = {"question": CANARY, "answer": f"{CANARY} {uuid4().hex}"}
    made = cast.owner.post(f"/api/conversations/{some_conversation(cast)}/article", body)
    return str(made.json["id"])


def something_written(_: Cast) -> dict[str, str]:
    return {"text": "Good morning", "client_id": uuid4().hex}


def some_targets(_: Cast) -> dict[str, Any]:
    target = {"first_reply": 15, "next_reply": 30, "resolution": None}
    return dict.fromkeys(("urgent", "high", "medium", "low"), target)


def the_agent(cast: Cast) -> str:
    return cast.agent.id


ANYBODY = Entry("nobody")
PAGE = Entry("nobody")
SIGNED_IN_PAGE = Entry("agent")
ADMIN_PAGE = Entry("admin")
MATRIX: dict[str, Entry] = {
    # Signing in is for everybody; what a link or a token opens is tested in test_sign_in.py.
    "POST /api/auth/register": ANYBODY,
    "POST /api/auth/login": ANYBODY,
    "POST /api/auth/refresh": ANYBODY,
    "POST /api/auth/forgot-password": ANYBODY,
    "POST /api/auth/reset-password": ANYBODY,
    "POST /api/auth/verify-email": ANYBODY,
    "POST /api/auth/invitation": ANYBODY,
    "POST /api/auth/accept-invite": ANYBODY,
    "GET /api/auth/google": ANYBODY,
    "GET /api/auth/google/callback": ANYBODY,
    "GET /api/openapi.json": ANYBODY,
    "GET /api/docs": ANYBODY,
    "GET /health": ANYBODY,
    "GET /health/detailed": ANYBODY,
    # Oneself
    "POST /api/auth/logout": Entry("agent", outcome=204),
    "POST /api/auth/logout-everywhere": Entry("agent", outcome=204),
    "GET /api/auth/me": Entry("agent"),
    "POST /api/auth/change-password": Entry(
        "agent",
        json=lambda _: {"current_password": PASSWORD, "new_password": PASSWORD + "!"},
        outcome=204,
    ),
    "POST /api/auth/verify-email/resend": Entry("agent", outcome=202),
    "GET /api/auth/sessions": Entry("agent"),
    "DELETE /api/auth/sessions/<uuid:id>": Entry("self", target=own_session, outcome=204),
    "PUT /api/users/<uuid:id>/picture": Entry(
        "self", target=the_agent, form=lambda: {"picture": (io.BytesIO(PNG), "me.png")}
    ),
    "DELETE /api/users/<uuid:id>/picture": Entry("self", target=the_agent),
    # The team
    "GET /api/team": Entry("agent"),
    "GET /api/users/<uuid:id>": Entry("agent", target=the_agent),
    "PATCH /api/users/<uuid:id>": Entry(
        "admin",
        target=lambda cast: cast.admin.id,
        json=lambda _: {"name": "Renamed"},
    ),
    "POST /api/users/<uuid:id>/sign-out": Entry("admin", target=the_agent, outcome=204),
    "GET /api/invites": Entry("admin"),
    "POST /api/invites": Entry(
        "admin", json=lambda _: {"email": f"{uuid4().hex}@example.com"}, outcome=201
    ),
    "POST /api/invites/<uuid:id>/resend": Entry("admin", target=open_invitation, outcome=201),
    "DELETE /api/invites/<uuid:id>": Entry("admin", target=open_invitation, outcome=204),
    # The organization
    "GET /api/organization": Entry("agent"),
    "PATCH /api/organization": Entry("admin", json=lambda _: {"name": "Renamed"}),
    "POST /api/organization/widget-key": Entry("admin"),
    # That it works is in test_leaving.py; here it would take the cast along.
    "POST /api/organization/removal": Entry("owner", json=lambda _: {"name": "?"}, outcome=422),
    "POST /api/organization/identity-secret": Entry("admin"),
    "GET /api/organization/assistant": Entry("agent"),
    "PATCH /api/organization/assistant": Entry("admin", json=lambda _: {"name": "Pip"}),
    "GET /api/organization/model": Entry("admin"),
    "PUT /api/organization/model": Entry("admin", lambda _: OWN_MODEL),
    "DELETE /api/organization/model": Entry("admin"),
    "POST /api/organization/model/trial": Entry("admin", after_own_model),
    "GET /api/organization/widget": Entry("agent"),
    "PATCH /api/organization/widget": Entry("admin", json=lambda _: {"color": "#000000"}),
    "GET /api/organization/hours": Entry("agent"),
    "PUT /api/organization/hours": Entry("admin", json=lambda _: {"time_zone": "Europe/Lisbon"}),
    "GET /api/organization/targets": Entry("agent"),
    "PUT /api/organization/targets": Entry("admin", json=some_targets),
    "PUT /api/organization/widget/logo": Entry("admin", form=some_logo),
    "DELETE /api/organization/widget/logo": Entry("admin"),
    "GET /api/api-keys": Entry("admin"),
    "POST /api/api-keys": Entry(
        "admin", json=lambda _: {"name": "key", "scopes": ["team:read"]}, outcome=201
    ),
    "DELETE /api/api-keys/<uuid:id>": Entry("admin", target=some_key, outcome=204),
    "GET /api/admin/audit": Entry("admin"),
    "GET /api/admin/mail": Entry("admin"),
    # Contacts
    "GET /api/contacts": Entry("agent"),
    "POST /api/contacts": Entry(
        "agent", json=lambda _: {"email": f"{uuid4().hex}@example.com"}, outcome=201
    ),
    "GET /api/contacts/<uuid:id>": Entry("agent", target=some_contact),
    "GET /api/contacts/<uuid:id>/conversations": Entry("agent", target=some_contact),
    "PATCH /api/contacts/<uuid:id>": Entry(
        "agent", target=some_contact, json=lambda _: {"name": "Renamed"}
    ),
    "DELETE /api/contacts/<uuid:id>": Entry("admin", target=some_contact, outcome=204),
    # Conversations and tickets
    "GET /api/conversations": Entry("agent"),
    "GET /api/conversations/search": Entry("agent", options={"query_string": {"q": CANARY}}),
    "GET /api/conversations/<uuid:id>": Entry("agent", target=some_conversation),
    "PATCH /api/conversations/<uuid:id>": Entry(
        "agent", target=some_conversation, json=lambda _: {"priority": "high"}
    ),
    "GET /api/conversations/<uuid:id>/messages": Entry("agent", target=some_conversation),
    "POST /api/conversations/<uuid:id>/messages": Entry(
        "agent", target=some_conversation, json=something_written, outcome=201
    ),
    "POST /api/conversations/<uuid:id>/notes": Entry(
        "agent", target=some_conversation, json=something_written, outcome=201
    ),
    "POST /api/conversations/<uuid:id>/takeover": Entry("agent", target=some_conversation),
    "POST /api/conversations/<uuid:id>/hand-back": Entry("agent", target=some_conversation),
    "POST /api/conversations/<uuid:id>/close": Entry("agent", target=some_conversation),
    "POST /api/conversations/<uuid:id>/reopen": Entry("agent", target=some_conversation),
    "POST /api/conversations/<uuid:id>/read": Entry(
        "agent", target=some_conversation, json=lambda _: {"seq": 1}, outcome=204
    ),
    "POST /api/conversations/<uuid:id>/typing": Entry(
        "agent", target=some_conversation, json=lambda _: {"typing": True}, outcome=204
    ),
    "GET /api/conversations/<uuid:id>/transcript": Entry("agent", target=some_conversation),
    "GET /api/conversations/<uuid:id>/export/text": Entry("agent", target=some_conversation),
    "GET /api/conversations/<uuid:id>/export/pdf": Entry("agent", target=some_conversation),
    "GET /api/conversations/export.csv": Entry("agent"),
    "POST /api/conversations/<uuid:id>/summary": Entry("agent", target=some_conversation),
    "POST /api/conversations/<uuid:id>/suggested-reply": Entry(
        "agent", target=some_conversation, json=lambda _: {}
    ),
    "POST /api/conversations/<uuid:id>/article": Entry(
        "agent",
        target=some_conversation,
        json=lambda _: {"question": "When is tea?", "answer": "At four."},
        outcome=201,
    ),
    "GET /api/article-drafts": Entry("agent"),
    "GET /api/article-drafts/<uuid:id>": Entry("agent", target=some_article),
    "PATCH /api/article-drafts/<uuid:id>": Entry(
        "admin", target=some_article, json=lambda _: {"answer": "At five."}
    ),
    "POST /api/article-drafts/<uuid:id>/publish": Entry(
        "admin", target=some_article, json=lambda _: {}
    ),
    "POST /api/article-drafts/<uuid:id>/reject": Entry("admin", target=some_article),
    "GET /api/messages/<uuid:id>/feedback": Entry("agent", target=some_answer),
    "POST /api/messages/<uuid:id>/feedback": Entry(
        "agent", target=some_answer, json=lambda _: {"value": "down"}
    ),
    "GET /api/attachments/<uuid:id>": Entry("agent", target=some_attachment),
    "POST /api/attachments": Entry("agent", form=some_file, outcome=201),
    # What stands beside the inbox's list
    "GET /api/inbox/counts": Entry("agent"),
    "GET /api/inbox/views": Entry("agent"),
    "POST /api/inbox/views": Entry("agent", json=some_filters, outcome=201),
    "PATCH /api/inbox/views/<uuid:id>": Entry(
        "agent", target=some_view, json=lambda _: {"name": "Renamed"}
    ),
    "DELETE /api/inbox/views/<uuid:id>": Entry("agent", target=some_view, outcome=204),
    "GET /api/inbox/drafts": Entry("agent"),
    "PUT /api/conversations/<uuid:id>/draft": Entry(
        "agent", target=some_conversation, json=lambda _: {"text": "Dear"}, outcome=204
    ),
    "GET /api/tags": Entry("agent"),
    # What is done to conversations
    "POST /api/conversations/bulk": Entry(
        "agent", json=lambda cast: {"ids": [some_conversation(cast)], "change": {"priority": "low"}}
    ),
    "POST /api/conversations/<uuid:id>/merge": Entry(
        "agent",
        target=some_conversation,
        json=lambda cast: {"into": some_conversation(cast), "force": True},
    ),
    "POST /api/conversations/<uuid:id>/block": Entry("agent", target=some_conversation),
    "POST /api/conversations/<uuid:id>/unblock": Entry("agent", target=some_conversation),
    "POST /api/conversations/<uuid:id>/overrule-mood": Entry("agent", target=some_conversation),
    "DELETE /api/conversations/<uuid:id>/overrule-mood": Entry("agent", target=some_conversation),
    # What is written or decided once
    "GET /api/canned-replies": Entry("agent"),
    "POST /api/canned-replies": Entry("agent", json=some_words, outcome=201),
    "PATCH /api/canned-replies/<uuid:id>": Entry(
        "agent", target=some_canned_reply, json=lambda _: {"title": "Renamed"}
    ),
    "DELETE /api/canned-replies/<uuid:id>": Entry("agent", target=some_canned_reply, outcome=204),
    "POST /api/canned-replies/<uuid:id>/fill": Entry(
        "agent",
        target=some_canned_reply,
        json=lambda cast: {"conversation_id": some_conversation(cast)},
    ),
    "GET /api/macros": Entry("agent"),
    "POST /api/macros": Entry("agent", json=some_steps, outcome=201),
    "PATCH /api/macros/<uuid:id>": Entry(
        "agent", target=some_macro, json=lambda _: {"name": uuid4().hex}
    ),
    "DELETE /api/macros/<uuid:id>": Entry("agent", target=some_macro, outcome=204),
    "POST /api/conversations/<uuid:id>/macros/<uuid:macro_id>": Entry(
        "agent", target=some_conversation_and_macro
    ),
    "GET /api/organization/assignment": Entry("agent"),
    "PUT /api/organization/assignment": Entry("admin", json=lambda _: {"automatic": True}),
    "GET /api/tickets": Entry("agent"),
    "POST /api/tickets": Entry("agent", json=lambda _: {"subject": "Tea"}, outcome=201),
    "GET /api/tickets/<uuid:id>": Entry("agent", target=some_ticket),
    "PATCH /api/tickets/<uuid:id>": Entry(
        "agent", target=some_ticket, json=lambda _: {"status": "pending"}
    ),
    # What a visitor's token opens is tested in test_conversation.py and test_attachments.py.
    "GET /api/chat/config": ANYBODY,
    "GET /api/chat/ws": ANYBODY,
    # What comes through the agents' socket is tested in test_inbox_socket.py.
    "GET /api/inbox/ws": Entry("agent, by a socket"),
    "POST /api/chat/upload": ANYBODY,
    "GET /api/chat/attachments/<uuid:id>": ANYBODY,
    "GET /api/chat/transcript/<uuid:id>": ANYBODY,
    # What the assistant knows
    "GET /api/documents": Entry("agent"),
    "POST /api/documents": Entry("admin", form=some_file, outcome=202),
    "POST /api/documents/text": Entry(
        "admin", json=lambda _: {"title": "Tea", "text": "At four."}, outcome=202
    ),
    "POST /api/documents/question": Entry(
        "admin", json=lambda _: {"question": "When is tea?", "answer": "At four."}, outcome=202
    ),
    "POST /api/documents/page": Entry(
        "admin", json=lambda _: {"url": "https://example.com/tea"}, outcome=202
    ),
    "GET /api/documents/<uuid:id>": Entry("agent", target=some_document),
    "PATCH /api/documents/<uuid:id>": Entry(
        "admin", target=some_document, json=lambda _: {"title": "Renamed"}
    ),
    "DELETE /api/documents/<uuid:id>": Entry("admin", target=some_document, outcome=204),
    "POST /api/documents/<uuid:id>/retry": Entry("admin", target=some_document, outcome=202),
    "POST /api/documents/<uuid:id>/fetch": Entry("admin", target=some_page, outcome=202),
    "GET /api/documents/<uuid:id>/passages": Entry("agent", target=some_document),
    "GET /api/sitemaps": Entry("agent"),
    "POST /api/sitemaps/<uuid:id>/retry": Entry("admin", target=failed_sitemap, outcome=202),
    "DELETE /api/sitemaps/<uuid:id>": Entry("admin", target=some_sitemap, outcome=204),
    "GET /api/knowledge/move": Entry("agent"),
    # There is nothing to retry here; that it works is in test_embedding_moves.py.
    "POST /api/knowledge/move/retry": Entry("admin", outcome=409),
    "GET /api/knowledge/search": Entry("agent", options={"query_string": {"q": "tea"}}),
    "POST /api/knowledge/ask": Entry("agent", json=lambda _: {"question": "When is tea?"}),
    "GET /api/knowledge/questions": Entry("agent"),
    "POST /api/knowledge/questions": Entry(
        "admin", json=lambda _: {"question": "When is tea?"}, outcome=201
    ),
    "DELETE /api/knowledge/questions/<uuid:id>": Entry("admin", target=some_question, outcome=204),
    "POST /api/knowledge/runs": Entry("admin", json=after_some_question, outcome=202),
    "GET /api/knowledge/runs/<uuid:id>": Entry("agent", target=some_run),
    # Pages
    "GET /": PAGE,
    "GET /pricing": PAGE,
    "GET /login": PAGE,
    "GET /signup": PAGE,
    "GET /forgot-password": PAGE,
    "GET /reset-password": PAGE,
    "GET /verify-email": PAGE,
    "GET /invite": PAGE,
    "GET /demo": PAGE,
    "GET /chat/<slug>": PAGE,
    "GET /widget/<name>": PAGE,
    "GET /logos/<uuid:organization_id>/<version>": PAGE,
    "GET /favicon.ico": PAGE,
    "GET /assets/<token>/<path:filename>": PAGE,
    "GET /api/overview": Entry("agent"),
    "GET /dashboard": SIGNED_IN_PAGE,
    "GET /dashboard/overview": SIGNED_IN_PAGE,
    "GET /dashboard/inbox": SIGNED_IN_PAGE,
    "GET /dashboard/inbox/<uuid:conversation_id>": Entry("agent", target=some_conversation),
    "GET /dashboard/conversations": Entry("agent", outcome=302),
    "GET /dashboard/conversations/<uuid:conversation_id>": Entry(
        "agent", target=some_conversation, outcome=302
    ),
    "GET /dashboard/tickets": SIGNED_IN_PAGE,
    "GET /dashboard/tickets/<uuid:ticket_id>": Entry("agent", target=some_ticket),
    "GET /dashboard/documents": SIGNED_IN_PAGE,
    "POST /dashboard/documents": Entry("admin", form=some_file, outcome=303),
    "GET /dashboard/documents/<uuid:document_id>": Entry("agent", target=some_document),
    "GET /dashboard/documents/<uuid:document_id>/original": Entry("agent", target=some_document),
    "GET /dashboard/documents/drafts": SIGNED_IN_PAGE,
    "GET /dashboard/contacts": SIGNED_IN_PAGE,
    "GET /dashboard/contacts/<uuid:contact_id>": Entry("agent", target=some_contact),
    "GET /dashboard/knowledge/try": SIGNED_IN_PAGE,
    "GET /dashboard/knowledge/questions": SIGNED_IN_PAGE,
    "GET /dashboard/analytics": SIGNED_IN_PAGE,
    "GET /dashboard/settings/profile": SIGNED_IN_PAGE,
    "GET /dashboard/settings/sessions": SIGNED_IN_PAGE,
    "GET /dashboard/settings/replies": SIGNED_IN_PAGE,
    "GET /dashboard/settings/organization": ADMIN_PAGE,
    "GET /dashboard/settings/hours": ADMIN_PAGE,
    "GET /dashboard/settings/widget": ADMIN_PAGE,
    "GET /dashboard/settings/widget/preview": ADMIN_PAGE,
    "GET /dashboard/settings/widget/install": ADMIN_PAGE,
    "GET /dashboard/settings/assistant": ADMIN_PAGE,
    "GET /dashboard/settings/team": ADMIN_PAGE,
    "GET /dashboard/settings/api-keys": ADMIN_PAGE,
    "GET /dashboard/settings/audit": ADMIN_PAGE,
    "GET /dashboard/settings/mail": ADMIN_PAGE,
    "GET /pictures/<uuid:user_id>/<_version>": Entry(
        "agent", target=lambda cast: with_picture(cast, cast.agent)
    ),
    # Reading kept mail is tied to this machine, not to a role: tests/test_operation.py.
    "GET /dev/mail": PAGE,
    "GET /dev/mail/<uuid:message_id>": PAGE,
    "GET /dev/mail/<uuid:message_id>/html": PAGE,
}
# Ids that arrive in a body or a query: "operation field" -> how it is checked.
IDS_IN_BODIES: dict[str, str] = {
    "POST /api/knowledge/questions document_id": "TestT2Bodies",
    "GET /api/conversations assignee": "TestT2Bodies",
    "GET /api/conversations contact_id": "TestT2Bodies",
    "GET /api/conversations/search assignee": "TestT2Bodies",
    "GET /api/conversations/search contact_id": "TestT2Bodies",
    "GET /api/conversations/export.csv assignee": "test_exports.py",
    "GET /api/conversations/export.csv contact_id": "test_exports.py",
    "PATCH /api/conversations/{id} assignee_id": "test_conversations_api.py",
    "POST /api/conversations/{id}/messages attachments": "test_inbox_files.py",
    "POST /api/conversations/{id}/notes attachments": "test_inbox_files.py",
    "POST /api/conversations/{id}/notes mentions": "test_inbox_notes.py",
    "POST /api/conversations/bulk ids": "test_inbox_many.py",
    "POST /api/conversations/{id}/merge into": "test_inbox_merging.py",
    "POST /api/canned-replies/{id}/fill conversation_id": "test_canned_replies.py",
    "GET /api/tickets assignee": "TestT2Bodies",
    "POST /api/tickets conversation_id": "test_tickets.py",
    "POST /api/tickets contact_id": "test_tickets.py",
    "POST /api/tickets assignee_id": "test_tickets.py",
    "PATCH /api/tickets/{id} assignee_id": "TestT2Bodies",
}

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def adapters() -> Adapters:
    """Documents are read in this very process, since there are many of them here."""
    chosen = fakes()
    chosen.text_extraction = FakeExtraction()
    return chosen


def with_picture(cast: Cast, person: Person) -> str:
    form = {"picture": (io.BytesIO(PNG), "me.png")}
    assert person.put(f"/api/users/{person.id}/picture", data=form).status_code == 200
    return person.id


def routes(app: Flask) -> Iterator[str]:
    for rule in app.url_map.iter_rules():
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            yield f"{method} {rule.rule}"


def call(person: Person, route: str, entry: Entry, cast: Cast, target: str) -> TestResponse:
    method, _, rule = route.partition(" ")
    path = path_of(rule, target)
    options: dict[str, Any] = dict(entry.options)
    if entry.form is not None:
        options["data"] = entry.form()
    body = entry.json(cast) if entry.json else None
    return person.call(method, path, body, **options)


def path_of(rule: str, target: str) -> str:
    """The rule with the target's id in it; where a path has two ids, the target has both."""
    first, _, second = target.partition(" ")
    path = rule.replace("<uuid:macro_id>", second or str(uuid4())).replace("<_version>", "1")
    named = "<uuid:(id|user_id|ticket_id|conversation_id|document_id|contact_id)>"
    return re.sub(named, first, path)


def test_T1_every_route_has_an_entry_and_every_entry_a_route(app: Flask) -> None:
    assert set(routes(app)) == set(MATRIX)


@pytest.mark.parametrize("route", [name for name, entry in MATRIX.items() if entry is ANYBODY])
def test_T1_what_is_open_to_everybody_says_so(app: Flask, route: str) -> None:
    _, _, rule = route.partition(" ")
    [found] = [
        each for each in app.url_map.iter_rules() if each.rule == rule and "." in each.endpoint
    ]
    assert app.view_functions[found.endpoint].access.is_public  # type: ignore[attr-defined]


GUARDED = [name for name, entry in MATRIX.items() if entry.least in (*ROLES, "self")]


@pytest.mark.parametrize("route", GUARDED)
def test_T1_nobody_and_another_organization_get_nothing(cast: Cast, route: str) -> None:
    entry = MATRIX[route]
    target = entry.target(cast) if entry.target else ""
    refused = call(cast.nobody, route, entry, cast, target)
    assert refused.status_code == (302 if "/dashboard" in route else 401)
    if entry.target is None:
        return
    foreign = call(cast.stranger, route, entry, cast, target)
    unknown = call(cast.stranger, route, entry, cast, str(uuid4()))
    assert foreign.status_code == unknown.status_code == 404
    assert strip(foreign) == strip(unknown)


def strip(answer: TestResponse) -> Any:
    """What is left of an error when its request id is taken away."""
    body = answer.get_json(silent=True)
    if body is None:
        return answer.status_code
    body["error"].pop("request_id")
    return body


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("route", [name for name in GUARDED if MATRIX[name].least != "self"])
def test_T1_each_role_does_what_it_may_and_no_more(cast: Cast, route: str, role: str) -> None:
    entry = MATRIX[route]
    person: Person = getattr(cast, role)
    target = entry.target(cast) if entry.target else ""
    allowed = ROLES.index(role) >= ROLES.index(entry.least)
    answer = call(person, route, entry, cast, target)
    assert answer.status_code == (entry.outcome if allowed else 403), answer.get_data(as_text=True)


@pytest.mark.parametrize("role", ["admin", "owner"])
@pytest.mark.parametrize("route", [name for name in GUARDED if MATRIX[name].least == "self"])
def test_T1_what_is_ones_own_is_closed_to_those_in_charge(
    cast: Cast, route: str, role: str
) -> None:
    entry = MATRIX[route]
    assert entry.target is not None
    answer = call(getattr(cast, role), route, entry, cast, entry.target(cast))
    assert answer.status_code in (403, 404)


@pytest.mark.parametrize("route", [name for name in GUARDED if " /api/" in name])
def test_T1_an_api_key_needs_its_scope(cast: Cast, route: str) -> None:
    method, _, rule = route.partition(" ")
    header = cast.owner.api_key("audit:read")
    entry = MATRIX[route]
    target = entry.target(cast) if entry.target else ""
    path = path_of(rule, target)
    options: dict[str, Any] = {"data": entry.form()} if entry.form else {}
    options |= entry.options
    if entry.json:
        options["json"] = entry.json(cast)
    answer = cast.owner.app.test_client().open(path, method=method, headers=header, **options)
    assert answer.status_code == (200 if rule.startswith("/api/admin/") else 403)


def test_T1_an_id_in_a_body_or_a_query_has_an_entry(app: Flask) -> None:
    document = described(app)  # type: ignore[arg-type]
    found = set()
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            name = f"{method.upper()} {path}"
            found |= {f"{name} {each}" for each in ids_in(document, operation)}
    assert found == set(IDS_IN_BODIES)


def ids_in(document: dict[str, Any], operation: dict[str, Any]) -> Iterator[str]:
    for parameter in operation.get("parameters", []):
        if parameter["in"] == "query" and "uuid" in str(parameter["schema"]):
            yield parameter["name"]
    for content in operation.get("requestBody", {}).get("content", {}).values():
        name = content["schema"]["$ref"].rsplit("/", 1)[1]
        for prop, schema in document["components"]["schemas"][name]["properties"].items():
            if "uuid" in str(schema):
                yield prop


class TestT2Bodies:
    """An id in a body belongs to whoever sends it, or it does not exist."""

    def test_T2_a_question_cannot_point_at_another_organizations_document(self, cast: Cast) -> None:
        body = {"question": "What is the code?", "document_id": some_document(cast)}
        assert cast.owner.post("/api/knowledge/questions", body).status_code == 201
        foreign = cast.stranger.post("/api/knowledge/questions", body)
        unknown = cast.stranger.post(
            "/api/knowledge/questions", {**body, "document_id": str(uuid4())}
        )
        assert (foreign.status_code, unknown.status_code) == (404, 404)
        assert strip(foreign) == strip(unknown)
        assert cast.stranger.get("/api/knowledge/questions").json["items"] == []

    def test_T2_a_foreign_person_or_contact_narrows_a_list_to_nothing(self, cast: Cast) -> None:
        body = {"subject": CANARY, "assignee_id": cast.agent.id}
        assert cast.owner.post("/api/tickets", body).status_code == 201
        chat = begin(cast.owner, CANARY)
        chat.tell(email="vera@example.com")
        cast.owner.patch(f"/api/conversations/{chat.id}", {"assignee_id": cast.agent.id})
        contact = cast.owner.get("/api/contacts").json["items"][0]["id"]
        for path in (
            f"/api/conversations?assignee={cast.agent.id}",
            f"/api/conversations?contact_id={contact}",
            f"/api/conversations/search?q=cormorant&assignee={cast.agent.id}",
            f"/api/conversations/search?q=cormorant&contact_id={contact}",
            f"/api/tickets?assignee={cast.agent.id}",
        ):
            assert len(cast.owner.get(path).json["items"]) == 1
            assert cast.stranger.get(path).json["items"] == []

    def test_T2_a_ticket_is_assigned_to_ones_own_people(self, cast: Cast) -> None:
        path = f"/api/tickets/{some_ticket(cast)}"
        assert cast.owner.patch(path, {"assignee_id": cast.agent.id}).status_code == 200
        foreign = cast.owner.patch(path, {"assignee_id": cast.stranger.id})
        unknown = cast.owner.patch(path, {"assignee_id": str(uuid4())})
        assert (foreign.status_code, unknown.status_code) == (404, 404)
        assert strip(foreign) == strip(unknown)


class TestT4Lists:
    """Left-out parameters and API keys never widen a list."""

    LISTS = (
        *("contacts", "team", "invites", "api-keys", "admin/audit", "admin/mail"),
        *("documents", "sitemaps", "knowledge/questions", "conversations", "tickets"),
        f"conversations/search?q={CANARY}",
        "article-drafts",
    )

    @pytest.mark.parametrize("name", LISTS)
    def test_T4_a_list_holds_ones_own_only(self, cast: Cast, name: str) -> None:
        fill(cast)
        own = cast.owner.get(f"/api/{name}").get_data(as_text=True).lower()
        others = cast.stranger.get(f"/api/{name}").get_data(as_text=True).lower()
        assert "harbour" in own or CANARY.lower() in own
        assert CANARY.lower() not in others
        assert "harbour" not in others

    @pytest.mark.parametrize("query", ["", "?search=", "?search=%25", "?search=_", "?limit=200"])
    def test_T4_searching_does_not_reach_further(self, cast: Cast, query: str) -> None:
        fill(cast)
        assert cast.stranger.get(f"/api/contacts{query}").json["items"] == []

    @pytest.mark.parametrize(
        "query", ["", "?search=", "?search=%25", "?category=", "?status=ready", "?limit=200"]
    )
    def test_T4_no_list_of_documents_reaches_further(self, cast: Cast, query: str) -> None:
        fill(cast)
        assert cast.stranger.get(f"/api/documents{query}").json["items"] == []
        page = cast.stranger.get(f"/dashboard/documents{query}").get_data(as_text=True)
        assert CANARY not in page

    def test_T4_a_foreign_cursor_of_documents_does_not_reach_further(self, cast: Cast) -> None:
        for _ in range(2):
            some_document(cast)
        cursor = cast.owner.get("/api/documents?limit=1").json["next_cursor"]
        assert cursor
        assert cast.stranger.get(f"/api/documents?cursor={cursor}").json["items"] == []

    def test_T4_a_foreign_cursor_does_not_reach_further(self, cast: Cast) -> None:
        for _ in range(3):
            some_contact(cast)
        cursor = cast.owner.get("/api/contacts?limit=1").json["next_cursor"]
        assert cast.stranger.get(f"/api/contacts?cursor={cursor}").json["items"] == []

    def test_T4_an_api_key_sees_its_organization_only(self, cast: Cast) -> None:
        fill(cast)
        header = cast.stranger.api_key("contacts:read", "team:read", "audit:read", "documents:read")
        client = cast.owner.app.test_client()
        lists = ("contacts", "team", "admin/audit", "admin/mail", "documents")
        for path in (*(f"/api/{name}" for name in lists), "/api/knowledge/questions"):
            answer = client.get(path, headers=header)
            assert answer.status_code == 200
            assert CANARY not in answer.get_data(as_text=True)
            assert "harbour" not in answer.get_data(as_text=True)

    def test_T4_the_mail_log_shows_no_body_and_no_link(self, cast: Cast) -> None:
        cast.nobody.post("/api/auth/forgot-password", {"email": cast.owner.email})
        log = cast.admin.get("/api/admin/mail").get_data(as_text=True)
        page = cast.admin.get("/dashboard/settings/mail").get_data(as_text=True)
        assert "Set a new password" in log
        token = cast.mailbox.token(cast.owner.email, "Set a new password")
        for text in (log, page):
            assert token not in text
            assert "#token" not in text


def fill(cast: Cast) -> None:
    """Put something of the owner's organization into every list."""
    some_contact(cast)
    some_key(cast)
    some_document(cast)
    some_sitemap(cast)
    some_question(cast)
    some_ticket(cast)
    some_article(cast)
    cast.owner.post("/api/invites", {"email": f"{CANARY}@example.com", "role": "agent"})


class TestT5Powers:
    def test_T5_an_admin_cannot_change_their_own_role(self, cast: Cast) -> None:
        assert change(cast.admin, cast.admin, role="owner") == 403
        assert change(cast.admin, cast.admin, role="agent") == 403

    def test_T5_an_agent_cannot_change_anybody(self, cast: Cast) -> None:
        assert change(cast.agent, cast.agent, role="admin") == 403
        assert change(cast.agent, cast.admin, active=False) == 403
        assert change(cast.agent, cast.owner, name="Mallory") == 403

    @pytest.mark.parametrize(
        "changes", [{"role": "agent"}, {"active": False}, {"name": "X"}, {"availability": "away"}]
    )
    def test_T5_an_admin_cannot_touch_the_owner(self, cast: Cast, changes: dict[str, Any]) -> None:
        assert change(cast.admin, cast.owner, **changes) == 403
        assert cast.admin.post(f"/api/users/{cast.owner.id}/sign-out").status_code == 403
        assert cast.owner.get("/api/auth/me").json["user"]["name"] == "Olivia"

    def test_T5_an_admin_cannot_make_an_owner(self, cast: Cast) -> None:
        assert change(cast.admin, cast.agent, role="owner") == 403
        answer = cast.admin.post("/api/invites", {"email": "x@example.com", "role": "owner"})
        assert answer.status_code == 422

    def test_T5_nobody_suspends_themselves(self, cast: Cast) -> None:
        assert change(cast.owner, cast.owner, active=False) == 403
        assert change(cast.admin, cast.admin, active=False) == 403

    def test_T5_an_admin_makes_an_agent_an_admin_and_back(self, cast: Cast) -> None:
        assert change(cast.admin, cast.agent, role="admin") == 200
        assert change(cast.admin, cast.agent, role="agent") == 200

    def test_T5_the_owner_hands_the_ownership_over(self, cast: Cast) -> None:
        assert change(cast.owner, cast.admin, role="owner") == 200
        roles = {user["name"]: user["role"] for user in cast.admin.get("/api/team").json["items"]}
        assert roles == {"Adam": "owner", "Olivia": "admin", "Aisha": "agent"}
        assert change(cast.owner, cast.admin, role="agent") == 403

    @pytest.mark.parametrize(
        "field",
        ["organization_id", "email", "password_hash", "email_verified_at", "id", "google_subject"],
    )
    def test_T5_fields_that_are_not_offered_are_refused(self, cast: Cast, field: str) -> None:
        answer = cast.admin.patch(f"/api/users/{cast.agent.id}", {field: str(uuid4())})
        assert answer.status_code == 422
        assert field in answer.json["error"]["fields"]

    @pytest.mark.parametrize("field", ["slug", "settings", "plan", "widget_key", "id"])
    def test_T5_an_organization_takes_only_what_is_offered(self, cast: Cast, field: str) -> None:
        answer = cast.owner.patch("/api/organization", {field: "x"})
        assert answer.status_code == 422

    @pytest.mark.parametrize("field", ["role", "organization_id", "active"])
    def test_T5_registering_takes_only_what_is_offered(self, cast: Cast, field: str) -> None:
        body = {"email": "x@example.com", "password": PASSWORD, "name": "X", "organization": "Y"}
        answer = cast.nobody.post("/api/auth/register", {**body, field: "owner"})
        assert answer.status_code == 422

    def test_T5_a_key_has_no_more_power_than_its_maker(self, cast: Cast) -> None:
        header = cast.admin.api_key("team:write")
        client = cast.owner.app.test_client()
        path = f"/api/users/{cast.owner.id}"
        assert client.patch(path, json={"name": "X"}, headers=header).status_code == 403
        own = f"/api/users/{cast.admin.id}"
        assert client.patch(own, json={"role": "owner"}, headers=header).status_code == 403

    def test_T5_every_change_to_people_keys_and_settings_is_in_the_audit_log(
        self, cast: Cast
    ) -> None:
        change(cast.owner, cast.agent, role="admin")
        change(cast.owner, cast.agent, active=False)
        some_key(cast)
        cast.owner.patch("/api/organization", {"time_zone": "Europe/Lisbon"})
        actions = {entry["action"] for entry in cast.owner.get("/api/admin/audit").json["items"]}
        assert {
            "organization.created",
            "invitation.sent",
            "invitation.accepted",
            "user.role_changed",
            "user.suspended",
            "api_key.created",
            "organization.changed",
        } <= actions


def change(person: Person, other: Person, **changes: Any) -> int:
    return person.patch(f"/api/users/{other.id}", changes).status_code


class TestT9Contacts:
    def test_T9_the_same_address_in_two_organizations_is_two_contacts(self, cast: Cast) -> None:
        body = {"email": "vera@example.com", "name": "Vera of Harbour"}
        first = cast.owner.post("/api/contacts", body)
        second = cast.stranger.post("/api/contacts", {**body, "name": "Vera of Elsewhere"})
        assert (first.status_code, second.status_code) == (201, 201)
        assert first.json["id"] != second.json["id"]
        cast.owner.patch(f"/api/contacts/{first.json['id']}", {"name": "Renamed"})
        unchanged = cast.stranger.get(f"/api/contacts/{second.json['id']}")
        assert unchanged.json["name"] == "Vera of Elsewhere"
        cast.owner.delete(f"/api/contacts/{first.json['id']}")
        assert cast.stranger.get(f"/api/contacts/{second.json['id']}").status_code == 200

    def test_T9_within_one_organization_an_address_is_one_contact(self, cast: Cast) -> None:
        assert cast.owner.post("/api/contacts", {"email": "v@example.com"}).status_code == 201
        again = cast.owner.post("/api/contacts", {"email": "V@Example.com"})
        assert (again.status_code, again.json["error"]["code"]) == (409, "email_taken")


def test_a_widget_key_that_is_replaced_is_a_different_one(cast: Cast) -> None:
    before = cast.owner.get("/api/organization").json["widget_key"]
    after = cast.owner.post("/api/organization/widget-key").json["widget_key"]
    assert before != after
    assert after.startswith("pk_")


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("https://Shop.Example.com/path", "shop.example.com"),
        ("localhost:8000", "localhost:8000"),
        ("*.example.com", "*.example.com"),
        ("bücher.example.com", "xn--bcher-kva.example.com"),
    ],
)
def test_domains_are_kept_as_what_counts(cast: Cast, given: str, kept: str) -> None:
    answer = cast.owner.patch("/api/organization", {"allowed_domains": [given, given, " "]})
    assert answer.json["allowed_domains"] == [kept]


@pytest.mark.parametrize("given", ["*", "no spaces here", "-x.com", "a..b", "<script>", "x" * 300])
def test_what_is_not_a_domain_is_refused(cast: Cast, given: str) -> None:
    answer = cast.owner.patch("/api/organization", {"allowed_domains": [given]})
    assert answer.status_code == 422
    assert "allowed_domains" in answer.json["error"]["fields"]
