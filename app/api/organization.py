"""The organization's own settings and keys."""

from __future__ import annotations

from typing import Any

from flask_openapi3 import APIBlueprint, Tag

from app.api.access import signed_in
from app.api.schemas.common import ById, shown
from app.api.schemas.keys import KeyGiven, KeyList, KeyMade, KeyShown
from app.api.schemas.people import OrganizationChange, OrganizationShown, SecretShown
from app.edge.asking import principal
from app.services.actors import Role
from app.services.people import api_keys, organizations
from app.services.people.api_keys import Scope

api = APIBlueprint("organization", __name__, url_prefix="/api", abp_tags=[Tag(name="Organization")])


@api.get("/organization", responses={200: OrganizationShown})
@signed_in(scope=Scope.ORGANIZATION_READ)
def get_organization() -> dict[str, Any]:
    """One's own organization."""
    return shown(OrganizationShown, principal().organization)


@api.patch("/organization", responses={200: OrganizationShown})
@signed_in(Role.ADMIN, scope=Scope.ORGANIZATION_WRITE)
def change_organization(body: OrganizationChange) -> dict[str, Any]:
    """Change its name, time zone, or the domains that may show its widget."""
    changes = body.model_dump(exclude_unset=True, exclude_none=True)
    changed = organizations.change_organization(principal().actor(), changes)
    return shown(OrganizationShown, changed)


@api.post("/organization/widget-key", responses={200: OrganizationShown})
@signed_in(Role.ADMIN)
def rotate_widget_key() -> dict[str, Any]:
    """Replace the public widget key. The old one stops working at once."""
    return shown(OrganizationShown, organizations.rotate_widget_key(principal().actor()))


@api.post("/organization/identity-secret", responses={200: SecretShown})
@signed_in(Role.ADMIN)
def rotate_identity_secret() -> dict[str, Any]:
    """Make the secret that visitors' identities are signed with. Shown this once."""
    secret = organizations.rotate_identity_secret(principal().actor())
    return shown(SecretShown, {"secret": secret})


@api.get("/api-keys", responses={200: KeyList})
@signed_in(Role.ADMIN)
def list_keys() -> dict[str, Any]:
    """The secret keys that programs use."""
    return shown(KeyList, {"items": api_keys.list_keys(principal().organization.id)})


@api.post("/api-keys", responses={201: KeyMade, 409: None})
@signed_in(Role.ADMIN)
def make_key(body: KeyGiven) -> tuple[dict[str, Any], int]:
    """Make a key. Its secret is shown this once."""
    key, secret = api_keys.make_key(
        principal().actor(), body.name, body.scopes, body.expires_in_days
    )
    return shown(KeyShown, key) | {"secret": secret}, 201


@api.delete("/api-keys/<uuid:id>", responses={204: None, 404: None})
@signed_in(Role.ADMIN)
def revoke_key(path: ById) -> tuple[str, int]:
    """Revoke a key; programs that use it are refused at once."""
    api_keys.revoke_key(principal().actor(), path.id)
    return "", 204
