"""An organization's own settings and keys."""

from __future__ import annotations

import re
import secrets
import unicodedata
import zoneinfo
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.errors import Invalid, NotFound
from app.extensions import db
from app.models import Organization, new_widget_key
from app.services import audit
from app.services.actors import Actor
from app.services.secret_tokens import new_secret

# A wildcard stands for the subdomains of a domain of one's own, never for a whole top level.
DOMAIN = re.compile(
    r"^(?:\*\.(?=[^.]+\.[^.]))?(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
    r"(?::\d{1,5})?$"
)
SLUG = re.compile(r"[a-z0-9-]{1,80}")


def make_organization(name: str) -> Organization:
    """Add an organization to the caller's transaction."""
    organization = Organization(name=name, slug=_free_slug(name))
    db.session.add(organization)
    db.session.flush()
    return organization


def get_organization(organization_id: UUID) -> Organization:
    found = db.session.get(Organization, organization_id)
    if found is None:
        raise NotFound
    return found


def find_by_slug(slug: str) -> Organization | None:
    """Strangers ask for anything; what is no short name does not reach the database."""
    if not SLUG.fullmatch(slug):
        return None
    return db.session.scalars(select(Organization).where(Organization.slug == slug)).one_or_none()


def lock(organization_id: UUID) -> None:
    """Have whoever else wants this wait until the caller's transaction has ended."""
    db.session.execute(
        select(Organization.id).where(Organization.id == organization_id).with_for_update()
    )


def change_organization(actor: Actor, changes: dict[str, Any]) -> Organization:
    """Apply what was sent, and nothing else, from among name, time zone and domains."""
    organization = get_organization(actor.organization_id)
    wanted = _checked(changes)
    before = {key: getattr(organization, key) for key in wanted}
    different = {key: value for key, value in wanted.items() if before[key] != value}
    if not different:
        return organization
    for key, value in different.items():
        setattr(organization, key, value)
    audit.record(
        actor,
        "organization.changed",
        f"{actor.name} changed {_spoken(different)} of the organization",
        changes={key: [before[key], value] for key, value in different.items()},
    )
    db.session.commit()
    return organization


def rotate_widget_key(actor: Actor) -> Organization:
    """A new public key; sites that still show the old one lose their widget."""
    organization = get_organization(actor.organization_id)
    organization.widget_key = new_widget_key()
    audit.record(actor, "organization.widget_key_rotated", f"{actor.name} made a new widget key")
    db.session.commit()
    return organization


def rotate_identity_secret(actor: Actor) -> str:
    """A new secret to sign visitors' identities with. It is shown this once."""
    organization = get_organization(actor.organization_id)
    secret = f"fd_id_{new_secret()}"
    organization.identity_secret = secret
    audit.record(
        actor, "organization.identity_secret_rotated", f"{actor.name} made a new identity secret"
    )
    db.session.commit()
    return secret


@cache
def time_zones() -> list[str]:
    """The zones that can be chosen, in the order of their names."""
    return ["UTC", *sorted(name for name in zoneinfo.available_timezones() if "/" in name)]


def known_zone(name: str) -> str:
    """This zone, if we know it."""
    if name not in time_zones():
        message = "This is not a time zone that we know, such as Europe/Lisbon."
        raise Invalid(message, fields={"time_zone": message})
    return name


def _checked(changes: dict[str, Any]) -> dict[str, Any]:
    wanted: dict[str, Any] = {
        key: changes[key] for key in ("name", "time_zone", "allowed_domains") if key in changes
    }
    if "time_zone" in wanted:
        known_zone(wanted["time_zone"])
    if "allowed_domains" in wanted:
        wanted["allowed_domains"] = _checked_domains(wanted["allowed_domains"])
    return wanted


def _checked_domains(domains: list[str]) -> list[str]:
    cleaned = [_bare_domain(domain) for domain in domains if domain.strip()]
    for domain in cleaned:
        if not DOMAIN.match(domain) or len(domain) > 253:
            message = f"“{domain[:80]}” is not a domain such as shop.example.com."
            raise Invalid(message, fields={"allowed_domains": message})
    return list(dict.fromkeys(cleaned))


def _bare_domain(text: str) -> str:
    """What people paste is often a whole address; the host and port are what counts."""
    bare = re.sub(r"^https?://", "", text.strip().lower()).split("/", 1)[0].rstrip(".")
    try:
        return bare.encode("idna").decode() if not bare.isascii() else bare
    except UnicodeError:
        return bare


def _free_slug(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60] or "team"
    taken = db.session.scalar(select(Organization.id).where(Organization.slug == slug))
    return f"{slug}-{secrets.token_hex(3)}" if taken else slug


def _spoken(changes: dict[str, Any]) -> str:
    return ", ".join(f"the {key.replace('_', ' ')}" for key in changes)
