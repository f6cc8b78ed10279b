"""A model of any OpenAI-compatible endpoint: asked through LangChain, with patience and a fuse."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Literal

from app.adapters.circuit_breaker import CircuitBreaker, breaker_for
from app.adapters.language_model import (
    Message,
    ModelFailed,
    Usage,
    estimated_prompt,
    estimated_tokens,
)
from app.adapters.model_prices import Prices, prices_of
from app.adapters.model_wire import Call, Patience, current_call

if TYPE_CHECKING:
    from langchain_core.language_models.chat_models import BaseChatModel
    from langchain_core.messages import AIMessageChunk, BaseMessage

OPENAI = "https://api.openai.com/v1"
LONGEST_NAME = 120
TRIES = 2
LONGEST_WAIT = 2.0
# More than any language needs.
LETTERS_A_TOKEN = 12
# So that those who failed together do not come back together.
JITTER = (0.1, 0.4)
WORTH_ANOTHER_TRY = frozenset({"rate", "server", "unreachable", "cut"})
Through = Literal["lean", "openai"]


class ChatModel:
    """Cheap to make: connections, fuses and what was learned about a model are shared."""

    def __init__(
        self,
        api_key: str,
        base_url: str,
        model: str,
        *,
        prices: Prices | None = None,
        patience: Patience = Patience(),  # noqa: B008 - It is frozen.
        through: Through = "lean",
    ) -> None:
        self._api_key = api_key
        self._base_url = (base_url or OPENAI).rstrip("/")
        self._model = model
        self._prices = prices or prices_of(self._base_url, model)
        self._patience = patience
        self._through = through
        self._chat: BaseChatModel | None = None
        # A wrong key is its owner's trouble and must not shut out the others.
        key = hashlib.sha256(api_key.encode()).digest()
        self._breaker = breaker_for((self._base_url, model, key))

    @property
    def name(self) -> str:
        return self._model[:LONGEST_NAME]

    def answer(
        self, messages: Sequence[Message], *, max_tokens: int, temperature: float = 0.2
    ) -> ChatAnswer:
        asked = _Asked(tuple(messages), max_tokens, temperature)
        return ChatAnswer(self._opened, asked, self._patience, self._breaker, self._prices)

    def _opened(self) -> BaseChatModel:
        if self._chat is None:
            self._chat = _chat(self._api_key, self._base_url, self._model, self._through)
        return self._chat


def warm_up() -> None:
    """Load LangChain, which takes about half a second, before somebody waits for it."""
    _chat("", OPENAI, "none", "lean")
    _on_langchain((Message("system", ""), Message("user", ""), Message("assistant", "")))
    _meter(max)


@cache
def never_trace() -> None:
    """Whatever the environment says: visitors' words are not sent to a third party."""
    import langsmith

    langsmith.configure(enabled=False)


@dataclass(frozen=True)
class _Asked:
    messages: tuple[Message, ...]
    max_tokens: int
    temperature: float


class ChatAnswer:
    """One answer. Before its first piece a failure may be tried again, after it never."""

    def __init__(
        self,
        opened: Callable[[], BaseChatModel],
        asked: _Asked,
        patience: Patience,
        breaker: CircuitBreaker,
        prices: Prices | None,
    ) -> None:
        self._opened = opened
        self._asked = asked
        self._breaker = breaker
        self._prices = prices
        self._call = Call(patience)
        self._counted: tuple[int, int] | None = None
        self._said: list[str] = []

    @property
    def finish_reason(self) -> str:
        return self._call.finish_reason

    @property
    def usage(self) -> Usage:
        estimated = self._counted is None
        read, written = self._counted or self._estimate()
        cost = self._prices.micros(read, written) if self._prices else None
        return Usage(read, written, cost, estimated)

    def cancel(self) -> None:
        self._call.cancel()

    def __iter__(self) -> Iterator[str]:
        chat = self._opened()
        # To load LangChain takes a while, which is not the model's fault.
        self._call.begin()
        self._breaker.enter()
        try:
            yield from self._tried(chat)
        except ModelFailed as error:
            self._breaker.failed(error)
            raise
        except GeneratorExit:
            # Whoever has read enough says nothing about the model.
            self._breaker.left()
            raise
        self._breaker.succeeded()

    def _tried(self, chat: BaseChatModel) -> Iterator[str]:
        for attempt in range(1, TRIES + 1):
            try:
                yield from self._attempted(chat)
            except ModelFailed as error:
                wait = _seconds_to_wait(error)
                if attempt == TRIES or wait is None or wait >= self._call.seconds_left():
                    raise
                self._call.pause(wait)
            else:
                return

    def _attempted(self, chat: BaseChatModel) -> Iterator[str]:
        self._call.check()
        stream = self._streamed(chat)
        try:
            for chunk in stream:
                if reason := chunk.response_metadata.get("finish_reason"):
                    self._call.finish_reason = reason
                if text := str(chunk.text):
                    self._call.note_token()
                    self._said.append(text)
                    yield text
                if self._says_too_much():
                    self._call.finish_reason = "length"
                    break
        except Exception as error:
            raise _failure_of(error, self._call) from error
        self._judge_the_end()

    def _streamed(self, chat: BaseChatModel) -> Iterator[AIMessageChunk]:
        """LangChain's stream, on its way; what runs within finds the call it belongs to."""
        asked = self._asked
        token = current_call.set(self._call)
        try:
            stream = chat.stream(
                _on_langchain(asked.messages),
                {"callbacks": [_meter(self._count)]},
                max_tokens=asked.max_tokens,
                temperature=asked.temperature,
            )
            first = next(stream, None)
        except Exception as error:
            raise _failure_of(error, self._call) from error
        finally:
            current_call.reset(token)
        return _preceded(first, stream)

    def _says_too_much(self) -> bool:
        """Whether it was told how much to say at most, and does not listen."""
        return sum(map(len, self._said)) > LETTERS_A_TOKEN * self._asked.max_tokens

    def _judge_the_end(self) -> None:
        self._call.check()
        reason = self._call.finish_reason
        if not reason:
            raise self._call.failed("The model's answer breaks off.", "cut")
        if reason == "content_filter":
            raise self._call.failed("The provider's filter stopped the answer.", "refused")
        if not "".join(self._said).strip():
            raise self._call.failed("The model said nothing.", "rubbish")

    def _count(self, read: int, written: int) -> None:
        self._counted = read, written

    def _estimate(self) -> tuple[int, int]:
        if not self._call.spoke:
            return 0, 0
        return estimated_prompt(self._asked.messages), estimated_tokens("".join(self._said))


def _failure_of(error: Exception, call: Call) -> ModelFailed:
    from app.adapters.model_trouble import trouble

    return trouble(error, call)


def _seconds_to_wait(error: ModelFailed) -> float | None:
    """None where another try would be in vain, or come too late for the visitor."""
    if error.permanent or not error.before_first_token or error.kind not in WORTH_ANOTHER_TRY:
        return None
    asked_for = error.retry_after or 0.0
    if asked_for > LONGEST_WAIT or (error.kind == "rate" and error.retry_after is None):
        return None
    return asked_for + random.uniform(*JITTER)  # noqa: S311 - It is no secret.


def _preceded(
    first: AIMessageChunk | None, rest: Iterator[AIMessageChunk]
) -> Iterator[AIMessageChunk]:
    if first is not None:
        yield first
        yield from rest


def _chat(api_key: str, base_url: str, model: str, through: Through) -> BaseChatModel:
    never_trace()
    if through == "openai":
        from app.adapters.openai_chat import reference_chat

        return reference_chat(api_key, base_url, model)
    from pydantic import SecretStr

    from app.adapters.lean_chat import LeanChat

    return LeanChat(api_key=SecretStr(api_key), base_url=base_url, model=model)


def _on_langchain(messages: Sequence[Message]) -> list[BaseMessage]:
    from langchain_core.messages import AIMessage, HumanMessage, SystemMessage

    kinds = {"system": SystemMessage, "user": HumanMessage, "assistant": AIMessage}
    return [kinds[each.role](each.content) for each in messages]


def _meter(count: Callable[[int, int], object]) -> Any:
    from app.adapters.answer_meter import AnswerMeter

    return AnswerMeter(count)
