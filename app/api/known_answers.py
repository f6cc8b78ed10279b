"""Questions whose answers are known: what search is judged by."""

from __future__ import annotations

from typing import Any

from flask_openapi3 import APIBlueprint, Tag

from app.api.access import signed_in
from app.api.schemas.common import ById, shown
from app.api.schemas.known_answers import AskingShown, KnownGiven, KnownList, KnownShown
from app.edge.asking import principal
from app.services.actors import Role
from app.services.knowledge import askings, known_answers
from app.services.people.api_keys import Scope

api = APIBlueprint(
    "known_answers", __name__, url_prefix="/api/knowledge", abp_tags=[Tag(name="Knowledge")]
)


@api.get("/questions", responses={200: KnownList})
@signed_in(scope=Scope.DOCUMENTS_READ)
def list_questions() -> dict[str, Any]:
    """The questions that search is judged by."""
    found = known_answers.list_questions(principal().organization.id)
    return shown(KnownList, {"items": found})


@api.post("/questions", responses={201: KnownShown, 404: None, 409: None})
@signed_in(Role.ADMIN, scope=Scope.DOCUMENTS_WRITE)
def add_question(body: KnownGiven) -> tuple[dict[str, Any], int]:
    """Add a question, with where its answer is."""
    kept = known_answers.add_question(
        principal().actor(), body.question, body.previous, body.document_id, body.quote
    )
    return shown(KnownShown, kept), 201


@api.delete("/questions/<uuid:id>", responses={204: None})
@signed_in(Role.ADMIN, scope=Scope.DOCUMENTS_WRITE)
def remove_question(path: ById) -> tuple[str, int]:
    """Remove a question."""
    known_answers.remove_question(principal().actor(), path.id)
    return "", 204


@api.post("/runs", responses={202: AskingShown, 409: None})
@signed_in(Role.ADMIN, scope=Scope.DOCUMENTS_WRITE)
def run() -> tuple[dict[str, Any], int]:
    """Have all of them asked. What is under way already is not begun twice."""
    return shown(AskingShown, askings.begin(principal().organization.id)), 202


@api.get("/runs/<uuid:id>", responses={200: AskingShown})
@signed_in(scope=Scope.DOCUMENTS_READ)
def get_run(path: ById) -> dict[str, Any]:
    """How far it is; in the end at which place each answer came, and what changed."""
    return shown(AskingShown, askings.get_asking(principal().organization.id, path.id))
