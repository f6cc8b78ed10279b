"""The logo of a widget: whose it is, what it may be, and how long a browser may keep it."""

from __future__ import annotations

import io

import pytest
from werkzeug.test import TestResponse

from app.services.widget import logos
from tests.cast import Cast, Person

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 40
WEBP = b"RIFF\x10\0\0\0WEBPVP8 " + b"0" * 40
LOGO, WIDGET = "/api/organization/widget/logo", "/api/organization/widget"
SITE = "https://shop.example.com"


def give(person: Person, content: bytes, name: str = "logo.png") -> TestResponse:
    return person.put(LOGO, data={"picture": (io.BytesIO(content), name)})


def test_everybody_sees_the_logo_on_any_site(cast: Cast) -> None:
    cast.owner.patch("/api/organization", {"allowed_domains": ["shop.example.com"]})
    key = cast.owner.get("/api/organization").json["widget_key"]
    url = give(cast.admin, PNG).json["logo_url"]
    config = cast.nobody.get(f"/api/chat/config?key={key}", headers={"Origin": SITE})
    assert config.json["widget"]["logo_url"] == url
    seen = cast.nobody.get(url)
    assert (seen.status_code, seen.data, seen.mimetype) == (200, PNG, "image/png")
    assert seen.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert seen.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert cast.stranger.get(WIDGET).json["logo_url"] is None


def test_a_new_logo_has_a_new_address_and_the_old_one_is_gone(cast: Cast) -> None:
    first = give(cast.admin, PNG).json["logo_url"]
    assert give(cast.admin, PNG).json["logo_url"] == first
    second = give(cast.admin, WEBP).json["logo_url"]
    assert second != first
    assert cast.nobody.get(first).status_code == 404
    assert cast.nobody.get(second).mimetype == "image/webp"


def test_a_logo_can_be_taken_away_again(cast: Cast) -> None:
    url = give(cast.admin, PNG).json["logo_url"]
    assert cast.admin.delete(LOGO).json["logo_url"] is None
    assert cast.nobody.get(url).status_code == 404
    assert cast.admin.delete(LOGO).status_code == 200
    entries = cast.admin.get("/api/admin/audit").json["items"]
    said = [each["summary"] for each in entries if each["action"] == "organization.changed"]
    assert said == ["Adam changed logo of the widget"] * 2


def test_other_settings_leave_the_logo_alone(cast: Cast) -> None:
    url = give(cast.admin, PNG).json["logo_url"]
    assert cast.admin.patch(WIDGET, {"color": "#000000"}).json["logo_url"] == url


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    "content",
    [b"", b"GIF89a" + b"0" * 40, b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"<script>"],
    ids=["nothing", "gif", "svg", "script"],
)
def test_U6_what_is_no_picture_is_refused_whatever_it_is_called(cast: Cast, content: bytes) -> None:
    answer = give(cast.admin, content)
    assert answer.status_code == 422
    assert answer.json["error"]["fields"]["picture"]
    assert cast.admin.get(WIDGET).json["logo_url"] is None


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_U6_a_logo_is_never_more_than_a_picture(cast: Cast) -> None:
    """Its first bytes say PNG; whatever follows them is not run."""
    url = give(cast.admin, PNG + b"<script>alert(1)</script>", "logo.html").json["logo_url"]
    seen = cast.nobody.get(url)
    assert seen.mimetype == "image/png"
    assert seen.headers["X-Content-Type-Options"] == "nosniff"
    assert seen.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_logo_that_is_too_large_is_refused_with_a_word(cast: Cast) -> None:
    answer = give(cast.admin, PNG + b"0" * logos.MOST_BYTES)
    assert answer.status_code == 413
    assert "64 KB" in answer.json["error"]["fields"]["picture"]
    assert cast.agent.put(LOGO, data={"picture": (io.BytesIO(PNG), "a.png")}).status_code == 403
