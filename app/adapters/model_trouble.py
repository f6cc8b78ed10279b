"""What goes wrong on the way to a model, in the few words that the ladder knows."""

from __future__ import annotations

import httpx2

from app.adapters.answer_events import refusal_of
from app.adapters.language_model import ModelFailed
from app.adapters.model_wire import Call


def trouble(error: BaseException, call: Call) -> ModelFailed:
    """The failure that an exception stands for, whoever has wrapped it on the way."""
    if call.cancelled:
        return call.failed("The answer was called off.", "cancelled")
    for each in _causes(error):
        if isinstance(each, ModelFailed):
            return each
        if known := _on_the_line(each, call) or _refused(each, call):
            return known
    if isinstance(error, (ValueError, UnicodeError, AttributeError, KeyError, TypeError)):
        return call.failed("The model's endpoint sent what cannot be read.", "rubbish")
    return call.failed(f"The model's client failed: {type(error).__name__}.", "server")


def _causes(error: BaseException | None) -> list[BaseException]:
    found: list[BaseException] = []
    while error is not None and error not in found:
        found.append(error)
        error = error.__cause__
    return found


def _on_the_line(error: BaseException, call: Call) -> ModelFailed | None:
    if isinstance(error, (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.ProxyError)):
        return call.failed("The model's endpoint cannot be reached.", "unreachable")
    if isinstance(error, (httpx2.PoolTimeout, httpx2.TimeoutException)):
        what = "stopped in the middle" if call.spoke else "said nothing"
        return call.failed(f"The model {what} for too long.", "timeout")
    if isinstance(error, (httpx2.NetworkError, httpx2.ProtocolError)):
        return call.failed("The line to the model broke.", "cut")
    if isinstance(error, (httpx2.UnsupportedProtocol, httpx2.InvalidURL)):
        return call.failed("OPENAI_BASE_URL is no web address.", "unreachable", permanent=True)
    return None


def _refused(error: BaseException, call: Call) -> ModelFailed | None:
    """An answer with a status, or an error within the stream, as the OpenAI client tells them."""
    body = getattr(error, "body", None)
    said = body if isinstance(body, dict) else {}
    if isinstance(status := getattr(error, "status_code", None), int):
        return refusal_of(status, said, getattr(error, "response").headers, call)  # noqa: B009
    if hasattr(error, "body") and hasattr(error, "code") and not error.__cause__:
        return refusal_of(500, said, {}, call)
    return None
