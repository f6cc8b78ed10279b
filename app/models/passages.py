"""A piece of a document, small enough to be quoted: what search finds."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship
from uuid_utils.compat import uuid7

from app.models.base import Model
from app.models.documents import Document
from app.reading.cutting import indexed

HEADING_MARK = " › "


class Passage(Model):
    """`number` is for the full-text index alone, which knows rows by integers.

    `embedded_in` names the embedding space in which its vector is stored, if it is.
    """

    __tablename__ = "passages"
    __table_args__ = (
        Index("ix_passages_document_id_version_ordinal", "document_id", "version", "ordinal"),
        Index("ix_passages_organization_id_live_number", "organization_id", "live", "number"),
        # A number is never given twice, so an index entry left behind can never mean another row.
        {"sqlite_autoincrement": True},
    )

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    id: Mapped[UUID] = mapped_column(unique=True, default=uuid7)
    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"))
    document_id: Mapped[UUID] = mapped_column(ForeignKey("documents.id", ondelete="CASCADE"))
    version: Mapped[int] = mapped_column()
    ordinal: Mapped[int] = mapped_column()
    text: Mapped[str] = mapped_column(Text)
    heading: Mapped[str] = mapped_column(Text, default="")
    page_from: Mapped[int | None] = mapped_column()
    page_to: Mapped[int | None] = mapped_column()
    kind: Mapped[str] = mapped_column(String(20), default="prose")
    words: Mapped[int] = mapped_column()
    live: Mapped[bool] = mapped_column(default=False)
    embedded_in: Mapped[str | None] = mapped_column(String(80))

    document: Mapped[Document] = relationship(lazy="raise")

    @property
    def headings(self) -> list[str]:
        return self.heading.split(HEADING_MARK) if self.heading else []

    def as_indexed(self, title: str) -> str:
        """What search sees: the words around the passage help to find it, though not quoted."""
        return indexed(title, tuple(self.headings), self.text)
