"""The callback that LangChain tells how many tokens an answer took. Importing loads LangChain."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from langchain_core.callbacks import BaseCallbackHandler
from langchain_core.messages import AIMessage
from langchain_core.outputs import ChatGeneration, LLMResult


class AnswerMeter(BaseCallbackHandler):
    """Hands on the tokens read and written, where the endpoint counted them."""

    # It only writes two numbers down: no thread is needed for that.
    run_inline = True
    ignore_chain = True
    ignore_agent = True
    ignore_retriever = True
    ignore_retry = True
    ignore_custom_event = True

    def __init__(self, count: Callable[[int, int], object]) -> None:
        self._count = count

    def on_llm_end(self, response: LLMResult, **_: Any) -> None:
        generation = response.generations[0][0]
        if not isinstance(generation, ChatGeneration):
            return
        message = generation.message
        if isinstance(message, AIMessage) and message.usage_metadata:
            used = message.usage_metadata
            self._count(used["input_tokens"], used["output_tokens"])
