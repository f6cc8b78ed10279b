"""How fast a PDF becomes passages: a manual of 200 and one of 2,000 pages, made on the spot.

"inside" is the time in this process, once everything is loaded: opening, extraction, cutting with
exact token counts where the model's tokenizer is there. "process" is what the server sees, from
the start of the reading process to its last event, passages carried over included. Medians of
several rounds; with --pypdf the library's own extraction of the same file stands beside them.
"""

from __future__ import annotations

import argparse
import io
import os
import platform
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from app.adapters.text_extraction import Done, ReadingProcess, Source  # noqa: E402
from app.reading.session import Request, read  # noqa: E402

TOKENIZER = ROOT / "data" / "models" / "minilm" / "tokenizer.json"
PAGES_A_SECOND = 250.0


def main() -> int:
    options = _options()
    manual: Callable[[int], bytes] = import_module("tests.reading.papers").manual
    tokenizer = TOKENIZER if TOKENIZER.is_file() else None
    slowest = float("inf")
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    print(f"tokens: {'counted exactly' if tokenizer else 'estimated'}; medians of {options.rounds}")
    print(
        f"{'pages':>6} {'what':<9} {'seconds':>8} {'pages/s':>8} {'CPU s':>8} {'pages/CPU s':>12}"
    )
    for pages in options.pages:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "manual.pdf"
            path.write_bytes(manual(pages))
            for name, act in _acts(path, tokenizer, with_pypdf=options.pypdf):
                rounds = [_timed(act) for _ in range(options.rounds)]
                wall, cpu = map(statistics.median, zip(*rounds, strict=True))
                row = f"{pages:>6} {name:<9} {wall:>8.2f} {pages / wall:>8.0f}"
                print(f"{row} {cpu:>8.2f} {pages / cpu:>12.0f}", flush=True)
                if name == "process":
                    slowest = min(slowest, pages / wall)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"largest reading process: {peak:.0f} MiB")
    return 1 if options.check and slowest < PAGES_A_SECOND else 0


def _acts(
    path: Path, tokenizer: Path | None, *, with_pypdf: bool
) -> list[tuple[str, Callable[[], None]]]:
    process = ReadingProcess(tokenizer=tokenizer)
    request = Request(str(path), "manual.pdf", tokenizer=str(tokenizer) if tokenizer else None)

    def inside() -> None:
        events: list[dict[str, Any]] = []
        read(request, events.append)
        assert events[-1]["event"] == "done"

    def outside() -> None:
        *_, last = process.read(Source(path, "manual.pdf"))
        assert isinstance(last, Done)

    def pypdf_alone() -> None:
        from pypdf import PdfReader

        for page in PdfReader(io.BytesIO(path.read_bytes())).pages:
            page.extract_text()

    acts: list[tuple[str, Callable[[], None]]] = [("inside", inside), ("process", outside)]
    return [*acts, ("pypdf", pypdf_alone)] if with_pypdf else acts


def _timed(act: Callable[[], None]) -> tuple[float, float]:
    """By the clock, and on the processor: the second is the same beside other work."""
    before, used = time.perf_counter(), _cpu_seconds()
    act()
    return time.perf_counter() - before, _cpu_seconds() - used


def _cpu_seconds() -> float:
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--pages", type=int, nargs="+", default=[200, 2_000])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--pypdf", action="store_true", help="also time pypdf's own extraction")
    parser.add_argument("--check", action="store_true", help="fail below 250 pages a second")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
