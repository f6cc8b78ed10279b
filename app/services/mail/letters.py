"""The wording of every mail: a subject, a text and an HTML part from one set of facts."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

FOLDER = Path(__file__).resolve().parent.parent.parent / "templates" / "mail"


@dataclass(frozen=True)
class Wording:
    subject: str
    text: str
    html: str


def compose(template: str, facts: dict[str, Any]) -> Wording:
    """The first line of the text template is the subject; names in it stay on one line."""
    text = _environment().get_template(f"{template}.txt").render(facts)
    subject, _, body = text.partition("\n")
    html = _environment().get_template(f"{template}.html").render(facts, subject=subject)
    return Wording(" ".join(subject.split())[:200], body.strip() + "\n", html)


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
