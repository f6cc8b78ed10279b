"""Settings that cannot work are refused in a sentence that names the one to mend."""

from __future__ import annotations

from pathlib import Path

import pytest

from config import Config, ConfigurationError

SECRETS = {
    "SECRET_KEY": "kq3Zr8vTn1Wc7yLb5Xd0Jh2Mf9Gs4Pa6",
    "ENCRYPTION_KEY": "Wc7yLb5Xd0Jh2Mf9Gs4Pa6kq3Zr8vTn1",
    "PUBLIC_URL": "https://desk.example.com",
}


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """What the developer has exported is no part of these tests."""
    for name in (
        *SECRETS,
        "FRONTDESK_ENV",
        "PORT",
        "DEMO",
        "FLASK_DEBUG",
        "LOG_LEVEL",
        "LOG_FORMAT",
    ):
        monkeypatch.delenv(name, raising=False)
    for name in ("DATABASE_URL", "CHROMA_URL", "GOOGLE_CLIENT_ID", "GOOGLE_CLIENT_SECRET"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DATA_DIR", str(tmp_path))


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("FRONTDESK_ENV", "prodution", "FRONTDESK_ENV must be one of"),
        ("PORT", "abc", "PORT must be a whole number, not 'abc'."),
        ("PORT", "99999", "PORT must be from 1 to 65535, not 99999."),
        ("DEMO", "perhaps", "DEMO must be true or false, not 'perhaps'."),
        ("PUBLIC_URL", "desk.example.com", "PUBLIC_URL must begin with"),
        ("CHROMA_URL", "nonsense", "CHROMA_URL must begin with"),
        ("DATABASE_URL", "nonsense", "DATABASE_URL must begin with"),
        ("DATABASE_URL", "mysql://localhost/frontdesk", "DATABASE_URL must begin with"),
        ("DATA_DIR", "/proc/nowhere", "DATA_DIR cannot be /proc/nowhere"),
        ("GOOGLE_CLIENT_ID", "half", "both GOOGLE_CLIENT_ID and GOOGLE_CLIENT_SECRET"),
        ("LOG_LEVEL", "LOUD", "LOG_LEVEL must be one of"),
        ("LOG_FORMAT", "xml", "LOG_FORMAT must be one of"),
        ("JOB_THREADS", "0", "JOB_THREADS must be 1 or more."),
    ],
)
def test_a_setting_that_cannot_work_is_named(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, sentence: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ConfigurationError, match=sentence.replace("(", r"\(")):
        Config.from_environment()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"SECRET_KEY": ""}, "Production needs SECRET_KEY"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY is too short"),
        ({"SECRET_KEY": "a" * 64}, "SECRET_KEY is too short or too plain"),
        ({"SECRET_KEY": "please-changeme-0123456789-abcdefgh"}, "looks like a default"),
        ({"ENCRYPTION_KEY": ""}, "Production needs ENCRYPTION_KEY"),
        ({"ENCRYPTION_KEY": SECRETS["SECRET_KEY"]}, "must not be the same"),
        ({"FLASK_DEBUG": "1"}, "does not start with FLASK_DEBUG on"),
        ({"PUBLIC_URL": "http://desk.example.com"}, "Production needs PUBLIC_URL"),
    ],
)
def test_O3_production_does_not_start_half_configured(
    monkeypatch: pytest.MonkeyPatch, changes: dict[str, str], sentence: str
) -> None:
    for name, value in {**SECRETS, "FRONTDESK_ENV": "production", **changes}.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(ConfigurationError, match=sentence):
        Config.from_environment()


def test_O3_production_starts_once_it_is_configured(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {**SECRETS, "FRONTDESK_ENV": "production"}.items():
        monkeypatch.setenv(name, value)
    config = Config.from_environment()
    assert config.is_production
    assert config.secure_cookies
    assert not config.demo
    assert not config.shows_mail
