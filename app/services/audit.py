"""The log of every change to people, keys and settings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.extensions import db
from app.models import AuditEntry
from app.services.actors import Actor
from app.services.paging import Page, page_of


def record(
    actor: Actor,
    action: str,
    summary: str,
    *,
    target: str = "",
    changes: Mapping[str, Any] | None = None,
) -> None:
    """Add an entry to the caller's transaction: no change without its trace, and the reverse."""
    db.session.add(
        AuditEntry(
            organization_id=actor.organization_id,
            actor_id=actor.user_id,
            actor_name=actor.name[:120],
            actor_kind=actor.kind.value,
            action=action,
            summary=summary[:400],
            target=target[:254],
            changes=dict(changes or {}),
            ip_address=actor.ip_address,
            request_id=actor.request_id,
        )
    )


def list_entries(organization_id: UUID, cursor: str | None, limit: int) -> Page[AuditEntry]:
    """The organization's entries, newest first."""
    query = select(AuditEntry).where(AuditEntry.organization_id == organization_id)
    return page_of(query, AuditEntry.id, cursor, limit)
