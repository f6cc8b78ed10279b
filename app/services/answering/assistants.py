"""What an organization has decided about its assistant."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from app.models import Organization

DEFAULT_NAME = "Assistant"
DEFAULT_TOKENS_A_DAY = 2_000_000
DEFAULT_TOKENS_A_VISITOR = 60_000


@dataclass(frozen=True)
class Profile:
    """`guidance` is trusted: an admin has written it."""

    organization: str
    name: str = DEFAULT_NAME
    guidance: str = ""
    allowed_hosts: frozenset[str] = frozenset()
    tokens_a_day: int = DEFAULT_TOKENS_A_DAY
    tokens_a_visitor: int = DEFAULT_TOKENS_A_VISITOR
    second_opinion: bool = False


def profile_of(organization: Organization) -> Profile:
    """Read leniently: a setting that makes no sense must not silence the assistant."""
    said: Any = organization.settings.get("assistant")
    said = said if isinstance(said, dict) else {}
    return Profile(
        organization=organization.name,
        name=str(said.get("name") or DEFAULT_NAME)[:60],
        guidance=str(said.get("guidance") or "")[:4_000],
        allowed_hosts=frozenset(_host(each) for each in organization.allowed_domains),
        tokens_a_day=_number(said.get("tokens_a_day"), DEFAULT_TOKENS_A_DAY),
        tokens_a_visitor=_number(said.get("tokens_a_visitor"), DEFAULT_TOKENS_A_VISITOR),
        second_opinion=said.get("second_opinion") is True,
    )


def _host(domain: str) -> str:
    return domain.removeprefix("*.").partition(":")[0]


def _number(value: Any, default: int) -> int:
    return value if isinstance(value, int) and value >= 0 else default
