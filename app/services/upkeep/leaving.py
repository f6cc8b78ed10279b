"""An organization leaves: closed at once, then removed row by row, whatever dies meanwhile (T8).

`organization_removals` is the job. Every step of it may be done again: rows are deleted in small
parts, children first; the row of the organization itself comes last, and nothing new can be written
once it is gone. What another worker had in its hands just then may still reach the stores, so these
are emptied a second time when every lease has ended.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import structlog
from flask import current_app
from sqlalchemy import ColumnElement, FromClause, delete, or_, select, tuple_, update
from sqlalchemy.exc import IntegrityError

from app.adapters import adapters
from app.errors import Forbidden, Invalid, ProviderError
from app.extensions import db
from app.models import (
    ApiKey,
    Asking,
    EmbeddingMove,
    Organization,
    OrganizationRemoval,
    OutboxMessage,
    Removal,
    Sitemap,
    Turn,
    User,
    new_widget_key,
    now,
)
from app.services.actors import Role
from app.services.holds import Hold, Superseded
from app.services.log import telling
from app.services.log.telling import Hint
from app.services.mail import mail
from app.services.people import organizations, sessions
from app.services.people.passwords import password_matches
from app.services.search import lexical
from app.services.secret_tokens import new_secret
from app.services.work import back_off, claim, wake_after_commit

log = structlog.get_logger(__name__)
JOB = "remove_organization"
AT_ONCE = 500
SIGNED_IN_WITHIN = timedelta(minutes=10)
OWNER_ALONE = "Only the owner can delete the organization."
OTHER_NAME = "This is not the organization’s name."
WRONG_PASSWORD = "This is not your password."
SIGN_IN_AGAIN = "Please sign out, sign in with Google again, and come back within ten minutes."
KEPT_TO_THE_END = {"organizations", "organization_removals"}
# What would go on working: nothing of it is worth finishing.
WORK: tuple[Any, ...] = (Turn, EmbeddingMove, Asking, Sitemap, OutboxMessage, ApiKey)


def remove(owner: User, name: str, password: str, signed_in_at: datetime) -> None:
    """Close it at once, and have everything of it removed."""
    _check(owner, name, password, signed_in_at)
    organizations.lock(owner.organization_id)
    organization = db.session.get_one(Organization, owner.organization_id, populate_existing=True)
    if is_leaving(organization.id):
        return
    removal = OrganizationRemoval(
        organization_id=organization.id,
        recipient=owner.email,
        recipient_name=owner.name,
        organization_name=organization.name,
    )
    db.session.add(removal)
    db.session.flush()
    _close(organization)
    wake_after_commit(JOB, removal.id)
    db.session.commit()
    log.warning("organization_closed", organization_id=str(removal.organization_id))
    _hang_up(removal.organization_id)


def is_leaving(organization_id: UUID) -> bool:
    removal = OrganizationRemoval
    query = select(removal.id).where(removal.organization_id == organization_id)
    return db.session.scalar(query) is not None


def ready() -> ColumnElement[bool]:
    """Every removal that is there still has to be done."""
    return OrganizationRemoval.id.is_not(None)


def go_on(removal_id: UUID) -> None:
    """Remove what there is; once more for the stores when nobody can hold anything any longer."""
    row = claim(OrganizationRemoval, removal_id, ready())
    if row is None:
        return
    hold, is_last = Hold(row), row.rows_gone_at is not None
    try:
        if not is_last:
            _remove_rows(hold)
        _empty_stores(hold)
        if is_last:
            _end(hold)
        else:
            hold.release(due_at=_when_all_leases_have_ended())
    except (ProviderError, IntegrityError) as error:
        # Somebody wrote a row while we removed: with the next round that goes too.
        db.session.rollback()
        log.warning("organization_removal_waits", reason=str(error)[:300])
        with suppress(Superseded):
            hold.release(due_at=back_off(hold.tries))
    except Superseded:
        db.session.rollback()


def _check(owner: User, name: str, password: str, signed_in_at: datetime) -> None:
    if owner.role is not Role.OWNER:
        raise Forbidden(OWNER_ALONE)
    if " ".join(name.split()) != " ".join(owner.organization.name.split()):
        raise Invalid(OTHER_NAME, fields={"name": OTHER_NAME})
    if owner.has_password:
        if not password_matches(password, owner.password_hash):
            wrong = {"password": WRONG_PASSWORD}
            raise Invalid(WRONG_PASSWORD, code="bad_credentials", fields=wrong)
    elif now() - signed_in_at > SIGNED_IN_WITHIN:
        raise Forbidden(SIGN_IN_AGAIN, code="sign_in_again")


def _close(organization: Organization) -> None:
    """Nobody comes in any more, by whatever door; inside the caller's transaction."""
    organization.widget_key = new_widget_key()
    organization.slug = f"gone-{new_secret()[:24].lower()}"
    organization.allowed_domains = []
    organization.identity_secret = organization.model_key = None
    people = select(User.id).where(User.organization_id == organization.id)
    for user_id in db.session.scalars(people).all():
        sessions.end_sessions_of(user_id, "the organization was deleted")
    whose = User.organization_id == organization.id
    db.session.execute(update(User).where(whose).values(active=False))
    for table in WORK:
        db.session.execute(delete(table).where(table.organization_id == organization.id))


def _hang_up(organization_id: UUID) -> None:
    """Every visitor's socket, on every worker; the team's end with their sessions."""
    subject = telling.everybody_of(organization_id)
    telling.at_once(organization_id, subject, None, Hint.GONE)


def _remove_rows(hold: Hold) -> None:
    """Children first, in parts: on SQLite nobody else can write while we do."""
    gone: dict[str, int] = {}
    for table in reversed(db.metadata.sorted_tables):
        whose = _whose(table, hold.organization_id)
        if whose is None or table.name in KEPT_TO_THE_END:
            continue
        while count := _remove_part(hold, table, whose):
            gone[table.name] = gone.get(table.name, 0) + count
    _tell_owner(hold)
    hold.check(rows_gone_at=now(), recipient="", recipient_name="", organization_name="")
    lexical.drop(hold.organization_id)
    db.session.execute(delete(Organization).where(Organization.id == hold.organization_id))
    db.session.commit()
    _hang_up(hold.organization_id)
    log.warning("organization_rows_gone", organization_id=str(hold.organization_id), rows=gone)


def _whose(table: FromClause, organization_id: UUID) -> ColumnElement[bool] | None:
    """What makes a row the organization's: its own column, or whom it belongs to; None if nobody.

    Asked of the tables themselves, so that one which is added later is not forgotten.
    """
    if "organization_id" in table.c:
        return table.c.organization_id == organization_id
    ways = []
    for key in table.foreign_keys:
        above = key.column.table
        whose = None if above is table else _whose(above, organization_id)
        if whose is not None:
            ways.append(key.parent.in_(select(key.column).where(whose)))
    return or_(*ways) if ways else None


def _remove_part(hold: Hold, table: Any, whose: ColumnElement[bool]) -> int:
    keys = list(table.primary_key)
    part = select(*keys).where(whose).limit(AT_ONCE)
    key = keys[0] if len(keys) == 1 else tuple_(*keys)
    hold.check()
    done: Any = db.session.execute(delete(table).where(key.in_(part)))
    db.session.commit()
    return int(done.rowcount)


def _tell_owner(hold: Hold) -> None:
    """The last mail belongs to no organization, and is all that is left."""
    row = db.session.get_one(OrganizationRemoval, hold.id)
    facts = {"name": row.recipient_name, "organization": row.organization_name}
    facts["public_url"] = current_app.config["FRONTDESK"].public_url
    mail.post("organization_removed", row.recipient, facts, organization_id=None)


def _empty_stores(hold: Hold) -> None:
    # The stores may be slow; nobody is to wait for our connection to the database meanwhile.
    hold.note()
    adapters.vector_store.drop(hold.organization_id)
    for key in adapters.file_storage.keys(hold.organization_id):
        adapters.file_storage.remove(key)


def _when_all_leases_have_ended() -> datetime:
    lease: timedelta = current_app.config["FRONTDESK"].job_lease
    return now() + 2 * lease


def _end(hold: Hold) -> None:
    hold.check()
    whose = Removal.organization_id == hold.organization_id
    db.session.execute(delete(Removal).where(whose))
    db.session.execute(delete(OrganizationRemoval).where(OrganizationRemoval.id == hold.id))
    db.session.commit()
    log.warning("organization_removed", organization_id=str(hold.organization_id))
