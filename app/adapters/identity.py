"""Who vouches for a person's address: Google, by OpenID Connect."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Any, Protocol

import httpx2

from app.errors import ProviderError

SCOPE = "openid email profile"
TIMEOUT = httpx2.Timeout(10.0, connect=3.0)
ALGORITHMS = ["RS256", "ES256"]


@dataclass(frozen=True)
class SignInAttempt:
    """What must be remembered in the browser between leaving for the provider and coming back."""

    state: str
    nonce: str
    code_verifier: str


@dataclass(frozen=True)
class Identity:
    """What the provider vouches for. The subject never changes; an address may."""

    subject: str
    email: str
    email_verified: bool
    name: str


class IdentityProvider(Protocol):
    def begin(self, redirect_uri: str) -> tuple[str, SignInAttempt]:
        """The address to send the browser to, and what to remember meanwhile."""

    def finish(self, attempt: SignInAttempt, redirect_uri: str, code: str) -> Identity:
        """Exchange the code, check the identity token, or raise ProviderError."""


class GoogleIdentity:
    """Any provider with a discovery document; Google's by default."""

    def __init__(self, client_id: str, client_secret: str, discovery_url: str) -> None:
        self._client_id = client_id
        self._client_secret = client_secret
        self._discovery_url = discovery_url
        self._metadata: dict[str, Any] | None = None

    def begin(self, redirect_uri: str) -> tuple[str, SignInAttempt]:
        attempt = SignInAttempt(
            state=secrets.token_urlsafe(24),
            nonce=secrets.token_urlsafe(24),
            code_verifier=secrets.token_urlsafe(48),
        )
        with self._client(redirect_uri) as client:
            url, _ = client.create_authorization_url(
                self._discovered()["authorization_endpoint"],
                state=attempt.state,
                nonce=attempt.nonce,
                code_verifier=attempt.code_verifier,
                prompt="select_account",
            )
        return url, attempt

    def finish(self, attempt: SignInAttempt, redirect_uri: str, code: str) -> Identity:
        from authlib.common.errors import AuthlibBaseError
        from joserfc.errors import JoseError

        try:
            with self._client(redirect_uri) as client:
                token = client.fetch_token(
                    self._discovered()["token_endpoint"],
                    code=code,
                    code_verifier=attempt.code_verifier,
                )
            keys = httpx2.get(self._discovered()["jwks_uri"], timeout=TIMEOUT).raise_for_status()
            claims = self._checked_claims(str(token["id_token"]), keys.json(), attempt.nonce)
        except (AuthlibBaseError, JoseError, KeyError, ValueError) as error:
            raise ProviderError(f"The sign-in was refused: {error}", permanent=True) from error
        except httpx2.HTTPError as error:
            raise ProviderError(f"Google could not be reached: {error}") from error
        return Identity(
            subject=claims["sub"],
            email=str(claims.get("email", "")).strip().lower(),
            email_verified=claims.get("email_verified") is True,
            name=str(claims.get("name") or ""),
        )

    def _client(self, redirect_uri: str) -> Any:
        from authlib.integrations.httpx_client import OAuth2Client

        return OAuth2Client(
            self._client_id,
            self._client_secret,
            scope=SCOPE,
            redirect_uri=redirect_uri,
            code_challenge_method="S256",
            timeout=TIMEOUT,
        )

    def _discovered(self) -> dict[str, Any]:
        if self._metadata is None:
            try:
                answer = httpx2.get(self._discovery_url, timeout=TIMEOUT)
                self._metadata = dict(answer.raise_for_status().json())
            except (httpx2.HTTPError, ValueError) as error:
                raise ProviderError(f"Google could not be reached: {error}") from error
        return self._metadata

    def _checked_claims(self, id_token: str, keys: Any, nonce: str) -> dict[str, Any]:
        from joserfc import jwt
        from joserfc.jwk import KeySet

        token = jwt.decode(id_token, KeySet.import_key_set(keys), algorithms=ALGORITHMS)
        jwt.JWTClaimsRegistry(
            leeway=30,
            iss={"essential": True, "value": self._discovered()["issuer"]},
            aud={"essential": True, "value": self._client_id},
            sub={"essential": True},
            exp={"essential": True},
            nonce={"essential": True, "value": nonce},
        ).validate(token.claims)
        return token.claims
