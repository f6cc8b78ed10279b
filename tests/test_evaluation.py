"""How well search does on questions with known answers, and what changed since the last time."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import update

from app import jobs
from app.adapters import Adapters
from app.adapters.text_extraction import FakeExtraction
from app.errors import Invalid
from app.extensions import db
from app.models import Asking, Organization, TestRun
from app.services.knowledge import askings, evaluation
from app.services.knowledge.evaluation import Question, read_questions
from tests.cast import Cast, assemble
from tests.fakes import fakes
from tests.shelf import Killed, Shelf, at_every_step, killed_at

TEXTS = {
    "tea.txt": "Tea is served at four. Tea with milk is served at five.",
    "cake.txt": "Cake is served at noon, and sometimes with tea.",
    "opening.txt": "The house opens at nine.",
}


@pytest.fixture
def adapters() -> Adapters:
    chosen = fakes()
    chosen.text_extraction = FakeExtraction()
    chosen.embeddings.available = False  # type: ignore[misc]
    return chosen


@pytest.fixture
def shelf(app: Flask, adapters: Adapters) -> Shelf:
    shelf = Shelf(app, adapters)
    for name, text in TEXTS.items():
        shelf.give(name, text)
    shelf.work()
    return shelf


ASKED = [
    Question("first", "when is tea with milk served", "direct", "tea.txt"),
    Question("second", "tea is served with milk", "direct", "cake.txt"),
    Question("quoted", "opens at", "quote", answer="the House OPENS, at **nine**."),
    Question("nowhere", "when does the house open", "quote", answer="It opens at ten."),
    Question("unknown", "zeppelin", "none"),
]


def evaluated(shelf: Shelf, asked: list[Question]) -> evaluation.Report:
    with shelf.app.app_context():
        return evaluation.evaluate(shelf.id, asked)


def test_the_figures_of_a_set_made_by_hand_are_right(shelf: Shelf) -> None:
    report = evaluated(shelf, ASKED)
    assert report.ranks == {"first": 1, "second": 2, "quoted": 1, "nowhere": None}
    assert report.figures == {
        "questions": 4,
        "recall@1": 0.5,
        "recall@3": 0.75,
        "recall@5": 0.75,
        "recall@10": 0.75,
        "mrr": 0.625,
        "told_apart": 1.0,
    }
    assert report.by_kind["direct"]["mrr"] == 0.75
    assert report.by_kind["quote"]["recall@10"] == 0.5
    assert "none" not in report.by_kind


def test_a_kind_with_questions_that_nothing_answers_counts_only_the_others(shelf: Shelf) -> None:
    mixed = [Question("a", "tea milk", "k", "tea.txt"), Question("b", "zeppelin", "k")]
    assert evaluated(shelf, mixed).by_kind["k"]["questions"] == 1


def test_runs_are_compared_with_the_last_one_by_the_same_name(shelf: Shelf) -> None:
    def run(asked: list[Question], label: str = "set") -> tuple[list[str], list[str]]:
        with shelf.app.app_context():
            report = evaluation.evaluate(shelf.id, asked)
            kept = evaluation.record(shelf.id, label, report)
            return kept.better, kept.worse

    assert run(ASKED) == ([], [])
    assert run(ASKED) == ([], [])
    worse = [Question("first", "house", "direct", "tea.txt"), *ASKED[1:]]
    assert run(worse, "another set") == ([], [])
    assert run(worse) == ([], ["first"])
    assert run(ASKED) == (["first"], [])
    assert run([*ASKED, Question("new", "tea", "", "tea.txt")]) == ([], [])


def test_a_line_that_is_no_question_is_named() -> None:
    good = '{"question": "Tea?", "document": "tea.txt", "note": "ignored"}'
    assert read_questions([good, "", " "])[0].question == "Tea?"
    for bad in ("{", "[]", '{"document": "tea.txt"}', "null"):
        with pytest.raises(Invalid, match="Line 2 is not a question"):
            read_questions([good, bad])


def test_the_command_prints_a_table(shelf: Shelf, tmp_path: Path) -> None:
    file = tmp_path / "questions.jsonl"
    lines = [{k: v for k, v in vars(each).items() if v is not None} for each in ASKED]
    file.write_text("\n".join(map(json.dumps, lines)))
    with shelf.app.app_context():
        organization = db.session.get(Organization, shelf.id)
        assert organization is not None
        slug = organization.slug
    shown = shelf.command("evaluate", str(file), "--organization", slug)
    assert shown.exit_code == 0, shown.output
    for way in ("By words", "By meaning", "By both"):
        assert way in shown.output
    row = next(line for line in shown.output.splitlines() if line.startswith("all"))
    assert row.split() == ["all", "4", "0.5", "0.75", "0.75", "0.75", "0.625"]
    assert "against the last run: 0 better, 0 worse" in shown.output
    again = shelf.command("evaluate", str(file), "--organization", slug, "--way", "both")
    assert "By words" not in again.output
    nobody = shelf.command("evaluate", str(file), "--organization", "nobody")
    assert (nobody.exit_code, "nobody" in nobody.output) == (1, True)


# Questions of one's own


def give(person: Any, title: str, text: str) -> str:
    body = {"title": title, "text": text}
    made = person.post("/api/documents/text", body).json["items"][0]
    return str(made["document"]["id"])


def ask(person: Any, question: str, document: str | None = None, quote: str = "") -> str:
    body = {"question": question, "document_id": document, "quote": quote}
    made = person.post("/api/knowledge/questions", body)
    assert made.status_code == 201, made.json
    return str(made.json["id"])


def run(cast: Cast, adapters: Adapters) -> dict[str, Any]:
    """Begin, let the job work, and look what came of it."""
    begun = cast.admin.post("/api/knowledge/runs")
    assert (begun.status_code, begun.json["status"], begun.json["done"]) == (202, "queued", 0)
    adapters.job_queue.run_all()  # type: ignore[attr-defined]
    report: dict[str, Any] = cast.agent.get(f"/api/knowledge/runs/{begun.json['id']}").json
    assert (report["status"], report["done"]) == ("done", report["total"])
    return report


def test_ones_own_questions_are_asked_and_their_places_told(cast: Cast, adapters: Adapters) -> None:
    tea = give(cast.owner, "Tea", "Tea is served at four, with milk.")
    cake = give(cast.owner, "Cake", "Cake is served at noon, sometimes with tea.")
    adapters.job_queue.run_all()  # type: ignore[attr-defined]
    first = ask(cast.admin, "tea with milk", tea)
    second = ask(cast.admin, "tea with milk served", cake)
    quoted = ask(cast.admin, "cake", cake, "Cake is served at noon")
    ask(cast.admin, "zeppelin")
    report = run(cast, adapters)
    assert report["ranks"] == {first: 1, second: 2, quoted: 1}
    assert report["figures"]["questions"] == 3
    again = run(cast, adapters)
    assert (again["better"], again["worse"]) == ([], [])


def test_ones_own_questions_are_kept_to_oneself_and_removed(cast: Cast) -> None:
    kept = ask(cast.owner, "tea")
    assert [each["id"] for each in cast.agent.get("/api/knowledge/questions").json["items"]] == [
        kept
    ]
    assert cast.stranger.delete(f"/api/knowledge/questions/{kept}").status_code == 404
    assert cast.owner.delete(f"/api/knowledge/questions/{kept}").status_code == 204
    assert cast.owner.delete(f"/api/knowledge/questions/{kept}").status_code == 404
    assert cast.owner.post("/api/knowledge/runs").status_code == 409


def test_a_quote_needs_the_document_that_it_stands_in(cast: Cast) -> None:
    answer = cast.owner.post("/api/knowledge/questions", {"question": "q", "quote": "x"})
    assert (answer.status_code, list(answer.json["error"]["fields"])) == (422, ["document_id"])


def test_a_question_whose_document_is_removed_does_not_break_the_run(
    cast: Cast, adapters: Adapters
) -> None:
    tea = give(cast.owner, "Tea", "Tea is served at four.")
    adapters.job_queue.run_all()  # type: ignore[attr-defined]
    ask(cast.owner, "tea", tea)
    assert cast.owner.delete(f"/api/documents/{tea}").status_code == 204
    assert run(cast, adapters)["status"] == "done"


def test_a_run_that_is_under_way_is_shown_and_not_begun_again(
    cast: Cast, adapters: Adapters
) -> None:
    for number in range(3):
        ask(cast.owner, f"tea {number}")
    first, second = (cast.owner.post("/api/knowledge/runs").json for _ in range(2))
    assert first["id"] == second["id"]
    page = cast.agent.get("/dashboard/knowledge/questions").get_data(as_text=True)
    assert "0 of 3 questions asked" in page
    adapters.job_queue.run_all()  # type: ignore[attr-defined]
    page = cast.agent.get("/dashboard/knowledge/questions").get_data(as_text=True)
    assert "questions asked" not in page
    assert "The last run" in page


def test_a_run_that_was_killed_is_made_anew_and_kept_once(app: Flask, adapters: Adapters) -> None:
    cast = assemble(app, adapters)
    tea = give(cast.owner, "Tea", "Tea is served at four, with milk.")
    adapters.job_queue.run_all()  # type: ignore[attr-defined]
    question = ask(cast.owner, "tea with milk", tea)
    for number in range(1, 20):
        begun = cast.owner.post("/api/knowledge/runs").json
        try:
            with at_every_step(adapters, killed_at(number)):
                adapters.job_queue.run_all()  # type: ignore[attr-defined]
            survived = True
        except Killed:
            survived = False
            with app.app_context():
                db.session.rollback()
                jobs.forget_leases()
                jobs.sweep()
            adapters.job_queue.run_all()  # type: ignore[attr-defined]
        report = cast.owner.get(f"/api/knowledge/runs/{begun['id']}").json
        assert (report["status"], report["ranks"]) == ("done", {question: 1}), number
        with app.app_context():
            assert db.session.query(TestRun).count() == number
        if survived:
            break
    assert number > 3


def test_a_run_that_is_interrupted_again_and_again_is_given_up(
    cast: Cast, adapters: Adapters
) -> None:
    ask(cast.owner, "tea")
    begun = cast.owner.post("/api/knowledge/runs").json
    with cast.owner.app.app_context():
        db.session.execute(update(Asking).values(tries=askings.MOST_TRIES))
        db.session.commit()
    adapters.job_queue.run_all()  # type: ignore[attr-defined]
    report = cast.owner.get(f"/api/knowledge/runs/{begun['id']}").json
    assert (report["status"], report["error"]) == ("failed", askings.TOO_OFTEN)


def test_a_document_that_is_chosen_is_offered_however_old_it_is(
    cast: Cast, adapters: Adapters
) -> None:
    oldest = give(cast.owner, "The oldest", "Tea is served at four, they say.")
    for number in range(101):
        give(cast.owner, f"Later {number}", f"Cake number {number}.")
    page = cast.owner.get("/dashboard/knowledge/questions").get_data(as_text=True)
    assert "data-find-document" in page
    assert oldest not in page
    page = cast.owner.get(f"/dashboard/knowledge/questions?document={oldest}")
    assert f'value="{oldest}" selected' in page.get_data(as_text=True)
    ask(cast.owner, "When is tea?", oldest)
    page = cast.owner.get("/dashboard/knowledge/questions").get_data(as_text=True)
    assert "The oldest" in page
    assert cast.stranger.get(f"/dashboard/knowledge/questions?document={oldest}").status_code == 200
