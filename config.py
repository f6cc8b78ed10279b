"""What can be set from outside: one class an environment. Nothing else reads the environment."""

from __future__ import annotations

import contextlib
import os
import secrets
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import ClassVar, Self

from app.setting_rules import (
    ConfigurationError,
    refuse_less_than_one,
    refuse_unknown,
    refuse_unlike_a_web_address,
    refuse_weak_secret,
)

__all__ = ["Config", "ConfigurationError", "Development", "Production", "Testing"]

ROOT = Path(__file__).resolve().parent
# It answers at once, knows most languages, and costs little.
DEFAULT_LANGUAGE_MODEL = "gpt-4.1-mini"
EMBEDDINGS = ("auto", "openai", "minilm", "none")
DATABASES = ("sqlite://", "postgresql+psycopg://")
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
LOG_FORMATS = ("json", "text")


def _text(name: str, default: str = "") -> str:
    return os.environ.get(name, default).strip()


def _number(name: str, default: int) -> int:
    raw = _text(name)
    if not raw:
        return default
    try:
        return int(raw)
    except ValueError:
        raise ConfigurationError(f"{name} must be a whole number, not {raw!r}.") from None


def _flag(name: str, default: bool) -> bool:
    raw = _text(name).lower()
    if raw in {"1", "true", "yes", "on"}:
        return True
    if raw in {"0", "false", "no", "off"}:
        return False
    if raw:
        raise ConfigurationError(f"{name} must be true or false, not {raw!r}.")
    return default


def _data_dir() -> Path:
    return Path(_text("DATA_DIR") or ROOT / "data").expanduser().resolve()


def _public_url() -> str:
    fallback = f"http://127.0.0.1:{_number('PORT', 5000)}"
    return (_text("PUBLIC_URL") or fallback).rstrip("/")


def _database_url(data_dir: Path) -> str:
    url = _text("DATABASE_URL") or f"sqlite:///{data_dir / 'frontdesk.db'}"
    for prefix in ("postgres://", "postgresql://"):
        if url.startswith(prefix):
            return "postgresql+psycopg://" + url.removeprefix(prefix)
    return url


@dataclass(kw_only=True)
class Config:
    """Everything the product can be told; each environment narrows it."""

    ENVIRONMENT: ClassVar[str] = "development"

    data_dir: Path = field(default_factory=_data_dir)
    host: str = field(default_factory=lambda: _text("HOST", "127.0.0.1"))
    port: int = field(default_factory=lambda: _number("PORT", 5000))
    public_url: str = field(default_factory=_public_url)
    secret_key: str = field(default_factory=lambda: _text("SECRET_KEY"))
    encryption_key: str = field(default_factory=lambda: _text("ENCRYPTION_KEY"))
    database_url: str = ""
    redis_url: str = field(default_factory=lambda: _text("REDIS_URL"))
    openai_api_key: str = field(default_factory=lambda: _text("OPENAI_API_KEY"))
    openai_base_url: str = field(default_factory=lambda: _text("OPENAI_BASE_URL"))
    llm_model: str = field(default_factory=lambda: _text("LLM_MODEL"))
    llm_fallback_model: str = field(default_factory=lambda: _text("LLM_FALLBACK_MODEL"))
    embeddings: str = field(default_factory=lambda: _text("EMBEDDINGS", "auto"))
    embedding_model: str = field(default_factory=lambda: _text("EMBEDDING_MODEL"))
    sentiment_model: str = field(default_factory=lambda: _text("SENTIMENT_MODEL"))
    storage_url: str = field(default_factory=lambda: _text("STORAGE_URL"))
    chroma_url: str = field(default_factory=lambda: _text("CHROMA_URL"))
    mail_from: str = field(
        default_factory=lambda: _text("MAIL_FROM", "Frontdesk <frontdesk@localhost.example>")
    )
    sendgrid_api_key: str = field(default_factory=lambda: _text("SENDGRID_API_KEY"))
    sendgrid_api_base: str = field(
        default_factory=lambda: _text("SENDGRID_API_BASE", "https://api.sendgrid.com")
    )
    google_client_id: str = field(default_factory=lambda: _text("GOOGLE_CLIENT_ID"))
    google_client_secret: str = field(default_factory=lambda: _text("GOOGLE_CLIENT_SECRET"))
    google_discovery_url: str = field(
        default_factory=lambda: _text(
            "GOOGLE_DISCOVERY_URL",
            "https://accounts.google.com/.well-known/openid-configuration",
        )
    )
    trusted_proxies: int = field(default_factory=lambda: _number("TRUSTED_PROXIES", 0))
    log_level: str = field(default_factory=lambda: _text("LOG_LEVEL", "INFO").upper())
    log_format: str = field(default_factory=lambda: _text("LOG_FORMAT", "json"))
    debug: bool = field(default_factory=lambda: _flag("FLASK_DEBUG", False))
    testing: bool = False
    demo: bool = field(default_factory=lambda: _flag("DEMO", True))
    # The demo shop's own port, so that it is another origin; 0 puts it under /demo.
    shop_port: int = field(default_factory=lambda: _number("SHOP_PORT", _number("PORT", 5000) + 1))
    registration_open: bool = field(default_factory=lambda: _flag("REGISTRATION_OPEN", True))

    access_lifetime: timedelta = timedelta(minutes=15)
    refresh_lifetime: timedelta = timedelta(days=7)
    refresh_leeway: timedelta = timedelta(seconds=20)
    reset_link_lifetime: timedelta = timedelta(hours=1)
    verify_link_lifetime: timedelta = timedelta(days=3)
    invitation_lifetime: timedelta = timedelta(days=7)
    answer_floor_seconds: float = 0.4
    bcrypt_rounds: int = 12
    rate_limits_enabled: bool = field(default_factory=lambda: _flag("RATE_LIMITS", True))
    # A flask command would take jobs from the server and die with them half done.
    runs_jobs: bool = field(default_factory=lambda: not _flag("FLASK_RUN_FROM_CLI", False))
    job_threads: int = field(default_factory=lambda: _number("JOB_THREADS", 4))
    answers_at_once: int = field(default_factory=lambda: _number("ANSWERS_AT_ONCE", 64))
    job_lease: timedelta = timedelta(seconds=60)
    sweep_seconds: float = 5.0
    sweeper_enabled: bool = True
    warms_up: bool = True
    max_body_bytes: int = 64 * 1024 * 1024
    max_json_bytes: int = 1024 * 1024

    def __post_init__(self) -> None:
        self.data_dir = Path(self.data_dir)
        if not self.database_url:
            self.database_url = _database_url(self.data_dir)
        if not self.storage_url:
            self.storage_url = str(self.data_dir / "files")
        self.settle_secrets()
        self.refuse_what_cannot_run()

    def settle_secrets(self) -> None:
        """An embedded installation makes its own secrets once and keeps them beside its data."""
        try:
            if not self.secret_key:
                self.secret_key = _kept_secret(self.data_dir / "keys" / "secret_key")
            if not self.encryption_key:
                self.encryption_key = _kept_secret(self.data_dir / "keys" / "encryption_key")
        except OSError as error:
            raise ConfigurationError(
                f"DATA_DIR cannot be {self.data_dir}: {error.strerror}."
            ) from error

    def refuse_what_cannot_run(self) -> None:
        """Raise ConfigurationError where a setting is nonsense or two contradict each other."""
        refuse_unlike_a_web_address("PUBLIC_URL", self.public_url)
        refuse_unlike_a_web_address("SENDGRID_API_BASE", self.sendgrid_api_base)
        refuse_unlike_a_web_address("GOOGLE_DISCOVERY_URL", self.google_discovery_url)
        if self.chroma_url:
            refuse_unlike_a_web_address("CHROMA_URL", self.chroma_url)
        if not self.database_url.startswith(DATABASES):
            raise ConfigurationError("DATABASE_URL must begin with postgresql:// or sqlite:///.")
        if not 1 <= self.port <= 65_535:
            raise ConfigurationError(f"PORT must be from 1 to 65535, not {self.port}.")
        if self.trusted_proxies < 0:
            raise ConfigurationError("TRUSTED_PROXIES counts proxies: 0 stands for none.")
        refuse_less_than_one("JOB_THREADS", self.job_threads)
        refuse_less_than_one("ANSWERS_AT_ONCE", self.answers_at_once)
        refuse_unknown("LOG_LEVEL", self.log_level, LOG_LEVELS)
        refuse_unknown("LOG_FORMAT", self.log_format, LOG_FORMATS)
        if self.embeddings not in EMBEDDINGS:
            raise ConfigurationError(f"EMBEDDINGS must be one of {', '.join(EMBEDDINGS)}.")
        if self.embeddings == "openai" and not self.openai_api_key:
            raise ConfigurationError("EMBEDDINGS is openai, which needs OPENAI_API_KEY.")
        self._refuse_half_a_model()
        if bool(self.google_client_id) != bool(self.google_client_secret):
            raise ConfigurationError(
                "Google sign-in needs both GOOGLE_CLIENT_ID and GOOGLE_CLIENT_SECRET."
            )

    def _refuse_half_a_model(self) -> None:
        if self.openai_base_url:
            refuse_unlike_a_web_address("OPENAI_BASE_URL", self.openai_base_url)
        if self.llm_model and not (self.openai_api_key or self.openai_base_url):
            raise ConfigurationError("LLM_MODEL needs OPENAI_API_KEY, or OPENAI_BASE_URL.")
        if self.llm_fallback_model and not self.language_model:
            raise ConfigurationError("LLM_FALLBACK_MODEL needs a model that it stands behind.")

    @property
    def is_production(self) -> bool:
        return self.ENVIRONMENT == "production"

    @property
    def secure_cookies(self) -> bool:
        return self.public_url.startswith("https://")

    @property
    def embedding_folder(self) -> Path:
        """Where the local embedding model is, if it is there."""
        return Path(self.embedding_model or self.data_dir / "models" / "minilm")

    @property
    def language_model(self) -> str:
        """The model that answers, if there is one. A key for OpenAI alone is enough."""
        at_openai = self.openai_api_key and not self.openai_base_url
        return self.llm_model or (DEFAULT_LANGUAGE_MODEL if at_openai else "")

    @property
    def google_enabled(self) -> bool:
        return bool(self.google_client_id)

    @property
    def shows_mail(self) -> bool:
        """Whether /dev/mail exists: never in production, never once mail is really sent."""
        return not self.is_production and not self.sendgrid_api_key

    @classmethod
    def from_environment(cls) -> Self:
        """Pick the class by FRONTDESK_ENV; the caller only ever needs this."""
        name = _text("FRONTDESK_ENV", "development")
        known = {"development": Development, "testing": Testing, "production": Production}
        if name not in known:
            raise ConfigurationError(f"FRONTDESK_ENV must be one of {', '.join(known)}.")
        return known[name]()  # type: ignore[return-value]


@dataclass(kw_only=True)
class Development(Config):
    """One person's machine: everything embedded, nothing to prepare."""


@dataclass(kw_only=True)
class Testing(Config):
    """What the tests start from; each test names only what it changes."""

    ENVIRONMENT: ClassVar[str] = "testing"
    # pytest takes every class by this name for a test.
    __test__: ClassVar[bool] = False

    testing: bool = True
    demo: bool = False
    shop_port: int = 0
    bcrypt_rounds: int = 4
    answer_floor_seconds: float = 0.0
    sweeper_enabled: bool = False
    warms_up: bool = False
    rate_limits_enabled: bool = False


@dataclass(kw_only=True)
class Production(Config):
    """An installation that other people reach: it refuses to start half-configured."""

    ENVIRONMENT: ClassVar[str] = "production"

    demo: bool = field(default_factory=lambda: _flag("DEMO", False))
    shop_port: int = field(default_factory=lambda: _number("SHOP_PORT", 0))

    def settle_secrets(self) -> None:
        """Nothing is made up in production: several machines must share the same keys."""

    def refuse_what_cannot_run(self) -> None:
        super().refuse_what_cannot_run()
        # Several keys stand here while they are being rotated; none of them may be weak.
        keys = [key.strip() for key in self.encryption_key.split(",")]
        refuse_weak_secret("SECRET_KEY", self.secret_key)
        for key in keys:
            refuse_weak_secret("ENCRYPTION_KEY", key)
        if self.secret_key in keys:
            raise ConfigurationError("SECRET_KEY and ENCRYPTION_KEY must not be the same.")
        if self.debug:
            raise ConfigurationError("Production does not start with FLASK_DEBUG on.")
        if not self.public_url.startswith("https://"):
            raise ConfigurationError(
                "Production needs PUBLIC_URL, the https:// address that people reach it at: "
                "links in mail are made from it, and cookies are sent over nothing less."
            )


def _kept_secret(path: Path) -> str:
    """Read the secret at `path`, or make it so that only this user can read it."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = path.with_name(f"{path.name}.{os.getpid()}")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(48))
        # A link appears whole or not at all, so two first starts at once agree on one secret.
        with contextlib.suppress(FileExistsError):
            path.hardlink_to(draft)
        draft.unlink()
    return path.read_text().strip()
