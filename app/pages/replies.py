"""The settings page of what is written or decided once: canned replies and macros."""

from __future__ import annotations

from flask import Blueprint, render_template

from app.edge.asking import principal
from app.pages.guards import require_person
from app.services.inbox import canned, macros, tags
from app.services.team import team

pages = Blueprint("reply_settings", __name__, url_prefix="/dashboard/settings")
pages.before_request(require_person)
# What each variable is called, and the fallback that is suggested with it.
VARIABLES = (
    ("contact.first_name", "Customer’s first name", "there"),
    ("contact.name", "Customer’s name", "there"),
    ("contact.email", "Customer’s e-mail", "your address"),
    ("agent.first_name", "Your first name", ""),
    ("agent.name", "Your name", ""),
    ("organization.name", "Your organization", ""),
    ("conversation.number", "Conversation number", ""),
)


@pages.get("/replies")
def replies() -> str:
    asking = principal()
    people = team.list_team(asking.organization.id)
    return render_template(
        "settings/replies.html",
        replies=canned.list_replies(asking.organization.id),
        macros=macros.list_macros(asking.organization.id),
        team=people,
        people={str(person.id): person.name or person.email for person in people},
        tags=tags.list_tags(asking.organization.id),
        variables=VARIABLES,
        examples=_examples(asking.user.name, asking.organization.name),
    )


def _examples(agent: str, organization: str) -> dict[str, str]:
    """What the preview puts in for a customer who has told who they are."""
    return {
        "contact.first_name": "Alex",
        "contact.name": "Alex Example",
        "contact.email": "alex@example.com",
        "agent.first_name": agent.split(maxsplit=1)[0] if agent.strip() else "",
        "agent.name": agent,
        "organization.name": organization,
        "conversation.number": "1042",
    }
