"""Which files may be sent along. The name and the first bytes must agree (U6)."""

from __future__ import annotations

import io
import zipfile
from pathlib import PurePosixPath

from app.errors import Invalid

TAKEN = "Pictures, PDF, text, CSV and Office files can be sent"
# What a browser may show by itself: none of these can hold a script.
SHOWN_INLINE = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
PNG, JPEG, PDF = b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"%PDF-"
MAGIC = {
    ".png": ("image/png", PNG),
    ".jpg": ("image/jpeg", JPEG),
    ".jpeg": ("image/jpeg", JPEG),
    ".pdf": ("application/pdf", PDF),
}
TEXTS = {
    ".txt": "text/plain",
    ".log": "text/plain",
    ".md": "text/markdown",
    ".csv": "text/csv",
}
OPEN_XML = "application/vnd.openxmlformats-officedocument."
# What must stand in the archive, beside the list of its parts.
OFFICE = {
    ".docx": (f"{OPEN_XML}wordprocessingml.document", "word/document.xml"),
    ".xlsx": (f"{OPEN_XML}spreadsheetml.sheet", "xl/workbook.xml"),
    ".pptx": (f"{OPEN_XML}presentationml.presentation", "ppt/presentation.xml"),
}
OLD_OFFICE = {".doc": ".docx", ".xls": ".xlsx", ".ppt": ".pptx"}
FOREIGN = (PNG, JPEG, PDF, b"GIF8", b"PK\x03\x04", b"MZ", b"\x7fELF", b"\xd0\xcf\x11\xe0", b"Rar!")


def media_type_of(name: str, content: bytes) -> str:
    """The type that it is kept and handed out as, or Invalid with what is wrong."""
    extension = PurePosixPath(name.lower()).suffix
    if not content:
        raise _refusal("This file is empty.")
    if extension in OLD_OFFICE:
        raise _refusal(f"Please save it as {OLD_OFFICE[extension]} and send that.")
    media_type = _claimed(extension)
    if media_type is None:
        raise _refusal(f"Files of this kind cannot be sent. {TAKEN}.")
    if not _agrees(extension, content):
        raise _refusal(f"This is not a {extension} file although its name says so.")
    return media_type


def _claimed(extension: str) -> str | None:
    for known in (MAGIC, OFFICE):
        if extension in known:
            return known[extension][0]
    return {".gif": "image/gif", ".webp": "image/webp"}.get(extension) or TEXTS.get(extension)


def _agrees(extension: str, content: bytes) -> bool:
    if extension in MAGIC:
        return content.startswith(MAGIC[extension][1])
    if extension == ".gif":
        return content.startswith((b"GIF87a", b"GIF89a"))
    if extension == ".webp":
        return content.startswith(b"RIFF") and content[8:12] == b"WEBP"
    if extension in OFFICE:
        return _is_office(content, OFFICE[extension][1])
    return not content.startswith(FOREIGN) and b"\x00" not in content


def _is_office(content: bytes, part: str) -> bool:
    """By the archive's table of contents; nothing is unpacked. Macros are not taken."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, UnicodeDecodeError):
        return False
    has_macros = any(name.lower().endswith("vbaproject.bin") for name in names)
    return {"[Content_Types].xml", part} <= set(names) and not has_macros


def _refusal(message: str) -> Invalid:
    return Invalid(message, code="wrong_file", fields={"file": message})
