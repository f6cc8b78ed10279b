"""Saved views: filters and an order under a name, one's own or everybody's."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select

from app.errors import Invalid, NotFound
from app.extensions import db
from app.models import SavedView
from app.services import audit
from app.services.actors import Actor
from app.services.inbox.lists import NOBODY, Filters, Pile, Priority, Sort, Speaker
from app.services.log import telling
from app.services.log.telling import Hint

MOST = 50
NO_VIEW = "There is no view by this id."
ME = "me"


@dataclass(frozen=True)
class View:
    """A saved view as one person sees it."""

    id: UUID
    name: str
    shared: bool
    mine: bool
    filters: dict[str, Any]
    sort: Sort


def list_views(organization_id: UUID, user_id: UUID) -> list[View]:
    """The shared ones and one's own, in the order of their names."""
    query = select(SavedView).where(_seen_by(organization_id, user_id))
    rows = db.session.scalars(query.order_by(func.lower(SavedView.name), SavedView.id)).all()
    return [_view(row, user_id) for row in rows]


def add(actor: Actor, name: str, filters: dict[str, Any], sort: Sort, *, shared: bool) -> View:
    """Keep it under this name."""
    user_id = _person(actor)
    _refuse_too_many(actor.organization_id, user_id)
    row = SavedView(
        organization_id=actor.organization_id,
        user_id=None if shared else user_id,
        name=name,
        filters=filters,
        sort=sort.value,
    )
    db.session.add(row)
    _commit(actor, "added", name, shared=shared)
    return _view(row, user_id)


def change(actor: Actor, view_id: UUID, changes: dict[str, Any]) -> View:
    """Change what was sent. Everybody may change what is shared; that is what it is for."""
    user_id = _person(actor)
    row = _find(actor.organization_id, user_id, view_id)
    was_shared = row.user_id is None
    if "name" in changes:
        row.name = changes["name"]
    if "filters" in changes:
        row.filters = changes["filters"]
    if "sort" in changes:
        row.sort = Sort(changes["sort"]).value
    if "shared" in changes:
        row.user_id = None if changes["shared"] else user_id
    _commit(actor, "changed", row.name, shared=was_shared or row.user_id is None)
    return _view(row, user_id)


def remove(actor: Actor, view_id: UUID) -> None:
    row = _find(actor.organization_id, _person(actor), view_id)
    db.session.delete(row)
    _commit(actor, "removed", row.name, shared=row.user_id is None)


def filters_of(said: dict[str, Any], user_id: UUID) -> Filters:
    """What a view keeps, as the list takes it. Read leniently: old rows must not break a page."""
    known = {field.name for field in fields(Filters)}
    plain = {key: value for key, value in said.items() if key in known and value is not None}
    plain.pop("mentioned", None)
    for name, kind in (("status", Pile), ("priority", Priority), ("speaker", Speaker)):
        if name in plain:
            plain[name] = kind(plain[name])
    if "contact_id" in plain:
        plain["contact_id"] = UUID(plain["contact_id"])
    if assignee := plain.get("assignee"):
        plain["assignee"] = (
            user_id if assignee == ME else NOBODY if assignee == NOBODY else UUID(assignee)
        )
    return Filters(
        **plain,
        mentioned=user_id if said.get("mentioned") else None,
        asked=str(said.get("q") or ""),
    )


def _seen_by(organization_id: UUID, user_id: UUID) -> ColumnElement[bool]:
    whose = or_(SavedView.user_id.is_(None), SavedView.user_id == user_id)
    return (SavedView.organization_id == organization_id) & whose


def _find(organization_id: UUID, user_id: UUID, view_id: UUID) -> SavedView:
    """A colleague's own does not exist for anybody else."""
    query = select(SavedView).where(SavedView.id == view_id, _seen_by(organization_id, user_id))
    row = db.session.scalars(query).one_or_none()
    if row is None:
        raise NotFound(NO_VIEW)
    return row


def _view(row: SavedView, user_id: UUID) -> View:
    return View(
        id=row.id,
        name=row.name,
        shared=row.user_id is None,
        mine=row.user_id == user_id,
        filters=row.filters,
        sort=Sort(row.sort),
    )


def _refuse_too_many(organization_id: UUID, user_id: UUID) -> None:
    query = select(func.count()).where(_seen_by(organization_id, user_id))
    if (db.session.scalar(query) or 0) >= MOST:
        raise Invalid(f"Please keep to {MOST} views; remove one that is not used.")


def _person(actor: Actor) -> UUID:
    if actor.user_id is None:
        raise NotFound(NO_VIEW)
    return actor.user_id


def _commit(actor: Actor, verb: str, name: str, *, shared: bool) -> None:
    """What is shared concerns everybody: it is recorded, and open inboxes read the views again."""
    if shared:
        audit.record(actor, f"view.{verb}", f"{actor.name} {verb} the shared view “{name}”")
    db.session.commit()
    if shared:
        telling.at_once(actor.organization_id, None, None, Hint.VIEWS)
