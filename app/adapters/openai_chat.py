"""langchain-openai's ChatOpenAI as the reference: whatever the lean one does, this does too.

Importing this loads LangChain and the OpenAI client.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

import httpx2
from langchain_openai import ChatOpenAI
from pydantic import SecretStr

from app.adapters.model_wire import Call, current_call, sent

# The client refuses to be made without a key; local endpoints do not look at it.
NO_KEY = "none"


def reference_chat(api_key: str, base_url: str, model: str) -> ChatOpenAI:
    """A model that never tries again by itself, and whose requests go over our own lines."""
    return ChatOpenAI(
        model=model,
        api_key=SecretStr(api_key or NO_KEY),
        base_url=base_url,
        http_client=httpx2.Client(transport=_OverOurLines(), trust_env=False),
        max_retries=0,
        stream_usage=True,
        use_responses_api=False,
    )


class _OverOurLines(httpx2.BaseTransport):
    """Takes each request to the line of the call that it was made for."""

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        call = current_call.get()
        stack = contextlib.ExitStack()
        try:
            response = stack.enter_context(sent(request, call))
            _refuse_what_is_no_stream(response, call)
        except BaseException:
            stack.close()
            raise
        return httpx2.Response(
            response.status_code,
            headers=response.headers,
            stream=_Body(response, call, stack),
            extensions=response.extensions,
        )


class _Body(httpx2.SyncByteStream):
    """The body as it comes, for as long as the call may last."""

    def __init__(self, response: httpx2.Response, call: Call, stack: contextlib.ExitStack) -> None:
        self._response, self._call, self._stack = response, call, stack

    def __iter__(self) -> Iterator[bytes]:
        for raw in self._response.iter_raw():
            self._call.check()
            yield raw
        self._call.check()

    def close(self) -> None:
        self._stack.close()


def _refuse_what_is_no_stream(response: httpx2.Response, call: Call) -> None:
    kind: Any = response.headers.get("content-type", "")
    if response.status_code == 200 and not kind.startswith(("text/event-stream", "text/plain")):
        raise call.failed(f"The model's endpoint sent {kind} and no stream.", "rubbish")
