"""Passwords: any length and script that a person can type, or a clear refusal."""

from __future__ import annotations

import base64
import hashlib
import unicodedata
from functools import cache

import bcrypt
from flask import current_app

from app.adapters.native_work import run_natively
from app.errors import Invalid

MIN_CHARACTERS = 8
MAX_CHARACTERS = 1_024


def refuse_weak_password(password: str, email: str = "", field: str = "password") -> None:
    """Raise Invalid with a sentence that says what would be accepted."""
    if len(password) < MIN_CHARACTERS:
        problem = f"Please use at least {MIN_CHARACTERS} characters."
    elif len(password) > MAX_CHARACTERS:
        problem = f"Please use at most {MAX_CHARACTERS} characters."
    elif len(set(password)) < 2:
        problem = "Please use more than one character."
    elif email and password.casefold() == email.casefold():
        problem = "Please use something other than your e-mail address."
    elif any(0xD800 <= ord(character) <= 0xDFFF for character in password):
        problem = "This contains a broken character. Please type it again."
    else:
        return
    raise Invalid(problem, fields={field: problem})


def hash_password(password: str) -> str:
    """The hash to keep. Takes a noticeable part of a second, on purpose."""
    rounds = current_app.config["FRONTDESK"].bcrypt_rounds
    hashed = run_natively(bcrypt.hashpw, _digest(password), bcrypt.gensalt(rounds))
    return hashed.decode()


def password_matches(password: str, hashed: str | None) -> bool:
    """Takes as long for somebody who does not exist as for somebody who does."""
    known = hashed or _hash_of_nobody(current_app.config["FRONTDESK"].bcrypt_rounds)
    matches = run_natively(bcrypt.checkpw, _digest(password), known.encode())
    return matches and hashed is not None


def _digest(password: str) -> bytes:
    """Bring any length under bcrypt's 72 bytes, and one spelling of accents to another's.

    The digest is in base64 because bcrypt stops at a zero byte.
    """
    normal = unicodedata.normalize("NFC", password)
    return base64.b64encode(hashlib.sha256(normal.encode("utf-8", "surrogatepass")).digest())


@cache
def _hash_of_nobody(rounds: int) -> str:
    return bcrypt.hashpw(b"nobody", bcrypt.gensalt(rounds)).decode()
