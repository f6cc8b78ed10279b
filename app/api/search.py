"""Searching what the assistant knows, and the vectors that this needs."""

from __future__ import annotations

import time
from typing import Any

from flask_openapi3 import APIBlueprint, Tag

from app.api.access import signed_in
from app.api.schemas.common import shown
from app.api.schemas.search import (
    AnswerTried,
    FoundList,
    MoveShown,
    MoveState,
    QuestionTried,
    SearchQuery,
)
from app.edge.asking import principal
from app.services.actors import Role
from app.services.conversation import trying
from app.services.knowledge import embedding_moves
from app.services.people.api_keys import Scope
from app.services.search import retrieval

api = APIBlueprint(
    "search", __name__, url_prefix="/api/knowledge", abp_tags=[Tag(name="Knowledge")]
)


@api.get("/search", responses={200: FoundList})
@signed_in(scope=Scope.DOCUMENTS_READ)
def search(query: SearchQuery) -> dict[str, Any]:
    """The passages that bear on a question, the best first."""
    started = time.perf_counter()
    found = retrieval.search(
        principal().organization.id,
        query.q,
        limit=query.k,
        previous=query.previous,
        narrowing=retrieval.Narrowing(query.category, query.pairs()),
    )
    milliseconds = round((time.perf_counter() - started) * 1000, 1)
    return shown(
        FoundList, {"results": [_found(each) for each in found], "milliseconds": milliseconds}
    )


@api.post("/ask", responses={200: AnswerTried})
@signed_in(scope=Scope.DOCUMENTS_READ)
def ask(body: QuestionTried) -> dict[str, Any]:
    """What a visitor would be told. Nobody is told, and no conversation is begun."""
    tried = trying.ask(principal().organization.id, body.question.strip(), body.previous.strip())
    return shown(AnswerTried, tried)


@api.get("/move", responses={200: MoveState})
@signed_in(scope=Scope.DOCUMENTS_READ)
def get_move() -> dict[str, Any]:
    """Whether passages are being moved to another embedding model, and how far that is."""
    return shown(MoveState, {"move": embedding_moves.current(principal().organization.id)})


@api.post("/move/retry", responses={202: MoveShown, 409: None})
@signed_in(Role.ADMIN, scope=Scope.DOCUMENTS_WRITE)
def retry_move() -> tuple[dict[str, Any], int]:
    """Go on with a move that has stopped."""
    return shown(MoveShown, embedding_moves.retry(principal().actor())), 202


def _found(found: retrieval.Found) -> dict[str, Any]:
    passage = found.passage
    return {
        "passage_id": passage.id,
        "document_id": passage.document_id,
        "title": found.document.title,
        "heading": passage.heading,
        "page": passage.page_from,
        "text": passage.text,
        "score": round(found.score, 4),
        "words": round(found.words, 4),
        "meaning": None if found.meaning is None else round(found.meaning, 4),
        "reason": found.reason.value,
    }
