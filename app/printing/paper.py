"""The layout: a head with the facts, then day by day who said what, with its sources."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from fpdf import FPDF
from fpdf.enums import Align, TextMode, XPos, YPos
from fpdf.util import Padding

from app.printing.typefaces import ITALIC, TEXT, faces_for, own

Described = dict[str, Any]
Colour = tuple[int, int, int]
INK, QUIET, LINE = (29, 42, 38), (92, 102, 95), (227, 221, 208)
BRAND, WHITE = (18, 52, 42), (255, 255, 255)
PAPER_OF = {"note": (255, 246, 219), "visitor": (243, 246, 244)}
COLOURS = {"visitor": (42, 82, 120), "assistant": (23, 96, 75), "person": (122, 70, 20)}
MARGIN = 20.0
INDENT = 4.0
LINE_HEIGHT = 5.2
BOLD = 0.22
BAND = 3.0
PADDING = 1.2
GAP = 2.0
NO_PADDING = Padding()
UNKNOWN = "\N{REPLACEMENT CHARACTER}"
# Scripts whose letters join, stack, or run from right to left: only these need to be shaped.
NEEDS_SHAPING = re.compile(
    "[\u0300-\u036f\u0590-\u109f\u1200-\u137f\u1780-\u17ff\u1a00-\u1aff\ufb1d-\ufdff\ufe70-\ufefc]"
)
RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
A_LETTER = re.compile(r"[^\W\d_]")
# Marks that turn the direction of what follows could make a line read as something else.
INVISIBLE = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]"
)
SELECTORS = re.compile("[\ufe00-\ufe0f]")


def printed(described: Described) -> bytes:
    """The PDF of what is described."""
    paper = _Paper(described)
    paper.head()
    for line in described["lines"]:
        paper.put(line)
    paper.end()
    return bytes(paper.output())


class _Paper(FPDF):
    def __init__(self, described: Described) -> None:
        super().__init__(format="A4")
        self._described = described
        self.set_margins(MARGIN, MARGIN)
        self.set_auto_page_break(True, MARGIN + 4)
        self.set_title(_clean(described["title"]))
        self.set_author(_clean(described["organization"]))
        self.set_creator("Frontdesk")
        self.set_lang("en")
        self._missing = self._choose_fonts()
        self.add_page()

    def footer(self) -> None:
        self.set_y(-MARGIN + 4)
        self._write(self._described["foot"], 8, QUIET, advance=False)
        self.set_x(MARGIN)
        self._plain(8)
        # Set by the width of the mark that stands for the last number until that is known.
        wider = self.get_string_width("{nb}") - self.get_string_width(str(self.page_no()))
        self.cell(self.epw + wider, 4, f"{self.page_no()} / {{nb}}", align=Align.R)

    def head(self) -> None:
        self.set_fill_color(*BRAND)
        self.rect(0, 0, self.w, BAND, "F")
        # In the colour of the fill, words that are drawn bold would make all that follow bold.
        self.set_fill_color(*WHITE)
        self._write(self._described["organization"].upper(), 8.5, QUIET, bold=True)
        self._write(self._described["title"], 20, BRAND, bold=True, height=10)
        self.ln(1.5)
        for name, value in self._described["facts"]:
            top = self.get_y()
            self._write(name, 9, QUIET)
            beneath = self.get_y()
            self.set_xy(MARGIN + 28, top)
            self._write(value, 9, INK, left=MARGIN + 28)
            self.set_y(max(beneath, self.get_y()))
        self.ln(3)
        self._rule()
        self.ln(2)

    def put(self, line: dict[str, Any]) -> None:
        match line["kind"]:
            case "day":
                self._day(line["text"])
            case "happened":
                self.ln(1)
                self._write(f"{line['at']}  {line['text']}", 8.5, QUIET, align=Align.C)
                self.ln(1.5)
            case _:
                self._said(line)

    def end(self) -> None:
        """Says so where something could not be written as it was."""
        if not self._missing:
            return
        self.ln(4)
        self._rule()
        self.ln(2)
        self._write(self._described["missing"].format(unknown=UNKNOWN), 8.5, QUIET)

    def _choose_fonts(self) -> bool:
        written = {ord(letter) for text in _texts(self._described) for letter in _clean(text)}
        faces, missing = faces_for(written - {10, 13})
        self.add_font("text", "", own(TEXT))
        self.add_font("text", "I", own(ITALIC))
        for face in faces:
            self.add_font(face.name, "", face.path)
        self.set_fallback_fonts([face.name for face in faces], exact_match=False)
        self._unknown = dict.fromkeys(missing, UNKNOWN)
        return bool(missing)

    def _day(self, text: str) -> None:
        if self.will_page_break(24):
            self.add_page()
        self.ln(2)
        self._write(text, 9, QUIET, bold=True, align=Align.C)
        self.ln(2)

    def _said(self, line: dict[str, Any]) -> None:
        # A name alone at the foot of a page belongs to what is on the next one.
        if self.will_page_break(3 * LINE_HEIGHT):
            self.add_page()
        role = line["role"]
        top = self.get_y()
        self._write(line["who"], 9.5, COLOURS.get(role, INK), bold=True, align=Align.L)
        beneath = self.get_y()
        self.set_xy(MARGIN, top)
        self._plain(8)
        self.cell(0, LINE_HEIGHT, line["at"], align=Align.R)
        self.set_y(beneath)
        self._words(line["text"].strip().splitlines(), PAPER_OF.get(role))
        for source in line.get("sources", ()):
            self._write(source, 8, QUIET, left=MARGIN + INDENT, height=4.2)
        for name in line.get("files", ()):
            self._write(name, 8.5, QUIET, left=MARGIN + INDENT, style="I", height=4.6)
        self.ln(2.6)

    def _words(self, paragraphs: list[str], paper: Colour | None) -> None:
        """Empty lines become a small gap; what has a paper of its own has room around the words."""
        room = PADDING if paper else 0.0
        for place, paragraph in enumerate(paragraphs):
            if not paragraph.strip():
                self._write("", 10, INK, left=MARGIN + INDENT, paper=paper, height=GAP)
                continue
            above, below = room * (place == 0), room * (place == len(paragraphs) - 1)
            around = Padding(above, 2 * room, below, room)
            self._write(paragraph, 10, INK, left=MARGIN + INDENT, paper=paper, around=around)
        self.ln(0.6)

    def _write(
        self,
        text: str,
        size: float,
        colour: Colour,
        *,
        bold: bool = False,
        style: str = "",
        left: float = MARGIN,
        height: float = LINE_HEIGHT,
        align: Align | None = None,
        paper: Colour | None = None,
        around: Padding = NO_PADDING,
        advance: bool = True,
    ) -> None:
        """A paragraph. Bold is drawn with an outline, as that works for every script there is."""
        text = _clean(text).translate(self._unknown)
        self.set_font("text", style, size)
        self.set_text_color(*colour)
        self.set_draw_color(*colour)
        self.set_line_width(BOLD * size / 10)
        self.text_mode = TextMode.FILL_STROKE if bold else TextMode.FILL
        self.set_text_shaping(NEEDS_SHAPING.search(text) is not None)
        if paper:
            self.set_fill_color(*paper)
        self.set_x(left)
        self.multi_cell(
            0,
            height,
            text,
            align=align or (Align.R if _begins_at_the_right(text) else Align.L),
            fill=paper is not None,
            padding=around,
            new_x=XPos.LMARGIN,
            new_y=YPos.NEXT if advance else YPos.TOP,
        )
        self.text_mode = TextMode.FILL

    def _plain(self, size: float) -> None:
        self.set_font("text", "", size)
        self.set_text_color(*QUIET)
        self.set_text_shaping(False)

    def _rule(self) -> None:
        self.set_draw_color(*LINE)
        self.set_line_width(0.3)
        self.line(MARGIN, self.get_y(), self.w - MARGIN, self.get_y())


def _texts(described: Described) -> Iterator[str]:
    """Everything that is going to be written."""
    yield from (described["title"], described["organization"], described["organization"].upper())
    yield from (described["foot"], described["missing"])
    for pair in described["facts"]:
        yield from pair
    for line in described["lines"]:
        yield from (line.get("who", ""), line["text"], line.get("at", ""))
        yield from (*line.get("sources", ()), *line.get("files", ()))


def _clean(text: str) -> str:
    return SELECTORS.sub("", INVISIBLE.sub(" ", text))


def _begins_at_the_right(text: str) -> bool:
    first = A_LETTER.search(text)
    return first is not None and RIGHT_TO_LEFT.match(first.group()) is not None
