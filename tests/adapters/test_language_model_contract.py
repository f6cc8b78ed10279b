"""What every way to a language model keeps, over real HTTP: the lean one and ChatOpenAI."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from uuid import uuid4

import pytest

from app.adapters.chat_model import ChatModel, Through
from app.adapters.language_model import Kind, Message, ModelFailed
from app.adapters.model_prices import Prices
from app.adapters.model_wire import Patience
from tests.stubs import chat_behaviours as behaves
from tests.stubs.chat_behaviours import Behaviour
from tests.stubs.openai_chat import OpenAIChatStub

PROMPT = (Message("system", "Be kind."), Message("user", "Hi"), Message("assistant", "Hello"))
ASKED = (*PROMPT, Message("user", "What does the heron eat?"))
TEXT = "Fish, mostly [1]. It stands still {for hours}. Ünïcode – too 🐟."
PATIENT = Patience()
SHORT = Patience(connect=1.0, first_token=0.7, between_tokens=0.7, whole=4.0)
# Enough for a busy machine, and too little for a time-out that is not kept.
AT_MOST = 4.0

Ask = Callable[..., ChatModel]


@pytest.fixture(scope="module")
def server() -> Iterator[OpenAIChatStub]:
    with OpenAIChatStub() as stub:
        yield stub


@pytest.fixture
def stub(server: OpenAIChatStub) -> OpenAIChatStub:
    server.script.clear()
    server.by_model.clear()
    server.asked.clear()
    server.keys.clear()
    server.otherwise = Behaviour(text=TEXT)
    return server


@pytest.fixture(params=["lean", "openai"])
def through(request: pytest.FixtureRequest) -> Through:
    through: Through = request.param
    return through


@pytest.fixture
def model(through: Through, stub: OpenAIChatStub) -> ChatModel:
    return asking(stub, through)


def asking(stub: OpenAIChatStub, through: Through, patience: Patience = PATIENT) -> ChatModel:
    """A model of its own each time: what one test does to it must not shut another out."""
    name = f"m-{uuid4().hex[:8]}"
    prices = Prices(0.5, 2.0)
    return ChatModel(
        "sk-nobody", stub.base_url, name, prices=prices, patience=patience, through=through
    )


def failure(model: ChatModel) -> ModelFailed:
    with pytest.raises(ModelFailed) as caught:
        list(model.answer(ASKED, max_tokens=50))
    return caught.value


def test_an_answer_comes_whole_and_unchanged(model: ChatModel) -> None:
    answering = model.answer(ASKED, max_tokens=50)
    assert "".join(answering) == TEXT
    assert answering.finish_reason == "stop"


def test_nothing_is_asked_before_the_first_piece_is(stub: OpenAIChatStub, model: ChatModel) -> None:
    answering = model.answer(ASKED, max_tokens=50)
    assert stub.asked == []
    assert next(iter(answering))
    assert len(stub.asked) == 1


def test_the_prompt_the_key_and_the_limits_arrive(stub: OpenAIChatStub, model: ChatModel) -> None:
    list(model.answer(ASKED, max_tokens=50, temperature=0.1))
    asked = stub.asked[0]
    assert [(each["role"], each["content"]) for each in asked["messages"]] == [
        (each.role, each.content) for each in ASKED
    ]
    assert asked["model"] == model.name
    assert asked["temperature"] == 0.1
    assert 50 in (asked.get("max_tokens"), asked.get("max_completion_tokens"))
    assert stub.keys == ["Bearer sk-nobody"]


def test_tokens_and_cost_are_what_the_endpoint_says(model: ChatModel) -> None:
    answering = model.answer(ASKED, max_tokens=50)
    list(answering)
    usage = answering.usage
    assert (usage.input_tokens, usage.estimated) == (321, False)
    assert usage.output_tokens > 10
    assert usage.cost_micros == round(321 * 0.5 + usage.output_tokens * 2.0)


def test_tokens_are_estimated_where_the_endpoint_does_not_count(
    stub: OpenAIChatStub, model: ChatModel
) -> None:
    stub.otherwise = Behaviour(text=TEXT, usage=False)
    answering = model.answer(ASKED, max_tokens=50)
    list(answering)
    assert answering.usage.estimated
    assert 10 < answering.usage.output_tokens < 40
    assert answering.usage.cost_micros


@pytest.mark.parametrize(
    ("behaviour", "kind", "permanent", "first"),
    [
        (behaves.UNAUTHORIZED, "auth", True, True),
        (replace(behaves.UNAUTHORIZED, status=403), "auth", True, True),
        (behaves.NO_SUCH_MODEL, "refused", True, True),
        (behaves.slow_down(9), "rate", False, True),
        (behaves.slow_down(None), "rate", False, True),
        (behaves.BROKEN, "server", False, True),
        (behaves.DOWN, "server", False, True),
        (behaves.FAILS_MIDWAY, "server", False, False),
        (behaves.HTML_PAGE, "rubbish", False, True),
        (behaves.RUBBISH, "rubbish", False, True),
        (behaves.BAD_EVENTS, "rubbish", False, True),
        (behaves.EMPTY, "rubbish", False, True),
        (Behaviour(text="  \n "), "rubbish", False, None),
        (behaves.STALL, "timeout", False, True),
        (behaves.STALL_AFTER_HEADERS, "timeout", False, True),
        (behaves.DRIP, "timeout", False, True),
        (behaves.STALL_MIDWAY, "timeout", False, False),
        (behaves.CUT, "cut", False, False),
        (behaves.CUT_POLITELY, "cut", False, False),
        (Behaviour(text=TEXT, finish="content_filter"), "refused", False, False),
    ],
    ids=lambda each: f"{each.name}-{each.status}" if isinstance(each, Behaviour) else "",
)
def test_every_failure_is_told_apart_in_time(
    stub: OpenAIChatStub,
    through: Through,
    behaviour: Behaviour,
    kind: Kind,
    permanent: bool,
    first: bool | None,
) -> None:
    model = asking(stub, through, SHORT)
    model_is_loaded(stub, model)
    stub.otherwise = behaviour
    began = time.monotonic()
    error = failure(model)
    assert (error.kind, error.permanent) == (kind, permanent)
    assert first in (None, error.before_first_token)
    assert time.monotonic() - began < AT_MOST


def test_nobody_there_is_unreachable() -> None:
    for through in ("lean", "openai"):
        model = ChatModel("", "http://127.0.0.1:9/v1", uuid4().hex, through=through)
        assert failure(model).kind == "unreachable"


def test_a_rate_limit_is_waited_for_if_it_is_short(stub: OpenAIChatStub, through: Through) -> None:
    model = asking(stub, through)
    model_is_loaded(stub, model)
    stub.then(behaves.slow_down(0.2))
    began = time.monotonic()
    assert "".join(model.answer(ASKED, max_tokens=50)) == TEXT
    assert time.monotonic() - began >= 0.2
    assert len(stub.asked) == 2


@pytest.mark.parametrize("behaviour", [behaves.BROKEN, behaves.DOWN])
def test_a_failure_before_the_first_token_is_tried_again_once(
    stub: OpenAIChatStub, model: ChatModel, behaviour: Behaviour
) -> None:
    model_is_loaded(stub, model)
    stub.then(behaviour)
    assert "".join(model.answer(ASKED, max_tokens=50)) == TEXT
    stub.asked.clear()
    stub.then(behaviour, behaviour)
    assert failure(model).kind == "server"
    assert len(stub.asked) == 2


@pytest.mark.parametrize(
    "behaviour", [behaves.CUT, behaves.UNAUTHORIZED, behaves.slow_down(5), behaves.HTML_PAGE]
)
def test_what_another_try_would_not_mend_is_not_tried_again(
    stub: OpenAIChatStub, model: ChatModel, behaviour: Behaviour
) -> None:
    stub.then(behaviour)
    failure(model)
    assert len(stub.asked) == 1


def test_a_limit_of_tokens_is_told(stub: OpenAIChatStub, model: ChatModel) -> None:
    stub.otherwise = Behaviour(text="Fish, mos", finish="length")
    answering = model.answer(ASKED, max_tokens=3)
    assert "".join(answering) == "Fish, mos"
    assert answering.finish_reason == "length"


def test_L7_a_model_that_does_not_end_is_ended(stub: OpenAIChatStub, model: ChatModel) -> None:
    stub.otherwise = Behaviour("loop", text="Fish and fish and fish. ")
    answering = model.answer(ASKED, max_tokens=20)
    assert len("".join(answering)) < 1_000
    assert answering.finish_reason == "length"


@pytest.mark.parametrize(
    "behaviour",
    [behaves.STALL, behaves.STALL_AFTER_HEADERS, replace(behaves.STALL_MIDWAY, text=TEXT)],
    ids=lambda each: each.name,
)
def test_an_answer_is_called_off_from_another_thread_at_once(
    stub: OpenAIChatStub, through: Through, behaviour: Behaviour
) -> None:
    model = asking(stub, through)
    model_is_loaded(stub, model)
    stub.otherwise = behaviour
    hung_up = stub.hung_up
    answering = model.answer(ASKED, max_tokens=50)
    threading.Timer(0.3, answering.cancel).start()
    began = time.monotonic()
    with pytest.raises(ModelFailed) as caught:
        list(answering)
    assert caught.value.kind == "cancelled"
    assert time.monotonic() - began < AT_MOST
    eventually(lambda: stub.hung_up > hung_up)


def test_an_answer_called_off_before_it_began_asks_nobody(
    stub: OpenAIChatStub, model: ChatModel
) -> None:
    answering = model.answer(ASKED, max_tokens=50)
    answering.cancel()
    with pytest.raises(ModelFailed) as caught:
        list(answering)
    assert caught.value.kind == "cancelled"
    assert stub.asked == []


def test_calling_off_late_does_not_cut_the_next_answer(
    stub: OpenAIChatStub, model: ChatModel
) -> None:
    """The connection is used again: what is over has no hold on it any more."""
    first = model.answer(ASKED, max_tokens=50)
    list(first)
    second = iter(model.answer(ASKED, max_tokens=50))
    said = next(second)
    first.cancel()
    assert said + "".join(second) == TEXT


def test_an_answer_that_nobody_reads_on_is_let_go(stub: OpenAIChatStub, model: ChatModel) -> None:
    stub.otherwise = Behaviour(text=TEXT * 20, delay_ms=20)
    hung_up = stub.hung_up
    reading = iter(model.answer(ASKED, max_tokens=500))
    next(reading)
    reading.close()  # type: ignore[attr-defined]
    eventually(lambda: stub.hung_up > hung_up)


def test_connections_are_used_again(stub: OpenAIChatStub) -> None:
    """The OpenAI client leaves the last chunk unread, so that it cannot."""
    model = asking(stub, "lean")
    list(model.answer(ASKED, max_tokens=50))
    opened = stub.connections
    for _ in range(5):
        list(model.answer(ASKED, max_tokens=50))
    assert stub.connections == opened


def test_answers_at_once_do_not_wait_for_each_other(stub: OpenAIChatStub, model: ChatModel) -> None:
    model_is_loaded(stub, model)
    stub.otherwise = Behaviour(text=TEXT, first_delay_ms=300)
    said: list[str] = []
    readers = [
        threading.Thread(target=lambda: said.append("".join(model.answer(ASKED, max_tokens=50))))
        for _ in range(8)
    ]
    began = time.monotonic()
    for each in readers:
        each.start()
    for each in readers:
        each.join()
    assert said == [TEXT] * 8
    assert time.monotonic() - began < AT_MOST


def test_five_failures_in_a_row_open_the_circuit(stub: OpenAIChatStub, model: ChatModel) -> None:
    stub.otherwise = behaves.HTML_PAGE
    kinds = [failure(model).kind for _ in range(6)]
    assert kinds == ["rubbish"] * 5 + ["open"]
    assert len(stub.asked) == 5


def test_a_refused_key_opens_the_circuit_at_once_and_only_for_itself(
    stub: OpenAIChatStub, model: ChatModel
) -> None:
    stub.then(behaves.UNAUTHORIZED)
    assert failure(model).kind == "auth"
    error = failure(model)
    assert (error.kind, error.permanent) == ("open", True)
    assert "401" in str(error)
    other = ChatModel("another key", stub.base_url, model.name)
    assert "".join(other.answer(ASKED, max_tokens=50)) == TEXT


def test_a_key_is_never_in_what_is_told(stub: OpenAIChatStub, model: ChatModel) -> None:
    stub.otherwise = behaves.UNAUTHORIZED
    assert "sk-nobody" not in str(failure(model))
    assert "sk-nobody" not in repr(model)


def model_is_loaded(stub: OpenAIChatStub, model: ChatModel) -> None:
    """So that the clock does not count the loading of LangChain."""
    list(model.answer(ASKED, max_tokens=50))
    stub.asked.clear()


def eventually(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 5
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.02)
