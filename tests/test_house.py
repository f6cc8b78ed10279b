"""The habits of the house that no linter knows: small rooms, plain names, safe pages."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
LINES_A_FILE = 300
LINES_A_FUNCTION = 40
VAGUE_NAMES = {"helper", "helpers", "manager", "managers", "util", "utils"}
# Of Flask, a service may at most use what belongs to no request and no page.
OF_THE_REQUEST = {"request", "session", "g", "render_template", "redirect", "url_for", "jsonify"}
# Mail programs know neither style sheets nor our content policy.
MAIL_FOLDERS = {"mail"}
# The shapes of the icons are written in this very template.
OWN_MARKUP = {"app/templates/icons.html"}


def test_no_file_is_longer_than_three_hundred_lines() -> None:
    long = [
        f"{_name(file)}: {count} lines"
        for file in (*_python_files(), *_script_files())
        if (count := len(_text(file).splitlines())) > LINES_A_FILE
    ]
    assert not long, "Each of these is perhaps two rooms in one:\n" + "\n".join(long)


def test_no_function_is_longer_than_forty_lines() -> None:
    long = [
        f"{_name(file)}:{function.lineno} {function.name}: {count} lines"
        for file in _python_files()
        for function in _functions(file)
        if (count := _length(function)) > LINES_A_FUNCTION
    ]
    assert not long, "Each of these does more than one thing:\n" + "\n".join(long)


def test_files_are_named_after_things_of_the_domain() -> None:
    vague = [
        _name(file) for file in (*_python_files(), *_script_files()) if file.stem in VAGUE_NAMES
    ]
    assert not vague, f"These names say nothing: {vague}"


def test_services_know_no_request_session_or_template() -> None:
    found = [
        f"{_name(file)}:{node.lineno} {alias.name}"
        for file in _python_files("app/services", "app/models", "app/adapters")
        for node in ast.walk(_tree(file))
        if isinstance(node, ast.ImportFrom) and node.module == "flask"
        for alias in node.names
        if alias.name in OF_THE_REQUEST
    ]
    assert not found, "These belong to a route or a page:\n" + "\n".join(found)


def test_only_services_commit() -> None:
    found = [
        f"{_name(file)}:{node.lineno}"
        for file in _python_files("app/api", "app/pages", "app/models", "app/adapters")
        for node in ast.walk(_tree(file))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "commit"
    ]
    assert not found, "Only a service commits:\n" + "\n".join(found)


def test_scripts_never_set_markup() -> None:
    markup = re.compile(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write\b|\beval\(")
    found = [spot for file in _script_files() for spot in _spots(file, markup)]
    assert not found, "Text is set as text:\n" + "\n".join(found)


@pytest.mark.parametrize(
    ("what", "pattern"),
    [
        ("an inline style", r"<[a-z][^<>]*\sstyle\s*="),
        ("a style sheet in the page", r"<style\b"),
        ("an event handler attribute", r"<[a-z][^<>]*\son[a-z]+\s*="),
        (
            "a script in the page",
            r"<script\b(?![^>]*\b(?:src=|type=\"application/(?:ld\+)?json\"))",
        ),
        ("a javascript: address", r"javascript:"),
    ],
)
def test_pages_hold_nothing_that_the_content_policy_forbids(what: str, pattern: str) -> None:
    found = [
        spot for file in _templates() for spot in _spots(file, re.compile(pattern, re.IGNORECASE))
    ]
    assert not found, f"The browser will refuse {what}:\n" + "\n".join(found)


def test_templates_escape_what_they_show() -> None:
    unescaped = re.compile(r"\|\s*safe\b|autoescape\s+false")
    templates = [file for file in _templates() if _name(file) not in OWN_MARKUP]
    found = [spot for file in templates for spot in _spots(file, unescaped)]
    assert not found, "Markup comes from templates, never from data:\n" + "\n".join(found)


def _python_files(*folders: str) -> list[Path]:
    """Those of the given folders, or all that ship: the migrations are written by a tool."""
    if folders:
        return [file for folder in folders for file in sorted((ROOT / folder).rglob("*.py"))]
    return [
        *_python_files("app", "bench", "scripts"),
        *(file for name in ("config.py", "run.py") if (file := ROOT / name).exists()),
    ]


def _script_files() -> list[Path]:
    return [
        file
        for folder in ("widget", "app/static/js")
        for file in sorted((ROOT / folder).rglob("*.js"))
    ]


def _templates() -> list[Path]:
    return [
        file
        for file in sorted((ROOT / "app/templates").rglob("*.html"))
        if not MAIL_FOLDERS & set(file.relative_to(ROOT).parts)
    ]


def _functions(file: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(_tree(file)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def _length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return (function.end_lineno or function.lineno) - function.lineno + 1


def _spots(file: Path, pattern: re.Pattern[str]) -> Iterator[str]:
    """Every place where the pattern stands, tags that run over several lines included."""
    text = _text(file)
    for match in pattern.finditer(text):
        line = text.count("\n", 0, match.start()) + 1
        yield f"{_name(file)}:{line} {match.group()[:80]!r}"


def _tree(file: Path) -> ast.Module:
    return ast.parse(_text(file), filename=str(file))


def _text(file: Path) -> str:
    return file.read_text(encoding="utf-8")


def _name(file: Path) -> str:
    return file.relative_to(ROOT).as_posix()
