"""What our own way to a model does beyond the contract, and what keeps it from asking in vain."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from app.adapters.chat_model import ChatModel
from app.adapters.circuit_breaker import PAUSE_SECONDS, CircuitBreaker
from app.adapters.language_model import Kind, Message, ModelFailed, estimated_tokens
from app.adapters.model_prices import prices_of
from app.providers import choose_adapters
from config import ConfigurationError, Development
from tests.stubs.chat_behaviours import Behaviour
from tests.stubs.openai_chat import OpenAIChatStub

ROOT = Path(__file__).resolve().parents[2]
ASKED = (Message("user", "What does the heron eat?"),)
KEY = {"openai_api_key": "sk-nobody"}
FAILED = ModelFailed("It broke.", "server")
# What an operator may have in the environment from another project, and must not matter here.
TRACING = {
    "LANGSMITH_TRACING": "true",
    "LANGCHAIN_TRACING_V2": "true",
    "LANGSMITH_API_KEY": "none",
    "PATH": "/usr/bin:/bin",
}


@pytest.fixture
def stub() -> Iterator[OpenAIChatStub]:
    with OpenAIChatStub(Behaviour(text="Fish, mostly. Frogs too. And a mouse at times.")) as stub:
        yield stub


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def is_open(breaker: CircuitBreaker) -> bool:
    try:
        breaker.enter()
    except ModelFailed:
        return True
    return False


def test_tokens_that_came_together_are_handed_on_together(stub: OpenAIChatStub) -> None:
    model = ChatModel("", stub.base_url, "m")
    pieces = list(model.answer(ASKED, max_tokens=50))
    assert "".join(pieces) == "Fish, mostly. Frogs too. And a mouse at times."
    assert len(pieces) < 3


def test_slow_tokens_are_handed_on_as_they_come(stub: OpenAIChatStub) -> None:
    stub.otherwise = Behaviour(text="a very long sentence without an end", delay_ms=60)
    assert len(list(ChatModel("", stub.base_url, "m").answer(ASKED, max_tokens=50))) > 4


@pytest.mark.parametrize(
    ("name", "absent", "present"),
    [
        ("max_tokens", "max_tokens", "max_completion_tokens"),
        ("temperature", "temperature", "max_tokens"),
        ("stream_options", "stream_options", "max_tokens"),
    ],
)
def test_a_model_is_asked_again_without_what_it_does_not_know(
    name: str, absent: str, present: str
) -> None:
    words = f"Unsupported parameter: '{name}' is not supported with this model."
    with OpenAIChatStub(Behaviour(text="Fish.")) as stub:
        stub.then(Behaviour("error", status=400, text=words))
        model = ChatModel("", stub.base_url, uuid4().hex)
        for _ in range(2):
            assert "".join(model.answer(ASKED, max_tokens=50)) == "Fish."
    first, second, third = stub.asked
    assert absent in first
    for asked in (second, third):
        assert absent not in asked
        assert present in asked


def test_what_is_really_wrong_with_a_request_is_told(stub: OpenAIChatStub) -> None:
    stub.otherwise = Behaviour("error", status=400, text="The prompt is too long.")
    with pytest.raises(ModelFailed, match="The prompt is too long") as caught:
        list(ChatModel("", stub.base_url, "m").answer(ASKED, max_tokens=50))
    assert (caught.value.kind, caught.value.permanent) == ("refused", True)


def test_a_local_endpoint_gets_no_key(stub: OpenAIChatStub) -> None:
    list(ChatModel("", stub.base_url, "m").answer(ASKED, max_tokens=50))
    assert stub.keys == [""]


def test_half_a_letter_in_one_chunk_is_no_damage(stub: OpenAIChatStub) -> None:
    stub.otherwise = Behaviour(text="\ud83d is half an emoji, and 鷺 is a heron.")
    said = "".join(ChatModel("", stub.base_url, "m").answer(ASKED, max_tokens=50))
    assert "鷺 is a heron." in said


def test_failures_that_are_far_apart_open_nothing() -> None:
    clock = Clock()
    breaker = CircuitBreaker(clock)
    for _ in range(20):
        assert not is_open(breaker)
        breaker.failed(FAILED)
        clock.now += 20
    breaker.succeeded()
    for _ in range(4):
        breaker.failed(FAILED)
    breaker.succeeded()
    breaker.failed(FAILED)
    assert not is_open(breaker)


def test_after_a_pause_one_tries_it_out() -> None:
    clock = Clock()
    breaker = CircuitBreaker(clock)
    for _ in range(5):
        breaker.failed(FAILED)
    assert is_open(breaker)
    clock.now += PAUSE_SECONDS
    assert not is_open(breaker)
    assert is_open(breaker), "One at a time."
    breaker.failed(FAILED)
    assert is_open(breaker), "The one who tried it failed."
    clock.now += PAUSE_SECONDS
    assert not is_open(breaker)
    breaker.left()
    assert not is_open(breaker), "Who left without a word lets the next one try."
    breaker.succeeded()
    assert not is_open(breaker)
    assert not is_open(breaker)


@pytest.mark.parametrize("kind", ["cancelled", "refused"])
def test_what_is_not_the_endpoints_fault_does_not_count(kind: Kind) -> None:
    breaker = CircuitBreaker()
    for _ in range(20):
        breaker.failed(ModelFailed("…", kind))
    assert not is_open(breaker)


def test_an_estimate_is_about_what_a_tokenizer_would_say() -> None:
    english = "The guarantee lasts five years from the day of purchase, water damage included."
    assert 14 <= estimated_tokens(english) <= 24
    assert 10 <= estimated_tokens("苍鹭站在水里等待一条鱼") <= 16
    assert estimated_tokens("") == 0


def test_prices_are_known_for_openai_alone() -> None:
    openai = "https://api.openai.com/v1"
    mini = prices_of(openai, "gpt-4.1-mini-2025-04-14")
    assert mini is not None
    assert mini.micros(1_000_000, 0) == 400_000
    assert prices_of("http://localhost:11434/v1", "gpt-4.1-mini") is None
    assert prices_of(openai, "something-new") is None


@pytest.mark.parametrize(
    ("settings", "names"),
    [
        ({}, []),
        (KEY, ["gpt-4.1-mini"]),
        ({**KEY, "llm_model": "big", "llm_fallback_model": "small"}, ["big", "small"]),
        ({"openai_base_url": "http://localhost:1/v1", "llm_model": "llama"}, ["llama"]),
        ({"openai_base_url": "http://localhost:1/v1"}, []),
        ({**KEY, "llm_fallback_model": "gpt-4.1-mini"}, ["gpt-4.1-mini"]),
    ],
)  # fmt: skip
def test_the_settings_say_which_models_there_are(
    tmp_path: Path, settings: dict[str, Any], names: list[str]
) -> None:
    config = Development(data_dir=tmp_path, **settings)
    adapters = choose_adapters(config)
    assert [each.name for each in adapters.language_models] == names
    assert not adapters.embeddings.name.startswith("openai")


@pytest.mark.parametrize(
    "settings",
    [
        {"llm_model": "big"},
        {"llm_fallback_model": "small"},
        {"llm_model": "big", "openai_base_url": "not an address"},
    ],
)
def test_settings_that_cannot_run_are_refused(tmp_path: Path, settings: dict[str, Any]) -> None:
    with pytest.raises(ConfigurationError):
        Development(data_dir=tmp_path, **settings)


def test_langchain_is_loaded_by_the_first_answer_alone() -> None:
    found = in_a_process_of_its_own(
        "import sys, json\n"
        "import app.providers, app.services.answering.generating, app.adapters.chat_model\n"
        "app.adapters.chat_model.ChatModel('', '', 'm').answer([], max_tokens=1)\n"
        "heavy = ('langchain_core', 'langsmith', 'openai', 'tiktoken')\n"
        "print(json.dumps([name for name in heavy if name in sys.modules]))"
    )
    assert found == []


def test_L5_nothing_is_sent_to_anybody_but_the_endpoint(stub: OpenAIChatStub) -> None:
    """Not even where the environment asks for traces: the visitors were not asked."""
    found = in_a_process_of_its_own(
        "import sys, json, socket, time\n"
        "reached = []\n"
        "sys.addaudithook(lambda event, args: reached.append(str(args[1][:2]))\n"
        "    if event == 'socket.connect' else reached.append(str(args[0]))\n"
        "    if event == 'socket.getaddrinfo' else None)\n"
        "from app.adapters.chat_model import ChatModel\n"
        "from app.services.answering import generating\n"
        "from app.services.answering.prompting import Facts\n"
        f"model = ChatModel('', {stub.base_url!r}, 'm')\n"
        "said = ''.join(generating.generate(model, Facts('Heron', 'Ada', 'Why?')))\n"
        "time.sleep(1)\n"
        "print(json.dumps([said, sorted(set(reached))]))"
    )
    said, reached = found
    assert said.startswith("Fish")
    assert all("127.0.0.1" in each for each in reached), reached


def in_a_process_of_its_own(program: str) -> Any:
    run = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env=TRACING,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout.splitlines()[-1])


def test_greenlets_keep_the_contract_too() -> None:
    """A stalled answer holds up no other one, and is called off by a greenlet as by a thread."""
    file = "tests/adapters/test_language_model_contract.py"
    patched = ["-m", "gevent.monkey", "--module", "pytest", "-q", "-p", "no:cacheprovider"]
    chosen = "lean and (called_off or calling_off or at_once or whole or in_time)"
    run = subprocess.run(
        [sys.executable, *patched, "-p", "no:schemathesis", "-k", chosen, file],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    assert "passed" in run.stdout
