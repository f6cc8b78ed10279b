"""Articles that wait for somebody in charge."""

from __future__ import annotations

from typing import Any

from flask_openapi3 import APIBlueprint, Tag

from app.api.access import signed_in
from app.api.schemas.agent_help import ArticleChange, ArticlePage, ArticleQuery, ArticleShown
from app.api.schemas.common import ById, shown
from app.edge.asking import principal
from app.services.actors import Role
from app.services.inbox import article_drafts
from app.services.people.api_keys import Scope

api = APIBlueprint("article_drafts", __name__, url_prefix="/api", abp_tags=[Tag(name="Knowledge")])
READ, WRITE = Scope.DOCUMENTS_READ, Scope.DOCUMENTS_WRITE


@api.get("/article-drafts", responses={200: ArticlePage})
@signed_in(scope=READ)
def list_drafts(query: ArticleQuery) -> dict[str, Any]:
    """Proposed articles, newest first."""
    page = article_drafts.list_drafts(
        principal().organization.id, query.status, query.cursor, query.limit
    )
    return shown(ArticlePage, page)


@api.get("/article-drafts/<uuid:id>", responses={200: ArticleShown, 404: None})
@signed_in(scope=READ)
def get_draft(path: ById) -> dict[str, Any]:
    """One of them."""
    return shown(ArticleShown, article_drafts.get_draft(principal().organization.id, path.id))


@api.patch("/article-drafts/<uuid:id>", responses={200: ArticleShown, 404: None, 409: None})
@signed_in(Role.ADMIN, scope=WRITE)
def change_draft(path: ById, body: ArticleChange) -> dict[str, Any]:
    """Change it before it is decided."""
    changed = article_drafts.change_draft(principal().actor(), path.id, _changes(body))
    return shown(ArticleShown, changed)


@api.post("/article-drafts/<uuid:id>/publish", responses={200: ArticleShown, 409: None})
@signed_in(Role.ADMIN, scope=WRITE)
def publish(path: ById, body: ArticleChange) -> dict[str, Any]:
    """Have the assistant learn it, with the last changes."""
    published = article_drafts.publish(principal().actor(), path.id, _changes(body))
    return shown(ArticleShown, published)


@api.post("/article-drafts/<uuid:id>/reject", responses={200: ArticleShown, 409: None})
@signed_in(Role.ADMIN, scope=WRITE)
def reject(path: ById) -> dict[str, Any]:
    """Turn it down."""
    return shown(ArticleShown, article_drafts.reject(principal().actor(), path.id))


def _changes(body: ArticleChange) -> dict[str, Any]:
    return body.model_dump(exclude_unset=True, exclude_none=True)
