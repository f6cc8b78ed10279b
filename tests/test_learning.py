"""Learning a document, with everything that may come between: on both databases."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import update

from app.adapters import Adapters
from app.adapters.text_extraction import Failed, FakeExtraction, Opened, ReadingProcess, Source
from app.adapters.web_client import WebAnswer
from app.errors import Conflict, NotFound, ProviderError
from app.extensions import db
from app.models import Document, DocumentStatus, SourceKind, now
from app.services.knowledge import learning
from app.services.knowledge.submissions import Label
from app.services.work import back_off
from tests.fakes import fakes
from tests.shelf import Killed, Shelf, at_every_step, killed_at

BIRDS = ("heron", "kingfisher", "dunlin", "avocet", "curlew")


def manual(bird: str, sections: int = 12) -> str:
    """A text of about as many passages as sections, each with the bird in it."""
    parts = [
        f"## Part {number} of the {bird}\n\nThe {bird} of part {number} is mended with a spanner, "
        f"a screwdriver and patience; part {number} costs {number} euros and waits in the shop "
        f"until the {bird} is asked for by whoever brought it in the first place."
        for number in range(1, sections + 1)
    ]
    return f"# The {bird} manual\n\n" + "\n\n".join(parts)


OLD, NEW = manual("heron"), manual("kingfisher")


@pytest.fixture
def adapters() -> Adapters:
    """Reading happens in this process, so that a test can come between any two steps."""
    chosen = fakes()
    chosen.text_extraction = FakeExtraction(body_tokens=60)
    return chosen


@pytest.fixture
def shelf(app: Flask, adapters: Adapters) -> Shelf:
    return Shelf(app, adapters)


def bird_words(shelf: Shelf) -> list[str]:
    return shelf.texts("heron kingfisher spanner")


def which(texts: list[str]) -> set[str]:
    return {bird for bird in BIRDS for text in texts if bird in text}


# From a file to an answer


def test_a_document_that_was_learned_is_ready_and_found(shelf: Shelf) -> None:
    shelf.adapters.text_extraction = ReadingProcess(body_tokens=60)
    document = shelf.learned("birds.md", OLD)
    assert document.status is DocumentStatus.READY
    assert (document.version, document.live_version, document.error) == (1, 1, "")
    assert document.passages_done == document.passages_total == len(shelf.passages()) > 8
    assert document.learned_at is not None
    best = shelf.search("what does part 7 of the heron cost")[0]
    assert "part 7 costs 7 euros" in best.passage.text
    assert best.document.id == document.id
    assert shelf.is_in_order()


def test_passages_keep_the_order_of_the_document(shelf: Shelf) -> None:
    document = shelf.learned("birds.md", OLD)
    passages = shelf.passages(document.id)
    assert [each.ordinal for each in passages] == list(range(len(passages)))
    joined = " ".join(each.text for each in passages)
    places = [joined.index(f"part {number} costs") for number in range(1, 13)]
    assert places == sorted(places)


def test_a_new_document_is_found_by_its_words_before_it_has_vectors(shelf: Shelf) -> None:
    found: list[bool] = []

    def look(step: str) -> None:
        if step == "before put":
            found.append("heron" in " ".join(shelf.texts("heron")))

    with at_every_step(shelf.adapters, look):
        shelf.learned("birds.md", OLD)
    assert found
    assert all(found)


def test_words_that_were_searched_for_in_vain_are_found_once_they_are_learned(shelf: Shelf) -> None:
    shelf.learned("other.md", manual("dunlin"))
    shelf.adapters.vector_store.problem = "away"  # type: ignore[attr-defined]
    assert "heron" not in " ".join(shelf.texts("heron"))
    shelf.give("birds.md", OLD)
    shelf.work()
    assert "heron" in " ".join(shelf.texts("heron"))


def test_progress_never_goes_back_and_ends_at_the_whole(shelf: Shelf) -> None:
    seen: list[tuple[str, int, int]] = []
    taken = shelf.give("birds.md", OLD)

    def look(_: str) -> None:
        document = shelf.document(taken.document.id)
        seen.append((document.status.value, document.passages_done, document.passages_total))

    with at_every_step(shelf.adapters, look):
        shelf.work()
    stages = list(dict.fromkeys(status for status, _, _ in seen))
    assert [each for each in stages if each != "queued"] == ["reading", "embedding", "ready"]
    done = [done for _, done, _ in seen]
    assert done == sorted(done)
    assert seen[-1][1] == seen[-1][2] > 0


def test_the_title_is_taken_from_the_file_where_nobody_gave_one(shelf: Shelf) -> None:
    text = "---\ntitle: All about herons\n---\n" + OLD
    assert shelf.learned("scan_0042.md", text).title == "All about herons"
    assert shelf.learned("other.md", OLD, Label("Our birds")).title == "Our birds"


def test_the_heading_of_a_text_without_a_title_becomes_its_title(shelf: Shelf) -> None:
    document = shelf.learned("readme.md", OLD)
    assert document.title == "The heron manual"
    assert "The heron manual" not in shelf.passages()[0].heading


def test_a_title_that_was_taken_from_the_file_is_part_of_what_search_sees(shelf: Shelf) -> None:
    shelf.adapters.embeddings.available = False  # type: ignore[misc]
    text = "---\ntitle: Ornithology\n---\nNothing else in here says that word."
    shelf.learned("x.md", text)
    assert shelf.texts("ornithology")


def test_a_web_page_takes_its_own_title(shelf: Shelf) -> None:
    url = "https://example.com/birds"
    page = (
        b"<html><head><title>Birds we repair</title></head><body><p>Herons too.</p></body></html>"
    )
    shelf.adapters.web_client.pages[url] = WebAnswer(url, "text/html", page)  # type: ignore[attr-defined]
    taken = shelf.give_page(url)
    assert taken.document.title == url
    shelf.work()
    document = shelf.document(taken.document.id)
    assert (document.status, document.title) == (DocumentStatus.READY, "Birds we repair")


def test_warnings_are_kept_with_their_pages(shelf: Shelf) -> None:
    shelf.adapters.text_extraction = ReadingProcess()
    shelf.adapters.text_extraction._limits = _few_characters()  # type: ignore[attr-defined]
    document = shelf.learned("long.txt", "A heron. " * 50 + "\n\n" + "A dunlin. " * 50)
    assert document.status is DocumentStatus.READY
    assert [each["message"] for each in document.warnings] == [
        "Only the first 600 characters were read."
    ]


def _few_characters() -> Any:
    from app.adapters.text_extraction import ReadingLimits

    return ReadingLimits(characters=600)


# The same again, and changed


def test_the_same_content_under_another_name_is_recognised(shelf: Shelf) -> None:
    first = shelf.learned("birds.md", OLD)
    again = shelf.give("copy of birds.md", OLD)
    assert (again.outcome, again.document.id) == ("duplicate", first.id)
    assert len(shelf.documents()) == 1
    assert shelf.is_in_order()


def test_a_file_that_becomes_the_same_as_another_does_not_keep_its_old_text(shelf: Shelf) -> None:
    shelf.learned("a.md", OLD)
    shelf.learned("b.md", NEW)
    assert shelf.give("a.md", NEW).outcome == "replaced"
    shelf.work()
    assert which(shelf.texts("heron kingfisher")) == {"kingfisher"}


def test_a_file_is_known_as_itself_also_when_another_says_the_same(shelf: Shelf) -> None:
    shelf.learned("a.md", OLD)
    own = shelf.learned("b.md", NEW)
    shelf.give("b.md", OLD)
    shelf.work()
    again = shelf.give("b.md", OLD)
    assert (again.outcome, again.document.id) == ("duplicate", own.id)


def test_an_answer_is_not_taken_for_a_text_that_says_the_same(shelf: Shelf) -> None:
    question = shelf.give_question("Are you open on Sundays?", "Yes, from ten to four.")
    text = shelf.give_text("Yes, from ten to four.", "Sunday lunch")
    assert (question.outcome, text.outcome) == ("added", "added")
    shelf.work()
    assert {each.title for each in shelf.documents()} == {
        "Are you open on Sundays?",
        "Sunday lunch",
    }


def test_a_failed_file_is_not_taken_for_a_duplicate(shelf: Shelf) -> None:
    shelf.adapters.text_extraction.failures["bad.md"] = Failed("x", "Broken.")  # type: ignore[attr-defined]
    assert shelf.learned("bad.md", OLD).status is DocumentStatus.FAILED
    assert shelf.give("good.md", OLD).outcome == "added"


def test_a_changed_file_by_the_same_name_is_a_new_version_of_the_same_document(
    shelf: Shelf,
) -> None:
    first = shelf.learned("Birds.md", OLD)
    taken = shelf.give("birds.MD", NEW)
    assert (taken.outcome, taken.document.id) == ("replaced", first.id)
    shelf.work()
    document = shelf.document(first.id)
    assert (document.version, document.live_version) == (2, 2)
    assert which(bird_words(shelf)) == {"kingfisher"}
    assert len(shelf.files()) == 1
    assert shelf.is_in_order()


def test_while_a_change_is_learned_search_finds_one_version_and_never_none_or_both(
    shelf: Shelf,
) -> None:
    shelf.learned("birds.md", OLD)
    seen: list[set[str]] = []
    with at_every_step(shelf.adapters, lambda _: seen.append(which(bird_words(shelf)))):
        shelf.learned("birds.md", NEW)
    assert len(seen) > 8
    assert all(len(each) == 1 for each in seen)
    assert [next(iter(each)) for each in seen] == sorted(next(iter(each)) for each in seen)
    assert seen[-1] == {"kingfisher"}


def test_whoever_searches_at_the_same_time_never_sees_none_or_both(shelf: Shelf) -> None:
    shelf.learned("birds.md", manual(BIRDS[0]))
    question = " ".join(BIRDS)
    seen: list[set[str]] = []
    over = threading.Event()

    def search() -> None:
        while not over.is_set():
            seen.append(which(shelf.texts(question)))

    searching = threading.Thread(target=search)
    searching.start()
    try:
        for bird in (*BIRDS[1:], *BIRDS):
            shelf.learned("birds.md", manual(bird))
    finally:
        over.set()
        searching.join()
    assert len(seen) > 10
    assert {len(each) for each in seen} == {1}


def test_a_new_version_that_fails_leaves_the_old_one_answering(shelf: Shelf) -> None:
    first = shelf.learned("birds.md", OLD)
    shelf.adapters.text_extraction.failures["birds.md"] = Failed("unreadable", "It is damaged.")  # type: ignore[attr-defined]
    document = shelf.learned("birds.md", NEW)
    assert (document.status, document.error) == (DocumentStatus.FAILED, "It is damaged.")
    assert (document.version, document.live_version) == (2, 1)
    assert which(bird_words(shelf)) == {"heron"}
    shelf.adapters.text_extraction.failures.clear()  # type: ignore[attr-defined]
    shelf.retry(first.id)
    shelf.work()
    assert shelf.document(first.id).status is DocumentStatus.READY
    assert which(bird_words(shelf)) == {"kingfisher"}
    assert shelf.is_in_order()


def test_a_new_version_whose_vectors_fail_for_good_leaves_nothing_of_it(shelf: Shelf) -> None:
    shelf.learned("birds.md", OLD)
    model = Failing(shelf.adapters.embeddings, after=1, permanent=True)
    shelf.adapters.embeddings = model
    document = shelf.learned("birds.md", NEW)
    assert (document.status, document.error) == (DocumentStatus.FAILED, "The model is away.")
    shelf.adapters.embeddings = model.model
    assert which(bird_words(shelf)) == {"heron"}
    assert {each.version for each in shelf.passages()} == {1}
    assert shelf.vectors() == {each.id for each in shelf.passages()}


def test_a_new_title_is_learned_anew_without_a_gap(shelf: Shelf) -> None:
    document = shelf.learned("birds.md", OLD)
    seen: list[int] = []
    with at_every_step(shelf.adapters, lambda _: seen.append(len(bird_words(shelf)))):
        shelf.change(document.id, title="Ornithology")
        shelf.work()
    assert set(seen) == {len(shelf.passages())}
    assert shelf.search("ornithology")[0].words > 0
    assert shelf.is_in_order()


def test_a_new_category_alone_does_not_learn_it_again(shelf: Shelf) -> None:
    document = shelf.learned("birds.md", OLD)
    shelf.change(document.id, category="Birds", attributes={"audience": "children"})
    changed = shelf.document(document.id)
    assert (changed.category, changed.status) == ("Birds", DocumentStatus.READY)
    assert changed.version == 1


# Providers that are away, and files that are bad


class Failing:
    """The model after so many calls: away for a while, or for good."""

    def __init__(self, model: Any, after: int, permanent: bool = False) -> None:
        self.model = model
        self.left = after
        self.permanent = permanent

    def __getattr__(self, name: str) -> Any:
        return getattr(self.model, name)

    def embed(self, texts: Any, *, hurry: bool = False) -> Any:
        self.left -= 1
        if self.left < 0:
            raise ProviderError("The model is away.", permanent=self.permanent)
        return self.model.embed(texts)


def test_a_model_that_is_away_is_waited_for_and_what_is_done_stays_done(shelf: Shelf) -> None:
    model = Failing(shelf.adapters.embeddings, after=1)
    shelf.adapters.embeddings = model
    document = shelf.learned("birds.md", OLD)
    assert document.status is DocumentStatus.EMBEDDING
    assert document.error == "Waiting to try again: The model is away."
    assert document.passages_done == 8
    assert document.lease_until is None
    assert timedelta(seconds=5) < document.due_at - now() <= timedelta(seconds=15)
    assert shelf.sweep() == 0
    asked_before = shelf.adapters.text_extraction.asked  # type: ignore[attr-defined]
    asked_before.clear()
    model.left = 1_000
    shelf.make_everything_due()
    assert shelf.sweep() == 1
    shelf.work()
    document = shelf.document(document.id)
    assert (document.status, document.error) == (DocumentStatus.READY, "")
    assert model.left == 1_000 - -(-(document.passages_total - 8) // 8)
    assert asked_before == []
    assert shelf.is_in_order()


def test_a_vector_store_that_is_away_is_waited_for(shelf: Shelf) -> None:
    shelf.adapters.vector_store.problem = "The store is away."  # type: ignore[attr-defined]
    document = shelf.learned("birds.md", OLD)
    assert document.status is DocumentStatus.EMBEDDING
    assert document.is_searchable
    shelf.adapters.vector_store.problem = None  # type: ignore[attr-defined]
    shelf.make_everything_due()
    shelf.sweep()
    shelf.work()
    assert shelf.document(document.id).status is DocumentStatus.READY
    assert shelf.is_in_order()


def test_waiting_grows_and_is_never_longer_than_an_hour() -> None:
    waits = [round((back_off(tries) - now()).total_seconds()) for tries in (1, 2, 3, 8, 9, 30)]
    assert waits == [15, 30, 60, 1_920, 3_600, 3_600]


def test_reading_that_was_interrupted_is_tried_again(shelf: Shelf) -> None:
    reading = shelf.adapters.text_extraction
    reading.failures["birds.md"] = Failed("stopped", "Interrupted.", transient=True)  # type: ignore[attr-defined]
    document = shelf.learned("birds.md", OLD)
    assert document.status is DocumentStatus.READING
    assert "Interrupted." in document.error
    reading.failures.clear()  # type: ignore[attr-defined]
    shelf.make_everything_due()
    shelf.sweep()
    shelf.work()
    assert shelf.document(document.id).status is DocumentStatus.READY


def test_a_document_that_kills_its_worker_again_and_again_is_given_up(shelf: Shelf) -> None:
    taken = shelf.give("birds.md", OLD)
    with shelf.app.app_context():
        db.session.execute(update(Document).values(tries=learning.MAX_TRIES))
        db.session.commit()
    shelf.work()
    document = shelf.document(taken.document.id)
    assert (document.status, document.error) == (DocumentStatus.FAILED, learning.TOO_OFTEN)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("empty.txt", b"", "This file is empty."),
        ("picture.pdf", b"\x89PNG\r\n\x1a\n" + b"0" * 50, "This is not a PDF although"),
        ("nothing.html", b"<html><body><p> </p></body></html>", "There is no text in this"),
    ],
)
def test_what_cannot_be_learned_says_why_and_leaves_nothing(
    shelf: Shelf, name: str, content: bytes, said: str
) -> None:
    shelf.adapters.text_extraction = ReadingProcess()
    document = shelf.learned(name, content)
    assert document.status is DocumentStatus.FAILED
    assert said in document.error
    assert not document.is_searchable
    assert shelf.passages() == []
    shelf.remove(document.id)
    shelf.work()
    assert shelf.files() == set()


def test_a_page_that_is_gone_says_so_and_the_old_text_answers_on(shelf: Shelf) -> None:
    url = "https://example.com/birds"
    pages = shelf.adapters.web_client.pages  # type: ignore[attr-defined]
    pages[url] = WebAnswer(url, "text/html", b"<html><body><p>Herons too.</p></body></html>")
    taken = shelf.give_page(url)
    shelf.work()
    pages.clear()
    assert shelf.give_page(url).outcome == "replaced"
    shelf.work()
    document = shelf.document(taken.document.id)
    assert (document.status, document.error) == (
        DocumentStatus.FAILED,
        "The page answers 404.",
    )
    assert shelf.texts("herons")
    assert document.source is SourceKind.PAGE


def test_a_page_that_is_fetched_again_leaves_no_file_behind(shelf: Shelf) -> None:
    url = "https://example.com/birds"
    pages = shelf.adapters.web_client.pages  # type: ignore[attr-defined]
    reading = shelf.adapters.text_extraction
    for number in range(4):
        body = f"<html><body><p>Herons, edition {number}.</p></body></html>".encode()
        pages[url] = WebAnswer(url, "text/html", body)
        # Every other time the page cannot be read, and its copy is never the one that answers.
        reading.failures.clear()  # type: ignore[attr-defined]
        if number % 2:
            reading.failures["page.html"] = Failed("x", "Broken.")  # type: ignore[attr-defined]
        shelf.give_page(url)
        shelf.work()
    reading.failures.clear()  # type: ignore[attr-defined]
    shelf.give_page(url)
    shelf.work()
    assert len(shelf.files()) == 1
    assert shelf.texts("herons") == ["Herons, edition 3."]
    assert shelf.is_in_order()


# Two at once, and too late


def test_two_workers_claim_a_document_once(shelf: Shelf) -> None:
    taken = shelf.give("birds.md", OLD)
    barrier = threading.Barrier(4)

    def work() -> None:
        with shelf.app.app_context():
            barrier.wait()
            learning.learn(taken.document.id)

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert len(shelf.adapters.text_extraction.asked) == 1  # type: ignore[attr-defined]
    assert shelf.document(taken.document.id).status is DocumentStatus.READY
    assert shelf.is_in_order()


def test_a_worker_whose_lease_ran_out_stops_when_another_has_taken_over(shelf: Shelf) -> None:
    taken = shelf.give("birds.md", OLD)
    handed_over = False

    def hand_over(step: str) -> None:
        nonlocal handed_over
        if step != "before put" or handed_over:
            return
        handed_over = True
        with shelf.app.app_context():
            db.session.execute(update(Document).values(lease_until=now() - timedelta(seconds=1)))
            db.session.commit()
            learning.learn(taken.document.id)

    with at_every_step(shelf.adapters, hand_over):
        shelf.work()
    assert handed_over
    assert shelf.document(taken.document.id).status is DocumentStatus.READY
    assert shelf.is_in_order()


def test_a_worker_stops_without_a_trace_when_its_version_is_replaced(shelf: Shelf) -> None:
    """At whichever step the new version comes, only it is left in the end."""
    for number in range(1, _steps(shelf) + 1):
        shelf.give("birds.md", OLD)
        with at_every_step(shelf.adapters, _at(number, lambda: shelf.give("birds.md", NEW))):
            shelf.work()
        shelf.work()
        [document] = shelf.documents()
        assert document.status is DocumentStatus.READY, number
        assert which(bird_words(shelf)) == {"kingfisher"}, number
        assert shelf.is_in_order(), number
        shelf.remove(document.id)
        shelf.work()


def test_T8_a_document_that_is_removed_while_it_is_learned_leaves_nothing(shelf: Shelf) -> None:
    """At whichever step it is removed, nothing of it is anywhere in the end."""
    for number in range(1, _steps(shelf) + 1):
        taken = shelf.give("birds.md", OLD)

        def remove(document_id: UUID = taken.document.id) -> None:
            shelf.remove(document_id)
            shelf.work()

        with at_every_step(shelf.adapters, _at(number, remove)):
            shelf.work()
        shelf.work()
        assert (shelf.passages(), shelf.indexed(), shelf.vectors()) == ([], set(), set()), number
        assert (shelf.files(), shelf.removals()) == (set(), 0), number
        assert shelf.documents() == []


def test_a_newer_version_is_not_harmed_by_a_worker_that_is_nearly_done(shelf: Shelf) -> None:
    """The late worker tidies up while the next one has already read its own version."""
    shelf.learned("birds.md", OLD)
    last = manual("avocet")
    for number in range(1, 40):
        reached = False

        def overtake() -> None:
            nonlocal reached
            reached = True
            shelf.give("birds.md", last)
            with shelf.app.app_context():
                # The other worker reads and is killed before it has made any vectors.
                stop = Killed()
                embed = shelf.adapters.embeddings.embed
                shelf.adapters.embeddings.embed = _raising(stop)  # type: ignore[method-assign]
                try:
                    learning.learn(shelf.documents()[0].id)
                except Killed:
                    db.session.rollback()
                finally:
                    shelf.adapters.embeddings.embed = embed  # type: ignore[method-assign]

        shelf.give("birds.md", NEW)
        with at_every_step(shelf.adapters, _at(number, overtake)):
            shelf.work()
        shelf.start_again()
        [document] = shelf.documents()
        assert document.status is DocumentStatus.READY
        if not reached:
            break
        assert which(shelf.texts("avocet heron kingfisher")) == {"avocet"}, number
        assert shelf.is_in_order(), number
    assert number > 8


def _raising(error: BaseException) -> Any:
    def embed(_texts: Any, *, hurry: bool = False) -> Any:
        raise error

    return embed


def _steps(shelf: Shelf) -> int:
    """How many steps learning has; the shelf is empty again afterwards."""
    count = 0

    def tick(_: str) -> None:
        nonlocal count
        count += 1

    taken = shelf.give("birds.md", OLD)
    with at_every_step(shelf.adapters, tick):
        shelf.work()
    shelf.remove(taken.document.id)
    shelf.work()
    assert count > 8
    return count


def _at(number: int, do: Any) -> Any:
    left = number

    def count(_: str) -> None:
        nonlocal left
        left -= 1
        if left == 0:
            do()

    return count


# Crashes


@pytest.mark.parametrize("changed", [False, True], ids=["new", "changed"])
def test_after_a_crash_at_any_step_it_goes_on_by_itself_to_the_same_passages(
    shelf: Shelf, changed: bool
) -> None:
    expected = [each.text for each in _undisturbed(shelf)]
    for number in range(1, 100):
        if changed:
            shelf.learned("birds.md", NEW)
        shelf.give("birds.md", OLD)
        try:
            with at_every_step(shelf.adapters, killed_at(number)):
                shelf.work()
            survived = True
        except Killed:
            survived = False
            if changed:
                assert len(which(bird_words(shelf))) == 1, number
            shelf.start_again()
        [document] = shelf.documents()
        assert document.status is DocumentStatus.READY, number
        assert [each.text for each in shelf.passages()] == expected, number
        assert shelf.is_in_order(), number
        if survived:
            break
        shelf.remove(document.id)
        shelf.work()
    assert number > 8


def _undisturbed(shelf: Shelf) -> Any:
    document = shelf.learned("birds.md", OLD)
    passages = shelf.passages()
    shelf.remove(document.id)
    shelf.work()
    return passages


def test_T8_a_crash_while_cleaning_up_only_delays_it(shelf: Shelf) -> None:
    for number in range(1, 20):
        document = shelf.learned("birds.md", OLD)
        try:
            with at_every_step(shelf.adapters, killed_at(number)):
                shelf.remove(document.id)
                shelf.work()
            survived = True
        except Killed:
            survived = False
            assert shelf.texts("heron spanner") == []
            shelf.start_again()
        assert (shelf.passages(), shelf.indexed(), shelf.vectors()) == ([], set(), set()), number
        assert (shelf.files(), shelf.removals()) == (set(), 0), number
        if survived:
            break
    assert number > 2


# Removing


def test_T8_what_was_removed_is_gone_everywhere_and_not_found(shelf: Shelf) -> None:
    kept = shelf.learned("kept.md", manual("dunlin"))
    removed = shelf.learned("birds.md", OLD)
    shelf.remove(removed.id)
    assert which(shelf.texts("heron dunlin spanner")) == {"dunlin"}
    shelf.work()
    assert [each.id for each in shelf.documents()] == [kept.id]
    assert {each.document_id for each in shelf.passages()} == {kept.id}
    assert len(shelf.files()) == 1
    assert shelf.is_in_order()
    with pytest.raises(NotFound):
        shelf.document(removed.id)


def test_T8_a_store_that_is_away_does_not_keep_what_was_removed(shelf: Shelf) -> None:
    removed = shelf.learned("birds.md", OLD)
    shelf.adapters.vector_store.problem = "The store is away."  # type: ignore[attr-defined]
    shelf.remove(removed.id)
    shelf.work()
    assert shelf.texts("heron spanner") == []
    assert shelf.removals() == 1
    shelf.adapters.vector_store.problem = None  # type: ignore[attr-defined]
    assert shelf.texts("heron spanner") == []
    shelf.make_everything_due()
    shelf.sweep()
    shelf.work()
    assert (shelf.vectors(), shelf.files(), shelf.removals()) == (set(), set(), 0)


def test_a_document_that_is_being_learned_is_not_retried(shelf: Shelf) -> None:
    taken = shelf.give("birds.md", OLD)
    with pytest.raises(Conflict):
        shelf.retry(taken.document.id)


class Slow:
    """Reading that lets a test come between any two events."""

    def __init__(self, between: Any) -> None:
        self.reading = FakeExtraction(body_tokens=60)
        self.between = between

    def read(self, source: Source) -> Iterator[Any]:
        yield Opened(0, "A title from within")
        for event in self.reading.read(source):
            self.between()
            if not isinstance(event, Opened):
                yield event


def test_a_worker_notices_in_the_midst_of_reading_that_its_document_is_gone(shelf: Shelf) -> None:
    taken = shelf.give("birds.md", OLD)
    removed = False

    def remove() -> None:
        nonlocal removed
        if not removed:
            removed = True
            shelf.remove(taken.document.id)

    shelf.adapters.text_extraction = Slow(remove)
    shelf.work()
    shelf.work()
    assert (shelf.passages(), shelf.indexed(), shelf.files()) == ([], set(), set())


def test_without_a_model_a_document_is_ready_by_its_words_alone(shelf: Shelf) -> None:
    shelf.adapters.embeddings.available = False  # type: ignore[misc]
    document = shelf.learned("birds.md", OLD)
    assert document.status is DocumentStatus.READY
    assert shelf.vectors() == set()
    assert shelf.search("heron")[0].reason == "words"


def test_a_file_whose_original_is_lost_says_so(shelf: Shelf) -> None:
    document = shelf.learned("birds.md", OLD)
    shelf.adapters.file_storage.remove(document.storage_key)
    shelf.retry(document.id)
    began = time.monotonic()
    shelf.work()
    assert time.monotonic() - began < 5
    found = shelf.document(document.id)
    assert found.is_searchable
    assert found.status is DocumentStatus.FAILED
    assert found.error == "The original is no longer there. Please upload it again."
