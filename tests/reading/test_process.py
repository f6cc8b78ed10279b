"""`python -m app.reading`: JSON in, JSON lines out, and a clear word whatever happens."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import psutil
import pytest

from app.reading.limits import MIB
from tests.reading import papers
from tests.reading.papers import lines, pdf, raw_pdf

ROOT = Path(__file__).resolve().parents[2]
ENDLESS = b"BT /F1 10 Tf 72 700 Td (slow) Tj ET" + b" 1 0 0 1 0 0 cm" * 4_000_000


def start(request: object) -> subprocess.Popen[bytes]:
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", "app.reading"],
        env={"PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    assert process.stdin is not None
    process.stdin.write(json.dumps(request).encode() + b"\n")
    process.stdin.flush()
    return process


def events(process: subprocess.Popen[bytes]) -> list[dict[str, Any]]:
    out, errors = process.communicate(timeout=60)
    assert errors == b""
    return [json.loads(line) for line in out.split(b"\n") if line.strip()]


def run(content: bytes, folder: Path, name: str = "a.pdf", **limits: float) -> list[dict[str, Any]]:
    path = folder / "upload"
    path.write_bytes(content)
    return events(start({"path": str(path), "file_name": name, "limits": limits}))


def test_the_protocol(tmp_path: Path) -> None:
    heard = run(papers.manual(3), tmp_path)
    assert [event["event"] for event in heard if event["event"] != "page"] == [
        "opened",
        "passages",
        "done",
    ]
    assert heard[0] == {"event": "opened", "pages": 3, "title": "Kettle 3000 Product Guide"}
    assert set(heard[-2]["items"][0]) == {
        "ordinal", "text", "heading_path", "page_from", "page_to", "kind", "tokens",
    }  # fmt: skip


def test_passages_come_in_slices(tmp_path: Path) -> None:
    heard = run("\n\n".join(f"# {n}\n\nText {n}." for n in range(450)).encode(), tmp_path, "a.md")
    assert [len(e["items"]) for e in heard if e["event"] == "passages"] == [200, 200, 50]


@pytest.mark.parametrize("request_", [{}, [], "x", {"path": 1, "limits": []}, {"path": "/nowhere"}])
def test_a_bad_request_is_answered_and_not_crashed_on(request_: object) -> None:
    heard = events(start(request_))
    assert heard[-1]["event"] == "failed"
    assert "Traceback" not in str(heard)


def test_U2_memory_is_limited(tmp_path: Path) -> None:
    huge = b"BT /F1 10 Tf (" + b"many words " * 6_000_000 + b") Tj ET"
    heard = run(raw_pdf(huge), tmp_path, memory_bytes=150 * MIB)
    assert heard[-1]["code"] == "out_of_memory"
    assert "too large to read in the memory allowed" in heard[-1]["message"]


def test_U2_processor_time_is_limited(tmp_path: Path) -> None:
    heard = run(raw_pdf(ENDLESS), tmp_path, cpu_seconds=1, page_seconds=100)
    assert heard[-1]["code"] == "too_slow"
    assert "took longer than 1 seconds to read" in heard[-1]["message"]


def test_U2_wall_clock_time_is_limited(tmp_path: Path) -> None:
    before = time.monotonic()
    heard = run(raw_pdf(ENDLESS), tmp_path, wall_seconds=1, page_seconds=100)
    assert heard[-1]["code"] == "too_slow"
    assert time.monotonic() - before < 10


def test_U2_a_reader_that_is_killed_is_reported_by_the_other(tmp_path: Path) -> None:
    path = tmp_path / "upload"
    path.write_bytes(raw_pdf(ENDLESS))
    process = start({"path": str(path), "file_name": "a.pdf", "limits": {"page_seconds": 100}})
    psutil.Process(process.pid).children()  # The reader may not be there yet.
    reader = _child(process.pid)
    reader.kill()
    assert events(process)[-1]["code"] == "out_of_memory"


def test_U2_a_crash_of_the_interpreter_is_reported(tmp_path: Path) -> None:
    path = tmp_path / "upload"
    path.write_bytes(raw_pdf(ENDLESS))
    process = start({"path": str(path), "file_name": "a.pdf", "limits": {"page_seconds": 100}})
    _child(process.pid).send_signal(signal.SIGSEGV)
    heard = events(process)
    assert (heard[-1]["code"], heard[-1]["detail"]) == ("unreadable", "SIGSEGV")


def test_U2_when_the_caller_is_gone_nobody_reads_on(tmp_path: Path) -> None:
    path = tmp_path / "upload"
    path.write_bytes(raw_pdf(ENDLESS))
    process = start(
        {"path": str(path), "file_name": "a.pdf", "lifeline": True, "limits": {"page_seconds": 99}}
    )
    reader = _child(process.pid)
    process.communicate(timeout=10)  # Closes its stdin first.
    assert not reader.is_running() or reader.status() == psutil.STATUS_ZOMBIE


def test_U2_the_reader_is_modest_and_may_write_no_file(tmp_path: Path) -> None:
    path = tmp_path / "upload"
    path.write_bytes(raw_pdf(ENDLESS))
    process = start({"path": str(path), "file_name": "a.pdf", "limits": {"page_seconds": 100}})
    assert process.stdout is not None
    process.stdout.readline()  # Opened: by now all its limits are set.
    reader = _child(process.pid)
    assert reader.nice() == 10
    assert reader.rlimit(psutil.RLIMIT_FSIZE)[0] == 0
    assert reader.rlimit(psutil.RLIMIT_CORE)[0] == 0
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate(timeout=10)


def test_an_ordinary_file_takes_well_under_a_second(tmp_path: Path) -> None:
    run(pdf(lines("warm up")), tmp_path)
    before = time.monotonic()
    assert run(papers.manual(20), tmp_path)[-1]["event"] == "done"
    assert time.monotonic() - before < 3  # The promise is one second; other tests run beside it.


def _child(pid: int) -> psutil.Process:
    """The reader, once it has been started."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        if children := psutil.Process(pid).children():
            return children[0]
        time.sleep(0.01)
    raise AssertionError("The reader never started.")
