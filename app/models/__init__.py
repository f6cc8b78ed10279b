"""The tables. Importing this package makes every one of them known."""

from app.models.api_keys import SCOPE_DESCRIPTIONS, ApiKey, Scope
from app.models.audit import AuditEntry
from app.models.base import now
from app.models.contacts import Contact
from app.models.documents import Document, DocumentStatus, SourceKind
from app.models.embedding_moves import EmbeddingMove
from app.models.evaluation import TestQuestion, TestRun
from app.models.invitations import Invitation
from app.models.links import LinkPurpose, MailedLink
from app.models.organizations import Organization, new_widget_key
from app.models.outbox import MailStatus, OutboxMessage
from app.models.passages import HEADING_MARK, Passage
from app.models.removals import Removal
from app.models.sessions import SignInSession
from app.models.users import Availability, Picture, Role, User

__all__ = [
    "HEADING_MARK",
    "SCOPE_DESCRIPTIONS",
    "ApiKey",
    "AuditEntry",
    "Availability",
    "Contact",
    "Document",
    "DocumentStatus",
    "EmbeddingMove",
    "Invitation",
    "LinkPurpose",
    "MailStatus",
    "MailedLink",
    "Organization",
    "OutboxMessage",
    "Passage",
    "Picture",
    "Removal",
    "Role",
    "Scope",
    "SignInSession",
    "SourceKind",
    "TestQuestion",
    "TestRun",
    "User",
    "new_widget_key",
    "now",
]
