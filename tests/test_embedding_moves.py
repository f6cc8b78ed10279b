"""Changing the embedding model: search answers from the old vectors until the new are complete."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from flask import Flask

from app import jobs
from app.adapters import Adapters
from app.adapters.text_extraction import FakeExtraction
from app.extensions import db
from app.models import EmbeddingMove, Organization
from app.services.knowledge import learning
from tests.cast import Cast, assemble
from tests.fakes import LetterVectors, fakes
from tests.shelf import Killed, Shelf, at_every_step, killed_at
from tests.test_learning import OLD, Failing, manual


class NewLetters(LetterVectors):
    """The model after the change; its vectors are longer, so that mixing them up would show."""

    name = "new letters"
    dimension = 27

    def embed(self, texts: Sequence[str], *, hurry: bool = False) -> Any:
        import numpy

        old = super().embed(texts)
        return numpy.hstack([old, numpy.zeros((len(texts), 1), numpy.float32)])


@pytest.fixture
def adapters() -> Adapters:
    chosen = fakes()
    chosen.text_extraction = FakeExtraction(body_tokens=60)
    return chosen


@pytest.fixture
def shelf(app: Flask, adapters: Adapters) -> Shelf:
    """Learned with the old model."""
    shelf = Shelf(app, adapters)
    shelf.learned("birds.md", OLD)
    return shelf


def change_model(shelf: Shelf) -> None:
    """What a start with other settings does."""
    adapters = shelf.adapters
    adapters.former_embeddings = (adapters.embeddings,)
    adapters.embeddings = NewLetters()


def space(shelf: Shelf) -> str | None:
    with shelf.app.app_context():
        organization = db.session.get(Organization, shelf.id)
        assert organization is not None
        return organization.embedding_space


def spaces(shelf: Shelf) -> dict[str, int]:
    kept = shelf.adapters.vector_store.kept  # type: ignore[attr-defined]
    return {name: len(ids) for (owner, name), ids in kept.items() if owner == shelf.id}


def moves(shelf: Shelf) -> int:
    with shelf.app.app_context():
        return db.session.query(EmbeddingMove).count()


def by_meaning(shelf: Shelf) -> int:
    return sum(found.meaning is not None for found in shelf.search("heron", limit=50))


def test_after_a_change_everything_has_new_vectors_and_the_old_are_gone(shelf: Shelf) -> None:
    count = len(shelf.passages())
    change_model(shelf)
    assert shelf.sweep() >= 1
    shelf.work()
    assert space(shelf) == "new letters"
    assert spaces(shelf) == {"new letters": count}
    assert {each.embedded_in for each in shelf.passages()} == {"new letters"}
    assert moves(shelf) == 0
    assert by_meaning(shelf) == count
    assert shelf.sweep() == 0


def test_search_by_meaning_has_no_gap_while_it_changes(shelf: Shelf) -> None:
    count = len(shelf.passages())
    change_model(shelf)
    seen: list[tuple[str | None, int]] = []
    with at_every_step(shelf.adapters, lambda _: seen.append((space(shelf), by_meaning(shelf)))):
        shelf.sweep()
        shelf.work()
    assert {found for _, found in seen} == {count}
    assert list(dict.fromkeys(name for name, _ in seen)) == ["letters", "new letters"]


def test_without_the_old_model_words_answer_until_the_new_vectors_are_complete(
    shelf: Shelf,
) -> None:
    change_model(shelf)
    shelf.adapters.former_embeddings = ()
    assert next(found.reason for found in shelf.search("heron")) == "words"
    shelf.sweep()
    shelf.work()
    assert by_meaning(shelf) > 0


def test_a_crash_at_any_step_is_gone_on_from(shelf: Shelf) -> None:
    count = len(shelf.passages())
    for number in range(1, 60):
        change_model(shelf)
        try:
            with at_every_step(shelf.adapters, killed_at(number)):
                shelf.sweep()
                shelf.work()
            survived = True
        except Killed:
            survived = False
            assert by_meaning(shelf) == count, number
            shelf.start_again()
        assert (space(shelf), spaces(shelf)) == ("new letters", {"new letters": count}), number
        assert moves(shelf) == 0
        if survived:
            break
        # Back again, in one go.
        shelf.adapters.embeddings, shelf.adapters.former_embeddings = LetterVectors(), ()
        shelf.sweep()
        shelf.work()
        assert spaces(shelf) == {"letters": count}
    assert number > 4


def test_a_model_that_is_away_delays_it_and_what_is_done_stays_done(shelf: Shelf) -> None:
    count = len(shelf.passages())
    change_model(shelf)
    model = Failing(shelf.adapters.embeddings, after=1)
    shelf.adapters.embeddings = model
    shelf.sweep()
    shelf.work()
    assert (space(shelf), moves(shelf), spaces(shelf)["new letters"]) == ("letters", 1, 8)
    model.left = 100
    assert shelf.sweep() == 0
    shelf.make_everything_due()
    shelf.sweep()
    shelf.work()
    assert spaces(shelf) == {"new letters": count}
    assert model.left == 100 - -(-(count - 8) // 8)


def test_changing_back_half_way_loses_nothing(shelf: Shelf) -> None:
    """What was learned meanwhile with the model that went gets vectors of the one that stayed."""
    old = shelf.adapters.embeddings
    change_model(shelf)
    shelf.adapters.embeddings = Failing(NewLetters(), after=2)
    shelf.learned("more.md", manual("dunlin", 6))
    shelf.sweep()
    shelf.work()
    assert moves(shelf) == 1
    shelf.adapters.embeddings = old
    shelf.make_everything_due()
    shelf.sweep()
    shelf.work()
    count = len(shelf.passages())
    assert (space(shelf), spaces(shelf), moves(shelf)) == ("letters", {"letters": count}, 0)
    assert {each.embedded_in for each in shelf.passages()} == {"letters"}


def test_what_was_learned_without_a_model_gets_vectors_when_there_is_one(
    app: Flask, adapters: Adapters
) -> None:
    shelf = Shelf(app, adapters)
    adapters.embeddings.available = False  # type: ignore[misc]
    document = shelf.learned("birds.md", OLD)
    assert (space(shelf), shelf.sweep()) == (None, 0)
    adapters.embeddings.available = True  # type: ignore[misc]
    assert shelf.sweep() == 1
    shelf.work()
    count = len(shelf.passages())
    assert (space(shelf), spaces(shelf), by_meaning(shelf)) == (
        "letters",
        {"letters": count},
        count,
    )
    assert shelf.document(document.id).passages_done == count
    assert shelf.sweep() == 0


def test_a_move_waits_while_there_is_no_model(shelf: Shelf) -> None:
    change_model(shelf)
    shelf.sweep()
    shelf.adapters.embeddings.available = False  # type: ignore[misc]
    shelf.work()
    assert (moves(shelf), spaces(shelf).keys()) == (1, {"letters"})
    shelf.adapters.embeddings.available = True  # type: ignore[misc]
    shelf.make_everything_due()
    shelf.sweep()
    shelf.work()
    assert spaces(shelf).keys() == {"new letters"}


def test_T8_what_is_removed_while_it_moves_leaves_nothing(shelf: Shelf) -> None:
    document = shelf.documents()[0]
    change_model(shelf)
    removed = False

    def remove(step: str) -> None:
        nonlocal removed
        if step == "before put" and not removed:
            removed = True
            shelf.remove(document.id)
            shelf.work()

    shelf.sweep()
    with at_every_step(shelf.adapters, remove):
        shelf.work()
    shelf.work()
    assert removed
    assert shelf.vectors() == set()


def test_learning_goes_on_while_the_model_changes(shelf: Shelf) -> None:
    change_model(shelf)
    shelf.sweep()
    taken = shelf.give("more.md", manual("dunlin"))
    shelf.work()
    assert shelf.document(taken.document.id).status == "ready"
    assert spaces(shelf) == {"new letters": len(shelf.passages())}
    assert learning.JOB


# How it is told to people


def state(cast: Cast) -> Any:
    return cast.agent.get("/api/knowledge/move").json["move"]


def learned_by_the_cast(app: Flask, adapters: Adapters, cast: Cast) -> int:
    body = {"title": "Birds", "text": OLD}
    document = cast.owner.post("/api/documents/text", body).json["items"][0]["document"]["id"]
    adapters.job_queue.run_all()  # type: ignore[attr-defined]
    return int(cast.owner.get(f"/api/documents/{document}").json["passages_total"])


def begin_move(app: Flask, adapters: Adapters, model: Any) -> None:
    adapters.former_embeddings = (adapters.embeddings,)
    adapters.embeddings = model
    with app.app_context():
        jobs.sweep()
    adapters.job_queue.run_all()  # type: ignore[attr-defined]


def test_how_far_it_is_can_be_seen(app: Flask, adapters: Adapters) -> None:
    cast = assemble(app, adapters)
    count = learned_by_the_cast(app, adapters, cast)
    assert state(cast) is None
    begin_move(app, adapters, Failing(NewLetters(), after=1))
    assert state(cast) == {
        "to_space": "new letters",
        "total": count,
        "done": 8,
        "stopped": False,
        "error": "Waiting to try again: The model is away.",
    }
    page = cast.agent.get("/dashboard/documents").get_data(as_text=True)
    assert f"8 of {count} passages moved." in page


def test_a_failure_for_good_stops_it_until_somebody_retries(app: Flask, adapters: Adapters) -> None:
    cast = assemble(app, adapters)
    count = learned_by_the_cast(app, adapters, cast)
    assert cast.owner.post("/api/knowledge/move/retry").status_code == 409
    model = Failing(NewLetters(), after=1, permanent=True)
    begin_move(app, adapters, model)
    assert (state(cast)["stopped"], state(cast)["error"]) == (True, "The model is away.")
    page = cast.admin.get("/dashboard/documents").get_data(as_text=True)
    assert "Moving to another embedding model has stopped" in page
    assert "The model is away." in page
    with app.app_context():
        assert jobs.sweep() == 0
    model.left = 1_000
    answer = cast.admin.post("/api/knowledge/move/retry")
    assert (answer.status_code, answer.json["stopped"]) == (202, False)
    adapters.job_queue.run_all()  # type: ignore[attr-defined]
    assert state(cast) is None
    kept = adapters.vector_store.kept  # type: ignore[attr-defined]
    assert {name: len(ids) for (_, name), ids in kept.items()} == {"new letters": count}


def test_one_that_stopped_goes_on_when_the_model_is_changed_again(
    app: Flask, adapters: Adapters
) -> None:
    cast = assemble(app, adapters)
    learned_by_the_cast(app, adapters, cast)
    old = adapters.embeddings
    begin_move(app, adapters, Failing(NewLetters(), after=1, permanent=True))
    assert state(cast)["stopped"]
    begin_move(app, adapters, old)
    assert state(cast) is None
