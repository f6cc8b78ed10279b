"""One line of JSON a request, with an id that the caller gets back."""

from __future__ import annotations

import logging
import re
import sys
import time
from typing import Any
from uuid import uuid4

import structlog
from flask import Flask, Response, g, request

log = structlog.get_logger("frontdesk.request")
# Load balancers ask the first again and again; the other is how a page is put together.
NOT_WORTH_A_LINE = {"health.alive", "assets.file", "assets.favicon"}
# These tell at length what passes through them: keys, links, letters.
TALKATIVE = ("httpx2", "httpcore2", "python_http_client", "alembic", "urllib3", "flask-limiter")
# PostgreSQL quotes the row that it refused.
ROW = re.compile(
    r"\nDETAIL:.*?(?=\n\[SQL|\nCONTEXT:|\n\n(?:The above|During handling)|\Z)", re.DOTALL
)
ACCEPTABLE_ID = re.compile(r"^[A-Za-z0-9_-]{8,64}$")
HEADER = "X-Request-Id"


def configure_logging(level: str, form: str) -> None:
    """Send our own lines and everybody else's through one door, as JSON or for the eye."""
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        _without_rows,
    ]
    renderer: structlog.typing.Processor = (
        structlog.processors.JSONRenderer()
        if form == "json"
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )


def install_request_log(app: Flask) -> None:
    app.before_request(_begin)
    app.after_request(_finish)


def _without_rows(
    _logger: Any, _method: str, line: structlog.typing.EventDict
) -> structlog.typing.EventDict:
    """A fault is told without what was being stored when it happened."""
    if isinstance(line.get("exception"), str):
        line["exception"] = ROW.sub("", line["exception"])
    return line


def _begin() -> None:
    sent = request.headers.get(HEADER, "")
    g.request_id = sent if ACCEPTABLE_ID.match(sent) else uuid4().hex
    g.started = time.perf_counter()
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request_id=g.request_id)


def _finish(response: Response) -> Response:
    response.headers[HEADER] = g.get("request_id", "")
    if request.endpoint in NOT_WORTH_A_LINE:
        return response
    # The rule, not the path: a path can hold what a log must not.
    rule = str(request.url_rule) if request.url_rule else "(no such page)"
    asking = g.get("principal")
    log.info(
        "request",
        method=request.method,
        rule=rule,
        status=response.status_code,
        milliseconds=round((time.perf_counter() - g.get("started", time.perf_counter())) * 1000, 1),
        user_id=str(asking.user_id) if asking else None,
    )
    return response
