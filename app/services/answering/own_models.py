"""Which models answer for an organization: those of the house, or one under its own key.

A key of one's own is for the same endpoint that the house uses: an address that a tenant chooses
would let it have us ask whatever stands inside our network. When the own key fails, the ladder
goes on with quotes and not with the house's models: nobody is to pay for somebody else.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

import structlog

from app.adapters import adapters
from app.adapters.language_model import LanguageModel, Message, ModelFailed
from app.errors import Invalid
from app.extensions import db
from app.models import Organization
from app.services import audit
from app.services.actors import Actor
from app.services.people import organizations
from app.vault import SealedByAnotherKey

log = structlog.get_logger(__name__)
NO_KEY = "There is no key yet. Save one first."
CLOSED = "This server does not let organizations use a key of their own."
TRIED_WITH = [Message("user", "Reply with the one word: ready")]
TRIED_TOKENS = 16


@dataclass(frozen=True)
class OwnModel:
    """What may be shown of it: never the key."""

    key_set: bool
    name: str


@dataclass(frozen=True)
class Trial:
    """What came of asking."""

    works: bool
    message: str
    milliseconds: int


def models_of(organization: Organization) -> tuple[LanguageModel, ...]:
    """In the order in which they are asked."""
    if not organization.model_key_set:
        return adapters.language_models
    own = _open(organization)
    return () if own is None else (own,)


def own_model_of(organization: Organization) -> OwnModel:
    return OwnModel(organization.model_key_set, _name(organization))


def set_own_model(actor: Actor, name: str, key: str | None) -> OwnModel:
    """Keep the key, sealed; without a new one the name alone is changed."""
    organization = _locked(actor)
    if adapters.open_language_model is None:
        raise Invalid(CLOSED, fields={"key": CLOSED})
    if key is None and not organization.model_key_set:
        raise Invalid(NO_KEY, fields={"key": NO_KEY})
    if key is not None:
        organization.model_key = key
    organization.settings = organization.settings | {"model": {"name": name}}
    audit.record(
        actor, "organization.model_changed", f"{actor.name} set the organization's own model"
    )
    db.session.commit()
    db.session.refresh(organization)
    return own_model_of(organization)


def remove_own_model(actor: Actor) -> OwnModel:
    """The house's models answer again, if it has any."""
    organization = _locked(actor)
    organization.model_key = None
    organization.settings = {
        key: value for key, value in organization.settings.items() if key != "model"
    }
    audit.record(
        actor, "organization.model_removed", f"{actor.name} removed the organization's own model"
    )
    db.session.commit()
    db.session.refresh(organization)
    return own_model_of(organization)


def try_own_model(actor: Actor) -> Trial:
    """Ask it something small. Nothing of the database is held meanwhile."""
    organization = organizations.get_organization(actor.organization_id)
    model = _open(organization) if organization.model_key_set else None
    db.session.rollback()
    if model is None:
        raise Invalid(NO_KEY, fields={"key": NO_KEY})
    began = time.perf_counter()
    try:
        said = "".join(model.answer(TRIED_WITH, max_tokens=TRIED_TOKENS, temperature=0.0))
        works, message = bool(said.strip()), "It answers." if said.strip() else "It says nothing."
    except ModelFailed as error:
        works, message = False, str(error)
    return Trial(works, message, round((time.perf_counter() - began) * 1000))


def _locked(actor: Actor) -> Organization:
    """Other settings may be changed at the same moment: whoever comes second sees the first."""
    organizations.lock(actor.organization_id)
    return db.session.get_one(Organization, actor.organization_id, populate_existing=True)


def _open(organization: Organization) -> LanguageModel | None:
    try:
        key = organization.model_key
    except SealedByAnotherKey:
        log.error("model_key_cannot_be_opened", organization_id=str(organization.id))
        return None
    if key is None or adapters.open_language_model is None:
        return None
    return adapters.open_language_model(key, _name(organization))


def _name(organization: Organization) -> str:
    said = organization.settings.get("model")
    return str(said.get("name") or "") if isinstance(said, dict) else ""
