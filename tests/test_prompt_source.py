"""L4 and L5 as far as the code itself shows: one fixed template, and nothing revived or run."""

from __future__ import annotations

import ast
import importlib.metadata
import json
import re
from pathlib import Path
from uuid import UUID

from app.services.answering import prompting
from app.services.search.evidence import Evidence

APP = Path(__file__).resolve().parent.parent / "app"
BUILDS_TEMPLATES = {
    *("PromptTemplate", "ChatPromptTemplate", ".from_template", ".from_messages", ".from_string"),
    *("render_template_string", "Template"),
}
RUNS_OR_REVIVES = {
    *("eval", "exec", "pickle", "marshal", "shelve", "dill", "jsonpickle", "langchain"),
    *("langchain_core.load", "langchain_community", "langchain_experimental"),
}

MANUAL = APP / "demo" / "articles" / "lantern-60-manual.md"
RECORDED = re.compile(
    r'The prompt for "(?P<question>[^"]+)".*?```\n(?P<prompt>.*?)\n```', re.DOTALL
)
PASSAGE = re.compile(r"<passage-\w+ number=\d+ (.*?)>\n(.*?)\n</passage-", re.DOTALL)
MARK = re.compile(r"(?<=-)[0-9a-f]{16}")


def test_L4_there_is_one_template_and_it_is_written_down() -> None:
    assert _mentioned(BUILDS_TEMPLATES) == {
        "services/answering/prompting.py": {"ChatPromptTemplate"}
    }
    first, _, last = prompting.template().messages
    fixed = [each.prompt.template for each in (first, last)]  # type: ignore[union-attr]
    assert fixed == [prompting.SYSTEM, prompting.ASKING]


def test_L5_nothing_that_was_said_is_revived_or_run() -> None:
    assert _mentioned(RUNS_OR_REVIVES) == {}
    assert _version("langchain-core") >= (1, 2, 31)
    assert _version("langchain-openai") >= (1, 1, 14)


def _mentioned(names: set[str]) -> dict[str, set[str]]:
    """Which modules of the product name one of these in their code."""
    found: dict[str, set[str]] = {}
    for path in sorted(APP.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            for name in _names_in(node) & names:
                found.setdefault(path.relative_to(APP).as_posix(), set()).add(name)
    return found


def _names_in(node: ast.AST) -> set[str]:
    if isinstance(node, ast.Name):
        return {node.id}
    if isinstance(node, ast.Attribute):
        return {f".{node.attr}"}
    if isinstance(node, ast.ImportFrom):
        return {node.module or "", *(each.name for each in node.names)}
    if isinstance(node, ast.Import):
        return {each.name for each in node.names}
    return set()


def _version(package: str) -> tuple[int, ...]:
    return tuple(int(part) for part in importlib.metadata.version(package).split(".")[:3])


def test_the_prompt_that_is_recorded_is_the_one_that_is_sent() -> None:
    recorded = RECORDED.search((APP.parent / "ARCHITECTURE.md").read_text("utf-8"))
    assert recorded is not None
    shown, asked = recorded["prompt"], recorded["question"]
    manual = MANUAL.read_text("utf-8")
    passages = [(json.loads(about), text) for about, text in PASSAGE.findall(shown)]
    assert all(line in manual for _, text in passages for line in text.split("\n\n"))
    facts = prompting.Facts(
        organization="Dusk & Spoke",
        assistant="Spoke",
        question=asked,
        history=(
            ("visitor", "Hi, I have a Lantern 60"),
            ("assistant", "Hello! What would you like to know?"),
        ),
        evidence=tuple(
            Evidence(UUID(int=0), UUID(int=0), about["title"], text, about.get("heading", ""))
            for about, text in passages
        ),
        guidance="Say “light”, not “lamp”.",
        language="en",
    )
    sent = prompting.as_text(prompting.messages(facts))
    assert MARK.sub("", shown) == MARK.sub("", sent)
