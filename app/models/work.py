"""The columns of a row that is itself a job: whether it is taken, how often it was tried."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import UtcDateTime, now


class WorkRow:
    """A worker holds the row until `lease_until`; after that anybody may take it.

    `due_at` is when it may be tried (again).
    """

    tries: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
