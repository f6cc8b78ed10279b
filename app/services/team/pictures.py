"""The small picture beside a person's name."""

from __future__ import annotations

import hashlib
from uuid import UUID

from sqlalchemy import select

from app.errors import Invalid, NotFound, TooLarge
from app.extensions import db
from app.models import Picture, User
from app.services.team.team import get_member

MOST_BYTES = 256 * 1024
SIGNATURES = {
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
}


def set_picture(user: User, content: bytes) -> User:
    """Keep the picture; what it is decided by its first bytes, not by its name."""
    if len(content) > MOST_BYTES:
        raise TooLarge(
            "Please choose a picture of at most 256 KB.", fields={"picture": "Too large"}
        )
    media_type = media_type_of(content)
    db.session.execute(select(User.id).where(User.id == user.id).with_for_update())
    picture = db.session.get(Picture, user.id) or Picture(user_id=user.id)
    picture.media_type, picture.content = media_type, content
    user.picture_version = hashlib.sha256(content).hexdigest()[:16]
    db.session.add(picture)
    db.session.commit()
    return user


def remove_picture(user: User) -> User:
    picture = db.session.get(Picture, user.id)
    if picture is not None:
        db.session.delete(picture)
    user.picture_version = None
    db.session.commit()
    return user


def picture_of(organization_id: UUID, user_id: UUID) -> Picture:
    """A colleague's picture; another organization's people have none."""
    get_member(organization_id, user_id)
    picture = db.session.get(Picture, user_id)
    if picture is None:
        raise NotFound
    return picture


def media_type_of(content: bytes) -> str:
    """What a picture is, by its first bytes; whatever else it may be is refused (U6)."""
    for signature, media_type in SIGNATURES.items():
        if content.startswith(signature):
            return media_type
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    message = "Please choose a PNG, JPEG or WebP picture."
    raise Invalid(message, fields={"picture": message})
