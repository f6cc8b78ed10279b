"""The widget on the wire: small enough, kept long enough, and loadable from anybody's page."""

from __future__ import annotations

import gzip
import re
import subprocess
from pathlib import Path

import brotli
import pytest
from flask.testing import FlaskClient

from app import create_app
from app.pages.widget_bundle import bundle
from app.pages.widget_files import compressed, widget_texts
from config import Testing
from tests import services
from tests.fakes import fakes

ROOT = Path(__file__).resolve().parent.parent
KIBIBYTE = 1024
LOADER_AT_MOST = 2 * KIBIBYTE
UNTIL_TYPING_AT_MOST = 12 * KIBIBYTE
# What a whole conversation costs.
WHOLE_TALK_AT_MOST = 32 * KIBIBYTE
LANGUAGES = ("en", "de", "fr", "es", "pt", "ar")
DIGEST = re.compile(r"\.[0-9a-f]{10}\.js$")


@pytest.fixture
def client(tmp_path: Path) -> FlaskClient:
    return create_app(Testing(data_dir=tmp_path), fakes()).test_client()


def test_the_loader_weighs_at_most_two_kibibytes() -> None:
    assert weight("loader.js") <= LOADER_AT_MOST


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_visitor_can_type_after_at_most_twelve_kibibytes(language: str) -> None:
    needed = ("loader.js", named("widget"), named(f"strings-{language}"))
    assert sum(map(weight, needed)) <= UNTIL_TYPING_AT_MOST


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_whole_conversation_costs_little_more(language: str) -> None:
    parts = ("widget", "talk", f"strings-{language}", f"strings-{language}-more")
    assert weight("loader.js") + sum(weight(named(one)) for one in parts) <= WHOLE_TALK_AT_MOST


def test_the_loader_is_asked_for_again_soon_and_answers_that_nothing_changed(
    client: FlaskClient,
) -> None:
    answer = client.get("/widget/loader.js")
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"].startswith("public, max-age=300")
    again = client.get("/widget/loader.js", headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_everything_else_is_kept_for_good_under_a_name_that_changes_with_it(
    client: FlaskClient,
) -> None:
    for name in widget_texts().keys() - {"loader.js"}:
        assert DIGEST.search(name), name
        answer = client.get(f"/widget/{name}")
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"


@pytest.mark.parametrize("name", ["loader.js", "the panel"])
def test_any_site_may_load_it(client: FlaskClient, name: str) -> None:
    answer = client.get(f"/widget/{named('widget') if name == 'the panel' else name}")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Type"].startswith("text/javascript")
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize(
    ("wanted", "given"),
    [
        ("br, gzip, deflate, zstd", "br"),
        ("gzip, deflate", "gzip"),
        ("br;q=0, gzip", "gzip"),
        ("identity", None),
        ("", None),
    ],
)
def test_it_comes_compressed_as_the_browser_can_read_it(
    client: FlaskClient, wanted: str, given: str | None
) -> None:
    answer = client.get("/widget/loader.js", headers={"Accept-Encoding": wanted})
    assert answer.headers.get("Content-Encoding") == given
    assert "Accept-Encoding" in answer.headers["Vary"]
    unpack = {"br": brotli.decompress, "gzip": gzip.decompress, None: bytes}[given]
    assert b"frontdesk-widget" in unpack(answer.data)


def test_what_is_compressed_differently_has_another_tag(client: FlaskClient) -> None:
    tags = {
        client.get("/widget/loader.js", headers={"Accept-Encoding": one}).headers["ETag"]
        for one in ("br", "gzip", "identity")
    }
    assert len(tags) == 3


@pytest.mark.parametrize("name", ["nothing.js", "widget.js", "..%2f..%2fconfig.py", "types.d.ts"])
def test_nothing_else_can_be_fetched(client: FlaskClient, name: str) -> None:
    assert client.get(f"/widget/{name}").status_code == 404


def test_every_file_is_fetched_by_another_under_the_name_it_has() -> None:
    texts = bundle()
    named_somewhere = {
        found
        for text in texts.values()
        for found in re.findall(r'["/]([\w-]+\.[0-9a-f]{10}\.js)"', text)
    }
    assert named_somewhere == texts.keys() - {"loader.js"}
    assert not [name for name, text in texts.items() if re.search(r'from\s*"\./\w+\.js"', text)]


def test_a_change_anywhere_changes_every_name(tmp_path: Path) -> None:
    before = copy_of_the_widget(tmp_path)
    names = set(bundle(before))
    strings = before / "strings" / "de.js"
    strings.write_text(strings.read_text().replace("Senden", "Los"))
    assert set(bundle(before)) & names == {"loader.js"}


def test_two_things_of_one_name_in_one_file_are_refused(tmp_path: Path) -> None:
    folder = copy_of_the_widget(tmp_path)
    home = folder / "home.js"
    home.write_text(home.read_text() + "\nexport function palette() {}\n")
    with pytest.raises(ValueError, match="palette"):
        bundle(folder)


def test_what_is_served_is_what_a_browser_can_read(tmp_path: Path) -> None:
    node = services.require_node()
    for name, text in bundle().items():
        file = tmp_path / name.replace(".js", ".mjs")
        file.write_text(text)
        done = subprocess.run([node, "--check", file], capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"{name}: {done.stderr}"


def test_the_parts_of_the_widget_pass_their_own_tests() -> None:
    node = services.require_node()
    command = [node, "--test", *sorted((ROOT / "tests/widget").glob("*.test.js"))]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.returncode == 0, done.stdout[-6000:]


def named(part: str) -> str:
    return next(name for name in widget_texts() if name.rsplit(".", 2)[0] == part)


def weight(name: str) -> int:
    return len(compressed(name).bodies["gzip"])


def copy_of_the_widget(folder: Path) -> Path:
    for path in (ROOT / "widget").rglob("*.*"):
        copy = folder / "widget" / path.relative_to(ROOT / "widget")
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_text(path.read_text())
    return folder / "widget"
