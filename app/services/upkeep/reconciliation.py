"""Finding and mending differences between the database and the stores beside it."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select, update
from sqlalchemy.orm import Mapped

from app.adapters import adapters
from app.errors import ProviderError
from app.extensions import Base, db
from app.models import Document, DocumentStatus, Organization, Passage, now
from app.services import removals
from app.services.knowledge import embedding_moves
from app.services.search import lexical

LONGEST_UPLOAD = timedelta(hours=1)
MOST_NAMED = 10
# A statement holds only so many values: 32,766 with SQLite.
CHANGED_AT_ONCE = 5_000


def reconcile(organization_id: UUID | None = None, *, mend: bool = True) -> Iterator[str]:
    """A line for each organization: what differs, and what was done about it."""
    query = select(Organization).order_by(Organization.slug)
    if organization_id is not None:
        query = query.where(Organization.id == organization_id)
    for organization in db.session.scalars(query).all():
        parts = _vectors(organization, mend), _words(organization, mend), _files(organization, mend)
        yield f"{organization.slug}: {'; '.join(parts)}"
        db.session.commit()


def _vectors(organization: Organization, mend: bool) -> str:
    space = organization.embedding_space
    if space is None:
        return "no vectors yet"
    if embedding_moves.is_moving(organization.id):
        return "vectors are being made anew"
    # In this order nothing that is being learned meanwhile can look lost or left over.
    marked = _passage_ids(organization.id, Passage.embedded_in == space)
    stored = adapters.vector_store.ids(organization.id, space)
    stray = stored - _passage_ids(organization.id)
    lost = marked - stored
    missing = lost | _never_made(organization.id, space)
    if mend and stray:
        adapters.vector_store.remove(organization.id, sorted(stray))
    if mend and missing:
        _forget_marks(lost)
        embedding_moves.begin(organization.id)
    done = " (mended)" if mend and (stray or missing) else ""
    return f"{len(marked)} vectors, {len(missing)} missing, {len(stray)} too many{done}"


def _never_made(organization_id: UUID, space: str) -> set[UUID]:
    """Passages that answer and that nobody will embed: a worker with another model left them.

    What is being learned just now, or by words alone, is not among them.
    """
    if adapters.embeddings.name != space or not adapters.embeddings.available:
        return set()
    learned = select(Document.id).where(
        Document.organization_id == organization_id,
        Document.status == DocumentStatus.READY,
        Document.live_version == Document.version,
    )
    return _passage_ids(
        organization_id,
        Passage.live,
        Passage.embedded_in.is_distinct_from(space),
        Passage.document_id.in_(learned),
    )


def _forget_marks(passage_ids: Collection[UUID]) -> None:
    wanted = sorted(passage_ids)
    for start in range(0, len(wanted), CHANGED_AT_ONCE):
        part = wanted[start : start + CHANGED_AT_ONCE]
        db.session.execute(
            update(Passage)
            .where(Passage.id.in_(part))
            .values(embedded_in=None)
            .execution_options(synchronize_session=False)
        )


def _passage_ids(
    organization_id: UUID, *conditions: ColumnElement[bool] | Mapped[bool]
) -> set[UUID]:
    query = select(Passage.id).where(Passage.organization_id == organization_id, *conditions)
    return set(db.session.scalars(query))


def _words(organization: Organization, mend: bool) -> str:
    indexed = lexical.numbers(organization.id)
    rows = {
        number: (heading, text, title)
        for number, heading, text, title in db.session.execute(
            select(Passage.number, Passage.heading, Passage.text, Document.title)
            .join(Document, Document.id == Passage.document_id)
            .where(Passage.organization_id == organization.id)
        )
    }
    stray = indexed - rows.keys()
    # Looked at once more, for what was learned meanwhile.
    missing = rows.keys() - lexical.numbers(organization.id)
    if mend:
        lexical.remove(organization.id, sorted(stray))
        lexical.add(organization.id, [_row(number, *rows[number]) for number in sorted(missing)])
    done = " (mended)" if mend and (stray or missing) else ""
    return f"{len(rows)} passages, {len(missing)} not indexed, {len(stray)} too many{done}"


def _files(organization: Organization, mend: bool) -> str:
    """An original that is missing can only be told of; one that nobody knows is removed."""
    try:
        kept = adapters.file_storage.keys(organization.id)
    except ProviderError as error:
        return f"files cannot be compared: {error}"
    known = _known_keys(organization.id)
    missing = known - kept.keys()
    if missing:
        # Looked at once more, for what was uploaded meanwhile.
        missing -= adapters.file_storage.keys(organization.id).keys()
    # An upload is kept before it is known, and a large one takes its time.
    before = now() - LONGEST_UPLOAD
    stray = sorted(key for key, since in kept.items() if key not in known and since < before)
    if mend and stray:
        removals.schedule(organization.id, [], stray)
    done = " (mended)" if mend and stray else ""
    return (
        f"{len(kept)} files, {len(missing)} missing{_named(missing)}, {len(stray)} too many{done}"
    )


def _known_keys(organization_id: UUID) -> set[str]:
    """What any table names as a file of the organization: not documents alone have files."""
    known: set[str | None] = set()
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            if column.name.endswith("storage_key") and "organization_id" in table.columns:
                mine = table.columns["organization_id"] == organization_id
                known.update(db.session.scalars(select(column).where(mine)))
    return {key for key in known if key}


def _named(keys: set[str]) -> str:
    """The titles, as far as they are of documents: somebody has to upload those again."""
    query = select(Document.title).where(
        or_(Document.storage_key.in_(keys), Document.live_storage_key.in_(keys))
    )
    titles = sorted(db.session.scalars(query.limit(MOST_NAMED))) if keys else []
    return f" ({', '.join(f'“{each}”' for each in titles)})" if titles else ""


def _row(number: int, heading: str, text: str, title: str) -> lexical.Row:
    return lexical.Row(number, Passage(heading=heading, text=text).as_indexed(title))
