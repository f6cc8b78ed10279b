"""What admins look up: who changed what, and what was mailed."""

from __future__ import annotations

from typing import Any

from flask_openapi3 import APIBlueprint, Tag

from app.api.access import signed_in
from app.api.schemas.common import PageQuery, shown
from app.api.schemas.people import AuditPage, MailPage
from app.edge.asking import principal
from app.services import audit
from app.services.actors import Role
from app.services.mail import mail
from app.services.people.api_keys import Scope

api = APIBlueprint("admin", __name__, url_prefix="/api/admin", abp_tags=[Tag(name="Admin")])


@api.get("/audit", responses={200: AuditPage})
@signed_in(Role.ADMIN, scope=Scope.AUDIT_READ)
def list_audit(query: PageQuery) -> dict[str, Any]:
    """Every change to people, keys and settings, newest first."""
    page = audit.list_entries(principal().organization.id, query.cursor, query.limit)
    return shown(AuditPage, page)


@api.get("/mail", responses={200: MailPage})
@signed_in(Role.ADMIN, scope=Scope.AUDIT_READ)
def list_mail(query: PageQuery) -> dict[str, Any]:
    """What was mailed, to whom, and what became of it; never what it said."""
    page = mail.mail_log(principal().organization.id, query.cursor, query.limit)
    return shown(MailPage, page)
