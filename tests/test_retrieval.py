"""Finding passages: by words, by meaning, by both; and never anybody else's. On both databases."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from uuid import uuid4

import numpy
import pytest
from flask import Flask

from app import create_app
from app.adapters import Adapters
from app.adapters.embeddings import NoEmbeddings
from app.adapters.text_extraction import FakeExtraction
from app.adapters.vector_store import collection_name
from app.api.reference import described
from app.errors import ProviderError
from app.extensions import db
from app.services.knowledge.submissions import Label
from app.services.search import lexical, retrieval
from app.services.search.evidence import Evidence
from app.services.search.question_vectors import question_vector
from app.services.search.retrieval import Narrowing, Weights
from config import Testing
from tests.cast import Cast
from tests.fakes import fakes
from tests.shelf import Shelf, at_every_step

ROOT = Path(__file__).resolve().parent.parent
ARTICLES = ROOT / "app" / "demo" / "articles"
QUESTIONS = ROOT / "app" / "demo" / "questions.jsonl"
WORDS_ALONE = Weights(2 / 3, 1 / 3, 0.0)


class Concepts:
    """A model of a few synonyms, to which texts without any of them are alike in nothing."""

    name = "concepts"
    available = True
    max_tokens = 254
    groups = (
        ("bicycle", "bike", "cycle"),
        ("money", "refund", "cash"),
        ("lamp", "light", "lantern"),
        ("broken", "defective", "faulty"),
    )
    dimension = len(groups) + 1

    def embed(self, texts: Sequence[str], *, hurry: bool = False) -> Any:
        rows = [self._row(set(re.findall(r"\w+", text.lower()))) for text in texts]
        vectors = numpy.array(rows, dtype=numpy.float32)
        return vectors / numpy.linalg.norm(vectors, axis=1, keepdims=True)

    def count_tokens(self, text: str) -> int:
        return len(text.split())

    def _row(self, words: set[str]) -> list[float]:
        found = [float(len(words & set(group))) for group in self.groups]
        return [*found, 0.0 if any(found) else 1.0]


@pytest.fixture
def adapters() -> Adapters:
    chosen = fakes()
    chosen.text_extraction = FakeExtraction()
    chosen.embeddings = Concepts()
    return chosen


@pytest.fixture
def shelf(app: Flask, adapters: Adapters) -> Shelf:
    return Shelf(app, adapters)


@pytest.fixture
def filled(shelf: Shelf) -> Shelf:
    shelf.give(
        "repairs.txt", "Whoever brings a bicycle gets a date within two days.", Label("R", "A")
    )
    shelf.give("returns.txt", "We give the money back within two weeks.", Label("M", "B"))
    shelf.give("tea.txt", "Tea is served at four o'clock.", Label("T", "B", (("room", "hall"),)))
    shelf.work()
    return shelf


def first(shelf: Shelf, question: str, **options: Any) -> Any:
    return shelf.search(question, **options)[0]


# What it is found by


def test_a_passage_is_found_by_its_words(filled: Shelf) -> None:
    found = first(filled, "When is tea served?")
    assert found.passage.text.startswith("Tea is served")
    assert (found.reason, found.words > 0.9) == ("words", True) or found.reason == "both"
    assert 0 < found.score <= 1


def test_a_passage_is_found_by_another_form_of_its_words(filled: Shelf) -> None:
    assert first(filled, "serving teas").passage.text.startswith("Tea is served")


def test_a_passage_is_found_by_its_meaning_alone(filled: Shelf) -> None:
    found = first(filled, "refund")
    assert "money back" in found.passage.text
    assert (found.reason, found.words) == ("meaning", 0.0)
    assert found.meaning == pytest.approx(1.0)


def test_words_and_meaning_together_say_so_and_beat_either(filled: Shelf) -> None:
    found = first(filled, "bicycle")
    assert found.reason == "both"
    assert found.score > first(filled, "cycle").score


def test_what_fits_better_comes_first_and_no_score_leaves_its_bounds(filled: Shelf) -> None:
    found = filled.search("bicycle money tea within two")
    scores = [each.score for each in found]
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= value <= 1 for each in found for value in (each.score, each.words, each.pairs))


def test_words_that_stand_together_count_more(shelf: Shelf) -> None:
    shelf.adapters.embeddings.available = False  # type: ignore[misc]
    shelf.give("a.txt", "A red sign and a light wheel, then a front door, and rear seats too.")
    shelf.give("b.txt", "A red wheel and a front light sign, then a door, and rear seats too.")
    shelf.work()
    assert "front light" in first(shelf, "front light").passage.text


def test_the_title_and_the_heading_help_to_find_but_are_not_quoted(shelf: Shelf) -> None:
    text = "# Delivery\n\nThree days.\n\n# Guarantee\n\n" + "It lasts for two years. " * 40
    shelf.learned("x.md", text, Label("Pelican handbook"))
    assert first(shelf, "pelican").words > 0
    found = first(shelf, "guarantee years")
    assert found.passage.headings == ["Guarantee"]
    assert "Pelican" not in found.passage.text


# Narrowing, following up


def test_a_category_narrows_the_search(filled: Shelf) -> None:
    asked = "within two days or weeks, tea"
    assert {each.document.title for each in filled.search(asked)} == {"R", "M", "T"}
    narrow = filled.search(asked, narrowing=Narrowing(category="A"))
    assert {each.document.title for each in narrow} == {"R"}
    assert filled.search(asked, narrowing=Narrowing(category="none such")) == []


def test_free_facts_narrow_the_search(filled: Shelf) -> None:
    hall = Narrowing(attributes=(("room", "hall"),))
    assert {each.document.title for each in filled.search("tea two", narrowing=hall)} == {"T"}
    cellar = Narrowing(attributes=(("room", "cellar"),))
    assert filled.search("tea two", narrowing=cellar) == []
    both = Narrowing("A", (("room", "hall"),))
    assert filled.search("tea two", narrowing=both) == []


def test_a_narrow_search_finds_what_many_others_would_hide(shelf: Shelf) -> None:
    for number in range(60):
        shelf.give(f"{number}.txt", f"The spanner number {number} is a spanner.", Label("", "many"))
    shelf.give("last.txt", "A spanner lies in the cellar among other things.", Label("L", "few"))
    shelf.work()
    found = shelf.search("spanner", narrowing=Narrowing(category="few"))
    assert [each.document.title for each in found] == ["L"]


def test_the_turn_before_makes_a_follow_up_understood(filled: Shelf) -> None:
    follow_up = "and within how many days?"
    assert "bicycle" in first(filled, follow_up, previous="My bike is here.").passage.text
    assert "money" in first(filled, follow_up, previous="I want a refund.").passage.text


def test_nothing_is_found_where_nothing_is(shelf: Shelf) -> None:
    assert shelf.search("anything at all") == []


def test_what_nobody_wrote_about_is_not_found_by_words(filled: Shelf) -> None:
    assert all(each.words == 0 for each in filled.search("zeppelin"))


def test_no_more_is_given_than_was_asked_for(filled: Shelf) -> None:
    assert len(filled.search("bicycle money tea within two", limit=2)) == 2


# Questions that are no questions

ODD = {
    "quotes": '"tea',
    "an operator": "tea AND OR NOT",
    "nearness": "NEAR(tea four, 5)",
    "a star": "te* *",
    "parentheses": "((tea)",
    "columns": "indexed:tea {indexed} : ^tea - +tea",
    "tsquery marks": "tea & | ! <-> four :* 'tea' \\",
    "a quote of SQL": "tea'; DROP TABLE passages; --",
    "wildcards of SQL": "%_tea_%",
    "Arabic": "متى يقدم الشاي tea",
    "Chinese": "什么时候喝茶 tea",
    "an emoji": "🍵 tea 👩‍👩‍👧",
    "combining marks": "te\u0301a tea",
    "NUL": "tea\x00four \x00",
    "half a character": "tea \ud83d",
    "line breaks": "tea\r\n\t\u2028four",
    "fractions": "½ ² tea ٣",
    "numbers": "1e999 -0 0x41 tea",
    "two thousand letters": "tea " + "x" * 1_996,
    "two thousand Chinese letters": "茶" * 1_996 + " tea",
    "five hundred words": "tea four " * 250,
}


def test_whatever_is_typed_is_only_words(filled: Shelf) -> None:
    for kind, question in ODD.items():
        assert "Tea is served" in " ".join(filled.texts(question)), kind


def test_a_question_without_words_finds_nothing_by_words_and_is_no_error(filled: Shelf) -> None:
    for question in ("", " ", "?!", "🍵", "\x00", "_", "* * *", "the of and", "()"):
        assert all(each.words == 0 for each in filled.search(question)), question


def test_text_of_every_script_is_learned_and_found(shelf: Shelf) -> None:
    texts = {
        "Arabic": "نقدم الشاي الساعة الرابعة",
        "Greek": "Το τσάι σερβίρεται στις τέσσερις",
        "Chinese": "下午 四点 供应 茶水",
        "Russian": "Чай подают в четыре часа",
    }
    for name, text in texts.items():
        shelf.give(f"{name}.txt", text)
    shelf.work()
    for text in texts.values():
        assert first(shelf, text.split()[1]).passage.text == text


PARTED = {
    "Colours: black/white/teal.": "teal",
    "Write to support@harbour.example.com.": "harbour",
    "See https://pier.example.com/tides for more.": "pier tides",
    "Runs 40-80 minutes.": "80",
    "Charges by USB-C at 2.5 A.": "2.5",
    "The model X-200/B is waterproof (IP67).": "X 200",
    "Set retry_after to 30.": "retry after",
    "Don’t open the lamp’s housing.": "housing",
}


def test_words_are_parted_alike_on_both_databases(shelf: Shelf) -> None:
    shelf.adapters.embeddings.available = False  # type: ignore[misc]
    for text in PARTED:
        shelf.give(f"{text[:5]}.txt", text)
    shelf.work()
    for text, question in PARTED.items():
        found = shelf.search(question)
        assert found, question
        assert found[0].passage.text == text


# What an answer is made from


def evidence(shelf: Shelf, question: str, **options: Any) -> list[Evidence]:
    with shelf.app.app_context():
        found = retrieval.evidence_for(shelf.id, question, **options)
        assert db.engine.pool.checkedout() == 0  # type: ignore[attr-defined]
    return found


def test_evidence_says_where_it_stands_and_why_it_was_found(filled: Shelf) -> None:
    [best, *_] = evidence(filled, "when is tea served")
    found = first(filled, "when is tea served")
    assert (best.title, best.text, best.kind) == ("T", found.passage.text, found.passage.kind)
    assert (best.passage_id, best.document_id) == (found.passage.id, found.document.id)
    parts = (best.score, best.words, best.pairs, best.meaning)
    assert parts == (found.score, found.words, found.pairs, found.meaning)
    assert (best.url, best.page, best.before, best.after) == (None, None, "", "")


def test_evidence_brings_the_passages_right_before_and_after_it(shelf: Shelf) -> None:
    chapters = [
        f"# Chapter {name}\n\n" + f"The {name} is described here. " * 60
        for name in ("anchor", "bowsprit", "capstan")
    ]
    document = shelf.learned("manual.md", "\n\n".join(chapters))
    shelf.retry(document.id)
    shelf.work()
    texts = [each.text for each in shelf.passages(document.id)]
    assert len(texts) > 3
    for each in evidence(shelf, "bowsprit capstan anchor", limit=50):
        place = texts.index(each.text, each.ordinal)
        assert each.before == (texts[place - 1] if place else "")
        assert each.after == (texts[place + 1] if place + 1 < len(texts) else "")


def test_evidence_is_searched_like_everything_else(filled: Shelf) -> None:
    assert "money" in evidence(filled, "how many days", previous="A refund.")[0].text
    narrow = evidence(filled, "within two, tea", narrowing=Narrowing(category="A"))
    assert [each.title for each in narrow] == ["R"]
    assert len(evidence(filled, "within two, tea", limit=1)) == 1
    assert evidence(filled, "zeppelin", narrowing=Narrowing(category="none")) == []


def test_no_connection_is_held_while_the_model_and_the_store_work(filled: Shelf) -> None:
    held: list[int] = []
    model, store = filled.adapters.embeddings, filled.adapters.vector_store
    embed, nearest = model.embed, store.nearest

    def watched(work: Any) -> Any:
        def watch(*given: Any, **named: Any) -> Any:
            held.append(db.engine.pool.checkedout())  # type: ignore[attr-defined]
            return work(*given, **named)

        return watch

    model.embed, store.nearest = watched(embed), watched(nearest)  # type: ignore[method-assign]
    assert evidence(filled, "when is tea served")
    assert held == [0, 0]


# What is remembered


def test_a_question_is_embedded_once_and_again_by_another_model(filled: Shelf) -> None:
    asked: list[str] = []
    model = filled.adapters.embeddings
    embed = model.embed

    def note(texts: Any, **how: Any) -> Any:
        asked.extend(texts)
        return embed(texts, **how)

    model.embed = note  # type: ignore[method-assign]
    with filled.app.app_context():
        vector = question_vector("a bicycle")
        assert vector is question_vector("a bicycle")
    filled.search("a bicycle")
    assert asked == ["a bicycle"]
    model.name = "concepts, second edition"  # type: ignore[misc]
    with filled.app.app_context():
        assert question_vector("a bicycle") is not None
    assert asked == ["a bicycle"] * 2


def test_warming_up_asks_once_and_only_when_there_is_something_to_ask(shelf: Shelf) -> None:
    asked: list[Any] = []
    store = shelf.adapters.vector_store
    store.nearest = lambda *given: asked.append(given) or {}  # type: ignore[method-assign]

    def warm_up() -> int:
        with shelf.app.app_context():
            retrieval.warm_up()
        return len(asked)

    assert warm_up() == 0
    shelf.learned("tea.txt", "Tea is served at four.")
    assert [warm_up(), warm_up()] == [1, 1]


def test_without_a_model_or_when_it_fails_a_question_has_no_vector(filled: Shelf) -> None:
    def fail(*_: Any, **how: Any) -> Any:
        raise ProviderError("The model is away.")

    model = filled.adapters.embeddings
    embed, model.embed = model.embed, fail  # type: ignore[method-assign]
    with filled.app.app_context():
        assert question_vector("a bicycle") is None
        # That it failed once is not remembered.
        model.embed = embed  # type: ignore[method-assign]
        assert question_vector("a bicycle") is not None
        model.available = False  # type: ignore[misc]
        assert question_vector("a bicycle") is None


def test_what_was_removed_or_replaced_is_not_remembered(filled: Shelf) -> None:
    for _ in range(2):
        assert "Tea is served" in filled.texts("tea")[0]
    found = first(filled, "tea")
    filled.give("tea.txt", "Tea is served at five o'clock.", Label("T"))
    filled.work()
    assert filled.texts("tea")[0] == "Tea is served at five o'clock."
    filled.remove(found.document.id)
    assert all("Tea" not in text for text in filled.texts("tea bicycle"))


def test_a_new_title_is_found_by(filled: Shelf) -> None:
    found = first(filled, "tea")
    assert first(filled, "pelican").words == 0
    filled.change(found.document.id, title="Pelican")
    filled.work()
    assert first(filled, "pelican").words > 0
    assert all(each.words == 0 for each in filled.search("T"))


def test_passages_that_are_still_being_learned_do_not_crowd_out_those_that_answer(
    shelf: Shelf,
) -> None:
    for number in range(12):
        shelf.give(f"{number}.txt", f"The spanner number {number} is a spanner.")
    shelf.work()
    before = shelf.texts("spanner")
    for number in range(12):
        shelf.give(f"{number}.txt", f"The spanner number {number} is a spanner, and new.")
    seen: list[int] = []
    with at_every_step(shelf.adapters, lambda _: seen.append(len(shelf.texts("spanner")))):
        shelf.work()
    assert len(before) == 12
    assert set(seen) == {12}


# Stores that fail


def test_without_the_vector_store_words_are_enough(filled: Shelf) -> None:
    filled.adapters.vector_store.problem = "The store is away."  # type: ignore[attr-defined]
    found = first(filled, "tea served")
    assert found.passage.text.startswith("Tea is served")
    assert (found.meaning, found.reason) == (None, "words")


def test_a_vector_store_that_fails_between_two_questions_costs_nothing(filled: Shelf) -> None:
    store = filled.adapters.vector_store

    def fail(*_: Any) -> Any:
        raise ProviderError("The store is away.")

    store.similarities = fail  # type: ignore[method-assign]
    store.nearest = lambda *_: {}  # type: ignore[method-assign]
    assert first(filled, "tea served").passage.text.startswith("Tea is served")


def test_without_the_model_words_are_enough(filled: Shelf) -> None:
    def fail(*_: Any, **how: Any) -> Any:
        raise ProviderError("The model is away.")

    filled.adapters.embeddings.embed = fail  # type: ignore[method-assign]
    assert first(filled, "tea served").reason == "words"


def test_ids_that_only_the_vector_store_knows_are_passed_over(filled: Shelf) -> None:
    model, store = filled.adapters.embeddings, filled.adapters.vector_store
    stale = [uuid4() for _ in range(5)]
    store.put(filled.id, model.name, stale, model.embed(["tea"] * 5))
    assert first(filled, "tea").passage.text.startswith("Tea is served")
    assert len(filled.search("refund")) <= 3


def test_numbers_that_only_the_index_knows_are_passed_over(filled: Shelf) -> None:
    with filled.app.app_context():
        lexical.add(filled.id, [lexical.Row(900_000, "zeppelin tea")])
        db.session.commit()
    assert all(each.words == 0 for each in filled.search("zeppelin"))


# Tenants


def test_T3_collections_are_named_after_the_organization_and_nothing_that_anybody_says() -> None:
    one, other = uuid4(), uuid4()
    name = collection_name(one, "a model")
    assert name == collection_name(one, "a model")
    assert name.startswith(f"org-{one.hex}-")
    assert other.hex not in collection_name(one, f"{other.hex}/../x")
    assert re.fullmatch(r"org-[0-9a-f]{32}-[0-9a-f]{12}", collection_name(one, "../'\x00é" * 9))
    assert collection_name(one, "a") != collection_name(one, "b") != collection_name(other, "b")


def test_T3_no_request_can_name_a_collection_or_an_organization(app: Flask) -> None:
    document = json.dumps(described(app))  # type: ignore[arg-type]
    assert '"collection' not in document
    given = [
        name
        for name, schema in json.loads(document)["components"]["schemas"].items()
        if schema.get("additionalProperties") is False
        and {"organization_id", "embedding_space", "space"} & set(schema.get("properties", {}))
    ]
    assert given == []


def test_T6_a_canary_is_never_found_by_another_organization(app: Flask, adapters: Adapters) -> None:
    one, other = Shelf(app, adapters, "One"), Shelf(app, adapters, "Other")
    one.learned("secret.txt", "The bicycle code is Cormorant-7431.")
    other.learned("secret.txt", "The bicycle code is Guillemot-2209.")
    for shelf, own, foreign in ((one, "Cormorant", "Guillemot"), (other, "Guillemot", "Cormorant")):
        for question in ("bicycle code", "bike", f"{foreign} code", foreign, "7431 2209"):
            texts = " ".join(shelf.texts(question))
            assert foreign not in texts
            assert own in texts or question in (foreign, "7431 2209")
    assert set(adapters.vector_store.kept) == {  # type: ignore[attr-defined]
        (one.id, "concepts"),
        (other.id, "concepts"),
    }


def test_T6_not_even_a_store_that_mixes_them_up_gives_it_away(
    app: Flask, adapters: Adapters
) -> None:
    one, other = Shelf(app, adapters, "One"), Shelf(app, adapters, "Other")
    one.learned("secret.txt", "The bicycle code is Cormorant-7431.")
    other.learned("tea.txt", "Tea at four.")
    [secret] = one.passages()
    model = adapters.embeddings
    adapters.vector_store.put(other.id, model.name, [secret.id], model.embed(["bicycle"]))
    with app.app_context():
        lexical.add(other.id, [lexical.Row(secret.number + 10_000, "bicycle code")])
        db.session.rollback()
    assert "Cormorant" not in " ".join(other.texts("bicycle code"))


def test_T6_the_search_of_the_api_stays_in_its_organization(cast: Cast, adapters: Adapters) -> None:
    for person, canary in ((cast.owner, "Cormorant-7431"), (cast.stranger, "Guillemot-2209")):
        body = {"title": "Codes", "text": f"The bicycle code is {canary}."}
        assert person.post("/api/documents/text", body).status_code == 202
    adapters.job_queue.run_all()  # type: ignore[attr-defined]
    own = cast.agent.get("/api/knowledge/search?q=cycle")
    assert [each["reason"] for each in own.json["results"]] == ["meaning"]
    assert "Cormorant" in own.get_data(as_text=True)
    key = cast.stranger.api_key("documents:read")
    client = cast.owner.app.test_client()
    for answer in (
        cast.stranger.get("/api/knowledge/search?q=bicycle+code+Cormorant"),
        client.get("/api/knowledge/search?q=Cormorant", headers=key),
        cast.stranger.get("/dashboard/knowledge/try?q=Cormorant+code"),
    ):
        assert answer.status_code == 200
        assert "Cormorant-" not in answer.get_data(as_text=True)


WITH_WHAT_CANNOT_BE_STORED: list[tuple[str, str, Any]] = [
    ("GET", "/api/documents?search=%00", None),
    ("GET", "/api/documents?category=a%00b", None),
    ("GET", "/api/knowledge/search?q=%00", None),
    ("GET", "/api/knowledge/search?q=tea&category=%00", None),
    ("GET", "/dashboard/documents?search=%00&category=%00", None),
    ("GET", "/dashboard/knowledge/try?q=%00tea", None),
    ("POST", "/api/documents/text", {"title": "a\x00b", "text": "x"}),
    ("POST", "/api/documents/text", {"title": "a", "text": "x\x00y"}),
    ("POST", "/api/documents/text", {"title": "a", "text": "x", "attributes": {"a\x00": "b"}}),
    ("POST", "/api/documents/question", {"question": "a\x00b", "answer": "x"}),
    ("POST", "/api/knowledge/questions", {"question": "a\x00b"}),
    ("POST", "/api/documents/page", {"url": "https://example.com/" + "x" * 2_020}),
    ("POST", "/api/documents/page", {"url": "https://example.com/", "title": "\x00"}),
]


def test_what_a_database_cannot_store_is_refused_and_no_server_error(cast: Cast) -> None:
    for method, path, body in WITH_WHAT_CANNOT_BE_STORED:
        status = cast.owner.call(method, path, body).status_code
        expected = {200} if path.startswith("/dashboard") else {422}
        assert status in expected, (path, body)


# Both databases


def test_both_databases_find_the_same_at_the_first_place(
    migrated_sqlite: Path, migrated_postgres: str, tmp_path: Path
) -> None:
    chosen = sorted(ARTICLES.glob("*.md"))[::3]
    names = {path.name for path in chosen}
    asked = [
        entry
        for entry in map(json.loads, QUESTIONS.read_text().splitlines())
        if entry.get("document") in names
    ]
    assert len(asked) > 30
    shutil.copy(migrated_sqlite, tmp_path / "frontdesk.db")
    found = [
        _first_places(Testing(data_dir=tmp_path, database_url=url), chosen, asked)
        for url in (f"sqlite:///{tmp_path / 'frontdesk.db'}", migrated_postgres)
    ]
    agreed = sum(one == other for one, other in zip(*found, strict=True))
    assert agreed / len(asked) >= 0.97
    rights = sum(
        place is not None and place[0] == each["document"]
        for place, each in zip(found[0], asked, strict=True)
    )
    # Many of these questions share no word with their answer, which only vectors find.
    assert rights / len(asked) >= 0.6


def _first_places(
    config: Testing, chosen: list[Path], asked: list[dict[str, Any]]
) -> list[tuple[str, int] | None]:
    adapters = fakes()
    adapters.text_extraction = FakeExtraction()
    app = create_app(config, adapters)
    shelf = Shelf(app, adapters)
    for path in chosen:
        shelf.give(path.name, path.read_bytes())
    adapters.embeddings.available = False  # type: ignore[misc]
    shelf.work()
    places = []
    with app.app_context():
        for each in asked:
            found = retrieval.search(
                shelf.id,
                each["question"],
                previous=each.get("previous", ""),
                weights=WORDS_ALONE,
                limit=1,
            )
            places.append(
                (found[0].document.file_name, found[0].passage.ordinal) if found else None
            )
        db.session.remove()
        db.engine.dispose()
    return places


def test_words_that_mean_the_same_find_each_other_without_any_model(
    config: Testing, adapters: Adapters
) -> None:
    adapters.embeddings = NoEmbeddings()
    shelf = Shelf(create_app(config, adapters), adapters)
    shelf.learned("delivery.md", "We deliver within the country for five euros.")
    shelf.learned("hours.md", "The shop is open from nine to six.")
    assert shelf.texts("how much is shipping") == ["We deliver within the country for five euros."]
