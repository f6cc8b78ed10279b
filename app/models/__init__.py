"""The tables. Importing this package makes every one of them known."""

from app.models.api_keys import SCOPE_DESCRIPTIONS, ApiKey, Scope
from app.models.article_drafts import ArticleDraft, ArticleStatus
from app.models.audit import AuditEntry
from app.models.base import now
from app.models.contacts import Contact
from app.models.conversations import (
    AuthorKind,
    Conversation,
    ConversationStatus,
    Counter,
    Deadline,
    Event,
    EventKind,
    Priority,
    Speaker,
)
from app.models.documents import Document, DocumentStatus, SourceKind
from app.models.embedding_moves import EmbeddingMove
from app.models.evaluation import Asking, AskingStatus, TestQuestion, TestRun
from app.models.inbox import (
    CannedReply,
    Draft,
    Macro,
    Mention,
    SavedView,
    Tagging,
    Viewing,
)
from app.models.installations import WidgetOrigin
from app.models.invitations import Invitation
from app.models.leaving import OrganizationRemoval
from app.models.links import LinkPurpose, MailedLink
from app.models.organizations import Logo, Organization, new_widget_key
from app.models.outbox import MailStatus, OutboxMessage
from app.models.passages import HEADING_MARK, Passage
from app.models.removals import Removal
from app.models.sessions import SignInSession
from app.models.sitemaps import Sitemap, SitemapStatus
from app.models.tickets import Ticket, TicketCategory, TicketStatus
from app.models.turns import CitedPassage, Spending, Turn, TurnStatus
from app.models.users import Availability, Picture, Role, User
from app.models.visitors import Attachment, Visitor

__all__ = [
    "HEADING_MARK",
    "SCOPE_DESCRIPTIONS",
    "ApiKey",
    "ArticleDraft",
    "ArticleStatus",
    "Asking",
    "AskingStatus",
    "Attachment",
    "AuditEntry",
    "AuthorKind",
    "Availability",
    "CannedReply",
    "CitedPassage",
    "Contact",
    "Conversation",
    "ConversationStatus",
    "Counter",
    "Deadline",
    "Document",
    "DocumentStatus",
    "Draft",
    "EmbeddingMove",
    "Event",
    "EventKind",
    "Invitation",
    "LinkPurpose",
    "Logo",
    "Macro",
    "MailStatus",
    "MailedLink",
    "Mention",
    "Organization",
    "OrganizationRemoval",
    "OutboxMessage",
    "Passage",
    "Picture",
    "Priority",
    "Removal",
    "Role",
    "SavedView",
    "Scope",
    "SignInSession",
    "Sitemap",
    "SitemapStatus",
    "SourceKind",
    "Speaker",
    "Spending",
    "Tagging",
    "TestQuestion",
    "TestRun",
    "Ticket",
    "TicketCategory",
    "TicketStatus",
    "Turn",
    "TurnStatus",
    "User",
    "Viewing",
    "Visitor",
    "WidgetOrigin",
    "new_widget_key",
    "now",
]
