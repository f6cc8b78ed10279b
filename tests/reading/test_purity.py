"""The reading package stands alone, and is quick to start."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "app" / "reading"
HEAVY = {"pypdf", "selectolax", "markdown_it", "charset_normalizer", "tokenizers", "numpy"}


def test_it_imports_nothing_else_of_the_house() -> None:
    found = [
        f"{file.relative_to(ROOT)}:{node.lineno} {name}"
        for file in PACKAGE.rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        for name in _imported(node)
        if name.partition(".")[0] in {"flask", "sqlalchemy", "config"}
        or (name.partition(".")[0] == "app" and not name.startswith("app.reading"))
    ]
    assert found == []


def test_U5_it_has_nothing_to_fetch_with() -> None:
    fetching = {"urllib", "http", "httpx", "requests", "socket", "ftplib"}
    found = [
        name
        for file in PACKAGE.rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        for name in _imported(node)
        if name.partition(".")[0] in fetching
    ]
    assert found == []


def test_no_parser_is_loaded_before_a_file_asks_for_it() -> None:
    code = "import sys, app.reading.__main__; print(*sys.modules)"
    ran = subprocess.run(
        [sys.executable, "-P", "-c", code],
        env={"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert not HEAVY & set(ran.stdout.split())


def _imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        return [node.module or ""]
    return []
