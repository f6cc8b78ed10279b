"""Files that are sent along: taking them, and giving them to whoever may see them."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import timedelta
from typing import IO, Any
from uuid import UUID

import structlog
from sqlalchemy import ColumnElement, and_, func, select, update

from app.adapters import adapters
from app.errors import Conflict, NotFound, ProviderError, TooLarge, TooMany, Unavailable
from app.extensions import db
from app.models import Attachment, now
from app.services.log import erasing, threads
from app.services.log.attachment_kinds import SHOWN_INLINE, media_type_of
from app.services.log.visitors import Guest
from app.services.naming import bare_name

log = structlog.get_logger(__name__)
MOST_BYTES = 10 * 1024 * 1024
MOST_UNSENT = 10
# Whoever answers all day begins in many conversations, and changes their mind more often.
MOST_UNSENT_OF_TEAM = 50
UNSENT_KEPT = timedelta(days=1)
MOST_CLEANED = 50
NO_FILE = "There is no file by this id."
IS_GONE = "One of the files is no longer there. Please add it again."


def take(guest: Guest, name: str, source: IO[bytes]) -> Attachment:
    """Keep a file for a message that is about to be sent. Its place says nothing of its name."""
    return keep(guest.organization_id, name, source, visitor_id=guest.id)


def keep(
    organization_id: UUID,
    name: str,
    source: IO[bytes],
    *,
    visitor_id: UUID | None = None,
    user_id: UUID | None = None,
) -> Attachment:
    """The same for whoever it is that uploads."""
    content = source.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        message = f"Please send files of at most {MOST_BYTES // 1024**2} MB."
        raise TooLarge(message, fields={"file": message})
    name = bare_name(name)
    media_type = media_type_of(name, content)
    whose = Attachment.visitor_id == visitor_id if visitor_id else Attachment.user_id == user_id
    _refuse_hoards(whose, MOST_UNSENT if visitor_id else MOST_UNSENT_OF_TEAM)
    row = Attachment(
        organization_id=organization_id,
        visitor_id=visitor_id,
        user_id=user_id,
        name=name,
        media_type=media_type,
        size_bytes=len(content),
        storage_key=_kept(organization_id, content),
    )
    db.session.add(row)
    _forget_unsent(organization_id)
    db.session.commit()
    return row


def as_body(row: Attachment) -> dict[str, Any]:
    """What the line of the log says of it."""
    return {
        "id": str(row.id),
        "name": row.name,
        "size": row.size_bytes,
        "media_type": row.media_type,
    }


def for_visitor(guest: Guest, attachment_id: UUID) -> Attachment:
    """Of a conversation of their own, or just uploaded by themselves (T7)."""
    row = _find(guest.organization_id, attachment_id)
    if row.for_team:
        raise NotFound(NO_FILE)
    if row.conversation_id is not None:
        try:
            threads.theirs(guest, row.conversation_id)
        except NotFound as error:
            raise NotFound(NO_FILE) from error
    elif row.visitor_id != guest.id:
        raise NotFound(NO_FILE)
    return row


def for_team(organization_id: UUID, attachment_id: UUID, user_id: UUID | None = None) -> Attachment:
    """Of any conversation of the organization; what was not sent is its uploader's alone."""
    row = _find(organization_id, attachment_id)
    if row.conversation_id is None and (user_id is None or row.user_id != user_id):
        raise NotFound(NO_FILE)
    return row


def content_of(row: Attachment) -> bytes:
    """The file itself. Its storage may be slow: no connection is held meanwhile."""
    key = row.storage_key
    db.session.rollback()
    try:
        with adapters.file_storage.local_copy(key) as path:
            return path.read_bytes()
    except (OSError, ProviderError) as error:
        log.warning("attachment_not_read", reason=str(error))
        raise Unavailable("This file cannot be fetched just now.") from error


def is_shown_inline(media_type: str) -> bool:
    """Whether a browser may show it on the spot; everything else is saved."""
    return media_type in SHOWN_INLINE


def claimed_files(guest: Guest, target: UUID, attachments: Sequence[UUID]) -> list[dict[str, Any]]:
    """The visitor's own uploads that no message has taken yet (T2), for this message."""
    return claim(target, attachments, Attachment.visitor_id == guest.id)


def claim(
    conversation_id: UUID,
    ids: Sequence[UUID],
    own: ColumnElement[bool],
    *,
    for_team: bool = False,
) -> list[dict[str, Any]]:
    """Of two messages at once one gets a file; inside the caller's transaction."""
    claiming = (
        update(Attachment)
        .where(Attachment.id.in_(ids), own, Attachment.conversation_id.is_(None))
        .values(conversation_id=conversation_id, for_team=for_team)
        .returning(Attachment)
        .execution_options(synchronize_session=False, populate_existing=True)
    )
    taken = {row.id: row for row in db.session.scalars(claiming)}
    if len(taken) != len(set(ids)):
        raise Conflict(IS_GONE)
    return [as_body(taken[each]) for each in dict.fromkeys(ids)]


def _find(organization_id: UUID, attachment_id: UUID) -> Attachment:
    row = db.session.get(Attachment, attachment_id)
    if row is None or row.organization_id != organization_id:
        raise NotFound(NO_FILE)
    return row


def _refuse_hoards(whose: ColumnElement[bool], most: int) -> None:
    """Whoever uploads and never sends would have us keep files for nothing."""
    unsent = db.session.scalar(
        select(func.count())
        .select_from(Attachment)
        .where(whose, Attachment.conversation_id.is_(None))
    )
    if (unsent or 0) >= most:
        raise TooMany("Please send the files that you have added first.")


def _kept(organization_id: UUID, content: bytes) -> str:
    # Storing may take long; nobody is to wait for a connection to the database meanwhile.
    db.session.rollback()
    try:
        return adapters.file_storage.keep(organization_id, io.BytesIO(content))
    except ProviderError as error:
        log.warning("attachment_not_stored", reason=str(error))
        raise Unavailable("The file could not be stored just now. Please try again.") from error


def _forget_unsent(organization_id: UUID) -> None:
    """Every upload tidies up behind those who changed their minds a day ago."""
    left: ColumnElement[bool] = and_(
        Attachment.organization_id == organization_id,
        Attachment.conversation_id.is_(None),
        Attachment.created_at < now() - UNSENT_KEPT,
    )
    ids = db.session.scalars(select(Attachment.id).where(left).limit(MOST_CLEANED)).all()
    if ids:
        erasing.remove_files(Attachment.id.in_(ids))
