"""The tables. Importing this package makes every one of them known."""

from app.models.api_keys import SCOPE_DESCRIPTIONS, ApiKey, Scope
from app.models.audit import AuditEntry
from app.models.base import now
from app.models.contacts import Contact
from app.models.documents import Document
from app.models.invitations import Invitation
from app.models.links import LinkPurpose, MailedLink
from app.models.organizations import Organization, new_widget_key
from app.models.outbox import MailStatus, OutboxMessage
from app.models.sessions import SignInSession
from app.models.users import Availability, Picture, Role, User

__all__ = [
    "SCOPE_DESCRIPTIONS",
    "ApiKey",
    "AuditEntry",
    "Availability",
    "Contact",
    "Document",
    "Invitation",
    "LinkPurpose",
    "MailStatus",
    "MailedLink",
    "Organization",
    "OutboxMessage",
    "Picture",
    "Role",
    "Scope",
    "SignInSession",
    "User",
    "new_widget_key",
    "now",
]
