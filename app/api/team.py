"""The people of an organization, and the invitations that are open."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask_openapi3 import APIBlueprint, Tag

from app.api.access import signed_in
from app.api.schemas.common import ById, shown
from app.api.schemas.people import (
    InvitationGiven,
    InvitationList,
    InvitationShown,
    MemberChange,
    PersonShown,
    PictureForm,
    Team,
    UserShown,
)
from app.edge.asking import principal
from app.edge.limits import MAIL_PER_ADDRESS
from app.errors import Forbidden
from app.extensions import limiter
from app.services.actors import Role
from app.services.people import invitations
from app.services.people.api_keys import Scope
from app.services.team import notifications, pictures, team

if TYPE_CHECKING:
    from app.models import User

api = APIBlueprint("team", __name__, url_prefix="/api", abp_tags=[Tag(name="Team")])


@api.get("/team", responses={200: Team})
@signed_in(scope=Scope.TEAM_READ)
def list_team() -> dict[str, Any]:
    """Everybody in the organization."""
    return shown(Team, {"items": team.list_team(principal().organization.id)})


@api.get("/users/<uuid:id>", responses={200: PersonShown, 404: None})
@signed_in(scope=Scope.TEAM_READ)
def get_user(path: ById) -> dict[str, Any]:
    """One person of the organization."""
    return _person(team.get_member(principal().organization.id, path.id))


@api.patch("/users/<uuid:id>", responses={200: PersonShown, 404: None, 409: None})
@signed_in(scope=Scope.TEAM_WRITE)
def change_user(path: ById, body: MemberChange) -> dict[str, Any]:
    """Change oneself; or, as an admin, a colleague, with role and access."""
    changes = body.model_dump(exclude_unset=True, exclude_none=True)
    if body.notifications is not None:
        # Nothing stands for no quiet hours.
        changes["notifications"] = body.notifications.model_dump(exclude_unset=True)
    return _person(team.change_member(principal().actor(), path.id, changes))


@api.post("/users/<uuid:id>/sign-out", responses={204: None, 404: None})
@signed_in(Role.ADMIN, scope=Scope.TEAM_WRITE)
def sign_out_user(path: ById) -> tuple[str, int]:
    """End every session of a colleague."""
    team.sign_out_member(principal().actor(), path.id)
    return "", 204


@api.put("/users/<uuid:id>/picture", responses={200: UserShown, 404: None})
@signed_in()
def set_picture(path: ById, form: PictureForm) -> dict[str, Any]:
    """Set one's own picture: PNG, JPEG or WebP, at most 256 KB."""
    asking = principal()
    _refuse_others(path)
    content = form.picture.stream.read(pictures.MOST_BYTES + 1)
    return shown(UserShown, pictures.set_picture(asking.user, content))


@api.delete("/users/<uuid:id>/picture", responses={200: UserShown, 404: None})
@signed_in()
def remove_picture(path: ById) -> dict[str, Any]:
    """Go back to initials."""
    asking = principal()
    _refuse_others(path)
    return shown(UserShown, pictures.remove_picture(asking.user))


@api.get("/invites", responses={200: InvitationList})
@signed_in(Role.ADMIN, scope=Scope.TEAM_READ)
def list_invites() -> dict[str, Any]:
    """The invitations that have not been answered."""
    found = invitations.list_invitations(principal().organization.id)
    return shown(InvitationList, {"items": found})


@api.post("/invites", responses={201: InvitationShown, 409: None})
@signed_in(Role.ADMIN, scope=Scope.TEAM_WRITE)
@limiter.limit(MAIL_PER_ADDRESS)
def invite(body: InvitationGiven) -> tuple[dict[str, Any], int]:
    """Invite somebody by mail."""
    made = invitations.invite(principal().actor(), body.email, body.role)
    return shown(InvitationShown, made), 201


@api.post("/invites/<uuid:id>/resend", responses={201: InvitationShown, 404: None, 409: None})
@signed_in(Role.ADMIN, scope=Scope.TEAM_WRITE)
@limiter.limit(MAIL_PER_ADDRESS)
def resend_invite(path: ById) -> tuple[dict[str, Any], int]:
    """Send an invitation again, with a fresh link in place of the old one."""
    return shown(InvitationShown, invitations.send_again(principal().actor(), path.id)), 201


@api.delete("/invites/<uuid:id>", responses={204: None, 404: None})
@signed_in(Role.ADMIN, scope=Scope.TEAM_WRITE)
def withdraw_invite(path: ById) -> tuple[str, int]:
    """Withdraw an invitation; its link stops working."""
    invitations.withdraw(principal().actor(), path.id)
    return "", 204


def _person(user: User) -> dict[str, Any]:
    """What somebody wants to be told of is nobody else's business."""
    own = user.id == principal().user.id
    wishes = notifications.wishes_of(user).to_json() if own else None
    facts = shown(UserShown, user) | {"notifications": wishes}
    return shown(PersonShown, facts)


def _refuse_others(path: ById) -> None:
    asking = principal()
    member = team.get_member(asking.organization.id, path.id)
    if member.id != asking.user.id:
        raise Forbidden("Everybody chooses their own picture.")
