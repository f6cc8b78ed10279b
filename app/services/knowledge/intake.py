"""Taking in what the reading process says: progress, warnings, passages."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy import delete, insert, select

from app.adapters.text_extraction import (
    Done,
    Failed,
    Opened,
    PageRead,
    PassagesRead,
    Warned,
)
from app.errors import ProviderError
from app.extensions import db
from app.models import HEADING_MARK, Passage
from app.reading.cutting import Passage as PassageRead
from app.services.holds import DocumentHold
from app.services.naming import one_plain_line
from app.services.search import lexical

log = structlog.get_logger(__name__)
KEPT_AT_ONCE = 25
NAME_OF_A_PAGE = "page"
SAID_EVERY_SECONDS = 0.5


class Unlearnable(Exception):
    """This document cannot be learned as it is; the message says why."""


class Intake:
    """Writes down what arrives, at a pace that the database can bear.

    Passages wait for the end of the reading: only then it is known what the document is called,
    and its title is part of what is indexed.
    """

    def __init__(self, hold: DocumentHold) -> None:
        self._hold = hold
        self._said = 0.0
        self._waiting: list[Sequence[PassageRead]] = []
        self.count = 0
        self.warnings: list[dict[str, Any]] = []

    def take(self, event: object) -> None:
        if isinstance(event, Opened):
            self._hold.note(pages_total=event.pages)
        elif isinstance(event, PageRead):
            self._say(event.done)
        elif isinstance(event, Warned):
            self.warnings.append({"page": event.page, "message": event.message})
        elif isinstance(event, PassagesRead):
            self._waiting.append(event.items)
        elif isinstance(event, Done):
            self._finish(event.title)
        elif isinstance(event, Failed):
            log.info("reading_failed", code=event.code, detail=event.detail)
            if event.transient:
                raise ProviderError(event.message)
            raise Unlearnable(event.message)

    def _say(self, done: int) -> None:
        if time.monotonic() - self._said > SAID_EVERY_SECONDS:
            self._hold.note(pages_done=done)
            self._said = time.monotonic()

    def _finish(self, title: str) -> None:
        """What nobody named takes the title that stands in it."""
        hold = self._hold
        title = one_plain_line(title)[:200]
        # A page without a title keeps its address, which says more than what we called its file.
        if title and hold.is_unnamed and title != NAME_OF_A_PAGE:
            hold.title = title
            hold.note(title=hold.title)
        for passages in self._waiting:
            self._keep(passages)

    def _keep(self, passages: Sequence[PassageRead]) -> None:
        """A few at a time: in between, whoever else shares the process has their turn."""
        for start in range(0, len(passages), KEPT_AT_ONCE):
            self._keep_some(passages[start : start + KEPT_AT_ONCE])
            time.sleep(0)

    def _keep_some(self, passages: Sequence[PassageRead]) -> None:
        # First, since nobody can then remove or replace the document before all this is there.
        self._hold.check()
        rows = [self._row(self.count + place, each) for place, each in enumerate(passages)]
        self.count += len(rows)
        added = db.session.execute(
            insert(Passage).returning(Passage.number, sort_by_parameter_order=True), rows
        )
        pairs = zip(added.scalars().all(), rows, strict=True)
        lexical.add(
            self._hold.organization_id,
            [lexical.Row(number, self._indexed(row)) for number, row in pairs],
        )
        db.session.commit()

    def _row(self, ordinal: int, passage: PassageRead) -> dict[str, Any]:
        row = {
            "organization_id": self._hold.organization_id,
            "document_id": self._hold.id,
            "version": self._hold.version,
            "ordinal": ordinal,
            "text": passage.text,
            "heading": HEADING_MARK.join(passage.heading_path),
            "page_from": passage.page_from or None,
            "page_to": passage.page_to or None,
            "kind": passage.kind,
            "live": False,
        }
        return row | {"words": len(lexical.stems_of(self._indexed(row)))}

    def _indexed(self, row: dict[str, Any]) -> str:
        return Passage(heading=row["heading"], text=row["text"]).as_indexed(self._hold.title)


def forget_half_read(hold: DocumentHold) -> Sequence[UUID]:
    """An earlier try may have left part of this version; it was never visible. Says what."""
    half = Passage.document_id == hold.id, Passage.version == hold.version, ~Passage.live
    rows = db.session.execute(select(Passage.number, Passage.id).where(*half)).all()
    if rows:
        lexical.remove(hold.organization_id, [number for number, _ in rows])
        db.session.execute(delete(Passage).where(*half))
        db.session.commit()
    return [passage_id for _, passage_id in rows]
