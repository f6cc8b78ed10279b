"""One conversation to take along: all of it, as text or on paper."""

from __future__ import annotations

import time
from collections.abc import Iterator
from uuid import UUID

from app.adapters.pdf_printing import print_paper
from app.errors import ProviderError, Unavailable
from app.extensions import db
from app.services.conversation import transcripts
from app.services.exporting import pdf_export
from app.services.log import event_log
from app.services.log.event_log import Logged
from app.services.states import State, get_state

PART = 100


def as_text(organization_id: UUID, conversation_id: UUID, *, notes: bool) -> tuple[State, str]:
    """Everything that was said; what the team noted beside it only on demand."""
    state = get_state(organization_id, conversation_id)
    return state, transcripts.for_team(state, list(_lines(state, notes=notes)))


def as_pdf(organization_id: UUID, conversation_id: UUID, *, notes: bool) -> tuple[State, bytes]:
    """The same on paper, with the sources of every answer."""
    state = get_state(organization_id, conversation_id)
    described = pdf_export.described(state, _lines(state, notes=notes), notes=notes)
    # Printing takes a while, and needs nothing of the database.
    db.session.rollback()
    try:
        return state, print_paper(described)
    except ProviderError as error:
        raise Unavailable(str(error)) from error


def _lines(state: State, *, notes: bool) -> Iterator[Logged]:
    """The whole log, however long it is."""
    seq = 0
    while lines := event_log.lines_after(state.id, seq, PART):
        seq = lines[-1].seq
        yield from (line for line in lines if notes or line.is_for_visitor)
        # Between two parts others have their turn: five thousand lines take half a second.
        time.sleep(0)
