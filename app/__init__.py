"""Frontdesk: an AI front desk for any website."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask_openapi3 import OpenAPI

    from app.adapters import Adapters
    from config import Config


def create_app(config: Config | None = None, adapters: Adapters | None = None) -> OpenAPI:
    """An app of these settings and providers; of the environment's, where none are given.

    The parts are imported here and not above, since a process that reads a file imports this
    package too and needs none of them.
    """
    from app.composition import compose

    return compose(config, adapters)
