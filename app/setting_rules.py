"""When a setting cannot be meant: config.py asks, and says which one to mend."""

from __future__ import annotations

import re

MIN_SECRET_LENGTH = 32
# A host with perhaps a port, and perhaps a path.
WEB_ADDRESS = re.compile(
    r"^https?://(?:[^\s/?#@]+@)?(?:[^\s/?#@*:\[\]]+|\[[0-9a-fA-F:.]+\])(?::\d+)?(?:/[^\s#]*)?$"
)


class ConfigurationError(Exception):
    """The settings cannot run this installation; the message says which one to mend."""


def refuse_unlike_a_web_address(name: str, value: str) -> None:
    if not WEB_ADDRESS.match(value):
        raise ConfigurationError(
            f"{name} must begin with http:// or https:// and name one host, without wildcards."
        )


def refuse_less_than_one(name: str, value: int) -> None:
    if value < 1:
        raise ConfigurationError(f"{name} must be 1 or more.")


def refuse_unknown(name: str, value: str, known: tuple[str, ...]) -> None:
    if value not in known:
        raise ConfigurationError(f"{name} must be one of {', '.join(known)}, not {value!r}.")


def refuse_weak_secret(name: str, value: str) -> None:
    advice = f"Make one with: python -c 'import secrets; print(secrets.token_urlsafe({48}))'"
    if not value:
        raise ConfigurationError(f"Production needs {name}. {advice}")
    if len(value) < MIN_SECRET_LENGTH or len(set(value)) < 8:
        raise ConfigurationError(f"{name} is too short or too plain to be secret. {advice}")
    if any(word in value.lower() for word in ("changeme", "change-me", "secret", "default")):
        raise ConfigurationError(f"{name} looks like a default out of a manual. {advice}")
