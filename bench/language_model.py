"""What an answer of a language model costs this machine: processor time, start, memory.

    .venv/bin/python bench/language_model.py [--check] [--answers 300]

A stub in a process of its own says 100 tokens at once, each an event in a chunk of HTTP, as real
ones send them. Measured is the processor time that the asking process uses for an answer: with
httpx2 alone (the events are parsed, nothing else), with our adapter through LangChain, and with the
whole chain from facts to words. The reference is langchain-openai's ChatOpenAI.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from app.adapters.chat_model import ChatModel, Through  # noqa: E402
from app.adapters.language_model import LanguageModel, Message  # noqa: E402
from app.services.answering import generating, prompting  # noqa: E402
from app.services.search.evidence import Evidence  # noqa: E402

MILLISECONDS_ALLOWED = 4.0
TOKENS = 100
PASSAGES = 8
AT_ONCE = 32
ROUNDS = 5
START = """
import sys, time, psutil
from app.services.answering import generating
used = lambda: psutil.Process().memory_info().rss / 2**20
before, began = used(), time.perf_counter()
generating.warm_up()
print(time.perf_counter() - began, used() - before, file=sys.stderr)
"""


def main() -> int:
    options = _options()
    with _stub() as base_url:
        lean, reference = _model(base_url, "lean"), _model(base_url, "openai")
        prompt = prompting.messages(_facts())
        rows: dict[str, Callable[[], object]] = {
            "httpx2 alone": _bare(base_url, prompt),
            "lean model": lambda: _read(lean, prompt),
            "ChatOpenAI": lambda: _read(reference, prompt),
            "chain, lean model": lambda: _through_the_chain(lean),
            "chain, ChatOpenAI": lambda: _through_the_chain(reference),
        }
        print(f"{'an answer of 100 tokens':<24} {'CPU ms':>8} {'wall ms':>8}")
        taken = {name: _measured(work, options.answers) for name, work in rows.items()}
        for name, (processor, wall) in taken.items():
            print(f"{name:<24} {processor:>8.2f} {wall:>8.2f}")
        print(f"\n{AT_ONCE} at once, chain, lean model: {_at_once(lean):.0f} answers/s")
    seconds, mebibytes = _start()
    print(f"warming up takes {seconds:.2f} s once and {mebibytes:.0f} MiB")
    too_slow = taken["chain, lean model"][0] > MILLISECONDS_ALLOWED
    return 1 if options.check and too_slow else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="fail above the bound")
    parser.add_argument("--answers", type=int, default=300)
    return parser.parse_args()


@contextmanager
def _stub() -> Iterator[str]:
    command = [sys.executable, "-m", "tests.stubs.openai_chat", "--port", "0"]
    process = subprocess.Popen(
        [*command, "--tokens", str(TOKENS)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        yield process.stdout.readline().strip()
    finally:
        process.terminate()
        process.wait()


def _model(base_url: str, through: Through) -> ChatModel:
    return ChatModel("none", base_url, f"bench-{through}", through=through)


def _facts() -> prompting.Facts:
    text = "The lamp takes three hours to charge and burns for nine. It is good for two years. "
    evidence = tuple(
        Evidence(UUID(int=place), UUID(int=place), f"Manual {place}", text * 8, "Charging", place)
        for place in range(1, PASSAGES + 1)
    )
    history = (("visitor", "Hello there"), ("assistant", "Hello! How can I help?"))
    question = "How long does the lamp take to charge?"
    return prompting.Facts("Heron Lamps", "Ada", question, history, evidence, "", "en")


def _bare(base_url: str, prompt: list[Message]) -> Callable[[], object]:
    import httpx2

    client = httpx2.Client(timeout=10)
    messages = [{"role": each.role, "content": each.content} for each in prompt]
    body = {"model": "bench", "messages": messages, "stream": True}

    def ask() -> int:
        events = 0
        with client.stream("POST", f"{base_url}/chat/completions", json=body) as response:
            for raw in response.iter_raw():
                for line in raw.split(b"\n"):
                    if line.startswith(b"data: {"):
                        json.loads(line[6:])
                        events += 1
        return events

    return ask


def _read(model: LanguageModel, prompt: list[Message]) -> str:
    return "".join(model.answer(prompt, max_tokens=700))


def _through_the_chain(model: LanguageModel) -> str:
    return "".join(generating.generate(model, _facts()))


def _measured(work: Callable[[], object], answers: int) -> tuple[float, float]:
    """Milliseconds of the processor and of the clock, the median of some rounds."""
    for _ in range(10):
        work()
    rounds = [_round(work, max(1, answers // ROUNDS)) for _ in range(ROUNDS)]
    processor, wall = zip(*rounds, strict=True)
    return statistics.median(processor), statistics.median(wall)


def _round(work: Callable[[], object], answers: int) -> tuple[float, float]:
    processor, wall = time.process_time(), time.perf_counter()
    for _ in range(answers):
        work()
    spent = time.process_time() - processor, time.perf_counter() - wall
    return spent[0] / answers * 1000, spent[1] / answers * 1000


def _at_once(model: LanguageModel, each: int = 10) -> float:
    def ask() -> None:
        for _ in range(each):
            _through_the_chain(model)

    threads = [threading.Thread(target=ask) for _ in range(AT_ONCE)]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return AT_ONCE * each / (time.perf_counter() - began)


def _start() -> tuple[float, float]:
    command = [sys.executable, "-c", START]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    seconds, mebibytes = run.stderr.split()[-2:]
    return float(seconds), float(mebibytes)


if __name__ == "__main__":
    sys.exit(main())
