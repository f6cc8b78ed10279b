"""Pages that somebody names by address, fetched so that nobody can make us ask our own network."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import IO

from app.adapters import adapters
from app.errors import Invalid, ProviderError

MOST_PAGES_OF_A_SITEMAP = 500


@dataclass(frozen=True)
class Page:
    body: IO[bytes]
    media_type: str
    size: int


def fetch(url: str) -> Page:
    """The page, or ProviderError in words that an admin can act on."""
    answer = adapters.web_client.get(url)
    return Page(io.BytesIO(answer.body), answer.media_type, len(answer.body))


def pages_of_sitemap(url: str) -> list[str]:
    """The addresses that a sitemap lists; a sitemap of sitemaps is followed one level down."""
    addresses, nested = _listed(url)
    for each in nested[:20]:
        addresses += _listed(each)[0]
    unique = list(dict.fromkeys(addresses))
    if not unique:
        message = "This sitemap lists no pages."
        raise Invalid(message, fields={"url": message})
    return unique[:MOST_PAGES_OF_A_SITEMAP]


def refuse_private(url: str) -> None:
    """Raise Invalid now for an address that would be refused later."""
    try:
        adapters.web_client.check(url)
    except ProviderError as error:
        raise Invalid(str(error), fields={"url": str(error)}) from error


def _listed(url: str) -> tuple[list[str], list[str]]:
    from defusedxml.ElementTree import fromstring

    try:
        root = fromstring(adapters.web_client.get(url).body)
    except ProviderError as error:
        raise Invalid(str(error), fields={"url": str(error)}) from error
    except Exception as error:
        message = "This is not a sitemap: it could not be read as XML."
        raise Invalid(message, fields={"url": message}) from error
    found = [(each.text or "").strip() for each in root.iter() if each.tag.endswith("}loc")]
    is_index = root.tag.endswith("sitemapindex")
    return ([], found) if is_index else (found, [])
