"""What the pricing page says."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Plan:
    name: str
    price: str
    period: str
    summary: str
    features: tuple[str, ...]
    cta: str
    cta_url: str
    highlighted: bool = False


def plans() -> list[Plan]:
    """Billing is off on this installation, so there is one plan and it holds everything."""
    return [
        Plan(
            name="Self-hosted",
            price="€0",
            period="on your own machine",
            summary="Everything there is. Your documents and conversations stay with you.",
            features=(
                "Every feature, nothing locked",
                "As many people in the team as you like",
                "Runs with one command, no key needed",
                "SQLite to start with, PostgreSQL when you grow",
            ),
            cta="Create your organization",
            cta_url="/signup",
            highlighted=True,
        )
    ]
