"""Writing that nobody here vouches for, made harmless: what a model says, what a document says.

Paragraphs, bold, italic, code, lists and links to known hosts remain. The text is cleaned by rules
that hold wherever it is put: a piece of it alone, many joined, or within other Markdown. So code is
no shelter here: a lone backtick elsewhere would turn what is in it inside out.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Collection
from urllib.parse import SplitResult, quote, urlsplit

# Where an address stood that leads to a host nobody knows. It is the same in every language.
GONE = "…"
_ROUNDS = 6
_LONGEST_URL = 2_000
# Text without any of these has nothing in it that could be unsafe.
_SUSPECT = re.compile(
    r"[^\t\n\x20-\x7e\u00a1-\u00ac\u00ae-\u1fff\u2010-\u2027\u2030-\u205e\u2070-\ud7ff]"
    r"|[\[\]<>&|\\~#]|:/|//|^[ \t]*[=-]{3,}|www\.|script|data:|[a-z]:[^\s\d]",
    re.IGNORECASE | re.MULTILINE,
)
# Controls, marks that turn the direction of writing, invisible letters, private use.
_UNSEEN = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    r"\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\u3164\ud800-\udfff\ue000-\uf8ff\ufeff\uffa0"
    r"\ufff0-\ufffb\ufffe\uffff\U000e0000-\U000e0fff\U000f0000-\U0010ffff]"
)
# Joiners belong between the letters of some scripts and within some pictures, never in ours.
_STRAY_JOINER = re.compile(
    r"(?:(?<=[\x00-\x7f])|^)[\u200c\u200d]+|[\u200c\u200d]+(?=[\x00-\x7f]|$)"
)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_DEFINITION = re.compile(r"^[ \t>*+-]*\[[^\[\]\n]{1,300}\]:.*$", re.MULTILINE)
_LINK = re.compile(
    r"(!?)\[([^\[\]]*)\]"
    r"(?:\([ \t\n]*(?:<([^<>\n]*)>|((?:[^()\s<]|\([^()\s]*\))*))(?:\s+[\"'(][^)]*)?\s*\)"
    r"|\[[^\[\]]*\])"
)
_TAG = re.compile(r"<!--.*?-->|</?([a-zA-Z][^<>]*)>|<[!?][^<>]*>", re.DOTALL)
# A word that stands for something, as in /orders/<id>. No element of HTML has such a name.
_PLACEHOLDER = re.compile(r"[a-z]+(?:[_-][a-z]+)+|id|name|key|number|email|order|url|value|token")
_AUTOLINK = re.compile(r"<([a-zA-Z][a-zA-Z0-9+.-]{1,31}:[^<>\s]*|[^<>\s@]+@[^<>\s@]+)>")
_OPENS_TAG = re.compile(r"<(?=[a-zA-Z/!?])")
_URL = re.compile(
    r"(?:\b[a-z][a-z0-9+.-]{0,30}:[\\/]{2}|(?<![\w:/\\])[\\/]{2}(?=[\w\[])"
    r"|\b(?:javascript|vbscript|data|mailto|blob|file|tel|sms|xmpp):(?=\S)|\bwww\.(?=\w))[^\s<>\"`|]*",
    re.IGNORECASE,
)
_TRAILING = ".,;:!?…'\"*_)]}’”"
_HOST = re.compile(r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*")
_ADDRESS = re.compile(r"[\w.+-]{1,64}@([A-Za-z0-9.-]{1,253})")
_OPEN, _CLOSE = "\ue000", "\ue001"
_KEPT = re.compile(f"{_OPEN}(\\d+){_CLOSE}")
_RULE = re.compile(
    r"^[ \t]*(?:=+|-{3,}|(?:\*[ \t]*){3,}|_{3,}|\|?[ \t:|-]*-{2,}[ \t:|-]*)[ \t]*$\n?", re.MULTILINE
)
_QUOTE = re.compile(r"^[ \t]*(?:>[ \t]?)+", re.MULTILINE)
_HEADING = re.compile(r"^[ \t]*#{1,6}[ \t]+(.*?)[ \t#]*$", re.MULTILINE)
_ROW = re.compile(r"^[ \t]*\|(.*?)\|?[ \t]*$", re.MULTILINE)
_EMPHASIS = re.compile(r"(\*\*|__|\*|_|~~)(?=\S)(.+?)(?<=\S)\1")
_WRITTEN_LINK = re.compile(r"\[([^\[\]]*)\]\(([^()\s]*)\)")


def sanitized(text: str, allowed_hosts: Collection[str]) -> str:
    """The same text with nothing in it that loads, runs, deceives or leads to a strange host.

    Of images the description stays, of links to strange hosts the words, of bare addresses an
    ellipsis. A host allows what lies below it: with example.com, www.example.com is fine too.
    Cleaning twice changes nothing more.
    """
    if not _SUSPECT.search(text):
        return text
    return _Cleaning(allowed_hosts).clean(text)


def plain(text: str) -> str:
    """Without any Markdown, for mail, transcripts and speech; lists keep their dashes."""
    text = _WRITTEN_LINK.sub(_spelled_out, text)
    text = _HEADING.sub(r"\1", text)
    for _ in range(_ROUNDS):
        bare = _EMPHASIS.sub(_without_emphasis, text)
        if bare == text:
            break
        text = bare
    return text.replace("`", "")


class _Cleaning:
    """Links that may stay are taken out and numbered, so that no rule for the rest touches them."""

    def __init__(self, allowed_hosts: Collection[str]) -> None:
        self._allowed = {_ascii(host.strip().lower().rstrip(".")) for host in allowed_hosts} - {""}
        self._kept: list[str] = []

    def clean(self, text: str) -> str:
        text = _decoded(_seen(text))
        text = _repeated(self._unlinked, _DEFINITION.sub("", text))
        text = _repeated(lambda written: _TAG.sub(_without_tag, written), text)
        text = _OPENS_TAG.sub("‹", text)
        text = _URL.sub(self._address, text)
        text = _subset(text)
        # What still looks like a link was not understood, and must not be understood elsewhere.
        text = text.replace("](", "] (").replace("][", "] [").replace("]:", "] :")
        text = _KEPT.sub(lambda found: self._kept[int(found.group(1))], text)
        return text.strip("\n")

    def _unlinked(self, text: str) -> str:
        text = _AUTOLINK.sub(lambda found: found.group(1), text)
        return _LINK.sub(self._link, text)

    def _link(self, found: re.Match[str]) -> str:
        is_image, words, pointed, bare = found.groups()
        url = self._safe(pointed or bare or "")
        words = " ".join(words.split())
        if is_image or not url or not words or _OPEN in words:
            return words
        # The words must not promise another place than the link leads to.
        shown = _URL.sub(GONE, words)
        return self._keep(f"[{shown}]({url})")

    def _address(self, found: re.Match[str]) -> str:
        written = found.group()
        bare = written.rstrip(_TRAILING)
        url = self._safe(f"https://{bare}" if bare.lower().startswith("www.") else bare)
        return (self._keep(bare) if url else GONE) + written[len(bare) :]

    def _keep(self, written: str) -> str:
        self._kept.append(written)
        return f"{_OPEN}{len(self._kept) - 1}{_CLOSE}"

    def _safe(self, written: str) -> str:
        """The address as it may be written, or nothing if it may not."""
        written = written.strip()
        if len(written) > _LONGEST_URL or re.search(r"[\s\\<>\"'`{}|^\[\]]", written):
            return ""
        try:
            parts = urlsplit(written)
            host = parts.hostname or ""
            port = parts.port
        except ValueError:
            return ""
        if parts.scheme == "mailto":
            return self._safe_mail(parts)
        if parts.scheme not in ("http", "https") or "@" in parts.netloc:
            return ""
        if port not in (None, 80, 443) or not self._is_allowed(host):
            return ""
        return quote(written, safe="%/:=&?~#+!$,;@*-._").replace("(", "%28").replace(")", "%29")

    def _safe_mail(self, parts: SplitResult) -> str:
        """The address alone: what else a mail link can carry would be sent in the reader's name."""
        address = _ADDRESS.fullmatch(parts.path)
        if address and self._is_allowed(address.group(1).lower()):
            return f"mailto:{parts.path}"
        return ""

    def _is_allowed(self, host: str) -> bool:
        host = _ascii(host.rstrip("."))
        if not _HOST.fullmatch(host):
            return False
        return any(host == each or host.endswith("." + each) for each in self._allowed)


def _seen(text: str) -> str:
    return _STRAY_JOINER.sub("", _UNSEEN.sub("", text.replace("\r\n", "\n")))


def _decoded(text: str) -> str:
    """Entities become what they stand for, so that the rules see what a browser would."""
    return _repeated(lambda written: _seen(_ENTITY.sub(_character, written)), text)


def _character(found: re.Match[str]) -> str:
    return html.unescape(found.group())


def _repeated(change: Callable[[str], str], text: str) -> str:
    """Until nothing changes: what is left after a removal may be what was to be removed."""
    for _ in range(_ROUNDS):
        changed = change(text)
        if changed == text:
            break
        text = changed
    return text


def _without_tag(found: re.Match[str]) -> str:
    inner = found.group(1)
    return f"‹{inner}›" if inner and _PLACEHOLDER.fullmatch(inner) else ""


def _subset(text: str) -> str:
    """Headings become bold, rows of tables become items; lines that only draw go."""
    text = _QUOTE.sub("", text)
    text = _RULE.sub("", text)
    text = _HEADING.sub(_bold, text)
    return _ROW.sub(_item, text)


def _bold(found: re.Match[str]) -> str:
    words = found.group(1).replace("**", "").strip()
    return f"**{words}**" if words else ""


def _item(found: re.Match[str]) -> str:
    cells = [cell.strip() for cell in found.group(1).split("|")]
    return "- " + " | ".join(cell for cell in cells if cell)


def _ascii(host: str) -> str:
    if host.isascii():
        return host
    try:
        return host.encode("idna").decode("ascii")
    except UnicodeError:
        return ""


def _spelled_out(found: re.Match[str]) -> str:
    words, url = found.groups()
    url = url.removeprefix("mailto:")
    return words if url in words else f"{words} ({url})"


def _without_emphasis(found: re.Match[str]) -> str:
    """Underscores within a name are letters of it."""
    mark, inner = found.groups()
    before = found.string[: found.start()][-1:]
    after = found.string[found.end() :][:1]
    if mark == "_" and (before.isalnum() or after.isalnum()):
        return found.group()
    return str(inner)
