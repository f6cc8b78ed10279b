"""What a caller is told when something fails: JSON to programs, a page to people."""

from __future__ import annotations

from typing import Any

import structlog
from flask import Flask, Response, g, jsonify, make_response, render_template, request
from pydantic import ValidationError
from werkzeug.exceptions import HTTPException

from app.errors import AppError, Invalid, NotFound, TooLarge, TooMany
from app.extensions import db

log = structlog.get_logger(__name__)
HTTP_CODES = {400: "bad_request", 405: "method_not_allowed", 415: "unsupported_media_type"}
WORDING = {
    400: "This request could not be read.",
    405: "This address does not take that kind of request.",
    415: "Please send JSON, with the header Content-Type: application/json.",
}
SENTENCES = {
    "missing": "Please fill this in.",
    "string_unicode": "This contains a broken character. Please type it again.",
    "string_too_short": "Please fill this in.",
    "string_too_long": "Please use at most {max_length} characters.",
    "too_short": "Please choose at least {min_length}.",
    "too_long": "Please send at most {max_length}.",
    "extra_forbidden": "This field is not known here.",
    "enum": "Please choose one of {expected}.",
    "literal_error": "Please choose one of {expected}.",
    "greater_than_equal": "Please use {ge} or more.",
    "less_than_equal": "Please use {le} or less.",
}


def install_failures(app: Flask) -> None:
    app.register_error_handler(AppError, _answer)
    app.register_error_handler(HTTPException, _from_http)
    app.register_error_handler(Exception, _unforeseen)


def invalid_request(error: ValidationError) -> Response:
    """What flask-openapi3 answers when a model refuses what was sent."""
    fields: dict[str, str] = {}
    for problem in error.errors(include_url=False, include_context=True, include_input=False):
        name = ".".join(str(part) for part in problem["loc"]) or "body"
        fields.setdefault(name, _sentence(problem))
    return _answer(Invalid(fields=fields))


def error_body(error: AppError) -> dict[str, Any]:
    detail: dict[str, Any] = {
        "code": error.code,
        "message": error.message,
        "request_id": g.get("request_id"),
    }
    if error.fields:
        detail["fields"] = error.fields
    return {"error": detail}


def _sentence(problem: Any) -> str:
    kind = problem["type"]
    if kind in SENTENCES:
        return SENTENCES[kind].format_map(problem.get("ctx", {}))
    if kind == "value_error":
        message = str(problem["msg"]).removeprefix("Value error, ")
        return "This is not an e-mail address." if "email address" in message else message
    return f"{problem['msg']}."


def _answer(error: AppError) -> Response:
    # Whatever the request had begun is not to be half-kept by a later commit.
    db.session.rollback()
    if _comes_from_a_program():
        response = jsonify(error_body(error))
    else:
        response = make_response(
            render_template(
                "error.html",
                status=error.status,
                title=_title(error.status),
                message=error.message,
                request_id=g.get("request_id"),
            )
        )
    response.status_code = error.status
    return response


def _comes_from_a_program() -> bool:
    """A browser that follows a link to a file of the API says that it wants to show something."""
    is_for_programs = request.path.startswith(("/api", "/health", "/metrics"))
    return is_for_programs and request.headers.get("Sec-Fetch-Dest") != "document"


def _from_http(error: HTTPException) -> Response | HTTPException:
    status = error.code or 500
    if error.response is not None or status < 400:
        return error
    response = _answer(_as_app_error(status))
    for name, value in error.get_headers():
        if name in {"Retry-After", "Allow"}:
            response.headers[name] = value
    return response


def _as_app_error(status: int) -> AppError:
    if status == 413 and request.max_content_length:
        most = _size(request.max_content_length)
        return TooLarge(f"This is larger than we can take: one request may have {most}.")
    known: dict[int, type[AppError]] = {404: NotFound, 413: TooLarge, 429: TooMany}
    if status in known:
        return known[status]()
    error = AppError(WORDING.get(status), code=HTTP_CODES.get(status, "refused"))
    error.status = status
    return error


def _size(count: int) -> str:
    """Rounded down, so that what is named is taken for certain."""
    return f"{count // 1024**2} MB" if count >= 1024**2 else f"{count // 1024} KB"


def _unforeseen(error: Exception) -> Response:
    log.error("unforeseen_error", kind=type(error).__name__, exc_info=error)
    return _answer(AppError())


def _title(status: int) -> str:
    return {
        401: "Please sign in",
        403: "Not for your role",
        404: "Nothing here",
        413: "Too large",
        429: "One moment, please",
        503: "Not available right now",
    }.get(status, "Something went wrong" if status >= 500 else "That did not work")
