"""Help for whoever takes over a conversation. Nothing of it is sent by itself."""

from __future__ import annotations

from typing import Any

from flask_openapi3 import APIBlueprint, Tag

from app.api.access import signed_in
from app.api.schemas.agent_help import (
    ArticleGiven,
    ArticleShown,
    SuggestionShown,
    SuggestionWanted,
    SummaryShown,
)
from app.api.schemas.common import ById, shown
from app.edge.asking import principal
from app.services.inbox import agent_help, article_drafts
from app.services.people.api_keys import Scope

api = APIBlueprint("agent_help", __name__, url_prefix="/api", abp_tags=[Tag(name="Conversations")])
WRITE = Scope.CONVERSATIONS_WRITE


@api.post("/conversations/<uuid:id>/summary", responses={200: SummaryShown, 404: None})
@signed_in(scope=WRITE)
def summarize(path: ById) -> dict[str, Any]:
    """What happened so far: in a model's words where there is one, else copied."""
    return shown(SummaryShown, agent_help.summary(principal().organization.id, path.id))


@api.post("/conversations/<uuid:id>/suggested-reply", responses={200: SuggestionShown, 404: None})
@signed_in(scope=WRITE)
def suggest_reply(path: ById, body: SuggestionWanted) -> dict[str, Any]:
    """What might be answered, every sentence with its source."""
    found = agent_help.suggested_reply(principal().organization.id, path.id, body.text.strip())
    return shown(SuggestionShown, found)


@api.post("/conversations/<uuid:id>/article", responses={201: ArticleShown, 404: None})
@signed_in(scope=WRITE)
def propose_article(path: ById, body: ArticleGiven) -> tuple[dict[str, Any], int]:
    """Propose an answer as a help article; somebody in charge publishes or rejects it."""
    made = article_drafts.propose(principal().actor(), path.id, body.model_dump())
    return shown(ArticleShown, made), 201
