"""The API described: one document, made from the models that validate, and a page to read it."""

from __future__ import annotations

import json
from typing import Any, cast

from flask import Flask, current_app, render_template
from flask_openapi3 import APIBlueprint, Info, OpenAPI, SecurityScheme

from app.api.access import Access, access_of, anyone
from app.api.schemas.common import ErrorAnswer

api = APIBlueprint("reference", __name__, url_prefix="/api", doc_ui=False)
INFO = Info(
    title="Frontdesk",
    version="1",
    description=(
        "Sign in with `POST /api/auth/login` and `transport: bearer`, or make an API key, and send "
        "`Authorization: Bearer …`. Lists are paged by `cursor`; errors always have the same shape."
    ),
)
SCHEMES: dict[str, Any] = {
    "bearer": SecurityScheme(
        type="http", scheme="bearer", description="An access token or a secret API key"
    ),
}
ERROR = {"application/json": {"schema": {"$ref": "#/components/schemas/ErrorAnswer"}}}
SAMPLES: dict[str, Any] = {
    "email": "ada@example.com",
    "uuid": "0198c0de-0000-7000-8000-000000000000",
    "integer": 1,
    "number": 1.0,
    "boolean": True,
}
COMMON = {
    "401": "Nobody is signed in, or no longer",
    "403": "Signed in, but not allowed",
    "404": "It does not exist, or belongs to somebody else",
    "409": "It contradicts what is there",
    "413": "More than we take",
    "415": "Not of the kind that is taken here",
    "422": "What was sent cannot be used; `fields` says where",
    "429": "Asked too often; `Retry-After` says when to come back",
    "503": "Something that we depend on does not answer",
}


@api.get("/openapi.json", doc_ui=False)
@anyone
def document() -> dict[str, Any]:
    """The OpenAPI document."""
    return described(cast(OpenAPI, current_app))


@api.get("/docs", doc_ui=False)
@anyone
def page() -> str:
    """The same, to read."""
    return render_template("docs.html", operations=_by_tag(described(cast(OpenAPI, current_app))))


def described(app: OpenAPI) -> dict[str, Any]:
    """The generated document, completed with what the gate and the error handlers do."""
    kept: dict[str, Any] | None = app.extensions.get("openapi_document")
    if kept is None:
        kept = json.loads(json.dumps(app.api_doc))
        kept["components"]["schemas"].update(_error_schemas())
        for path, operations in kept["paths"].items():
            for method, operation in operations.items():
                _complete(operation, _access(app, path, method), "{" in path)
        app.extensions["openapi_document"] = kept
    return kept


def _complete(operation: dict[str, Any], access: Access, has_id: bool) -> None:
    answers = operation["responses"]
    answers.pop("422", None)
    expected = {"429"}
    if not access.is_public:
        expected |= {"401", "403"}
        operation["security"] = [{"bearer": []}]
        operation["x-role"] = access.role
        operation["x-scope"] = access.scope
    if has_id:
        expected.add("404")
    if "requestBody" in operation or operation.get("parameters"):
        expected |= {"422", "413"}
    if "requestBody" in operation:
        expected.add("415")
    for status in sorted(expected | (set(answers) & set(COMMON))):
        if not answers.get(status, {}).get("content"):
            answers[status] = {"description": COMMON[status], "content": ERROR}


def _access(app: Flask, path: str, method: str) -> Access:
    for rule in app.url_map.iter_rules():
        if method.upper() in (rule.methods or ()) and _as_template(rule.rule) == path:
            return access_of(app, rule.endpoint) or Access()
    raise LookupError(f"{method} {path} is described but not served.")


def _as_template(rule: str) -> str:
    return rule.replace("<uuid:", "{").replace("<", "{").replace(">", "}")


def _error_schemas() -> dict[str, Any]:
    schema = ErrorAnswer.model_json_schema(ref_template="#/components/schemas/{model}")
    return {**schema.pop("$defs", {}), "ErrorAnswer": schema}


def _by_tag(described_api: dict[str, Any]) -> list[dict[str, Any]]:
    groups: dict[str, list[dict[str, Any]]] = {}
    for path, operations in described_api["paths"].items():
        for method, operation in operations.items():
            entry = _readable(described_api, path, method, operation)
            groups.setdefault(operation["tags"][0], []).append(entry)
    return [{"tag": tag, "operations": found} for tag, found in groups.items()]


def _readable(
    described_api: dict[str, Any], path: str, method: str, operation: dict[str, Any]
) -> dict[str, Any]:
    return {
        "method": method.upper(),
        "path": path,
        "summary": operation.get("summary", ""),
        "description": operation.get("description", ""),
        "parameters": [_parameter(each) for each in operation.get("parameters", [])],
        "body_example": _example(described_api, operation),
        "responses": [
            {"status": status, "description": answer["description"]}
            for status, answer in sorted(operation["responses"].items())
        ],
        "scope": operation.get("x-scope"),
        "role": operation.get("x-role"),
    }


def _parameter(parameter: dict[str, Any]) -> dict[str, Any]:
    schema = parameter["schema"]
    kinds = [schema.get("type")] + [each.get("type") for each in schema.get("anyOf", [])]
    return {
        "name": parameter["name"],
        "where": parameter["in"],
        "type": next((kind for kind in kinds if kind and kind != "null"), "string"),
        "required": parameter["required"],
        "description": parameter.get("description", ""),
    }


def _example(described_api: dict[str, Any], operation: dict[str, Any]) -> str | None:
    content = operation.get("requestBody", {}).get("content", {}).get("application/json")
    if content is None:
        return None
    example = _sample(described_api["components"]["schemas"], content["schema"])
    return json.dumps(example, indent=2, ensure_ascii=False)


def _sample(schemas: dict[str, Any], schema: dict[str, Any]) -> Any:
    """A plausible value, so that a reader sees the form of a body at a glance."""
    if "$ref" in schema:
        schema = schemas[schema["$ref"].rsplit("/", 1)[1]]
    if "anyOf" in schema:
        schema = schema["anyOf"][0]
    if schema.get("default") is not None:
        return schema["default"]
    if "enum" in schema:
        return schema["enum"][0]
    kind = schema.get("type")
    if kind == "object":
        inner = schema.get("properties", {})
        return {name: _sample(schemas, each) for name, each in inner.items()}
    if kind == "array":
        return [_sample(schemas, schema.get("items", {}))]
    return SAMPLES.get(schema.get("format") or kind or "", "…")
