"""Secret keys for programs."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select, update

from app.errors import Conflict, NotFound, NotSignedIn
from app.extensions import db
from app.models import SCOPE_DESCRIPTIONS, ApiKey, Scope, now
from app.services import audit
from app.services.actors import Actor
from app.services.paging import all_of
from app.services.secret_tokens import hash_of, new_secret, same_hash

__all__ = [
    "MARK",
    "SCOPE_DESCRIPTIONS",
    "Scope",
    "list_keys",
    "make_key",
    "open_with",
    "revoke_key",
    "revoke_keys_of",
]
MARK = "fd_sk_"
MOST_KEYS = 50
SEEN_EVERY = timedelta(seconds=60)


def make_key(
    actor: Actor, name: str, scopes: Sequence[Scope], expires_in_days: int | None
) -> tuple[ApiKey, str]:
    """The key and its secret, which is shown this once and kept as a hash only."""
    if len(list_keys(actor.organization_id)) >= MOST_KEYS:
        raise Conflict(f"There are {MOST_KEYS} keys already. Revoke one that is not used.")
    prefix = f"{MARK}{secrets.token_hex(5)}"
    secret = f"{prefix}_{new_secret()}"
    key = ApiKey(
        organization_id=actor.organization_id,
        user_id=actor.user_id,
        name=name,
        prefix=prefix,
        secret_hash=hash_of(secret),
        scopes=[scope.value for scope in dict.fromkeys(scopes)],
        expires_at=now() + timedelta(days=expires_in_days) if expires_in_days else None,
    )
    db.session.add(key)
    audit.record(
        actor,
        "api_key.created",
        f"{actor.name} made the API key “{name}”",
        target=prefix,
        changes={"scopes": key.scopes},
    )
    db.session.commit()
    return key, secret


def list_keys(organization_id: UUID) -> list[ApiKey]:
    """The keys that have not been revoked, the newest first."""
    return all_of(
        select(ApiKey)
        .where(ApiKey.organization_id == organization_id, ApiKey.revoked_at.is_(None))
        .order_by(ApiKey.id.desc())
    )


def revoke_key(actor: Actor, key_id: UUID) -> None:
    key = db.session.get(ApiKey, key_id)
    if key is None or key.organization_id != actor.organization_id or key.revoked_at:
        raise NotFound("This key has been revoked already.")
    key.revoked_at = now()
    audit.record(
        actor,
        "api_key.revoked",
        f"{actor.name} revoked the API key “{key.name}”",
        target=key.prefix,
    )
    db.session.commit()


def revoke_keys_of(user_id: UUID) -> None:
    """Revoke what a person made, as part of the caller's change."""
    db.session.execute(
        update(ApiKey)
        .where(ApiKey.user_id == user_id, ApiKey.revoked_at.is_(None))
        .values(revoked_at=now())
    )


def open_with(secret: str) -> ApiKey:
    """The key that this secret belongs to, if it still opens anything."""
    prefix = secret[: len(MARK) + 10]
    key = db.session.scalars(select(ApiKey).where(ApiKey.prefix == prefix)).unique().one_or_none()
    if key is None or not same_hash(secret, key.secret_hash) or not key.is_good:
        raise NotSignedIn("This API key is not known, or no longer.", code="bad_api_key")
    if key.last_used_at is None or now() - key.last_used_at > SEEN_EVERY:
        key.last_used_at = now()
        db.session.commit()
    return key
