"""Why a file cannot be read, in words that whoever uploaded it can act on."""

from __future__ import annotations


class CannotRead(Exception):
    """The whole file is given up; a single page that fails is a warning instead."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


class PageTooSlow(BaseException):
    """One page used up its time. Parsers that catch every Exception must not catch this one."""


UNREADABLE = "unreadable"
UNREADABLE_MESSAGE = (
    "This file is damaged or built in a way that cannot be read. "
    "Open it in its own program, save it again and upload the new copy."
)


def empty_file() -> CannotRead:
    return CannotRead("empty", "This file is empty. Please check it and upload it again.")


def no_text(what: str) -> CannotRead:
    return CannotRead("no_text", f"There is no text in this {what}.")


def looks_like_a_scan() -> CannotRead:
    return CannotRead(
        "no_text",
        "No text found, this looks like a scan. Run it through text recognition (OCR) "
        "and upload the result.",
    )


def password_protected() -> CannotRead:
    return CannotRead(
        "password_protected",
        "This file is password-protected. Save a copy without the password and upload that.",
    )


def unpacks_too_large() -> CannotRead:
    return CannotRead(
        "too_large",
        "Unpacked, this file is far larger than it may be. Split it, or save it again "
        "without its pictures.",
    )


def needs_too_much_memory() -> CannotRead:
    return CannotRead(
        "out_of_memory",
        "This file is too large to read in the memory allowed. Split it into smaller files.",
    )


def took_too_long(seconds: float) -> CannotRead:
    return CannotRead(
        "too_slow",
        f"This file took longer than {seconds:.0f} seconds to read. "
        "Save it again, or split it into smaller files.",
    )
