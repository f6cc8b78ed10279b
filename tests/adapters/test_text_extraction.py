"""Text extraction: one contract, the process and its stand-in; and nothing is left behind."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import psutil
import pytest

from app.adapters.text_extraction import (
    MIB,
    Done,
    Failed,
    FakeExtraction,
    Opened,
    PageRead,
    PassagesRead,
    Reading,
    ReadingLimits,
    ReadingProcess,
    Source,
    TextExtraction,
    Warned,
)
from app.reading.cutting import Passage
from tests.reading import papers
from tests.reading.papers import lines, pdf, raw_pdf

ROOT = Path(__file__).resolve().parents[2]
SLOW = raw_pdf(b"BT /F1 10 Tf 72 700 Td (slow) Tj ET" + b" 1 0 0 1 0 0 cm" * 4_000_000)
PATIENT = ReadingLimits(page_seconds=100)


@pytest.fixture(params=["process", "fake"])
def extraction(request: pytest.FixtureRequest) -> TextExtraction:
    return ReadingProcess() if request.param == "process" else FakeExtraction()


@pytest.fixture(autouse=True)
def nothing_left_behind() -> object:
    """No process and no descriptor outlives its reading."""
    before = _open_files()
    yield
    assert [child.pid for child in psutil.Process().children() if _reads(child)] == []
    assert _open_files() <= before


def source(folder: Path, content: bytes, name: str = "a.pdf", media_type: str = "") -> Source:
    path = folder / "a3f1"
    path.write_bytes(content)
    return Source(path, name, media_type)


def passages(events: list[Reading]) -> list[Passage]:
    return [item for event in events if isinstance(event, PassagesRead) for item in event.items]


# The contract


def test_a_file_is_opened_read_and_done(extraction: TextExtraction, tmp_path: Path) -> None:
    events = list(extraction.read(source(tmp_path, papers.manual(4))))
    assert events[0] == Opened(4, "Kettle 3000 Product Guide")
    assert [event.done for event in events if isinstance(event, PageRead)][-1] == 4
    end = events[-1]
    assert isinstance(end, Done)
    assert (end.pages, end.passages, end.warnings) == (4, len(passages(events)), 0)
    assert [passage.ordinal for passage in passages(events)] == list(range(end.passages))


def test_both_read_the_same(tmp_path: Path) -> None:
    content = source(tmp_path, papers.manual(4))
    real = passages(list(ReadingProcess().read(content)))
    assert real == passages(list(FakeExtraction().read(content)))


def test_warnings_name_the_page(extraction: TextExtraction, tmp_path: Path) -> None:
    content = pdf(lines("One."), lines("Two."), lines("Three."))
    broken = content.replace(b"/FlateDecode", b"/NoSuchCode", 1)
    events = list(extraction.read(source(tmp_path, broken)))
    assert [event.page for event in events if isinstance(event, Warned)] == [1]


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (b"", "a.pdf", "empty"),
        (b"%PDF-1.7 and nothing else", "a.pdf", "unreadable"),
        (pdf(lines("x"), password="p"), "a.pdf", "password_protected"),
        (papers.scan(), "a.pdf", "no_text"),
        (b"words", "a.pdf", "wrong_type"),
        (b"words", "a.exe", "unsupported"),
    ],
)
def test_U2_each_failure_has_a_code_and_a_sentence(
    extraction: TextExtraction, tmp_path: Path, content: bytes, name: str, code: str
) -> None:
    end = list(extraction.read(source(tmp_path, content, name)))[-1]
    assert isinstance(end, Failed)
    assert (end.code, end.transient) == (code, False)
    assert end.message.endswith(".")


def test_a_file_that_is_gone_is_a_failure_too(extraction: TextExtraction, tmp_path: Path) -> None:
    end = list(extraction.read(Source(tmp_path / "nowhere", "a.pdf")))[-1]
    assert isinstance(end, Failed)


def test_the_stand_in_fails_as_it_is_told(tmp_path: Path) -> None:
    extraction = FakeExtraction()
    extraction.failures["bad.pdf"] = Failed("too_slow", "Too slow.")
    assert list(extraction.read(Source(tmp_path, "bad.pdf"))) == [Failed("too_slow", "Too slow.")]
    assert [asked.file_name for asked in extraction.asked] == ["bad.pdf"]


# The process


def test_U2_too_little_memory_is_said_so(tmp_path: Path) -> None:
    huge = raw_pdf(b"BT /F1 10 Tf (" + b"many words " * 6_000_000 + b") Tj ET")
    extraction = ReadingProcess(ReadingLimits(memory_bytes=150 * MIB))
    assert _failed(extraction, source(tmp_path, huge)).code == "out_of_memory"


@pytest.mark.parametrize("limit", [{"cpu_seconds": 1}, {"wall_seconds": 1.0}])
def test_U2_too_little_time_is_said_so(tmp_path: Path, limit: dict[str, int]) -> None:
    extraction = ReadingProcess(ReadingLimits(page_seconds=100, **limit))
    failed = _failed(extraction, source(tmp_path, SLOW))
    assert (failed.code, failed.transient) == ("too_slow", False)
    assert "took longer than 1 seconds to read" in failed.message


def test_U2_when_both_processes_are_killed_it_may_be_tried_again(tmp_path: Path) -> None:
    events = ReadingProcess(PATIENT).read(source(tmp_path, SLOW))
    assert isinstance(next(events), Opened)
    for process in _family():
        process.kill()
    end = list(events)[-1]
    assert isinstance(end, Failed)
    assert (end.code, end.transient) == ("stopped", True)


def test_U2_a_stopped_process_is_given_up(tmp_path: Path) -> None:
    import app.adapters.text_extraction as module

    extraction = ReadingProcess(ReadingLimits(page_seconds=100, wall_seconds=-module.GRACE_SECONDS))
    failed = _failed(extraction, source(tmp_path, SLOW))
    assert failed.code == "too_slow"


def test_U2_whoever_stops_listening_stops_the_reading(tmp_path: Path) -> None:
    events = ReadingProcess(PATIENT).read(source(tmp_path, SLOW))
    assert isinstance(next(events), Opened)
    family = _family()
    assert len(family) == 2
    events.close()  # type: ignore[attr-defined]
    assert not any(_lives(process) for process in family)


def test_U2_the_process_sees_nothing_of_our_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-canary")
    events = ReadingProcess(PATIENT).read(source(tmp_path, SLOW))
    next(events)
    assert not any("sk-canary" in str(process.environ()) for process in _family())
    events.close()  # type: ignore[attr-defined]


def test_U7_strange_names_do_no_harm(extraction: TextExtraction, tmp_path: Path) -> None:
    for name in ("../../x\x00.md", "\u202e\ud800fdp.md", "<script>.md", "$(reboot).md"):
        end = list(extraction.read(source(tmp_path, b"text", name)))[-1]
        assert isinstance(end, Done)
        assert not set("\x00\u202e\ud800/") & set(end.title)


def test_many_read_at_once_in_threads(tmp_path: Path) -> None:
    content = source(tmp_path, papers.manual(3))
    ends: list[Reading] = []
    threads = [
        threading.Thread(target=lambda: ends.append(list(ReadingProcess().read(content))[-1]))
        for _ in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [type(end) for end in ends] == [Done] * 6


@pytest.mark.parametrize("where", ["greenlets", "native threads"])
def test_under_gevent_others_go_on_meanwhile(tmp_path: Path, where: str) -> None:
    (tmp_path / "a.pdf").write_bytes(papers.manual(60))
    ran = subprocess.run(
        [sys.executable, "-c", UNDER_GEVENT, str(tmp_path / "a.pdf"), where],
        env={"PYTHONPATH": str(ROOT), "PATH": os.defpath},
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    assert ran.stderr == ""
    assert ran.stdout.split() == ["Done"] * 3 + ["ticked"]


UNDER_GEVENT = """
from gevent import monkey
monkey.patch_all()
import subprocess, sys, time
from pathlib import Path
import gevent
from app.adapters.native_work import native_threads
from app.adapters.text_extraction import ReadingProcess, Source

# Somebody else's children must not disturb ours, nor ours theirs.
assert subprocess.run(["true"], check=True).returncode == 0
source = Source(Path(sys.argv[1]), "a.pdf")
gaps = []

def tick():
    while True:
        before = time.monotonic()
        gevent.sleep(0.005)
        gaps.append(time.monotonic() - before)

def read():
    return type(list(ReadingProcess().read(source))[-1]).__name__

ticker = gevent.spawn(tick)
if sys.argv[2] == "greenlets":
    jobs = [gevent.spawn(read) for _ in range(3)]
    for job in jobs:
        print(job.get())
else:
    pool = native_threads(3)
    for job in [pool.submit(read) for _ in range(3)]:
        print(job.result())
assert subprocess.run(["false"]).returncode == 1
print("ticked" if len(gaps) > 20 and sorted(gaps)[len(gaps) // 2] < 0.05 else gaps)
"""


def _open_files() -> int:
    listing = Path("/proc/self/fd")
    return len(list(listing.iterdir())) if listing.exists() else 0


def _failed(extraction: TextExtraction, wanted: Source) -> Failed:
    end = list(extraction.read(wanted))[-1]
    assert isinstance(end, Failed)
    return end


def _family() -> list[psutil.Process]:
    return [
        process
        for child in psutil.Process().children()
        if _reads(child)
        for process in (child, *child.children())
    ]


def _reads(process: psutil.Process) -> bool:
    try:
        return "app.reading" in process.cmdline()
    except psutil.Error:
        return False


def _lives(process: psutil.Process) -> bool:
    deadline = time.monotonic() + 5
    while process.is_running() and process.status() != psutil.STATUS_ZOMBIE:
        if time.monotonic() > deadline:
            return True
        time.sleep(0.01)
    return False
