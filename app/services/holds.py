"""A worker's hold on a row that is a job, checked with every write."""

from __future__ import annotations

from typing import Any

from flask import current_app
from sqlalchemy import ColumnElement, update

from app.extensions import db
from app.models import Document, now
from app.models.work import WorkRow


class Superseded(Exception):
    """The row was removed, replaced, or taken by another worker: stop without a trace."""


class Hold:
    """`tries` counts the claims, so it tells this worker's hold from every other's."""

    def __init__(self, row: Any) -> None:
        self.id = row.id
        self.organization_id = row.organization_id
        self.tries = row.tries
        self._table: type[WorkRow] = type(row)

    def note(self, **changes: Any) -> None:
        """Write progress and renew the lease, in one statement that checks the hold."""
        self.check(**changes)
        db.session.commit()

    def check(self, **changes: Any) -> None:
        """The same before what else belongs to the transaction: from here on nobody interferes."""
        self._write(lease_until=now() + current_app.config["FRONTDESK"].job_lease, **changes)

    def release(self, **changes: Any) -> None:
        """Write the last word and let go."""
        self._write(lease_until=None, **changes)
        db.session.commit()

    def _write(self, **changes: Any) -> None:
        result: Any = db.session.execute(
            update(self._table)
            .where(*self._is_mine())
            .values(**changes)
            .execution_options(synchronize_session=False)
        )
        if result.rowcount != 1:
            db.session.rollback()
            raise Superseded

    def _is_mine(self) -> tuple[ColumnElement[bool], ...]:
        table: Any = self._table
        return table.id == self.id, table.tries == self.tries


class DocumentHold(Hold):
    """A hold on one version of a document.

    What it says of the document are plain values: the row may be gone at any moment.
    """

    def __init__(self, document: Document) -> None:
        super().__init__(document)
        self.version = document.version
        self.live_version = document.live_version
        self.from_passages = document.from_passages
        self.status = document.status
        self.title = document.title
        self.is_unnamed = document.is_unnamed
        self.source = document.source
        self.source_url = document.source_url or ""
        self.storage_key = document.storage_key
        self.media_type = document.media_type
        self.file_name = document.file_name

    def _is_mine(self) -> tuple[ColumnElement[bool], ...]:
        return *super()._is_mine(), Document.version == self.version
