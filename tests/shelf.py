"""One organization's documents, as whoever looks after them sees them; and a way to stop time."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from uuid import UUID, uuid4

from click.testing import Result
from flask import Flask
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from app import jobs
from app.adapters import Adapters
from app.extensions import db
from app.models import Document, Organization, Passage, Removal
from app.services.actors import Actor, ActorKind, Role
from app.services.knowledge import knowledge, submissions, web_pages
from app.services.knowledge.submissions import Label, Taken
from app.services.search import lexical, retrieval


class Killed(BaseException):
    """The end of a process at this very step: nothing may catch it."""


class Shelf:
    """Every call is a request of its own, in an app context of its own."""

    def __init__(self, app: Flask, adapters: Adapters, name: str = "Harbour Books") -> None:
        self.app = app
        self.adapters = adapters
        with app.app_context():
            organization = Organization(name=name, slug=uuid4().hex)
            db.session.add(organization)
            db.session.commit()
            self.id: UUID = organization.id
        self.actor = Actor(self.id, None, Role.OWNER, "Olivia", ActorKind.SYSTEM)

    def give(self, name: str, content: str | bytes, label: Label | None = None) -> Taken:
        body = content.encode() if isinstance(content, str) else content
        return self._give(submissions.add_file, name, io.BytesIO(body), label or Label())

    def give_page(self, url: str, label: Label | None = None) -> Taken:
        return self._give(web_pages.add_page, url, label or Label())

    def give_text(self, text: str, title: str) -> Taken:
        return self._give(submissions.add_text, text, Label(title))

    def give_question(self, question: str, answer: str) -> Taken:
        return self._give(submissions.add_question, question, answer, "")

    def _give(self, add: Callable[..., Taken], *given: Any) -> Taken:
        with self.app.app_context():
            taken = add(self.actor, *given)
            db.session.refresh(taken.document)
            db.session.expunge(taken.document)
            return taken

    def work(self) -> None:
        """Run whatever waits."""
        self.adapters.job_queue.run_all()  # type: ignore[attr-defined]

    def sweep(self) -> int:
        with self.app.app_context():
            return jobs.sweep()

    def start_again(self) -> None:
        """What the next start after a crash does."""
        self.adapters.job_queue.stop()
        jobs.install_jobs(self.app)
        with self.app.app_context():
            jobs.forget_leases()
        self.sweep()
        self.work()

    def learned(self, name: str, content: str | bytes, label: Label | None = None) -> Document:
        taken = self.give(name, content, label)
        self.work()
        return self.document(taken.document.id)

    def document(self, document_id: UUID) -> Document:
        with self.app.app_context():
            document = knowledge.get_document(self.id, document_id)
            db.session.refresh(document)
            db.session.expunge(document)
            return document

    def documents(self) -> Sequence[Document]:
        with self.app.app_context():
            return knowledge.list_documents(self.id).items

    def remove(self, document_id: UUID) -> None:
        with self.app.app_context():
            knowledge.remove_document(self.actor, document_id)

    def retry(self, document_id: UUID) -> None:
        with self.app.app_context():
            knowledge.retry(self.actor, document_id)

    def change(self, document_id: UUID, **changes: Any) -> None:
        with self.app.app_context():
            knowledge.change_document(self.actor, document_id, changes)

    def search(self, question: str, **options: Any) -> list[retrieval.Found]:
        with self.app.app_context():
            return retrieval.search(self.id, question, **options)

    def texts(self, question: str, **options: Any) -> list[str]:
        return [found.passage.text for found in self.search(question, limit=50, **options)]

    def passages(self, document_id: UUID | None = None) -> list[Passage]:
        """Every row, whether it answers or not, in the order of the document."""
        with self.app.app_context():
            query = select(Passage).where(Passage.organization_id == self.id)
            if document_id is not None:
                query = query.where(Passage.document_id == document_id)
            return list(db.session.scalars(query.order_by(Passage.version, Passage.ordinal)))

    def indexed(self) -> set[int]:
        with self.app.app_context():
            return lexical.numbers(self.id)

    def vectors(self) -> set[UUID]:
        """Every vector of the organization, in whatever space."""
        kept = self.adapters.vector_store.kept  # type: ignore[attr-defined]
        return {each for (owner, _), ids in kept.items() if owner == self.id for each in ids}

    def files(self) -> set[str]:
        """The originals that are kept."""
        system, root = self.adapters.file_storage._system()  # type: ignore[attr-defined]
        folder = f"{root}/{self.id.hex}"
        return {str(each) for each in system.find(folder)} if system.exists(folder) else set()

    def removals(self) -> int:
        with self.app.app_context():
            return len(db.session.scalars(select(Removal)).all())

    def command(self, *words: str) -> Result:
        """What an operator types behind `flask`, which brings the app's context along."""
        with self.app.app_context():
            return self.app.test_cli_runner().invoke(args=list(words))

    def make_everything_due(self) -> None:
        """Let the time pass that a back-off waits."""
        with self.app.app_context():
            for job in jobs.JOBS.values():
                for row in db.session.scalars(select(job.table)):
                    row.due_at = row.created_at  # type: ignore[attr-defined]
            db.session.commit()

    def is_in_order(self) -> bool:
        """The four stores hold exactly what the database says that they hold."""
        passages = self.passages()
        keys = {
            key
            for each in self.documents()
            for key in (each.storage_key, each.live_storage_key)
            if key
        }
        assert self.indexed() == {each.number for each in passages}
        assert self.vectors() == {each.id for each in passages if each.embedded_in}
        assert {each.split(self.id.hex + "/")[1] for each in self.files()} == {
            key.split("/")[1] for key in keys
        }
        assert all(each.live for each in passages)
        return True


@contextmanager
def at_every_step(adapters: Adapters, do: Callable[[str], None]) -> Iterator[None]:
    """Call `do` after each commit of anybody, and around each change of the vector store.

    What `do` itself causes is not told.
    """
    inside = False

    def tell(step: str) -> None:
        nonlocal inside
        if inside:
            return
        inside = True
        try:
            do(step)
        finally:
            inside = False

    def committed(_session: Session) -> None:
        tell("commit")

    store = adapters.vector_store
    adapters.vector_store = _Watched(store, tell)  # type: ignore[assignment]
    event.listen(Session, "after_commit", committed)
    try:
        yield
    finally:
        event.remove(Session, "after_commit", committed)
        adapters.vector_store = store


class _Watched:
    def __init__(self, store: Any, tell: Callable[[str], None]) -> None:
        self._store = store
        self._tell = tell

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._store, name)
        if name not in {"put", "remove", "drop"}:
            return found

        def changed(*given: Any, **named: Any) -> Any:
            self._tell(f"before {name}")
            found(*given, **named)
            self._tell(f"after {name}")

        return changed


def killed_at(number: int) -> Callable[[str], None]:
    """For `at_every_step`: the process ends at this step, counted from 1."""
    left = number

    def count(step: str) -> None:
        nonlocal left
        left -= 1
        if left == 0:
            raise Killed(step)

    return count
