"""A streamed answer as it comes over the wire: events, and the words in them."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from app.adapters.language_model import Kind, ModelFailed
from app.json_text import read_json

if TYPE_CHECKING:
    import httpx2

    from app.adapters.model_wire import Call

MOST_BYTES = 1024 * 1024
MOST_ERROR_BYTES = 16 * 1024
# Nobody reads a piece before it is a sentence. Handed on one by one, every token would cost a walk
# through all of LangChain; gathered for a moment, it is one walk a sentence, or fewer where a model
# says several in a blink.
GATHER_SECONDS = 0.05
BLINK_SECONDS = 0.005
GATHER_LETTERS = 400
ENDINGS = (". ", "! ", "? ", ": ", "; ", "\n", ".", "!", "?")
STATUSES: dict[int, Kind] = {401: "auth", 403: "auth", 408: "timeout", 429: "rate"}


def pieces_of(response: httpx2.Response, call: Call, heard: dict[str, Any]) -> Iterator[str]:
    """The words, gathered; `heard` is told what else was said: the end's reason and the usage."""
    gathered, since = "", time.monotonic()
    for event in _events(response, call):
        text = _noted(event, heard, call)
        if not text:
            continue
        call.note_token()
        # Only what follows makes an end certain, so it goes along.
        has_ended = gathered.endswith(ENDINGS)
        gathered += text
        if _is_due(gathered, time.monotonic() - since, has_ended=has_ended):
            yield gathered
            gathered, since = "", time.monotonic()
    if gathered:
        yield gathered
    if not heard.get("finish_reason"):
        raise call.failed("The model's answer breaks off.", "cut")


def refuse(response: httpx2.Response, call: Call) -> None:
    """Raise what a status other than 200, or a body that is no stream, stands for."""
    kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    if response.status_code == 200:
        if kind not in {"", "text/event-stream", "application/octet-stream", "text/plain"}:
            raise call.failed(f"The model's endpoint sent {kind} and no stream.", "rubbish")
        return
    raise refusal_of(response.status_code, said(response), response.headers, call)


def said(response: httpx2.Response) -> dict[str, Any]:
    """What an endpoint gives as the error, as far as it can be read."""
    content = b""
    for raw in response.iter_bytes():
        content += raw
        if len(content) > MOST_ERROR_BYTES:
            break
    try:
        error = json.loads(content)["error"]
    except (ValueError, KeyError, TypeError):
        return {}
    return error if isinstance(error, dict) else {"message": str(error)}


def refusal_of(status: int, error: dict[str, Any], headers: Any, call: Call) -> ModelFailed:
    """The failure that stands behind a status; the provider's own words are kept short."""
    kind = STATUSES.get(status) or ("server" if status >= 500 or status == 409 else "refused")
    # What is said about a key may show some of it.
    words = "" if kind == "auth" else " ".join(str(error.get("message", "")).split())[:200]
    has_no_money = error.get("code") == "insufficient_quota"
    return call.failed(
        f"The model's endpoint answered {status}{': ' if words else ''}{words}",
        kind,
        permanent=kind in {"auth", "refused"} or has_no_money,
        retry_after=_seconds(headers.get("retry-after")),
    )


def _events(response: httpx2.Response, call: Call) -> Iterator[dict[str, Any]]:
    """Every event as what its JSON holds. A line may come in several reads."""
    rest, size = b"", 0
    for raw in response.iter_raw():
        call.check()
        size += len(raw)
        if size > MOST_BYTES:
            raise call.failed("The model does not come to an end.", "rubbish")
        *lines, rest = (rest + raw).split(b"\n")
        for line in lines:
            if not line.startswith(b"data:"):
                continue
            content = line[5:].strip()
            yield {"done": True} if content == b"[DONE]" else _parsed(content, call)
    call.check()
    if size and not call.spoke and b"data:" not in rest and not call.finish_reason:
        raise call.failed("The model's endpoint sent no events.", "rubbish")


def _parsed(content: bytes, call: Call) -> dict[str, Any]:
    try:
        event = read_json(content)
    except ValueError:
        event = None
    if not isinstance(event, dict):
        raise call.failed("The model's endpoint sent what is no JSON.", "rubbish")
    return event


def _noted(event: dict[str, Any], heard: dict[str, Any], call: Call) -> str:
    """The text of an event; whatever else it says goes to `heard`."""
    if "done" in event:
        heard.setdefault("finish_reason", "stop")
        call.finish_reason = heard["finish_reason"]
        return ""
    if "error" in event:
        error = event["error"] if isinstance(event["error"], dict) else {}
        status = error.get("code")
        raise refusal_of(status if isinstance(status, int) else 500, error, {}, call)
    try:
        if usage := event.get("usage"):
            heard["usage"] = usage["prompt_tokens"], usage["completion_tokens"]
        choice: dict[str, Any] = next(iter(event["choices"]), {})
        if reason := choice.get("finish_reason"):
            heard["finish_reason"] = call.finish_reason = str(reason)
        return str((choice.get("delta") or {}).get("content") or "")
    except (AttributeError, KeyError, TypeError):
        raise call.failed(
            "The model's endpoint sent an event of no known kind.", "rubbish"
        ) from None


def _is_due(gathered: str, seconds: float, *, has_ended: bool) -> bool:
    return (
        (has_ended and seconds > BLINK_SECONDS)
        or seconds > GATHER_SECONDS
        or len(gathered) > GATHER_LETTERS
    )


def _seconds(header: str | None) -> float | None:
    """Retry-After in seconds; a date is as good as nothing here, where two seconds are the most."""
    try:
        return max(0.0, float(header)) if header else None
    except ValueError:
        return None
