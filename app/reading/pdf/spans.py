"""A page's painting carried out on paper of our own: which words stand where, and how large."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from app.reading.pdf.content import Operand, number, operations
from app.reading.pdf.fonts import Glyphs

Matrix: TypeAlias = tuple[float, float, float, float, float, float]
IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
DEEPEST_FORM = 12
FORMS_A_PAGE = 2_000
STATES_KEPT = 200
# Between letters that are merely kerned there is less, between words there is more.
WORD_GAP = 0.5
SMALLEST_GAP = 0.12


@dataclass(slots=True)
class Span:
    """Text painted at one go; `turn` is its direction in quarters of a circle."""

    x: float
    y: float
    end: float
    size: float
    bold: bool
    mono: bool
    turn: int
    space: float
    text: str


@dataclass(slots=True)
class Pen:
    """What q remembers and Q brings back."""

    matrix: Matrix = IDENTITY
    font: Glyphs | None = None
    size: float = 12.0
    letter_space: float = 0.0
    word_space: float = 0.0
    stretch: float = 1.0
    leading: float = 0.0
    rise: float = 0.0

    def copy(self) -> Pen:
        return Pen(
            self.matrix, self.font, self.size, self.letter_space,
            self.word_space, self.stretch, self.leading, self.rise,
        )  # fmt: skip


class Painter:
    """Follows one content stream, and the forms that it uses."""

    def __init__(self, fonts: Callable[[Any], Glyphs | None], spans: list[Span]) -> None:
        self._fonts = fonts
        self._spans = spans
        self._forms = 0
        self._pen = Pen()
        self._text = self._line = IDENTITY
        self.unreadable = 0
        self._acts: Mapping[bytes, Callable[[list[Operand]], None]] = {
            b"BT": self._begin,
            b"Td": self._move,
            b"TD": self._move_and_lead,
            b"Tm": self._place,
            b"T*": self._next_line,
            b"Tj": self._show,
            b"TJ": self._show_array,
            b"'": self._next_and_show,
            b'"': self._space_and_show,
            b"Tc": self._letter_space,
            b"Tw": self._word_space,
            b"Tz": self._stretch,
            b"TL": self._lead,
            b"Ts": self._rise,
            b"cm": self._transform,
        }

    def paint(self, data: bytes, resources: Any, matrix: Matrix = IDENTITY, depth: int = 0) -> None:
        outer = self._pen, self._text, self._line
        self._pen = Pen(matrix=matrix)
        stack: list[Pen] = []
        acts = self._acts
        for operator, operands in operations(data):
            if act := acts.get(operator):
                try:
                    act(operands)
                except (ValueError, IndexError, TypeError):
                    # One operator with the wrong operands; the rest of the page is still good.
                    continue
            elif operator == b"q":
                if len(stack) < STATES_KEPT:
                    stack.append(self._pen.copy())
            elif operator == b"Q":
                self._pen = stack.pop() if stack else Pen(matrix=matrix)
            elif operator == b"Tf":
                self._choose_font(operands, resources)
            elif operator == b"Do" and operands:
                self._paint_form(operands[-1], resources, depth)
        self._pen, self._text, self._line = outer

    def _choose_font(self, operands: list[Operand], resources: Any) -> None:
        if len(operands) >= 2:
            name = operands[-2].decode("latin-1")
            self._pen.font = self._fonts(_entry(resources, "/Font", name))
            self._pen.size = number(operands[-1])

    def _paint_form(self, name: Operand, resources: Any, depth: int) -> None:
        form = _entry(resources, "/XObject", name.decode("latin-1"))
        form = form.get_object() if form is not None else None
        if form is None or form.get("/Subtype") != "/Form" or depth >= DEEPEST_FORM:
            return
        self._forms += 1
        if self._forms > FORMS_A_PAGE:
            return
        own = tuple(float(value) for value in form.get("/Matrix", IDENTITY))
        matrix = _times(own, self._pen.matrix) if len(own) == 6 else self._pen.matrix
        own_resources = form.get("/Resources")
        if own_resources is not None:
            own_resources = own_resources.get_object()
        self.paint(form.get_data(), own_resources or resources, matrix, depth + 1)

    def _begin(self, operands: list[Operand]) -> None:
        self._text = self._line = IDENTITY

    def _move(self, operands: list[Operand]) -> None:
        self._shift(number(operands[0]), number(operands[1]))

    def _move_and_lead(self, operands: list[Operand]) -> None:
        self._pen.leading = -number(operands[1])
        self._move(operands)

    def _place(self, operands: list[Operand]) -> None:
        a, b, c, d, e, f = map(number, operands)
        self._text = self._line = (a, b, c, d, e, f)

    def _next_line(self, operands: list[Operand]) -> None:
        self._shift(0.0, -self._pen.leading)

    def _shift(self, x: float, y: float) -> None:
        a, b, c, d, e, f = self._line
        self._text = self._line = (a, b, c, d, x * a + y * c + e, x * b + y * d + f)

    def _next_and_show(self, operands: list[Operand]) -> None:
        self._next_line(operands)
        self._show(operands)

    def _space_and_show(self, operands: list[Operand]) -> None:
        self._pen.word_space, self._pen.letter_space = number(operands[0]), number(operands[1])
        self._next_line(operands)
        self._show(operands[2:])

    def _letter_space(self, operands: list[Operand]) -> None:
        self._pen.letter_space = number(operands[0])

    def _word_space(self, operands: list[Operand]) -> None:
        self._pen.word_space = number(operands[0])

    def _stretch(self, operands: list[Operand]) -> None:
        self._pen.stretch = number(operands[0]) / 100 or 1.0

    def _lead(self, operands: list[Operand]) -> None:
        self._pen.leading = number(operands[0])

    def _rise(self, operands: list[Operand]) -> None:
        self._pen.rise = number(operands[0])

    def _transform(self, operands: list[Operand]) -> None:
        a, b, c, d, e, f = map(number, operands)
        self._pen.matrix = _times((a, b, c, d, e, f), self._pen.matrix)

    def _show(self, operands: list[Operand]) -> None:
        self._show_array([operands])

    def _show_array(self, operands: list[Operand]) -> None:
        pen = self._pen
        font = pen.font
        if font is None or not font.readable:
            self.unreadable += 1
            return
        gap = max(font.space * WORD_GAP, SMALLEST_GAP) * 1000
        parts: list[str] = []
        width = 0.0
        for part in operands[0]:
            if isinstance(part, bytes):
                text, ems, glyphs, spaces = font.read(part)
                parts.append(text)
                width += ems * pen.size + glyphs * pen.letter_space + spaces * pen.word_space
            else:
                if -part >= gap and parts and not parts[-1].endswith(" "):
                    parts.append(" ")
                width -= part / 1000 * pen.size
        self._write("".join(parts), width * pen.stretch, font)

    def _write(self, text: str, width: float, font: Glyphs) -> None:
        a, b, c, d, e, f = _times(self._text, self._pen.matrix)
        rise = self._pen.rise
        size = abs(self._pen.size) * math.hypot(c, d)
        ta, tb, tc, td, te, tf = self._text
        self._text = (ta, tb, tc, td, te + width * ta, tf + width * tb)
        if not text or not size:
            return
        turn = 0 if a > 0 and abs(b) < a else round(math.atan2(b, a) / (math.pi / 2)) % 4
        x, y = _upright(e + rise * c, f + rise * d, turn)
        end = x + width * math.hypot(a, b)
        self._spans.append(
            Span(x, y, end, size, font.bold, font.mono, turn, font.space * size, text)
        )


def _upright(x: float, y: float, turn: int) -> tuple[float, float]:
    """The place as seen by a reader who turned the page until the text stood upright."""
    return ((x, y), (y, -x), (-x, -y), (-y, x))[turn]


def _times(m: tuple[float, ...], n: Matrix) -> Matrix:
    a, b, c, d, e, f = m
    g, h, i, j, k, l = n  # noqa: E741
    return (
        a * g + b * i, a * h + b * j,
        c * g + d * i, c * h + d * j,
        e * g + f * i + k, e * h + f * j + l,
    )  # fmt: skip


def _entry(resources: Any, kind: str, name: str) -> Any:
    """The entry as it stands, which may be a reference: that is what fonts are remembered by."""
    if resources is None:
        return None
    entries = resources.get(kind)
    entries = entries.get_object() if entries is not None else None
    return entries.raw_get(name) if entries is not None and name in entries else None
