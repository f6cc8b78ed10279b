"""Asking a model: LangChain's chain from the facts of a question to the words of an answer."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from threading import Timer
from typing import TYPE_CHECKING, Any, cast

import structlog

from app.adapters import chat_model
from app.adapters.language_model import Answering, LanguageModel, Message, ModelFailed, Usage
from app.services.answering import prompting
from app.services.answering.prompting import Facts, rewrite_messages

if TYPE_CHECKING:
    from langchain_core.prompt_values import PromptValue
    from langchain_core.runnables import Runnable, RunnableConfig

__all__ = ["Facts", "generate", "rewrite", "warm_up"]

log = structlog.get_logger(__name__)
MOST_TOKENS = 700
MOST_REWRITTEN_TOKENS = 120
LONGEST_REWRITTEN = 400
NOTHING_USED = Usage(0, 0, None, estimated=True)


def generate(
    model: LanguageModel, facts: Facts, *, max_tokens: int = MOST_TOKENS, temperature: float = 0.2
) -> Answering:
    """The answer on its way. Nothing happens before the first piece is asked for."""
    return _Generated(model, prompting.fitted(facts), max_tokens, temperature)


@dataclass(frozen=True)
class Rewritten:
    """`text` is None where the model had no good one in time."""

    text: str | None
    usage: Usage | None = None


def rewrite(
    model: LanguageModel,
    history: Sequence[tuple[str, str]],
    question: str,
    seconds: float = 2.5,
    language: str = "en",
) -> Rewritten:
    """The question as it could stand alone."""
    asked = rewrite_messages(history, question, language)
    answering = model.answer(asked, max_tokens=MOST_REWRITTEN_TOKENS, temperature=0.0)
    calling_off = _after(seconds, answering)
    try:
        said = " ".join("".join(answering).split())
    except ModelFailed as error:
        log.info("question_not_rewritten", model=model.name, kind=error.kind)
        return Rewritten(None)
    finally:
        calling_off.cancel()
    cleaned = said.strip("\"'“”„«» ")
    is_good = 0 < len(cleaned) <= LONGEST_REWRITTEN
    return Rewritten(cleaned if is_good else None, answering.usage)


def warm_up() -> None:
    """Load LangChain and run the chain once, before a visitor waits for it: about a second."""
    started = time.perf_counter()
    chat_model.warm_up()
    for _ in generate(_Silent(), Facts("", "", "")):
        pass
    log.info("model_ready", seconds=round(time.perf_counter() - started, 2))


class _Generated:
    """An answer that LangChain's chain makes; the model's own answer is known once it is asked."""

    def __init__(
        self, model: LanguageModel, facts: Facts, max_tokens: int, temperature: float
    ) -> None:
        self._model = model
        self._facts = facts
        self._max_tokens = max_tokens
        self._temperature = temperature
        self._answering: Answering | None = None
        self._cancelled = False

    @property
    def usage(self) -> Usage:
        return self._answering.usage if self._answering else NOTHING_USED

    @property
    def finish_reason(self) -> str:
        return self._answering.finish_reason if self._answering else ""

    def cancel(self) -> None:
        self._cancelled = True
        if self._answering:
            self._answering.cancel()

    def __iter__(self) -> Iterator[str]:
        config: RunnableConfig = {"configurable": {"answer": self}}
        return _chain().stream(prompting.variables(self._facts), config)

    def ask(self, prompt: Sequence[Message]) -> Answering:
        self._answering = self._model.answer(
            prompt, max_tokens=self._max_tokens, temperature=self._temperature
        )
        # Whoever called it off before there was anything to call off is heard now.
        if self._cancelled:
            self._answering.cancel()
        return self._answering


@cache
def _chain() -> Runnable[Any, str]:
    """The fixed template, and whichever model answers it; composed once."""
    from langchain_core.runnables import RunnableGenerator

    chat_model.never_trace()
    # It takes functions with a config too, as its code says and its types do not.
    answered: RunnableGenerator[PromptValue, str] = RunnableGenerator(cast(Any, _answered))
    return cast("Runnable[Any, str]", prompting.template() | answered)


def _answered(prompts: Iterator[PromptValue], config: RunnableConfig) -> Iterator[str]:
    answer: _Generated = config["configurable"]["answer"]
    for prompt in prompts:
        yield from answer.ask(prompting.read_back(prompt.to_messages()))


def _after(seconds: float, answering: Answering) -> Timer:
    timer = Timer(seconds, answering.cancel)
    timer.daemon = True
    timer.start()
    return timer


class _Silent:
    """A model for warming up: it has nothing to say."""

    name = "none"

    def answer(
        self, messages: Sequence[Message], *, max_tokens: int, temperature: float = 0.2
    ) -> _SaysNothing:
        return _SaysNothing()


class _SaysNothing:
    usage = NOTHING_USED
    finish_reason = "stop"

    def cancel(self) -> None:
        """There is nothing to stop."""

    def __iter__(self) -> Iterator[str]:
        return iter(("",))
