"""A worker's hold on one version of a document."""

from __future__ import annotations

from typing import Any

from flask import current_app
from sqlalchemy import update

from app.extensions import db
from app.models import Document, now


class Superseded(Exception):
    """The document was removed, replaced, or taken by another worker: stop without a trace."""


class Hold:
    """`tries` counts the claims, so it tells this worker's hold from every other's."""

    def __init__(self, document: Document) -> None:
        self.id = document.id
        self.organization_id = document.organization_id
        self.version = document.version
        self.tries = document.tries
        self.title = document.title
        self.document = document

    def note(self, **changes: Any) -> None:
        """Write progress and renew the lease, in one statement that checks the hold."""
        self._write(lease_until=now() + current_app.config["FRONTDESK"].job_lease, **changes)

    def release(self, **changes: Any) -> None:
        """Write the last word and let go."""
        self._write(lease_until=None, **changes)

    def _write(self, **changes: Any) -> None:
        result: Any = db.session.execute(
            update(Document)
            .where(
                Document.id == self.id,
                Document.version == self.version,
                Document.tries == self.tries,
            )
            .values(**changes)
            .execution_options(synchronize_session=False)
        )
        if result.rowcount != 1:
            db.session.rollback()
            raise Superseded
        db.session.commit()
