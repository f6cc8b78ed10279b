"""The settings under the names that Flask and its extensions read."""

from __future__ import annotations

from config import Config

# A Redis that hangs must not make everybody wait for it.
REDIS_PATIENCE = {"socket_connect_timeout": 0.5, "socket_timeout": 0.5, "retry_on_timeout": False}
LARGEST_FRAME = 64 * 1024


def flask_settings(config: Config) -> dict[str, object]:
    """The same facts once more, and those on which nobody has a choice."""
    return {
        "FRONTDESK": config,
        "SECRET_KEY": config.secret_key,
        "TESTING": config.testing,
        "DEBUG": config.debug,
        "MAX_CONTENT_LENGTH": config.max_body_bytes,
        "MAX_FORM_MEMORY_SIZE": config.max_json_bytes,
        "PROPAGATE_EXCEPTIONS": False,
        "SQLALCHEMY_DATABASE_URI": config.database_url,
        "JWT_SECRET_KEY": config.secret_key,
        "JWT_ALGORITHM": "HS256",
        "JWT_DECODE_ALGORITHMS": ["HS256"],
        "JWT_ENCODE_ISSUER": "frontdesk",
        "JWT_DECODE_ISSUER": "frontdesk",
        "JWT_ENCODE_AUDIENCE": "frontdesk-team",
        "JWT_DECODE_AUDIENCE": "frontdesk-team",
        "JWT_TOKEN_LOCATION": ["headers", "cookies"],
        "JWT_ACCESS_TOKEN_EXPIRES": config.access_lifetime,
        "JWT_REFRESH_TOKEN_EXPIRES": config.refresh_lifetime,
        "JWT_COOKIE_SECURE": config.secure_cookies,
        "JWT_COOKIE_SAMESITE": "Lax",
        "JWT_COOKIE_CSRF_PROTECT": True,
        # The one form that works without scripts, the upload, carries the token as a field.
        "JWT_CSRF_CHECK_FORM": True,
        "SESSION_COOKIE_SECURE": config.secure_cookies,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "JWT_SESSION_COOKIE": False,
        "RATELIMIT_ENABLED": config.rate_limits_enabled,
        "RATELIMIT_STORAGE_URI": config.redis_url or "memory://",
        "RATELIMIT_STORAGE_OPTIONS": REDIS_PATIENCE if config.redis_url else {},
        "RATELIMIT_IN_MEMORY_FALLBACK_ENABLED": bool(config.redis_url),
        "RATELIMIT_SWALLOW_ERRORS": True,
        "RATELIMIT_HEADERS_ENABLED": True,
        "RATELIMIT_KEY_PREFIX": "frontdesk",
        "SOCK_SERVER_OPTIONS": {"max_message_size": LARGEST_FRAME},
        "COMPRESS_MIN_SIZE": 700,
        "COMPRESS_STREAMS": False,
    }
