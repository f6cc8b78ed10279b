"""Is it up? Cheap for load balancers, in detail for operators."""

from __future__ import annotations

from typing import Any

from flask import Response, jsonify
from flask_openapi3 import APIBlueprint, Tag
from pydantic import Field

from app.api.access import anyone
from app.api.schemas.common import Shown
from app.edge.asking import identify
from app.edge.locality import is_local
from app.errors import Forbidden
from app.extensions import limiter
from app.services.actors import Role
from app.services.upkeep.health import examine

api = APIBlueprint("health", __name__, abp_tags=[Tag(name="Health")])


class Alive(Shown):
    status: str


class PartShown(Shown):
    ok: bool
    detail: str
    milliseconds: float
    figures: dict[str, int] = Field({})


class Detailed(Shown):
    status: str
    parts: dict[str, PartShown]


@api.get("/health", responses={200: Alive})
@anyone
@limiter.exempt
def alive() -> dict[str, str]:
    """The process answers. Asks nobody else."""
    return {"status": "ok"}


@api.get("/health/detailed", responses={200: Detailed, 403: None, 503: Detailed})
@anyone
def detailed() -> tuple[Response, int]:
    """Every part that we depend on. From this machine, or for an admin."""
    _refuse_strangers()
    parts = examine()
    healthy = all(part.ok for part in parts.values())
    body: dict[str, Any] = {"status": "ok" if healthy else "degraded", "parts": parts}
    shown = Detailed.model_validate(body).model_dump(mode="json")
    return jsonify(shown), 200 if healthy else 503


def _refuse_strangers() -> None:
    if is_local():
        return
    asking = identify()
    if asking is None or not asking.may(Role.ADMIN, None):
        raise Forbidden("Ask from the machine itself, or as an admin.")
