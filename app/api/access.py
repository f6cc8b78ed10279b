"""Every operation says who may call it; one that says nothing is called by nobody."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import Flask, g, request

from app.edge.asking import identify
from app.errors import Forbidden, NotSignedIn
from app.services.actors import Role
from app.services.people.api_keys import Scope

View = TypeVar("View", bound=Callable[..., Any])
NO_SCOPE = "This API key was not made for this. Make one with the scope “{}”."
PEOPLE_ONLY = "This can only be done by a person who is signed in, not with an API key."


@dataclass(frozen=True)
class Access:
    """`role` is the least that is needed; without a `scope` no API key is let in."""

    role: Role | None = None
    scope: Scope | None = None

    @property
    def is_public(self) -> bool:
        return self.role is None


def anyone(view: View) -> View:
    """Let everybody in, signed in or not."""
    view.access = Access()  # type: ignore[attr-defined]
    return view


def signed_in(role: Role = Role.AGENT, scope: Scope | None = None) -> Callable[[View], View]:
    """Let in people of this role and above, and keys with this scope."""

    def declare(view: View) -> View:
        view.access = Access(role, scope)  # type: ignore[attr-defined]
        return view

    return declare


def access_of(app: Flask, endpoint: str) -> Access | None:
    return getattr(app.view_functions[endpoint], "access", None)


def install_gate(app: Flask, blueprints: frozenset[str]) -> None:
    """Stand before every operation of the API, and refuse to start when one is undeclared."""
    for rule in app.url_map.iter_rules():
        if rule.endpoint.partition(".")[0] in blueprints and not access_of(app, rule.endpoint):
            raise RuntimeError(f"{rule} does not say who may call it.")

    @app.before_request
    def let_in() -> None:
        if request.blueprint not in blueprints or request.endpoint is None:
            return
        access = access_of(app, request.endpoint)
        if access is None or not access.is_public:
            _check(access)


def _check(access: Access | None) -> None:
    asking = identify()
    if asking is None:
        raise NotSignedIn
    if access is None or access.role is None:
        raise Forbidden
    g.principal = asking
    if asking.api_key is not None and access.scope is None:
        raise Forbidden(PEOPLE_ONLY)
    if not asking.may(access.role, access.scope):
        lacks_scope = asking.user.may(access.role) and access.scope is not None
        raise Forbidden(NO_SCOPE.format(access.scope) if lacks_scope else None)
