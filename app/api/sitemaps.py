"""Sitemaps whose pages are being taken in: watching them, trying again, forgetting them."""

from __future__ import annotations

from typing import Any

from flask_openapi3 import APIBlueprint, Tag

from app.api.access import signed_in
from app.api.schemas.common import ById, shown
from app.api.schemas.sitemaps import SitemapList, SitemapShown
from app.edge.asking import principal
from app.services.actors import Role
from app.services.knowledge import sitemaps
from app.services.people.api_keys import Scope

api = APIBlueprint(
    "sitemaps", __name__, url_prefix="/api/sitemaps", abp_tags=[Tag(name="Knowledge")]
)


@api.get("", responses={200: SitemapList})
@signed_in(scope=Scope.DOCUMENTS_READ)
def list_sitemaps() -> dict[str, Any]:
    """Those under way and those whose outcome nobody has put aside, the newest first."""
    return shown(SitemapList, {"items": sitemaps.list_sitemaps(principal().organization.id)})


@api.post("/<uuid:id>/retry", responses={202: SitemapShown, 409: None})
@signed_in(Role.ADMIN, scope=Scope.DOCUMENTS_WRITE)
def retry_sitemap(path: ById) -> tuple[dict[str, Any], int]:
    """Go on from where it failed."""
    return shown(SitemapShown, sitemaps.retry(principal().actor(), path.id)), 202


@api.delete("/<uuid:id>", responses={204: None})
@signed_in(Role.ADMIN, scope=Scope.DOCUMENTS_WRITE)
def forget_sitemap(path: ById) -> tuple[str, int]:
    """Stop it and put it aside. The pages that were taken stay."""
    sitemaps.forget(principal().actor(), path.id)
    return "", 204
