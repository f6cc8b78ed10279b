"""What a document is called: by itself, by its first heading, or at least by its file."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from app.reading.blocks import Block, Heading
from app.reading.cleaning import clean_line

LONGEST = 200
# What programs write when nobody gave a title.
MEANINGLESS = re.compile(
    r"(?:untitled|unnamed|document|dokument|title|presentation|slide|sheet|layout|template|"
    r"powerpoint presentation|new document|scan|none|null|index)[\s\d_.()-]*|[\W\d_]*|"
    r".*\.(?:docx?|indd|qxd|pptx?|xlsx?|tex|dvi|odt|pages|pub|ai|psd|cdr|html?)",
    re.IGNORECASE,
)
PRINTED_BY = re.compile(r"^(?:Microsoft (?:Office )?(?:Word|PowerPoint|Excel) - )")
LOOKED_AT = 12
WORD_BREAKS = re.compile(r"[_\s]+")


def title_of(declared: str, blocks: list[Block], file_name: str) -> str:
    """Never empty."""
    declared = PRINTED_BY.sub("", declared).strip()
    if declared and not MEANINGLESS.fullmatch(declared):
        return declared[:LONGEST]
    return (_highest_heading(blocks) or title_of_file(file_name))[:LONGEST]


def title_of_file(file_name: str) -> str:
    """`../../product_guide%20v2.pdf` is called "product guide%20v2"."""
    name = PurePosixPath(clean_line(file_name).replace("\\", "/")).name
    stem = name.rpartition(".")[0] or name
    return WORD_BREAKS.sub(" ", stem).strip() or "Document"


def _highest_heading(blocks: list[Block]) -> str:
    """Among the first blocks, and alone on its level: a chapter does not name the whole."""
    levels = [block.level for block in blocks if isinstance(block, Heading)]
    headings = [block for block in blocks[:LOOKED_AT] if isinstance(block, Heading)]
    highest = min(headings, key=lambda heading: heading.level, default=None)
    return highest.text if highest and levels.count(highest.level) == 1 else ""
