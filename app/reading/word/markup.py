"""XML as a stream of elements. No document type is accepted, hence no entity of any kind (U5)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from xml.parsers import expat

from app.reading.refusals import CannotRead
from app.reading.word.package import DAMAGED

Attributes = Mapping[str, str]
Enter = Callable[[str, Attributes], None]
Leave = Callable[[str], None]
Text = Callable[[str], None]
SEPARATOR = "\n"


def follow(part: bytes, enter: Enter, leave: Leave, text: Text) -> None:
    """Names come without their namespace: transitional and strict documents differ in it alone."""
    parser = expat.ParserCreate(namespace_separator=SEPARATOR)
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse
    parser.StartElementHandler = lambda name, given: enter(_local(name), _plain(given))
    parser.EndElementHandler = lambda name: leave(_local(name))
    parser.CharacterDataHandler = text
    try:
        parser.Parse(part, True)
    except expat.ExpatError as error:
        raise DAMAGED from error


def _refuse(*_: object) -> None:
    raise CannotRead(
        "unreadable",
        "This Word document contains a document type declaration, which Word never writes. "
        "Open it in Word, save it again and upload the new copy.",
    )


def _local(name: str) -> str:
    return name.rpartition(SEPARATOR)[2]


def _plain(given: dict[str, str]) -> Attributes:
    return {_local(name): value for name, value in given.items()} if given else given
