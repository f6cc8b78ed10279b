"""Encryption at rest for the secrets that must be read back, such as keys of other services."""

from __future__ import annotations

import base64

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from flask import Flask


class SealedByAnotherKey(Exception):
    """The stored secret was sealed with a key that ENCRYPTION_KEY no longer holds."""


class Vault:
    """Seals with the first key of ENCRYPTION_KEY and opens with any of them.

    Several keys stand separated by commas: put a new one in front to rotate.
    """

    def __init__(self) -> None:
        self._fernet: MultiFernet | None = None

    def init_app(self, app: Flask, encryption_key: str) -> None:
        keys = [part.strip() for part in encryption_key.split(",") if part.strip()]
        self._fernet = MultiFernet([Fernet(_stretch(key)) for key in keys])
        app.extensions["vault"] = self

    def seal(self, plain: str) -> str:
        return self._ready().encrypt(plain.encode()).decode()

    def open(self, sealed: str) -> str:
        try:
            return self._ready().decrypt(sealed.encode()).decode()
        except InvalidToken as error:
            raise SealedByAnotherKey(
                "A stored secret cannot be opened: ENCRYPTION_KEY has changed."
            ) from error

    def _ready(self) -> MultiFernet:
        if self._fernet is None:
            raise RuntimeError("The vault is used before create_app has given it a key.")
        return self._fernet


def _stretch(key: str) -> bytes:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"frontdesk vault").derive(
        key.encode()
    )
    return base64.urlsafe_b64encode(derived)
