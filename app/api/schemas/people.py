"""Shapes of people, organizations and sign-ins."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from flask_openapi3 import FileStorage
from pydantic import Field

from app.api.schemas.common import Email, Given, Line, Listed, Name, Password, Shown, Token
from app.services.actors import Role
from app.services.team.notifications import Happening
from app.services.team.team import Availability

Clock = Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$", description="HH:MM")]


class NotificationsGiven(Given):
    """What is left out stays as it is. The hours are of the organization's time zone."""

    screen: list[Happening] | None = Field(None, description="What rings and shows in the inbox")
    mail: list[Happening] | None = Field(None, description="What is mailed while no inbox is open")
    quiet_from: Clock | None = Field(None, description="null: no quiet hours")
    quiet_until: Clock | None = None


class NotificationsShown(Shown):
    screen: list[Happening]
    mail: list[Happening]
    quiet_from: str | None
    quiet_until: str | None


class UserShown(Shown):
    id: UUID
    email: str
    name: str
    role: Role
    active: bool
    availability: Availability
    capacity: int = Field(description="How many conversations may be assigned at once")
    email_verified: bool
    has_password: bool
    picture_url: str | None
    created_at: datetime
    last_seen_at: datetime | None


class PersonShown(UserShown):
    notifications: NotificationsShown | None = Field(
        description="What one is told of, and how: one's own only"
    )


class OrganizationShown(Shown):
    id: UUID
    name: str
    slug: str
    widget_key: str
    allowed_domains: list[str]
    time_zone: str
    identity_secret_set: bool
    created_at: datetime


class OrganizationChange(Given):
    name: Name | None = None
    time_zone: str | None = Field(None, max_length=64)
    allowed_domains: list[str] | None = Field(None, max_length=100)


class SecretShown(Shown):
    secret: str = Field(description="Shown this once; only its hash or sealed form is kept")


class TransportChoice(Given):
    transport: Literal["cookie", "bearer"] = Field(
        "cookie", description="`bearer` puts the token pair into the answer instead of cookies"
    )


class Registration(TransportChoice):
    email: Email
    password: Password
    name: Name
    organization: Name


class Credentials(TransportChoice):
    email: Line = Field(max_length=320)
    password: Password


class SignedIn(Shown):
    user: UserShown
    organization: OrganizationShown
    access_token: str | None = None
    refresh_token: str | None = None


class Renewed(Shown):
    access_token: str | None = None
    refresh_token: str | None = None


class Me(Shown):
    user: UserShown
    organization: OrganizationShown
    session_id: UUID | None


class EmailGiven(Given):
    email: Line = Field(max_length=320)


class TokenGiven(Given):
    token: Token


class NewPassword(TokenGiven):
    password: Password


class PasswordChange(Given):
    current_password: Password = ""
    new_password: Password


class EmailShown(Shown):
    email: str


class SessionShown(Shown):
    id: UUID
    device: str
    ip_address: str
    created_at: datetime
    last_seen_at: datetime
    current: bool = False


class SessionList(Listed[SessionShown]):
    pass


class GoogleQuery(Given):
    next: str = Field("/dashboard", max_length=500)


class GoogleReturn(Shown):
    """Whatever a provider sends back; only these matter."""

    code: str | None = Field(None, max_length=2_000)
    state: str | None = Field(None, max_length=200)
    error: str | None = Field(None, max_length=200)


class MemberChange(Given):
    name: Name | None = None
    availability: Availability | None = None
    capacity: int | None = Field(None, ge=0, le=100, description="0: none are given out")
    role: Role | None = None
    active: bool | None = None
    notifications: NotificationsGiven | None = Field(None, description="One's own only")


class PictureForm(Given):
    picture: FileStorage


class Team(Listed[UserShown]):
    pass


class InvitationGiven(Given):
    email: Email
    role: Role = Role.AGENT


class InvitationShown(Shown):
    id: UUID
    email: str
    role: Role
    invited_by: str
    created_at: datetime
    expires_at: datetime
    expired: bool


class InvitationList(Listed[InvitationShown]):
    pass


class InvitationSeen(Shown):
    """What somebody sees who holds the link."""

    organization: str
    email: str
    role: Role
    invited_by: str
    expires_at: datetime


class Acceptance(TransportChoice):
    token: Token
    name: Name
    password: Password


class AuditActor(Shown):
    name: str
    kind: str


class AuditShown(Shown):
    id: UUID
    at: datetime
    actor: AuditActor
    action: str
    summary: str
    target: str
    changes: dict[str, Any]
    ip_address: str


class AuditPage(Listed[AuditShown]):
    pass


class MailShown(Shown):
    id: UUID
    subject: str
    recipient: str
    template: str
    status: str
    tries: int
    created_at: datetime
    sent_at: datetime | None
    last_error: str


class MailPage(Listed[MailShown]):
    pass
