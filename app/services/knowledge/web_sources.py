"""Pages that somebody names by address, fetched so that nobody can make us ask our own network."""

from __future__ import annotations

import io
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import IO
from urllib.parse import unquote, urlsplit

from app.adapters import adapters
from app.adapters.web_client import WebAnswer
from app.errors import Invalid, ProviderError
from app.services.naming import bare_name

MOST_PAGES_OF_A_SITEMAP = 500
MOST_LISTS_OF_A_SITEMAP = 20
MOST_BYTES_OF_A_SITEMAP = 50 * 1024 * 1024
LONGEST_ADDRESS = 2_000
GZIP = b"\x1f\x8b"
NO_PAGES = "This sitemap lists no pages."
NO_SITEMAP = "This is not a sitemap: it could not be read as XML."
# What a page is kept as, by what its server calls it. What is not named here is read as HTML.
ENDINGS = {
    "application/pdf": ".pdf",
    "application/x-pdf": ".pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "text/markdown": ".md",
    "text/x-markdown": ".md",
    "text/csv": ".csv",
    "text/plain": ".txt",
}
MEDIA_TYPES = {".pdf": "application/pdf", ".html": "text/html"}
MEDIA_TYPES |= {ending: each for each, ending in ENDINGS.items() if "x-" not in each}
# Servers that do not know a kind of file say one of these; the address or its bytes may.
SAYS_NOTHING = {"", "application/octet-stream", "binary/octet-stream", "application/zip"}
UNCERTAIN = SAYS_NOTHING | {"text/plain"}
WORDLESS = ("image/", "audio/", "video/", "font/")
PDF_WITHIN = 1024


@dataclass(frozen=True)
class Page:
    body: IO[bytes]
    file_name: str
    media_type: str
    size: int


@dataclass(frozen=True)
class Listing:
    """The addresses of a sitemap; `note` tells of a list that could not be read."""

    addresses: Sequence[str]
    note: str = ""


def fetch(url: str) -> Page:
    """The page, or ProviderError in words that an admin can act on."""
    answer = adapters.web_client.get(url)
    if answer.media_type.startswith(WORDLESS):
        words = f"There is no text at this address, but {answer.media_type}."
        raise ProviderError(words, permanent=True)
    ending = _ending(answer)
    name = _file_name(answer.url, ending)
    return Page(io.BytesIO(answer.body), name, MEDIA_TYPES[ending], len(answer.body))


def pages_of_sitemap(url: str) -> Listing:
    """The addresses that a sitemap lists; a sitemap of sitemaps is followed one level down."""
    addresses, nested = _listed(url)
    note = ""
    for each in nested[:MOST_LISTS_OF_A_SITEMAP]:
        try:
            addresses += _listed(each)[0]
        except ProviderError as error:
            # One list that is gone must not cost the pages of the others.
            if not error.permanent:
                raise
            note = note or f"{each}: {error}"
    unique = [each for each in dict.fromkeys(addresses) if 0 < len(each) <= LONGEST_ADDRESS]
    if not unique:
        raise ProviderError(note or NO_PAGES, permanent=True)
    if len(unique) > MOST_PAGES_OF_A_SITEMAP:
        most = MOST_PAGES_OF_A_SITEMAP
        note = note or f"It lists {len(unique):,} pages; the first {most} are taken."
    return Listing(unique[:MOST_PAGES_OF_A_SITEMAP], note)


def refuse_private(url: str) -> None:
    """Raise Invalid now for an address that would be refused later."""
    try:
        adapters.web_client.check(url)
    except ProviderError as error:
        raise Invalid(str(error), fields={"url": str(error)}) from error


def _ending(answer: WebAnswer) -> str:
    """The kind of what came: a PDF and a Word document show themselves, the others are told."""
    if b"%PDF-" in answer.body[:PDF_WITHIN]:
        return ".pdf"
    if answer.body.startswith(b"PK\x03\x04") and b"word/" in answer.body:
        return ".docx"
    if answer.media_type in UNCERTAIN:
        of_address = PurePosixPath(urlsplit(answer.url).path.lower()).suffix
        if of_address == ".markdown":
            return ".md"
        if of_address in MEDIA_TYPES:
            return of_address
    return ENDINGS.get(answer.media_type, ".html")


def _file_name(url: str, ending: str) -> str:
    """A page of the web has no name of its own; a file has the one at the end of its address."""
    last = bare_name(unquote(PurePosixPath(urlsplit(url).path).name))
    stem = PurePosixPath(last).stem
    return "page.html" if ending == ".html" else f"{stem}{ending}"


def _listed(url: str) -> tuple[list[str], list[str]]:
    from defusedxml.ElementTree import fromstring

    body = _unpacked(adapters.web_client.get(url).body)
    try:
        root = fromstring(body)
    except Exception as error:
        # Malformed in one of many ways, or an attempt with entities.
        raise ProviderError(NO_SITEMAP, permanent=True) from error
    found = [(each.text or "").strip() for each in root.iter() if each.tag.endswith("}loc")]
    is_index = root.tag.endswith("sitemapindex")
    return ([], found) if is_index else (found, [])


def _unpacked(body: bytes) -> bytes:
    """Sitemaps are often kept packed; one that grows without end is cut off, and so no XML."""
    if not body.startswith(GZIP):
        return body
    try:
        return zlib.decompressobj(wbits=31).decompress(body, MOST_BYTES_OF_A_SITEMAP)
    except zlib.error as error:
        raise ProviderError(NO_SITEMAP, permanent=True) from error
