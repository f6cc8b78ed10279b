"""A chat model on langchain-core that costs little: httpx2 beneath, and few pieces above.

The same as langchain-openai's ChatOpenAI as far as answers in words go, for a fraction of the
processor time; bench/language_model.py shows how much. Importing this loads LangChain.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

import httpx2
from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models.chat_models import BaseChatModel
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage
from langchain_core.messages.ai import UsageMetadata
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult
from pydantic import SecretStr

from app.adapters.answer_events import pieces_of, refusal_of, refuse, said
from app.adapters.model_prices import OPENAI_HOST
from app.adapters.model_wire import Call, Patience, current_call, sent

ROLES = {"system": "system", "human": "user", "ai": "assistant"}
# What some models do not know, and how to do without it.
NEWER_NAME = {"max_tokens": "max_completion_tokens"}
CAN_BE_LEFT_OUT = ("temperature", "stream_options")
MOST_ADAPTED = 512
# What was found out about a model by being refused, by its endpoint and name.
_not_understood: dict[tuple[str, str], frozenset[str]] = {}


class LeanChat(BaseChatModel):
    """Streams from `base_url`, as long and as patiently as the `current_call` allows."""

    base_url: str
    model: str
    api_key: SecretStr

    @property
    def _llm_type(self) -> str:
        return "lean-openai-chat"

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        whole = AIMessageChunk(content="")
        for chunk in self._stream(messages, stop, run_manager, **kwargs):
            whole = whole + chunk.message  # type: ignore[assignment]
        message = AIMessage(content=whole.content, usage_metadata=whole.usage_metadata)
        return ChatResult(generations=[ChatGeneration(message=message)])

    def _stream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        *,
        max_tokens: int = 700,
        temperature: float = 0.2,
        **kwargs: Any,
    ) -> Iterator[ChatGenerationChunk]:
        call = current_call.get(None) or Call(Patience())
        heard: dict[str, Any] = {}
        body = {
            "model": self.model,
            "messages": _on_the_wire(messages),
            "max_tokens": max_tokens,
            "temperature": temperature,
            "stream": True,
            "stream_options": {"include_usage": True},
        }
        with self._opened(body, call) as response:
            try:
                for text in pieces_of(response, call, heard):
                    yield ChatGenerationChunk(message=AIMessageChunk(content=text))
            except httpx2.TransportError:
                # Whatever goes wrong after the last word has been said does not matter any more.
                if not call.finish_reason or call.cancelled:
                    raise
        yield _ending(heard)

    @contextlib.contextmanager
    def _opened(self, body: dict[str, Any], call: Call) -> Iterator[httpx2.Response]:
        """The response, asked once more without what this model does not understand."""
        while True:
            with sent(self._request(_understood(body, self._known)), call) as response:
                if response.status_code != 400:
                    refuse(response, call)
                    yield response
                    return
                error = said(response)
                if not self._learn(error):
                    raise refusal_of(400, error, response.headers, call)

    def _request(self, body: dict[str, Any]) -> httpx2.Request:
        headers = {
            "Accept": "text/event-stream",
            "Accept-Encoding": "identity",
            "Content-Type": "application/json",
        }
        if key := self.api_key.get_secret_value():
            headers["Authorization"] = f"Bearer {key}"
        content = json.dumps(body, ensure_ascii=False).encode("utf-8", "replace")
        return httpx2.Request("POST", _address(self.base_url), headers=headers, content=content)

    @property
    def _known(self) -> frozenset[str]:
        at_openai = urlsplit(self.base_url).hostname == OPENAI_HOST
        default = frozenset(NEWER_NAME) if at_openai else frozenset[str]()
        return _not_understood.get((self.base_url, self.model), default)

    def _learn(self, error: dict[str, Any]) -> bool:
        """Whether the refusal names something that can be done without, and was not yet."""
        words = f"{error.get('param') or ''} {error.get('message', '')}"
        named = {each for each in (*NEWER_NAME, *CAN_BE_LEFT_OUT) if each in words} - self._known
        if named:
            if len(_not_understood) > MOST_ADAPTED:
                _not_understood.clear()
            _not_understood[self.base_url, self.model] = self._known | named
        return bool(named)


@lru_cache(maxsize=256)
def _address(base_url: str) -> httpx2.URL:
    """Taken apart once, and not for every answer."""
    return httpx2.URL(f"{base_url}/chat/completions")


def _on_the_wire(messages: Sequence[BaseMessage]) -> list[dict[str, str]]:
    return [{"role": ROLES[each.type], "content": str(each.content)} for each in messages]


def _understood(body: dict[str, Any], without: frozenset[str]) -> dict[str, Any]:
    named = {NEWER_NAME.get(each, each) if each in without else each: body[each] for each in body}
    return {each: value for each, value in named.items() if each not in without}


def _ending(heard: dict[str, Any]) -> ChatGenerationChunk:
    """The last chunk says how it ended, and what it took if the endpoint said so."""
    usage = None
    if "usage" in heard:
        read, written = heard["usage"]
        usage = UsageMetadata(input_tokens=read, output_tokens=written, total_tokens=read + written)
    return ChatGenerationChunk(
        message=AIMessageChunk(content="", usage_metadata=usage, chunk_position="last"),
        generation_info={"finish_reason": heard.get("finish_reason", "stop")},
    )
