"""What lies ready on the demo's desk: replies to begin with, a macro, and two views for all."""

from __future__ import annotations

from typing import Any

from app.services.actors import Actor
from app.services.inbox import canned, macros, views
from app.services.inbox.lists import Sort

REPLIES: tuple[dict[str, str], ...] = (
    {
        "shortcut": "hello",
        "title": "Say who is writing",
        "text": "Hello {{contact.first_name|there}}, this is {{agent.first_name}} of "
        "{{organization.name}}. I am having a look at it now.",
    },
    {
        "shortcut": "order",
        "title": "Ask for the order number",
        "text": "Could you send me the number of your order, please? It stands at the top of the "
        "confirmation that we mailed to {{contact.email|you}}.",
    },
    {
        "shortcut": "return",
        "title": "How to send something back",
        "text": "You are welcome to send it back. Please write the number {{conversation.number}} "
        "on the parcel, so that we know at once what it is about.",
    },
    {
        "shortcut": "bye",
        "title": "Close with thanks",
        "text": "Thank you for writing to us, {{contact.first_name|and have a good day}}. If "
        "anything else comes up, just answer here.",
    },
)
VIEWS: tuple[tuple[str, dict[str, Any], Sort], ...] = (
    ("Waiting for a person", {"status": "open", "escalated": True}, Sort.WAITING),
    ("Urgent, nobody on it", {"status": "open", "priority": "urgent", "assignee": "none"},
     Sort.DEADLINE),
)  # fmt: skip
STEPS: tuple[dict[str, Any], ...] = (
    {"do": "reply", "text": REPLIES[2]["text"]},
    {"do": "tag", "tags": ["return"]},
    {"do": "snooze", "minutes": 3 * 24 * 60},
)


def furnish(actor: Actor) -> None:
    """So that a newcomer sees at a glance what such things are for."""
    for reply in REPLIES:
        canned.add(actor, dict(reply))
    for name, filters, sort in VIEWS:
        views.add(actor, name, filters, sort, shared=True)
    macros.add(actor, "Take a return", STEPS)
