"""What differs between the database and the stores beside it is found, told and mended."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import func, insert, select, update

from app.adapters import Adapters
from app.adapters.file_storage import FsspecStorage
from app.adapters.text_extraction import Failed, FakeExtraction
from app.errors import ProviderError
from app.extensions import db
from app.models import Attachment, Organization, Passage
from app.services.search import lexical
from app.services.upkeep.reconciliation import reconcile
from tests.fakes import fakes
from tests.shelf import Shelf, at_every_step
from tests.test_embedding_moves import change_model
from tests.test_learning import NEW, OLD, bird_words, which

MORE_THAN_A_STATEMENT_NAMES = 66_000


@pytest.fixture
def adapters() -> Adapters:
    chosen = fakes()
    chosen.text_extraction = FakeExtraction(body_tokens=60)
    return chosen


@pytest.fixture
def shelf(app: Flask, adapters: Adapters) -> Shelf:
    shelf = Shelf(app, adapters)
    shelf.learned("birds.md", OLD)
    return shelf


def said(shelf: Shelf, *, mend: bool = True) -> str:
    with shelf.app.app_context():
        [line] = list(reconcile(shelf.id, mend=mend))
    return line.partition(": ")[2]


def in_order(shelf: Shelf) -> str:
    count = len(shelf.passages())
    return (
        f"{count} vectors, 0 missing, 0 too many; {count} passages, 0 not indexed, 0 too many; "
        f"{len(shelf.files())} files, 0 missing, 0 too many"
    )


def kept(shelf: Shelf) -> dict[object, object]:
    known: dict[object, object] = shelf.adapters.vector_store.kept[shelf.id, "letters"]  # type: ignore[attr-defined]
    return known


def test_where_nothing_differs_nothing_is_done(shelf: Shelf) -> None:
    before = (shelf.vectors(), shelf.indexed())
    assert said(shelf) == in_order(shelf)
    assert (shelf.vectors(), shelf.indexed()) == before


def test_vectors_that_are_missing_are_made_again(shelf: Shelf) -> None:
    for lost in list(kept(shelf))[:3]:
        del kept(shelf)[lost]
    assert "3 missing" in said(shelf)
    shelf.work()
    assert said(shelf) == in_order(shelf)
    assert shelf.is_in_order()


def test_vectors_that_a_worker_made_by_another_model_are_made_again(shelf: Shelf) -> None:
    with shelf.app.app_context():
        db.session.execute(update(Passage).values(embedded_in="a model of yesterday"))
        db.session.commit()
    count = len(shelf.passages())
    assert f"0 vectors, {count} missing, 0 too many (mended)" in said(shelf)
    shelf.work()
    assert said(shelf) == in_order(shelf)
    assert shelf.is_in_order()


@pytest.mark.slow
@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
def test_more_vectors_may_be_lost_than_a_statement_can_name(shelf: Shelf) -> None:
    with shelf.app.app_context():
        [passage] = db.session.scalars(select(Passage).limit(1))
        like = {
            column.key: getattr(passage, column.key)
            for column in Passage.__table__.columns
            if column.key not in {"number", "id", "text"}
        }
        more = [like | {"id": uuid4(), "text": "Peep."} for _ in range(MORE_THAN_A_STATEMENT_NAMES)]
        db.session.execute(insert(Passage), more)
        db.session.commit()
    count = len(kept(shelf)) + len(more)
    kept(shelf).clear()
    assert f"{count} missing" in said(shelf)
    with shelf.app.app_context():
        marked = select(func.count()).where(Passage.embedded_in.is_not(None))
        assert db.session.scalar(marked) == 0


def test_vectors_that_are_too_many_are_removed(shelf: Shelf) -> None:
    model = shelf.adapters.embeddings
    shelf.adapters.vector_store.put(shelf.id, model.name, [uuid4()], model.embed(["x"]))
    assert "1 too many (mended);" in said(shelf)
    assert said(shelf) == in_order(shelf)


def test_passages_that_are_not_indexed_are_indexed(shelf: Shelf) -> None:
    lost = [each.number for each in shelf.passages()][:4]
    with shelf.app.app_context():
        lexical.remove(shelf.id, lost)
        db.session.commit()
    assert "4 not indexed" in said(shelf)
    assert said(shelf) == in_order(shelf)
    assert shelf.search("part 1 of the heron")[0].words > 0


def test_entries_of_the_index_that_are_too_many_are_removed(shelf: Shelf) -> None:
    with shelf.app.app_context():
        lexical.add(shelf.id, [lexical.Row(800_000, "zeppelin")])
        db.session.commit()
    assert "0 not indexed, 1 too many (mended)" in said(shelf)
    assert said(shelf) == in_order(shelf)


def test_looking_changes_nothing(shelf: Shelf) -> None:
    model = shelf.adapters.embeddings
    shelf.adapters.vector_store.put(shelf.id, model.name, [uuid4()], model.embed(["x"]))
    del kept(shelf)[next(iter(kept(shelf)))]
    with shelf.app.app_context():
        lexical.add(shelf.id, [lexical.Row(800_000, "zeppelin")])
        db.session.commit()
    before = (shelf.vectors(), shelf.indexed(), [each.embedded_in for each in shelf.passages()])
    line = said(shelf, mend=False)
    assert "1 missing, 1 too many;" in line
    assert "mended" not in line
    after = (shelf.vectors(), shelf.indexed(), [each.embedded_in for each in shelf.passages()])
    assert after == before
    assert shelf.adapters.job_queue.depth() == 0


def test_mending_never_costs_the_version_that_answers(shelf: Shelf) -> None:
    """A newer version has failed; a vector of the old one, which answers, is lost."""
    shelf.adapters.text_extraction.failures["birds.md"] = Failed("x", "Broken.")  # type: ignore[attr-defined]
    shelf.learned("birds.md", NEW)
    del kept(shelf)[next(iter(kept(shelf)))]
    assert "1 missing" in said(shelf)
    shelf.work()
    assert which(bird_words(shelf)) == {"heron"}
    assert said(shelf) == in_order(shelf)


def test_it_may_run_at_any_step_of_learning(shelf: Shelf) -> None:
    lines: list[str] = []
    with at_every_step(shelf.adapters, lambda _: lines.append(said(shelf))):
        shelf.learned("birds.md", NEW)
    shelf.work()
    assert len(lines) > 8
    assert said(shelf) == in_order(shelf)
    assert which(bird_words(shelf)) == {"kingfisher"}
    assert shelf.is_in_order()


def test_it_may_run_at_any_step_of_a_change_of_the_model(shelf: Shelf) -> None:
    change_model(shelf)
    with at_every_step(shelf.adapters, lambda _: said(shelf)):
        shelf.sweep()
        shelf.work()
    shelf.work()
    assert said(shelf) == in_order(shelf)
    assert shelf.is_in_order()


def test_an_organization_without_documents_is_in_order(app: Flask, adapters: Adapters) -> None:
    empty = Shelf(app, adapters)
    assert said(empty) == (
        "no vectors yet; 0 passages, 0 not indexed, 0 too many; 0 files, 0 missing, 0 too many"
    )


def test_the_command_looks_at_all_or_at_one(shelf: Shelf) -> None:
    Shelf(shelf.app, shelf.adapters)
    everybody = shelf.command("reconcile", "--look")
    assert (everybody.exit_code, len(everybody.output.splitlines())) == (0, 2)
    with shelf.app.app_context():
        slug = db.session.scalars(
            select(Organization.slug).where(Organization.id == shelf.id)
        ).one()
    one = shelf.command("reconcile", "--organization", slug)
    assert one.output == f"{slug}: {in_order(shelf)}\n"
    unknown = shelf.command("reconcile", "--organization", "nobody")
    assert unknown.exit_code == 1
    assert "There is no organization called nobody." in unknown.output


# Originals


def keep_stray(shelf: Shelf, since: timedelta) -> str:
    """A file that no document knows, as old as that."""
    key = shelf.adapters.file_storage.keep(shelf.id, io.BytesIO(b"left behind"))
    system, root = shelf.adapters.file_storage._system()  # type: ignore[attr-defined]
    system.store[f"{root}/{key}"].created = datetime.now(UTC) - since
    return key


def test_an_original_that_is_lost_is_told_with_its_title(shelf: Shelf) -> None:
    shelf.adapters.file_storage.remove(shelf.documents()[0].storage_key)
    line = said(shelf)
    assert line.endswith("0 files, 1 missing (“The heron manual”), 0 too many")


def test_a_file_that_nobody_knows_is_removed(shelf: Shelf) -> None:
    keep_stray(shelf, timedelta(hours=2))
    assert said(shelf, mend=False).endswith("2 files, 0 missing, 1 too many")
    assert said(shelf).endswith("2 files, 0 missing, 1 too many (mended)")
    shelf.work()
    assert said(shelf) == in_order(shelf)
    assert len(shelf.files()) == 1


def test_a_file_that_is_just_being_uploaded_is_left_alone(shelf: Shelf) -> None:
    keep_stray(shelf, timedelta(minutes=5))
    assert said(shelf).endswith("2 files, 0 missing, 0 too many")
    shelf.work()
    assert len(shelf.files()) == 2


def test_files_of_visitors_are_nobodys_leftovers(shelf: Shelf) -> None:
    key = keep_stray(shelf, timedelta(hours=2))
    with shelf.app.app_context():
        db.session.add(
            Attachment(
                organization_id=shelf.id,
                name="photo.png",
                media_type="image/png",
                size_bytes=11,
                storage_key=key,
            )
        )
        db.session.commit()
    assert said(shelf).endswith("2 files, 0 missing, 0 too many")


def test_a_storage_that_is_away_is_told_and_the_rest_is_mended(shelf: Shelf) -> None:
    shelf.adapters.file_storage = AwayStorage()
    del kept(shelf)[next(iter(kept(shelf)))]
    line = said(shelf)
    assert "1 missing, 0 too many (mended)" in line
    assert line.endswith("files cannot be compared: The files could not be listed.")


class AwayStorage(FsspecStorage):
    def __init__(self) -> None:
        super().__init__("memory://away")

    def keys(self, organization_id: UUID) -> dict[str, datetime]:
        raise ProviderError("The files could not be listed.")
