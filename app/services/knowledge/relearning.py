"""Learning a document anew from its own passages, when only its title is another."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy import select

from app.adapters.text_extraction import Done, PassagesRead, Reading
from app.extensions import db
from app.models import Passage
from app.reading.cutting import Passage as PassageRead
from app.services.holds import DocumentHold

AT_ONCE = 200


def read_again(hold: DocumentHold) -> Iterator[Reading]:
    """What reading its original would say, without the original: that may be gone by now."""
    last = -1
    count = 0
    while part := _next(hold, last):
        last = part[-1].ordinal
        count += len(part)
        yield PassagesRead(tuple(map(_as_read, part)))
    yield Done(title="", pages=0, characters=0, passages=count, warnings=0)


def _next(hold: DocumentHold, last: int) -> Sequence[Passage]:
    query = (
        select(Passage)
        .where(
            Passage.document_id == hold.id,
            Passage.version == hold.live_version,
            Passage.ordinal > last,
        )
        .order_by(Passage.ordinal)
        .limit(AT_ONCE)
    )
    found = db.session.scalars(query).all()
    db.session.expunge_all()
    db.session.rollback()
    return found


def _as_read(passage: Passage) -> PassageRead:
    return PassageRead(
        ordinal=passage.ordinal,
        text=passage.text,
        heading_path=tuple(passage.headings),
        page_from=passage.page_from,
        page_to=passage.page_to,
        kind=passage.kind,
        tokens=0,
    )
