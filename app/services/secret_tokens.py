"""Secrets that we hand out once and recognise later by their hash."""

from __future__ import annotations

import hashlib
import secrets


def new_secret(size: int = 32) -> str:
    return secrets.token_urlsafe(size)


def hash_of(secret: str) -> str:
    """No salt and no stretching: these secrets are long and random already."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def same_hash(secret: str, known_hash: str) -> bool:
    return secrets.compare_digest(hash_of(secret), known_hash)
