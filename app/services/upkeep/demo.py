"""A demo organization, so that a newcomer's first look is not at emptiness."""

from __future__ import annotations

import os
import re
import secrets
from pathlib import Path
from typing import Any

from flask import current_app
from sqlalchemy import select

from app.extensions import db
from app.models import Organization, Role, User, now
from app.services.actors import Actor, person
from app.services.knowledge.submissions import Label, add_file
from app.services.people.passwords import hash_password
from app.services.upkeep import demo_desk

SLUG = "demo"
OWNER = "owner@demo.example.com"
AGENT = "agent@demo.example.com"
DOMAIN = "dusk-and-spoke.example.com"
WISHES = {
    "assistant": {"name": "Spoke"},
    "widget": {
        "greeting": "Questions about lights, delivery or returns? Ask away.",
        "suggestions": [
            "How long does delivery take?",
            "How long does the Lantern 60 run at full power?",
            "Can I return a light that I have used?",
        ],
    },
}
CATEGORY = re.compile(r"category:\s*(.+?)\s*-->")
ARTICLES = Path(__file__).resolve().parent.parent.parent / "demo" / "articles"


def seed() -> bool:
    """Make the demo organization unless it is there. Says whether it was made."""
    if _organization() is not None:
        return False
    organization = Organization(name="Dusk & Spoke", slug=SLUG, time_zone="Europe/Lisbon")
    organization.allowed_domains = [DOMAIN]
    organization.settings = WISHES
    db.session.add(organization)
    db.session.flush()
    hashed = hash_password(_password())
    owner = _person(organization, OWNER, "Demo Owner", Role.OWNER, hashed)
    _person(organization, AGENT, "Demo Agent", Role.AGENT, hashed)
    db.session.commit()
    _give_articles(person(owner))
    demo_desk.furnish(person(owner))
    return True


def shop_domains(organization: Organization, host: str) -> list[str]:
    """The demo shop's own door: whatever port it has moved to, by whatever name one comes.

    Not in the list of allowed domains, which is its owner's to try things with.
    """
    config = current_app.config["FRONTDESK"]
    if not (config.demo and config.shop_port and organization.slug == SLUG):
        return []
    return [f"{host.rpartition(':')[0] or host}:{config.shop_port}"]


def widget_key() -> str:
    """What the shop's page names the demo organization by; nothing where there is none."""
    organization = _organization()
    return organization.widget_key if organization else ""


def _give_articles(actor: Actor) -> None:
    for path in sorted(ARTICLES.glob("*.md")):
        with path.open("rb") as file:
            first, second = file.readline().decode(), file.readline().decode()
            file.seek(0)
            category = CATEGORY.search(second)
            label = Label(first.removeprefix("# ").strip(), category[1] if category else "Help")
            add_file(actor, path.name, file, label)


def _person(
    organization: Organization, email: str, name: str, role: Role, password_hash: str
) -> User:
    user = User(
        organization=organization,
        email=email,
        name=name,
        role=role,
        password_hash=password_hash,
        email_verified_at=now(),
    )
    db.session.add(user)
    return user


def sign_in_hint() -> dict[str, Any] | None:
    """What the sign-in page of this machine may show; nothing once the password was changed."""
    config = current_app.config["FRONTDESK"]
    if not config.demo or not _password_file().exists() or _organization() is None:
        return None
    return {"email": OWNER, "password": _password(), "agent": AGENT}


def _organization() -> Organization | None:
    return db.session.scalars(select(Organization).where(Organization.slug == SLUG)).one_or_none()


def _password() -> str:
    """Every installation has its own: a password that stands in a manual opens every demo."""
    path = _password_file()
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(
                "-".join(secrets.choice(WORDS) for _ in range(3)) + f"-{secrets.randbelow(90) + 10}"
            )
    return path.read_text().strip()


def _password_file() -> Path:
    folder: Path = current_app.config["FRONTDESK"].data_dir
    return folder / "keys" / "demo_password"


WORDS = (
    *("amber", "anchor", "apple", "basil", "birch", "brass", "breeze", "canyon", "cedar"),
    *("cherry", "clover", "cobalt", "comet", "coral", "copper", "daisy", "delta", "ember"),
    *("fern", "fjord", "garnet", "ginger", "harbor", "hazel", "indigo", "ivory", "jasmine"),
    *("juniper", "lagoon", "laurel", "lemon", "linen", "lotus", "maple", "marble", "meadow"),
    *("mint", "nutmeg", "olive", "onyx", "opal", "orchid", "pearl", "pepper", "pine", "plum"),
    *("poppy", "quartz", "raven", "river", "saffron", "sage", "sienna", "slate", "sorrel"),
    *("spruce", "teal", "thyme", "topaz", "tulip", "velvet", "violet", "walnut", "willow"),
)
