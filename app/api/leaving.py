"""Deleting one's organization."""

from __future__ import annotations

from flask import Response
from flask_openapi3 import APIBlueprint, Tag

from app.api.access import signed_in
from app.api.schemas.leaving import OrganizationRemovalGiven
from app.edge.asking import principal
from app.edge.cookies import forget
from app.edge.limits import SIGN_IN_PER_ADDRESS
from app.errors import Forbidden
from app.extensions import limiter
from app.services.actors import Role
from app.services.upkeep import leaving

api = APIBlueprint("leaving", __name__, url_prefix="/api", abp_tags=[Tag(name="Organization")])


@api.post("/organization/removal", responses={204: None})
@signed_in(Role.OWNER)
@limiter.limit(SIGN_IN_PER_ADDRESS)
def remove_organization(body: OrganizationRemovalGiven) -> tuple[Response, int]:
    """Close it at once and delete everything that is in it. There is no way back."""
    asking = principal()
    if asking.session is None:
        raise Forbidden
    leaving.remove(asking.user, body.name, body.password, asking.session.created_at)
    return forget(Response()), 204
