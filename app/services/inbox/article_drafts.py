"""From a reply to knowledge: an agent proposes an article, somebody in charge decides."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import func, select, update

from app.errors import Conflict, NotFound
from app.extensions import db
from app.models import ArticleDraft, ArticleStatus, now
from app.services import audit
from app.services.actors import Actor
from app.services.knowledge import submissions
from app.services.knowledge.submissions import Label
from app.services.paging import Page, page_of
from app.services.states import get_state

__all__ = ["ArticleStatus"]
NOT_THERE = "There is no draft by this id."
DECIDED = "This draft has been decided already."


def propose(actor: Actor, conversation_id: UUID, given: dict[str, str]) -> ArticleDraft:
    """Nothing of it is known to the assistant until it is published."""
    state = get_state(actor.organization_id, conversation_id)
    draft = ArticleDraft(
        organization_id=actor.organization_id,
        conversation_id=state.id,
        title=given["title"] or given["question"][:200],
        question=given["question"],
        answer=given["answer"],
        category=given["category"],
        made_by=actor.name[:120],
    )
    db.session.add(draft)
    db.session.commit()
    return draft


def list_drafts(
    organization_id: UUID, status: ArticleStatus | None, cursor: str | None, limit: int
) -> Page[ArticleDraft]:
    """The newest first."""
    query = select(ArticleDraft).where(ArticleDraft.organization_id == organization_id)
    if status is not None:
        query = query.where(ArticleDraft.status == status)
    return page_of(query, ArticleDraft.id, cursor, limit)


def count_waiting(organization_id: UUID) -> int:
    query = select(func.count()).where(
        ArticleDraft.organization_id == organization_id, ArticleDraft.status == ArticleStatus.OPEN
    )
    return db.session.scalar(query) or 0


def get_draft(organization_id: UUID, draft_id: UUID) -> ArticleDraft:
    draft = db.session.get(ArticleDraft, draft_id)
    if draft is None or draft.organization_id != organization_id:
        raise NotFound(NOT_THERE)
    return draft


def change_draft(actor: Actor, draft_id: UUID, changes: dict[str, Any]) -> ArticleDraft:
    draft = _open_draft(actor, draft_id)
    for name, value in changes.items():
        setattr(draft, name, value)
    db.session.commit()
    return draft


def publish(actor: Actor, draft_id: UUID, changes: dict[str, Any]) -> ArticleDraft:
    """The assistant learns it like any other text. Where this dies in between, publishing again
    finds the text that is known already, and not a second one."""
    draft = change_draft(actor, draft_id, changes)
    label = Label(title=draft.title, category=draft.category)
    taken = submissions.add_text(actor, f"## {draft.question}\n\n{draft.answer}\n", label)
    draft = get_draft(actor.organization_id, draft_id)
    draft.document_id = taken.document.id
    return _decide(actor, draft, ArticleStatus.PUBLISHED, "published")


def reject(actor: Actor, draft_id: UUID) -> ArticleDraft:
    """It stays to be read, and is never learned."""
    draft = _open_draft(actor, draft_id)
    # Somebody may have published it since it was looked at: then it is known, and stays so.
    still_open = (
        update(ArticleDraft)
        .where(ArticleDraft.id == draft.id, ArticleDraft.status == ArticleStatus.OPEN)
        .values(status=ArticleStatus.REJECTED)
        .returning(ArticleDraft.id)
    )
    if db.session.scalar(still_open) is None:
        db.session.rollback()
        raise Conflict(DECIDED, code="decided")
    return _decide(actor, draft, ArticleStatus.REJECTED, "rejected")


def _open_draft(actor: Actor, draft_id: UUID) -> ArticleDraft:
    draft = get_draft(actor.organization_id, draft_id)
    if draft.status is not ArticleStatus.OPEN:
        raise Conflict(DECIDED, code="decided")
    return draft


def _decide(actor: Actor, draft: ArticleDraft, status: ArticleStatus, verb: str) -> ArticleDraft:
    draft.status = status
    draft.decided_by, draft.decided_at = actor.name[:120], now()
    audit.record(
        actor,
        f"article.{verb}",
        f"{actor.name} {verb} the article “{draft.title[:80]}”",
        target=str(draft.id),
    )
    db.session.commit()
    return draft
