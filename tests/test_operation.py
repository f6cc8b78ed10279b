"""What the operator relies on: no start half-configured, secrets sealed at rest, honest health."""

from __future__ import annotations

import os
import secrets
import stat
import subprocess
import sys
from pathlib import Path
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import event, select, text

from app import create_app
from app.adapters import Adapters
from app.extensions import db
from app.models import Organization
from app.vault import SealedByAnotherKey, Vault
from config import Config, ConfigurationError, Development, Testing
from tests.cast import Cast
from tests.fakes import MemoryVectors, fakes

ROOT = Path(__file__).resolve().parent.parent
GOOD = {
    "SECRET_KEY": secrets.token_urlsafe(48),
    "ENCRYPTION_KEY": secrets.token_urlsafe(48),
    "PUBLIC_URL": "https://desk.example.com",
    "FRONTDESK_ENV": "production",
}


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> pytest.MonkeyPatch:
    """Nothing of this machine's own settings."""
    for name in (*GOOD, "DATABASE_URL", "PORT", "FLASK_DEBUG", "TRUSTED_PROXIES", "REDIS_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    return monkeypatch


class TestO3Starting:
    @pytest.fixture
    def production(self, environment: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
        for name, value in GOOD.items():
            environment.setenv(name, value)
        return environment

    @pytest.mark.parametrize("name", ["SECRET_KEY", "ENCRYPTION_KEY"])
    @pytest.mark.parametrize(
        "value",
        [
            "",
            "   ",
            "short",
            "x" * 31,
            "a" * 64,
            "abababababababababababababababababababab",
            "changeme-changeme-changeme-changeme-changeme",
            "this-is-the-default-key-out-of-the-manual-0123456789",
            "my-super-secret-key-that-everybody-uses-0123456789",
        ],
    )
    def test_O3_production_refuses_a_weak_secret(
        self, production: pytest.MonkeyPatch, name: str, value: str
    ) -> None:
        production.setenv(name, value)
        with pytest.raises(ConfigurationError, match=name) as refusal:
            Config.from_environment()
        assert "secrets.token_urlsafe" in str(refusal.value)

    def test_O3_a_weak_key_does_not_hide_among_several(
        self, production: pytest.MonkeyPatch
    ) -> None:
        production.setenv("ENCRYPTION_KEY", f"{GOOD['ENCRYPTION_KEY']},weak")
        with pytest.raises(ConfigurationError, match="ENCRYPTION_KEY"):
            Config.from_environment()

    @pytest.mark.parametrize("keys", ["{0}", "{1},{0}", "{0} , {1}"])
    def test_O3_the_two_secrets_are_not_the_same(
        self, production: pytest.MonkeyPatch, keys: str
    ) -> None:
        another = secrets.token_urlsafe(48)
        production.setenv("ENCRYPTION_KEY", keys.format(GOOD["SECRET_KEY"], another))
        with pytest.raises(ConfigurationError, match="must not be the same"):
            Config.from_environment()

    @pytest.mark.parametrize(
        ("name", "value", "says"),
        [
            ("PUBLIC_URL", "", "PUBLIC_URL"),
            ("PUBLIC_URL", "https://", "PUBLIC_URL"),
            ("PUBLIC_URL", "https://*", "PUBLIC_URL"),
            ("PUBLIC_URL", "https://*.example.com", "PUBLIC_URL"),
            ("TRUSTED_PROXIES", "-1", "TRUSTED_PROXIES"),
            ("TRUSTED_PROXIES", "some", "TRUSTED_PROXIES"),
        ],
    )
    def test_O3_production_refuses_what_contradicts_it(
        self, production: pytest.MonkeyPatch, name: str, value: str, says: str
    ) -> None:
        production.setenv(name, value)
        with pytest.raises(ConfigurationError, match=says):
            Config.from_environment()

    def test_O3_a_refusal_is_one_sentence_and_no_stack_trace(self, tmp_path: Path) -> None:
        settings = {**os.environ, **GOOD, "SECRET_KEY": "short", "DATA_DIR": str(tmp_path)}
        run = subprocess.run(
            [sys.executable, "run.py"],
            cwd=ROOT,
            env=settings,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert run.returncode == 2
        assert run.stderr.startswith("Frontdesk cannot start: SECRET_KEY")
        assert "Traceback" not in run.stderr
        assert "short\n" not in run.stderr

    @pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
    def test_O3_the_whole_world_is_no_domain_and_ones_own_subdomains_are(self, cast: Cast) -> None:
        for world in ("*", "*.*", "**", "*:443", "https://*", "*.com", "*.", ".", "a*.x.com"):
            answer = cast.owner.patch("/api/organization", {"allowed_domains": [world]})
            assert answer.status_code == 422, world
            assert "allowed_domains" in answer.get_json()["error"]["fields"]
        own = ["*.example.com", "shop.example.com:8443", "localhost:3000"]
        answer = cast.owner.patch("/api/organization", {"allowed_domains": own})
        assert answer.get_json()["allowed_domains"] == own


class TestO3OneMachine:
    """The embedded shape makes its own secrets once."""

    def test_O3_they_are_strong_and_kept(self, environment: pytest.MonkeyPatch) -> None:
        first, second = Config.from_environment(), Config.from_environment()
        assert isinstance(first, Development)
        assert first.secret_key == second.secret_key
        assert first.encryption_key == second.encryption_key
        assert first.secret_key != first.encryption_key
        assert len(first.secret_key) >= 48

    def test_O3_nobody_else_on_the_machine_can_read_them(
        self, environment: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        Config.from_environment()
        for path in (tmp_path / "keys").iterdir():
            assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert sorted(path.name for path in (tmp_path / "keys").iterdir()) == [
            "encryption_key",
            "secret_key",
        ]

    def test_O3_two_installations_share_none(
        self, environment: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        first = Config.from_environment()
        environment.setenv("DATA_DIR", str(tmp_path / "another"))
        assert Config.from_environment().secret_key != first.secret_key


class TestO7Vault:
    def test_O7_what_is_sealed_opens_again(self) -> None:
        vault = vault_with("first")
        sealed = vault.seal("sk-the-model-key — schlüssel")
        assert vault.open(sealed) == "sk-the-model-key — schlüssel"
        assert "sk-the-model-key" not in sealed
        assert vault.seal("same") != vault.seal("same")

    def test_O7_keys_are_rotated_without_losing_anything(self) -> None:
        sealed = vault_with("old").seal("secret")
        both = vault_with("new, old")
        assert both.open(sealed) == "secret"
        assert vault_with("new").open(both.seal("secret")) == "secret"

    def test_O7_a_wrong_key_says_so_in_words(self) -> None:
        sealed = vault_with("old").seal("secret")
        with pytest.raises(SealedByAnotherKey, match="ENCRYPTION_KEY has changed"):
            vault_with("new").open(sealed)

    @pytest.mark.parametrize("sealed", ["", "nonsense", "gAAAAA", "ü"])
    def test_O7_what_was_tampered_with_does_not_open(self, sealed: str) -> None:
        with pytest.raises(SealedByAnotherKey):
            vault_with("key").open(sealed)


class TestO7Secrets:
    @pytest.fixture
    def secret(self, cast: Cast) -> str:
        made = cast.owner.post("/api/organization/identity-secret")
        return str(made.get_json()["secret"])

    def test_O7_it_is_encrypted_at_rest(self, app: Flask, cast: Cast, secret: str) -> None:
        with app.app_context():
            stored = db.session.scalars(text("SELECT identity_secret FROM organizations")).all()
            assert secret not in str(stored)
            query = select(Organization).where(Organization.id == UUID(cast.owner.organization_id))
            assert db.session.scalars(query).one().identity_secret == secret

    def test_O7_it_is_shown_once_and_never_again(self, cast: Cast, secret: str) -> None:
        organization = cast.owner.get("/api/organization")
        assert organization.get_json()["identity_secret_set"] is True
        assert cast.stranger.get("/api/organization").get_json()["identity_secret_set"] is False
        for path in (
            "/api/organization",
            "/api/auth/me",
            "/api/admin/audit",
            "/dashboard/settings/organization",
            "/dashboard/settings/audit",
        ):
            answer = cast.owner.get(path)
            assert answer.status_code == 200
            assert secret not in answer.text

    def test_O7_an_api_key_is_kept_as_a_hash_and_shown_once(self, app: Flask, cast: Cast) -> None:
        secret = cast.owner.api_key("team:read")["Authorization"].removeprefix("Bearer ")
        for path in ("/api/api-keys", "/api/admin/audit", "/dashboard/settings/api-keys"):
            assert secret not in cast.owner.get(path).text
        with app.app_context():
            stored = db.session.execute(text("SELECT * FROM api_keys")).mappings().all()
        assert secret not in str(stored)
        assert secret[20:] not in str(stored)

    def test_O7_a_lost_key_shuts_nobody_out(self, config: Testing, cast: Cast, secret: str) -> None:
        config.encryption_key = "an entirely different key"
        person = cast.owner.sign_in_elsewhere()
        person.app = create_app(config, fakes())
        person.client = person.app.test_client()
        assert person.sign_in().status_code == 200
        assert person.get("/api/organization").get_json()["identity_secret_set"] is True
        assert person.get("/api/admin/mail").status_code == 200
        fresh = person.post("/api/organization/identity-secret").get_json()["secret"]
        with person.app.app_context():
            query = select(Organization).where(Organization.id == UUID(person.organization_id))
            assert db.session.scalars(query).one().identity_secret == fresh
            db.session.remove()
            db.engine.dispose()


class TestHealth:
    def test_the_cheap_one_asks_nobody(self, app: Flask) -> None:
        asked: list[str] = []
        with app.app_context():
            event.listen(db.engine, "before_cursor_execute", lambda *said: asked.append(said[2]))
        answer = app.test_client().get("/health")
        assert (answer.status_code, answer.get_json()) == (200, {"status": "ok"})
        assert asked == []

    def test_the_detailed_one_shows_every_part(self, app: Flask, config: Testing) -> None:
        answer = app.test_client().get("/health/detailed", headers={"Host": "localhost"})
        assert answer.status_code == 200
        body = answer.get_json()
        assert body["status"] == "ok"
        parts = {"database", "vectors", "queue", "bus", "disk", "memory", "sockets"}
        assert set(body["parts"]) == parts
        assert all(part["ok"] and part["milliseconds"] >= 0 for part in body["parts"].values())
        assert body["parts"]["memory"]["figures"]["resident_megabytes"] > 0
        for secret in (config.secret_key, config.encryption_key, config.database_url):
            assert secret not in answer.text

    def test_a_part_that_is_down_is_named_and_the_others_are_still_shown(
        self, app: Flask, adapters: Adapters
    ) -> None:
        adapters.vector_store = MemoryVectors(problem="refused by http://user:password@chroma")
        answer = app.test_client().get("/health/detailed", headers={"Host": "localhost"})
        assert answer.status_code == 503
        body = answer.get_json()
        assert body["status"] == "degraded"
        assert not body["parts"]["vectors"]["ok"]
        assert body["parts"]["database"]["ok"]
        assert "password" not in answer.text

    def test_a_database_that_is_away_is_named_too(self, app: Flask) -> None:
        def fail(*_: object) -> None:
            raise ConnectionError("postgresql://frontdesk:password@db.example.com")

        with app.app_context():
            event.listen(db.engine, "before_cursor_execute", fail)
        answer = app.test_client().get("/health/detailed", headers={"Host": "localhost"})
        assert answer.status_code == 503
        assert not answer.get_json()["parts"]["database"]["ok"]
        assert "password" not in answer.text
        assert app.test_client().get("/health").status_code == 200

    def test_strangers_and_agents_are_refused_and_admins_are_not(self, cast: Cast) -> None:
        seen = {
            name: getattr(cast, name).get("/health/detailed", headers=FROM_OUTSIDE).status_code
            for name in ("nobody", "agent", "admin", "owner")
        }
        assert seen == {"nobody": 403, "agent": 403, "admin": 200, "owner": 200}

    def test_an_api_key_is_refused_as_well(self, cast: Cast) -> None:
        key = cast.owner.api_key("audit:read")
        answer = cast.nobody.get("/health/detailed", headers={**key, **FROM_OUTSIDE})
        assert answer.status_code == 403


FROM_OUTSIDE = {"X-Forwarded-For": "192.0.2.1"}


def vault_with(keys: str) -> Vault:
    vault = Vault()
    vault.init_app(Flask("vault"), keys)
    return vault
