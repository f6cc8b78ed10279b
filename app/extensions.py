"""The extensions, made once and bound to an app by create_app."""

from __future__ import annotations

from ipaddress import IPv6Network, ip_address

from flask import request
from flask_compress import Compress
from flask_jwt_extended import JWTManager
from flask_limiter import Limiter
from flask_migrate import Migrate
from flask_sock import Sock
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import MetaData
from sqlalchemy.orm import DeclarativeBase

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
    """By what a caller is counted: the address, or of an IPv6 address the network it is in.

    A single customer is given 2⁶⁴ addresses of that kind, and could use a fresh one each time.
    """
    try:
        address = ip_address(request.remote_addr or "")
    except ValueError:
        return "unknown"
    plain = getattr(address, "ipv4_mapped", None) or address
    return str(plain) if plain.version == 4 else str(IPv6Network((int(plain), 64), strict=False))


db = SQLAlchemy(model_class=Base)
migrate = Migrate(render_as_batch=True, compare_type=True)
jwt = JWTManager()
limiter = Limiter(key_func=caller_network)
compress = Compress()
sock = Sock()
vault = Vault()
