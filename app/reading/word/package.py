"""The archive, checked for what it would grow to before anything is unpacked (U4)."""

from __future__ import annotations

import io
import zipfile
import zlib

from app.reading.refusals import CannotRead, unpacks_too_large

MOST_ENTRIES = 5_000
# XML packs well, up to a hundred to one; what packs better than this was made to.
HIGHEST_RATIO = 250
SMALL = 2 * 1024 * 1024
DAMAGED = CannotRead(
    "unreadable",
    "This Word document is damaged. Open it in Word, save it again and upload the new copy.",
)


class Package:
    """Parts by their names; what is declared is checked at once, what comes out while reading."""

    def __init__(self, data: bytes, unpacked_bytes: int) -> None:
        self._left = unpacked_bytes
        try:
            self._archive = zipfile.ZipFile(io.BytesIO(data))
        except (zipfile.BadZipFile, ValueError, EOFError, NotImplementedError) as error:
            raise DAMAGED from error
        _check(self._archive.infolist(), unpacked_bytes)

    def part(self, name: str) -> bytes | None:
        """The unpacked part, or None if there is none of that name."""
        try:
            entry = self._archive.getinfo(name)
        except KeyError:
            return None
        if entry.flag_bits & 1:
            raise CannotRead(
                "password_protected",
                "This file is password-protected. Save a copy without the password and upload it.",
            )
        try:
            with self._archive.open(entry) as packed:
                content = packed.read(self._left + 1)
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError) as error:
            raise DAMAGED from error
        self._left -= len(content)
        if self._left < 0:
            raise unpacks_too_large()
        return content


def _check(entries: list[zipfile.ZipInfo], unpacked_bytes: int) -> None:
    if len(entries) > MOST_ENTRIES or sum(entry.file_size for entry in entries) > unpacked_bytes:
        raise unpacks_too_large()
    for entry in entries:
        if entry.file_size > SMALL and entry.file_size > HIGHEST_RATIO * entry.compress_size:
            raise unpacks_too_large()
