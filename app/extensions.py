"""The extensions, made once and bound to an app by create_app."""

from __future__ import annotations

from flask import request
from flask_compress import Compress
from flask_jwt_extended import JWTManager
from flask_limiter import Limiter
from flask_migrate import Migrate
from flask_sock import Sock
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import MetaData
from sqlalchemy.orm import DeclarativeBase

from app.addresses import network_of
from app.vault import Vault

# Named constraints can be altered by a migration on both databases.
NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """The root of every model."""

    metadata = MetaData(naming_convention=NAMING)


def caller_network() -> str:
    """By what whoever asks is counted, where nothing better is known of them."""
    return network_of(request.remote_addr or "")


db = SQLAlchemy(model_class=Base)
migrate = Migrate(render_as_batch=True, compare_type=True)
jwt = JWTManager()
limiter = Limiter(key_func=caller_network)
compress = Compress()
sock = Sock()
vault = Vault()
