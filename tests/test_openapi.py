"""The API's own description: whole, valid, and true of what is really answered."""

from __future__ import annotations

import io
from collections.abc import Callable
from itertools import cycle
from typing import Any
from uuid import UUID, uuid4

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import Case, GenerationMode
from schemathesis.checks import CHECKS, Failure, FailureGroup

from app.api.access import access_of
from app.edge.cookies import token_pair
from app.extensions import db
from app.models import User
from app.services.log import attachments, visitors
from app.services.people import sessions
from tests.cast import Cast
from tests.chats import begin

# The description itself, the page that shows it, and the socket.
NOT_DESCRIBED = {"/api/openapi.json", "/api/docs", "/api/chat/ws", "/api/inbox/ws"}
# Left out is the check that whatever fits the schema is accepted: no schema knows whether a link
# has been used, a password is too simple, or a time zone exists.
PROMISES = [
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "negative_data_rejection",
    "missing_required_header",
    "unsupported_method",
    "allow_header_conformance",
    "ignored_auth",
]
# These need Google, or a token that was not spent.
NEVER_BY_CHANCE = {
    "POST /api/auth/refresh",
    "GET /api/auth/google",
    "GET /api/auth/google/callback",
    # There are questions to ask only by chance.
    "POST /api/knowledge/runs",
    # A move to another embedding model has to have stopped.
    "POST /api/knowledge/move/retry",
}
# PostgreSQL is the stricter of the two.
EXAMPLES = {"sqlite": 3, "postgresql": 6}


@pytest.fixture
def document(app: Flask) -> dict[str, Any]:
    found: dict[str, Any] = app.test_client().get("/api/openapi.json").get_json()
    return found


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
class TestDescription:
    def test_it_is_valid(self, document: dict[str, Any]) -> None:
        assert document["openapi"].startswith("3.1")
        schemathesis.openapi.from_dict(document).validate()

    def test_a_mistake_in_it_would_be_noticed(self, document: dict[str, Any]) -> None:
        document["paths"]["/api/team"]["get"]["responses"] = {"200": {"content": {}}}
        with pytest.raises(Exception, match="description"):
            schemathesis.openapi.from_dict(document).validate()

    def test_every_reference_leads_somewhere(self, document: dict[str, Any]) -> None:
        for reference in references(document):
            node: Any = document
            for part in reference.removeprefix("#/").split("/"):
                assert part in node, reference
                node = node[part]

    def test_every_route_of_the_api_is_in_it(self, app: Flask, document: dict[str, Any]) -> None:
        served = {
            (rule.rule.replace("<uuid:", "{").replace(">", "}"), method.lower())
            for rule in app.url_map.iter_rules()
            if rule.rule.startswith(("/api/", "/health")) and rule.rule not in NOT_DESCRIBED
            for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        }
        described = {
            (path, method)
            for path, operations in document["paths"].items()
            for method in operations
        }
        assert described == served

    def test_every_operation_says_who_may_call_it(
        self, app: Flask, document: dict[str, Any]
    ) -> None:
        for rule in app.url_map.iter_rules():
            if rule.rule.startswith("/api/"):
                assert access_of(app, rule.endpoint) is not None, rule.rule
        for path, operations in document["paths"].items():
            for method, operation in operations.items():
                secured = operation.get("security") == [{"bearer": []}]
                assert secured == ("x-role" in operation) == ("x-scope" in operation), (
                    method,
                    path,
                )
                assert not secured or {"401", "403"} <= set(operation["responses"]), (method, path)

    def test_every_operation_is_explained_in_a_sentence(self, document: dict[str, Any]) -> None:
        for path, operations in document["paths"].items():
            for method, operation in operations.items():
                said = operation.get("summary", "") + operation.get("description", "")
                assert said.rstrip().endswith("."), (method, path)
                assert operation["tags"], (method, path)
        ids = [one["operationId"] for all_ in document["paths"].values() for one in all_.values()]
        assert len(set(ids)) == len(ids)

    def test_every_refusal_has_the_shape_of_an_error(self, document: dict[str, Any]) -> None:
        for path, operations in document["paths"].items():
            for method, operation in operations.items():
                for status, answer in operation["responses"].items():
                    if status.startswith("4"):
                        schema = answer["content"]["application/json"]["schema"]
                        assert schema["$ref"].endswith("/ErrorAnswer"), (method, path, status)

    def test_the_page_shows_every_operation(self, app: Flask, document: dict[str, Any]) -> None:
        page = app.test_client().get("/api/docs").text
        for path in document["paths"]:
            assert path in page


@pytest.mark.slow
def test_what_is_answered_is_what_is_described(app: Flask, cast: Cast) -> None:
    """Every operation is asked with what fits its description and with what does not."""
    schema = schemathesis.openapi.from_wsgi("/api/openapi.json", app)
    asked = Asked(app, cast)
    broken: dict[str, str] = {}
    for found in schema.get_all_operations():
        operation = found.ok()
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
            try:
                asked.every_way(operation.as_strategy(generation_mode=mode))
            except Unsatisfiable:
                # What takes nothing cannot be asked wrongly.
                assert mode is GenerationMode.NEGATIVE
            except (Failure, FailureGroup, ExceptionGroup) as error:
                broken[f"{mode.value} {operation.label}"] = in_words(error)
    assert not broken, "\n\n".join(f"{label}\n{said}" for label, said in broken.items())
    # Whatever asks for nothing but an id was really done, and not just refused.
    assert asked.simple - asked.successful <= NEVER_BY_CHANCE


class Asked:
    """Asks as the owner, with a sign-in of its own each time: some of it ends the sign-in."""

    def __init__(self, app: Flask, cast: Cast) -> None:
        self._app = app
        self._cast = cast
        self._checks = CHECKS.get_by_names(PROMISES)
        # A picture can only be one's own, access only somebody else's.
        self._people = cycle([cast.owner.id, cast.agent.id, cast.owner.id, cast.stranger.id])
        self._turns = cycle([False, True])
        self.simple: set[str] = set()
        self.successful: set[str] = set()

    def every_way(self, cases: Any) -> None:
        dialect = self._app.config["SQLALCHEMY_DATABASE_URI"].partition(":")[0].partition("+")[0]

        @settings(
            max_examples=EXAMPLES[dialect],
            deadline=None,
            derandomize=True,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=cases)
        def ask(case: Case) -> None:
            self._ask(case)

        ask()

    def _ask(self, case: Case) -> None:
        kind, has_id, _ = case.operation.path.partition("/{id}")
        if has_id and self._is_well_meant(case):
            case.path_parameters["id"] = self._makers()[kind]()
            if "macro_id" in case.path_parameters:
                case.path_parameters["macro_id"] = self._macro()
        # The stand-in for a network does not unpack what is packed.
        headers = {"Authorization": f"Bearer {self._token()}", "Accept-Encoding": "identity"}
        answer = case.call(headers=headers)
        if answer.status_code < 400:
            self.successful.add(case.operation.label)
        if not case.operation.body and not case.operation.query:
            self.simple.add(case.operation.label)
        case.validate_response(answer, checks=self._checks, headers=headers)

    def _is_well_meant(self, case: Case) -> bool:
        return case.meta is None or case.meta.generation.mode is GenerationMode.POSITIVE

    def _makers(self) -> dict[str, Callable[[], str]]:
        """Something real for every kind of id, made anew since the last may have been removed."""
        keys = {"name": "robot", "scopes": ["team:read"]}
        return {
            "/api/users": lambda: next(self._people),
            "/api/contacts": lambda: self._made("/api/contacts", {"name": "somebody"}),
            "/api/invites": lambda: self._made("/api/invites", {"email": f"{uuid4()}@example.com"}),
            "/api/api-keys": lambda: self._made("/api/api-keys", keys),
            "/api/auth/sessions": self._open_session,
            "/api/documents": self._known_document,
            "/api/conversations": lambda: begin(self._cast.owner).id,
            "/api/messages": lambda: begin(self._cast.owner).be_answered("We do."),
            "/api/tickets": lambda: self._made("/api/tickets", {"subject": "Lost parcel"}),
            "/api/article-drafts": self._article,
            "/api/inbox/views": lambda: self._made("/api/inbox/views", {"name": "Mine"}),
            "/api/canned-replies": self._canned_reply,
            "/api/macros": self._macro,
            "/api/attachments": self._sent_file,
            # These open by a visitor's token alone.
            "/api/chat/attachments": lambda: str(uuid4()),
            "/api/chat/transcript": lambda: str(uuid4()),
            "/api/knowledge/questions": self._known_question,
            "/api/knowledge/runs": self._known_run,
            "/api/sitemaps": self._known_sitemap,
        }

    def _known_document(self) -> str:
        """By turns a text that is learned and a web page: each allows what the other does not."""
        if next(self._turns):
            given = {"url": f"https://example.com/{uuid4()}"}
            return self._taken("/api/documents/page", given)
        made = self._taken("/api/documents/text", {"title": str(uuid4()), "text": "We open at 9."})
        self._app.extensions["adapters"].job_queue.run_all()
        return made

    def _canned_reply(self) -> str:
        return self._made("/api/canned-replies", {"shortcut": uuid4().hex, "text": "Thanks!"})

    def _article(self) -> str:
        path = f"/api/conversations/{begin(self._cast.owner).id}/article"
        return self._made(path, {"question": "When do you open?", "answer": uuid4().hex})

    def _macro(self) -> str:
        body = {"name": uuid4().hex, "steps": [{"do": "close"}]}
        return self._made("/api/macros", body)

    def _known_question(self) -> str:
        return self._made("/api/knowledge/questions", {"question": "When do you open?"})

    def _known_run(self) -> str:
        self._known_question()
        return self._made("/api/knowledge/runs", {})

    def _known_sitemap(self) -> str:
        """One that failed, since there is no such page: only that can be tried again."""
        given = {"url": f"https://example.com/{uuid4()}.xml", "sitemap": True}
        made = str(self._posted("/api/documents/page", given)["sitemap"]["id"])
        self._app.extensions["adapters"].job_queue.run_all()
        return made

    def _sent_file(self) -> str:
        chat = begin(self._cast.owner)
        with self._app.app_context():
            guest = visitors.find(chat.organization_id, chat.token)
            assert guest is not None
            file_id = attachments.take(guest, "notes.txt", io.BytesIO(b"Some text.")).id
        chat.say("Look", attachments=[file_id])
        return str(file_id)

    def _taken(self, path: str, given: dict[str, Any]) -> str:
        return str(self._posted(path, given)["items"][0]["document"]["id"])

    def _made(self, path: str, body: dict[str, Any]) -> str:
        return str(self._posted(path, body)["id"])

    def _posted(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        answer = self._app.test_client().post(
            path, json=body, headers={"Authorization": f"Bearer {self._token()}"}
        )
        said: dict[str, Any] = answer.get_json()
        return said

    def _token(self) -> str:
        with self._app.app_context():
            return token_pair(sessions.open_session(self._owner(), "", ""))[0]

    def _open_session(self) -> str:
        with self._app.app_context():
            return str(sessions.open_session(self._owner(), "", "").id)

    def _owner(self) -> User:
        return db.session.get_one(User, UUID(self._cast.owner.id))


def references(node: Any) -> list[str]:
    if isinstance(node, dict):
        own = [node["$ref"]] if isinstance(node.get("$ref"), str) else []
        return own + [one for value in node.values() for one in references(value)]
    if isinstance(node, list):
        return [one for value in node for one in references(value)]
    return []


def in_words(error: Exception) -> str:
    """What every failed promise says, cut to what fits on a screen."""
    group = error.exceptions if isinstance(error, ExceptionGroup) else [error]
    return "\n".join(str(one)[:1_000] for one in group)
