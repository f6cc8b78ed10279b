"""Files as people upload them, and as attackers do. Each is made when a test asks for it."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from reportlab import rl_config
from reportlab.lib.pagesizes import A4
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

TOKENIZER = Path(__file__).resolve().parents[2] / "data" / "models" / "minilm" / "tokenizer.json"
MARGIN = 72
TOP = 770
# Office programs do not write their pages in letters of ASCII.
rl_config.useA85 = 0
WORDS = re.findall(
    r"\w+",
    "kettle water switch button lid base heater filter scale minute press hold release light "
    "signal clean warm steam pour handle power cable warranty repair service customer order return",
)

Paint = Callable[[Canvas], None]


def pdf(*pages: Paint, title: str = "", password: str = "", owner: str = "") -> bytes:
    """One function a page; `owner` alone encrypts with an empty password for readers."""
    buffer = io.BytesIO()
    encrypt = StandardEncryption(password, ownerPassword=owner) if password or owner else None
    canvas = Canvas(buffer, pagesize=A4, encrypt=encrypt, invariant=1)
    if title:
        canvas.setTitle(title)
    for paint in pages:
        paint(canvas)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def lines(
    *texts: str, size: float = 10, font: str = "Helvetica", x: float = MARGIN, top: float = TOP
) -> Paint:
    """Lines below each other; one that begins with # is a heading, an empty one a gap."""

    def paint(canvas: Canvas) -> None:
        y = top
        for text in texts:
            marks = len(text) - len(text.lstrip("#"))
            height = {0: size, 1: 18, 2: 14, 3: 12}[marks]
            canvas.setFont("Helvetica-Bold" if marks else font, height)
            y -= (1.6 if marks else 1.2) * height
            canvas.drawString(x, y, text.lstrip("# ") if marks else text)

    return paint


def all_of(*paints: Paint) -> Paint:
    def paint(canvas: Canvas) -> None:
        for one in paints:
            one(canvas)

    return paint


def sentence(number: int, words: int = 12) -> str:
    """Always the same for the same number, and hardly ever the same for another."""
    picked = [WORDS[(number * 7 + step * (number % 11 + 3)) % len(WORDS)] for step in range(words)]
    return " ".join(picked).capitalize() + "."


def prose(number: int, sentences: int = 6, width: int = 90) -> list[str]:
    """A paragraph broken into lines."""
    text = " ".join(sentence(number * 10 + one) for one in range(sentences))
    broken: list[str] = [""]
    for word in text.split():
        if len(broken[-1]) + len(word) + 1 > width:
            broken.append("")
        broken[-1] = f"{broken[-1]} {word}".strip()
    return broken


def manual(pages: int) -> bytes:
    """A product guide with chapters, sections, running lines and page numbers."""

    def page(number: int) -> Paint:
        def paint(canvas: Canvas) -> None:
            canvas.setFont("Helvetica", 8)
            canvas.drawString(MARGIN, 815, "Kettle 3000 - Product Guide")
            canvas.drawCentredString(300, 25, f"Page {number} of {pages}")
            texts = [f"# {number} {WORDS[number % 28].title()} and {WORDS[number // 28 % 28]}"]
            for section in range(1, 4):
                texts.append(f"## {number}.{section} About the {WORDS[(number + section) % 28]}")
                texts += [*prose(number * 3 + section), "", *prose(number * 5 + section), ""]
            lines(*texts)(canvas)

        return paint

    return pdf(*map(page, range(1, pages + 1)), title="Kettle 3000 Product Guide")


def scan() -> bytes:
    """Pages that are pictures alone."""

    def paint(canvas: Canvas) -> None:
        from PIL import Image
        from reportlab.lib.utils import ImageReader

        canvas.drawImage(ImageReader(Image.new("L", (40, 60), 200)), 0, 0, *A4)

    return pdf(paint, paint)


def raw_pdf(*contents: bytes, fonts: bytes = b"", extra: Iterable[bytes] = ()) -> bytes:
    """Content streams exactly as given; `extra` are further objects, from number 100 on."""
    font = fonts or b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>"
    count = len(contents)
    kids = b" ".join(b"%d 0 R" % (10 + 2 * at) for at in range(count))
    objects: dict[int, bytes] = {
        1: b"<</Type/Catalog/Pages 2 0 R>>",
        2: b"<</Type/Pages/Kids[%s]/Count %d>>" % (kids, count),
        3: font,
    }
    for at, content in enumerate(contents):
        packed = zlib.compress(content)
        objects[10 + 2 * at] = (
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents %d 0 R"
            b"/Resources<</Font<</F1 3 0 R>>/XObject<</X1 100 0 R>>>>>>" % (11 + 2 * at)
        )
        objects[11 + 2 * at] = b"<</Length %d/Filter/FlateDecode>>stream\n%s\nendstream" % (
            len(packed),
            packed,
        )
    objects.update(enumerate(extra, start=100))
    return _assembled(objects)


def _assembled(objects: dict[int, bytes]) -> bytes:
    out = bytearray(b"%PDF-1.7\n")
    places = {}
    for number, content in sorted(objects.items()):
        places[number] = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    start = len(out)
    out += b"xref\n0 1\n0000000000 65535 f \n"
    for number, place in sorted(places.items()):
        out += b"%d 1\n%010d 00000 n \n" % (number, place)
    out += b"trailer<</Root 1 0 R/Size %d>>\nstartxref\n%d\n%%%%EOF" % (max(objects) + 1, start)
    return bytes(out)


def word(build: Callable[[Any], None], title: str = "") -> bytes:
    import docx

    document = docx.Document()
    document.core_properties.title = title
    build(document)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def with_part(package: bytes, name: str, content: bytes) -> bytes:
    """The same Word document, one of its parts replaced or added."""
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(package)) as before,
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as after,
    ):
        for entry in before.namelist():
            if entry != name:
                after.writestr(entry, before.read(entry))
        after.writestr(name, content)
    return buffer.getvalue()


def word_body(xml: str) -> bytes:
    """The main part of a Word document around the given paragraphs."""
    namespace = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    inner = f"<w:body>{xml}</w:body>"
    return f'<?xml version="1.0"?><w:document xmlns:w="{namespace}">{inner}</w:document>'.encode()
