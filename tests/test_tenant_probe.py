"""The command that asks a live installation whether one organization tells of another."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import update

from app.adapters import Adapters
from app.adapters.text_extraction import FakeExtraction
from app.extensions import db
from app.models import Passage
from app.services.search import lexical
from tests.cast import Cast
from tests.chats import begin
from tests.fakes import fakes
from tests.shelf import Shelf

CANARIES = ("The heron of Lisbon sleeps at noon.", "The avocet of Porto whistles at dawn.")


@pytest.fixture
def adapters() -> Adapters:
    chosen = fakes()
    chosen.text_extraction = FakeExtraction()
    return chosen


@pytest.fixture
def shelves(app: Flask, adapters: Adapters) -> tuple[Shelf, Shelf]:
    first, second = (Shelf(app, adapters, name) for name in ("Harbour Books", "Mill Books"))
    for shelf, canary in zip((first, second), CANARIES, strict=True):
        shelf.learned("canary.md", canary)
    return first, second


def test_T6_where_nothing_leaks_it_says_so(cast: Cast, shelves: tuple[Shelf, Shelf]) -> None:
    begin(cast.owner, "Does the curlew of Faro read mail?")
    before = [(shelf.documents(), shelf.vectors()) for shelf in shelves]
    result = shelves[0].command("tenant-probe")
    assert (result.exit_code, result.output) == (0, "12 pairs of organizations asked, 0 leak.\n")
    after = [(shelf.documents(), shelf.vectors()) for shelf in shelves]
    assert [len(documents) for documents, _ in after] == [len(each) for each, _ in before]
    assert [each for _, each in after] == [each for _, each in before]


def test_T6_a_passage_that_another_organization_finds_is_told(
    shelves: tuple[Shelf, Shelf],
) -> None:
    """As if a fault had filed a passage under the wrong organization."""
    curious, owner = shelves
    misfiled = owner.learned("more.md", "At dawn the avocet of Porto whistles twice.")
    file_under(curious, owner.passages(misfiled.id)[0], owner)
    result = curious.command("tenant-probe")
    assert result.exit_code == 1
    assert str(misfiled.id) in result.output
    assert result.output.endswith("2 pairs of organizations asked, 1 leak.\n")


def file_under(shelf: Shelf, passage: Passage, owner: Shelf) -> None:
    with shelf.app.app_context():
        lexical.remove(owner.id, [passage.number])
        lexical.add(shelf.id, [lexical.Row(passage.number, passage.text)])
        db.session.execute(
            update(Passage).where(Passage.id == passage.id).values(organization_id=shelf.id)
        )
        db.session.commit()
