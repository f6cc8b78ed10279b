"""Which kind of file it is. The name, the declared type and the first bytes must agree (U6)."""

from __future__ import annotations

from pathlib import PurePath

from app.reading.refusals import CannotRead, empty_file, password_protected

PDF, WORD, HTML, MARKDOWN, TABULAR, PLAIN = "pdf", "docx", "html", "markdown", "csv", "text"
EXTENSIONS = {
    ".pdf": PDF,
    ".docx": WORD,
    ".html": HTML, ".htm": HTML, ".xhtml": HTML,
    ".md": MARKDOWN, ".markdown": MARKDOWN, ".mdown": MARKDOWN,
    ".csv": TABULAR, ".tsv": TABULAR,
    ".txt": PLAIN, ".text": PLAIN, ".log": PLAIN, ".rst": PLAIN,
}  # fmt: skip
MEDIA_TYPES = {
    "application/pdf": PDF,
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": WORD,
    "text/html": HTML,
    "application/xhtml+xml": HTML,
    "text/markdown": MARKDOWN,
    "text/x-markdown": MARKDOWN,
    "text/csv": TABULAR,
    "text/tab-separated-values": TABULAR,
    "text/plain": PLAIN,
}
NAMES = {
    PDF: "a PDF",
    WORD: "a Word document",
    HTML: "a web page",
    MARKDOWN: "a Markdown file",
    TABULAR: "a CSV file",
    PLAIN: "a text file",
}
OTHERS = {
    ".doc": "Old Word documents (.doc) cannot be read. Save it as .docx or PDF",
    ".rtf": "RTF files cannot be read. Save it as .docx or PDF",
    ".odt": "OpenDocument texts cannot be read. Save it as .docx or PDF",
    ".xls": "Spreadsheets cannot be read. Save the sheet as CSV",
    ".xlsx": "Spreadsheets cannot be read. Save the sheet as CSV",
    ".ods": "Spreadsheets cannot be read. Save the sheet as CSV",
    ".ppt": "Presentations cannot be read. Save it as PDF",
    ".pptx": "Presentations cannot be read. Save it as PDF",
}
TEXTUAL = {HTML, MARKDOWN, TABULAR, PLAIN}
PDF_WITHIN = 1024
# What an archive holds is seen when it is opened; a torn one says nothing from outside.
ARCHIVE = "a ZIP archive"
ZIP = (b"PK\x03\x04", b"PK\x05\x06")
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
FOREIGN = (
    (b"\x89PNG", "a picture"), (b"\xff\xd8\xff", "a picture"), (b"GIF8", "a picture"),
    (b"RIFF", "a sound or a picture"), (b"\x1f\x8b", "a compressed archive"),
    (b"7z\xbc\xaf", "a compressed archive"), (b"Rar!", "a compressed archive"),
    (b"\x7fELF", "a program"), (b"MZ", "a program"), (b"{\\rtf", "an RTF document"),
    (b"SQLite format 3", "a database"), (b"%!PS", "a PostScript file"),
)  # fmt: skip
WEB_PAGE = (b"<!doctype html", b"<html")
BYTE_ORDER_MARKS = (b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")
KINDS = "PDF, Word (.docx), HTML, Markdown, CSV and plain text"


def kind_of(data: bytes, file_name: str, media_type: str) -> str:
    """The format to read it as, or CannotRead with what is wrong."""
    if not data.strip(b"\x00\t\n\x0c\r "):
        raise empty_file()
    claimed = _claimed(file_name, media_type)
    found = _found(data)
    if claimed == WORD and data.startswith(OLE) and ENCRYPTED in data:
        raise password_protected()
    if claimed in TEXTUAL:
        if found is not None and not (found == NAMES[HTML]):
            raise _disagreement(claimed, found)
        _refuse_binary(data, claimed)
    elif found != NAMES[claimed] and not (claimed == WORD and found == ARCHIVE):
        raise _disagreement(claimed, found)
    return claimed


def _claimed(file_name: str, media_type: str) -> str:
    """By the extension, which people choose; browsers often do not know the type."""
    extension = PurePath(file_name.strip()).suffix.lower()
    if extension in OTHERS:
        raise CannotRead("unsupported", f"{OTHERS[extension]} and upload that.")
    declared = MEDIA_TYPES.get(media_type.partition(";")[0].strip().lower())
    by_name = EXTENSIONS.get(extension)
    kind = by_name or declared
    if kind is None:
        raise CannotRead("unsupported", f"Files of this kind cannot be read, only {KINDS}.")
    if declared and by_name and (declared != by_name) and not {declared, by_name} <= TEXTUAL:
        raise CannotRead(
            "wrong_type",
            f"This was sent as {NAMES[declared]}, but its name says {NAMES[by_name]}. "
            "Rename it to what it is and upload it again.",
        )
    return kind


def _found(data: bytes) -> str | None:
    """What the first bytes say, as far as they say anything."""
    start = data[:PDF_WITHIN].lstrip(b"\xef\xbb\xbf\t\n\r ")
    if start.startswith(ZIP):
        return NAMES[WORD] if b"word/" in data else ARCHIVE
    if data.startswith(OLE):
        return "an old Office document"
    for magic, name in FOREIGN:
        if start.startswith(magic) and not (magic == b"MZ" and b"\x00" not in start):
            return name
    if start.startswith(b"%PDF-"):
        return NAMES[PDF]
    if start[:200].lower().startswith(WEB_PAGE):
        return NAMES[HTML]
    return NAMES[PDF] if b"%PDF-" in data[:PDF_WITHIN] else None


def _refuse_binary(data: bytes, claimed: str) -> None:
    """Text holds no NUL, unless it is written in two bytes a letter."""
    sample = data[:65_536]
    zeros = sample.count(0)
    if data.startswith(BYTE_ORDER_MARKS) or not zeros:
        return
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    if max(even, odd) > len(sample) * 0.2 and min(even, odd) < len(sample) * 0.02:
        return
    if zeros > len(sample) * 0.001:
        raise _disagreement(claimed, None)


def _disagreement(claimed: str, found: str | None) -> CannotRead:
    looks = f" It looks like {found}." if found else ""
    return CannotRead(
        "wrong_type",
        f"This is not {NAMES[claimed]} although its name says so.{looks} "
        "Check the file and upload it again.",
    )
