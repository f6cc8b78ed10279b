"""Documents as people and programs handle them: finding, describing, renaming, giving again."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import pytest
from flask import Flask

from app import jobs
from app.adapters import Adapters
from app.adapters.file_storage import FsspecStorage
from app.adapters.text_extraction import Failed, FakeExtraction
from app.adapters.web_client import WebAnswer
from app.errors import ProviderError
from app.extensions import db
from tests.cast import Cast, Person, assemble
from tests.fakes import LetterVectors, MemoryVectors, fakes
from tests.reading import papers
from tests.shelf import Killed, at_every_step, killed_at
from tests.test_learning import Failing
from tests.test_uploads import docx

TEA = "Tea is served at four, with milk."
SQLITE_ALONE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


class Storage(FsspecStorage):
    """Can be away, or fail as nobody foresaw."""

    def __init__(self) -> None:
        super().__init__("memory://documents")
        self.trouble: list[Exception | None] = []

    def keep(self, organization_id: UUID, source: Any) -> str:
        trouble = self.trouble.pop(0) if self.trouble else None
        if trouble is not None:
            raise trouble
        return super().keep(organization_id, source)


@pytest.fixture
def adapters() -> Adapters:
    chosen = fakes()
    chosen.text_extraction = FakeExtraction(body_tokens=60)
    chosen.file_storage = Storage()
    return chosen


@pytest.fixture
def storage(adapters: Adapters) -> Storage:
    assert isinstance(adapters.file_storage, Storage)
    return adapters.file_storage


def upload(person: Person, *given: tuple[str, str | bytes], **form: str) -> Any:
    files = [
        (io.BytesIO(content.encode() if isinstance(content, str) else content), name)
        for name, content in given
    ]
    return person.post("/api/documents", data={"file": files, **form})


def work(cast: Cast) -> None:
    cast.mailbox.adapters.job_queue.run_all()  # type: ignore[attr-defined]


def learned(cast: Cast, name: str, content: str | bytes, **form: str) -> str:
    answer = upload(cast.owner, (name, content), **form)
    assert answer.status_code == 202, answer.json
    work(cast)
    return str(answer.json["items"][0]["document"]["id"])


def shown(cast: Cast, document_id: str) -> dict[str, Any]:
    found: dict[str, Any] = cast.agent.get(f"/api/documents/{document_id}").json
    return found


def passages_of(cast: Cast, document_id: str) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = cast.agent.get(f"/api/documents/{document_id}/passages").json[
        "items"
    ]
    return items


def found(cast: Cast, question: str, **narrowed: Any) -> list[str]:
    query = {"q": question, "k": 50, **narrowed}
    answer = cast.agent.get("/api/knowledge/search", query_string=query)
    assert answer.status_code == 200, answer.json
    return [each["title"] for each in answer.json["results"]]


def audited(cast: Cast, action: str) -> int:
    entries = cast.owner.get("/api/admin/audit?limit=200").json["items"]
    return sum(each["action"] == action for each in entries)


# Finding


def test_a_search_is_narrowed_by_facts_and_category(cast: Cast) -> None:
    for language, model in (("en", "A:1"), ("de", "A:1"), ("en", "B")):
        facts = json.dumps({"language": language, "model no": model})
        name = f"{language} {model[0]}.txt"
        learned(cast, name, f"{TEA} {language} {model}", title=name, attributes=facts)
    assert sorted(found(cast, "tea", attribute="language:en")) == ["en A.txt", "en B.txt"]
    both = ["language:en", "model no:A:1"]
    assert found(cast, "tea", attribute=both) == ["en A.txt"]
    assert found(cast, "tea", attribute="language:fr") == []
    assert found(cast, "tea", attribute='x"y:z') == []
    assert found(cast, "tea", category="Food") == []


@SQLITE_ALONE
@pytest.mark.parametrize("written", ["language", ":en", " :en"])
def test_a_fact_to_narrow_by_needs_a_name_and_a_value(cast: Cast, written: str) -> None:
    answer = cast.agent.get("/api/knowledge/search", query_string={"q": "x", "attribute": written})
    assert answer.status_code == 422
    assert "a name, a colon and a value" in str(answer.json["error"]["fields"])


@SQLITE_ALONE
def test_the_register_is_narrowed_by_status_category_and_words(cast: Cast) -> None:
    learned(cast, "tea.txt", TEA, title="Tea time", category="Food")
    learned(cast, "empty.txt", "  ", title="Nothing", category="Food")
    learned(cast, "cake.txt", "Cake at noon.", title="Cake time", category="Sweets")

    def listed(query: str) -> set[str]:
        page = cast.agent.get(f"/dashboard/documents?{query}").get_data(as_text=True)
        named = {each["title"] for each in cast.agent.get(f"/api/documents?{query}").json["items"]}
        titles = {"Tea time", "Nothing", "Cake time"}
        assert {each for each in titles if f"<bdi>{each}</bdi>" in page} == named
        return named

    assert listed("status=failed") == {"Nothing"}
    assert listed("status=ready&category=Food") == {"Tea time"}
    assert listed("status=ready&search=TIME") == {"Tea time", "Cake time"}
    assert cast.agent.get("/dashboard/documents?status=nonsense").status_code == 200
    page = cast.agent.get("/dashboard/documents?status=failed").get_data(as_text=True)
    assert '<option value="failed" selected>' in page


# A new title


def test_under_a_new_title_a_document_is_found_though_its_original_is_gone(
    cast: Cast, adapters: Adapters, storage: Storage
) -> None:
    document_id = learned(cast, "birds.txt", "Herons wade. " * 60, title="Wading")
    before = passages_of(cast, document_id)
    system, root = storage._system()
    system.rm(root, recursive=True)
    answer = cast.admin.patch(f"/api/documents/{document_id}", {"title": "Zeppelins"})
    assert (answer.status_code, answer.json["title"]) == (200, "Zeppelins")
    assert found(cast, "wading") == ["Zeppelins"] * len(before)
    work(cast)
    document = shown(cast, document_id)
    assert (document["status"], document["error"]) == ("ready", "")
    assert document["version"] == document["live_version"] == 2
    assert document["passages_done"] == document["passages_total"] == len(before) > 1
    after = passages_of(cast, document_id)
    assert [each["text"] for each in after] == [each["text"] for each in before]
    by_words = cast.agent.get("/api/knowledge/search?q=zeppelins&k=50").json["results"]
    assert by_words[0]["words"] > 0
    assert {each["meaning"] is not None for each in by_words} == {True}
    kept = adapters.vector_store.kept.values()  # type: ignore[attr-defined]
    assert sum(map(len, kept)) == len(before)


def test_warnings_and_pages_outlast_a_new_title(cast: Cast) -> None:
    papers_of_two = papers.pdf(papers.lines("Tea at four."), papers.lines("Cake at noon."))
    document_id = learned(cast, "two.pdf", papers_of_two)
    before, passages = shown(cast, document_id), passages_of(cast, document_id)
    assert (before["pages_total"], passages[-1]["page_to"]) == (2, 2)
    cast.admin.patch(f"/api/documents/{document_id}", {"title": "Another"})
    work(cast)
    after = shown(cast, document_id)
    assert (after["pages_total"], after["pages_done"]) == (2, 2)
    assert after["warnings"] == before["warnings"]
    for each, was in zip(passages_of(cast, document_id), passages, strict=True):
        assert each | {"id": ""} == was | {"id": ""}


def test_a_new_title_that_was_not_learned_to_the_end_is_retried_without_the_original(
    cast: Cast, adapters: Adapters, storage: Storage
) -> None:
    document_id = learned(cast, "tea.txt", TEA)
    system, root = storage._system()
    system.rm(root, recursive=True)
    whole = adapters.embeddings
    adapters.embeddings = Failing(whole, after=0, permanent=True)
    cast.admin.patch(f"/api/documents/{document_id}", {"title": "Zeppelins"})
    work(cast)
    assert shown(cast, document_id)["status"] == "failed"
    assert found(cast, "tea") == ["Zeppelins"]
    adapters.embeddings = whole
    assert cast.admin.post(f"/api/documents/{document_id}/retry").status_code == 202
    work(cast)
    assert shown(cast, document_id)["status"] == "ready"
    # What is learned anew on purpose comes from its original again, and says that this is lost.
    cast.admin.post(f"/api/documents/{document_id}/retry")
    work(cast)
    assert "no longer there" in shown(cast, document_id)["error"]


def test_a_new_title_while_a_new_file_is_being_learned_does_not_cost_the_file(
    cast: Cast, adapters: Adapters
) -> None:
    document_id = learned(cast, "tea.txt", TEA)
    upload(cast.owner, ("tea.txt", "Coffee is served at nine."))
    cast.admin.patch(f"/api/documents/{document_id}", {"title": "Drinks"})
    work(cast)
    texts = passages_of(cast, document_id)
    assert [each["text"] for each in texts] == ["Coffee is served at nine."]


def test_a_crash_at_any_step_of_a_new_title_loses_no_passage(
    app: Flask, adapters: Adapters
) -> None:
    cast = assemble(app, adapters)
    document_id = learned(cast, "birds.txt", "Herons wade slowly. " * 90)
    texts = [each["text"] for each in passages_of(cast, document_id)]
    for number in range(1, 40):
        cast.admin.patch(f"/api/documents/{document_id}", {"title": f"Title {number}"})
        try:
            with at_every_step(adapters, killed_at(number)):
                work(cast)
            survived = True
        except Killed:
            survived = False
            assert len(found(cast, "herons")) == len(texts), number
            with app.app_context():
                db.session.rollback()
                jobs.forget_leases()
                jobs.sweep()
            work(cast)
        assert shown(cast, document_id)["status"] == "ready", number
        after = passages_of(cast, document_id)
        assert [each["text"] for each in after] == texts, number
        kept = adapters.vector_store.kept.values()  # type: ignore[attr-defined]
        assert sum(map(len, kept)) == len(texts), number
        if survived:
            break
    assert number > 5


# What is said about it


@SQLITE_ALONE
@pytest.mark.parametrize("field", ["title", "category", "attributes"])
def test_nothing_is_not_a_change(cast: Cast, field: str) -> None:
    document_id = learned(cast, "tea.txt", TEA)
    answer = cast.admin.patch(f"/api/documents/{document_id}", {field: None})
    assert answer.status_code == 422
    assert answer.json["error"]["fields"] == {
        field: "Please leave this out, or say what it is to be."
    }
    same = {field: shown(cast, document_id)[field]}
    for body in ({}, same):
        assert cast.admin.patch(f"/api/documents/{document_id}", body).status_code == 200
    assert audited(cast, "document.changed") == 0
    assert shown(cast, document_id)["version"] == 1


BAD_LINES = ["two\nlines", "two\u2028lines", "a\u202eb", "a\u2066b", "a\u0085b", "a\x07b"]


@SQLITE_ALONE
@pytest.mark.parametrize("written", BAD_LINES)
def test_U7_a_title_is_one_plain_line(cast: Cast, written: str) -> None:
    document_id = learned(cast, "tea.txt", TEA)
    tries = [
        cast.admin.patch(f"/api/documents/{document_id}", {"title": written}),
        cast.admin.patch(f"/api/documents/{document_id}", {"category": written}),
        cast.admin.post("/api/documents/text", {"title": written, "text": "x"}),
        cast.admin.post("/api/documents/question", {"question": written, "answer": "x"}),
        cast.admin.post("/api/documents/page", {"url": "https://example.com", "title": written}),
        upload(cast.admin, ("b.txt", "Cake."), title=written),
    ]
    for answer in tries:
        assert answer.status_code == 422, answer.json
        assert "leave out" in str(answer.json["error"]["fields"])
    assert len(cast.owner.get("/api/documents").json["items"]) == 1


@SQLITE_ALONE
def test_U7_a_title_from_within_a_file_is_made_one_plain_line(cast: Cast) -> None:
    document_id = learned(cast, "a.md", "---\ntitle: invoice\u202efdp.exe\n---\nTea.")
    assert shown(cast, document_id)["title"] == "invoicefdp.exe"


@SQLITE_ALONE
@pytest.mark.parametrize("title", ["2026", "true", "1.50", '["x"]', "قائمة"])
def test_a_title_that_looks_like_something_else_is_a_title(cast: Cast, title: str) -> None:
    document_id = learned(cast, "a.txt", TEA, title=title, category=title)
    document = shown(cast, document_id)
    assert (document["title"], document["category"]) == (title, title)


@SQLITE_ALONE
@pytest.mark.parametrize("facts", ["nope", "[1]", '{"a": 1}', "7", '{"a": {"b": "c"}}'])
def test_facts_that_are_none_are_refused_in_our_words(cast: Cast, facts: str) -> None:
    answer = upload(cast.owner, ("a.txt", TEA), attributes=facts)
    assert answer.status_code == 422
    [said] = answer.json["error"]["fields"].values()
    assert said.startswith("Please give the facts as a JSON object")


# Giving again


def outcomes(answer: Any) -> list[str]:
    return [each["outcome"] for each in answer.json["items"]]


def test_what_is_known_already_takes_the_new_title_and_category_and_says_so(cast: Cast) -> None:
    document_id = learned(cast, "tea.txt", TEA, title="Tea", category="Food")
    again = upload(cast.owner, ("tea.txt", TEA))
    assert outcomes(again) == ["duplicate"]
    again = upload(
        cast.owner, ("other.txt", TEA), title="Zeppelins", attributes='{"language": "en"}'
    )
    assert outcomes(again) == ["relabelled"]
    work(cast)
    document = shown(cast, document_id)
    assert (document["title"], document["category"], document["attributes"]) == (
        "Zeppelins",
        "Food",
        {"language": "en"},
    )
    assert (document["status"], document["file_name"]) == ("ready", "tea.txt")
    assert found(cast, "zeppelins") == ["Zeppelins"]
    assert audited(cast, "document.changed") == 1
    data = {"file": (io.BytesIO(TEA.encode()), "tea.txt"), "category": "Drinks"}
    cast.owner.post("/dashboard/documents", data=data)
    page = cast.owner.get("/dashboard/documents").get_data(as_text=True)
    assert "Only what is said about it was changed" in page
    assert shown(cast, document_id)["category"] == "Drinks"


# What goes wrong with one of many


@SQLITE_ALONE
def test_what_nobody_foresaw_about_one_file_does_not_cost_the_report_on_the_others(
    cast: Cast, storage: Storage
) -> None:
    storage.trouble = [None, RuntimeError("a secret of ours"), None]
    answer = upload(cast.owner, ("a.txt", "Tea."), ("b.txt", "Cake."), ("c.txt", "Milk."))
    assert (answer.status_code, outcomes(answer)) == (202, ["added", "refused", "added"])
    said = answer.json["items"][1]["error"]
    assert said.startswith("“b.txt”: Something went wrong on our side")
    assert "secret" not in said
    work(cast)
    assert len(cast.owner.get("/api/documents?status=ready").json["items"]) == 2


@SQLITE_ALONE
def test_a_storage_that_is_away_is_told_for_each_file(cast: Cast, storage: Storage) -> None:
    away = ProviderError("The file could not be stored: s3.internal:9000 refused")
    storage.trouble = [away]
    answer = upload(cast.owner, ("a.txt", "Tea."), ("b.txt", "Cake."))
    assert (answer.status_code, outcomes(answer)) == (202, ["refused", "added"])
    said = "“a.txt” could not be stored just now. Please try again in a moment."
    assert answer.json["items"][0]["error"] == said
    storage.trouble = [away]
    answer = upload(cast.owner, ("a.txt", "Tea."))
    assert (answer.status_code, answer.json["error"]["message"]) == (503, said)
    assert answer.json["error"]["code"] == "unavailable"
    storage.trouble = [away]
    data = {"file": (io.BytesIO(b"Tea."), "a.txt")}
    cast.owner.post("/dashboard/documents", data=data)
    assert said in cast.owner.get("/dashboard/documents").get_data(as_text=True)


@SQLITE_ALONE
def test_U1_what_is_too_large_is_told_with_the_limit(cast: Cast) -> None:
    answer = cast.owner.post(
        "/api/documents", data={"file": (io.BytesIO(b"x" * (65 * 1024 * 1024)), "a.txt")}
    )
    assert answer.status_code == 413
    assert "64 MB" in answer.json["error"]["message"]
    answer = cast.owner.post("/api/documents/text", {"title": "x", "text": "x" * 2_000_000})
    assert (answer.status_code, "1 MB" in answer.json["error"]["message"]) == (413, True)


# What stands at an address

URL = "https://example.com/files/Product%20Guide"
PDF = papers.pdf(papers.lines(TEA))
PAGE = f"<html><body><p>{TEA}</p></body></html>".encode()
LIST = b"what,when\nTea is served at four,daily\n"
KINDS = {
    "pdf": (f"{URL}.pdf", "application/pdf", PDF, "Product Guide.pdf"),
    "unnamed pdf": (URL, "application/octet-stream", PDF, "Product Guide.pdf"),
    "pdf called a page": (URL, "text/html", PDF, "Product Guide.pdf"),
    "docx": (f"{URL}.docx", "application/zip", docx(TEA), "Product Guide.docx"),
    "text": (f"{URL}.txt", "text/plain", TEA.encode(), "Product Guide.txt"),
    "markdown": (f"{URL}.md?raw=1", "text/plain", f"# Tea\n\n{TEA}".encode(), "Product Guide.md"),
    "csv": (f"{URL}.csv", "text/csv", LIST, "Product Guide.csv"),
    "html": (URL, "text/html", PAGE, "page.html"),
    "nothing said": (URL, "", PAGE, "page.html"),
}


@SQLITE_ALONE
@pytest.mark.parametrize("kind", KINDS)
def test_whatever_can_be_read_at_an_address_is_learned_as_what_it_is(
    cast: Cast, adapters: Adapters, kind: str
) -> None:
    url, media_type, body, name = KINDS[kind]
    adapters.web_client.pages[url] = WebAnswer(url, media_type, body)  # type: ignore[attr-defined]
    given = cast.owner.post("/api/documents/page", {"url": url})
    work(cast)
    document = shown(cast, given.json["items"][0]["document"]["id"])
    assert (document["status"], document["error"], document["file_name"]) == ("ready", "", name)
    [passage] = cast.agent.get(f"/api/documents/{document['id']}/passages").json["items"]
    assert "Tea is served at four" in passage["text"]


@SQLITE_ALONE
def test_a_page_without_a_title_keeps_its_address(cast: Cast, adapters: Adapters) -> None:
    page = WebAnswer(URL, "text/html", b"<html><body><p>Tea at four.</p></body></html>")
    adapters.web_client.pages[URL] = page  # type: ignore[attr-defined]
    given = cast.owner.post("/api/documents/page", {"url": URL})
    work(cast)
    assert shown(cast, given.json["items"][0]["document"]["id"])["title"] == URL


@SQLITE_ALONE
def test_a_picture_at_an_address_is_refused_in_words(cast: Cast, adapters: Adapters) -> None:
    picture = WebAnswer(URL, "image/png", b"\x89PNG\r\n\x1a\n")
    adapters.web_client.pages[URL] = picture  # type: ignore[attr-defined]
    given = cast.owner.post("/api/documents/page", {"url": URL})
    work(cast)
    document = shown(cast, given.json["items"][0]["document"]["id"])
    assert document["error"] == "There is no text at this address, but image/png."


# Nobody waits for a connection that is idle


class Watching:
    """Notes how many connections to the database are in use while a provider works."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self.seen: list[tuple[str, int]] = []

    def note(self, deed: str) -> None:
        with self._app.app_context():
            self.seen.append((deed, db.engine.pool.checkedout()))  # type: ignore[attr-defined]


def test_no_connection_is_held_while_a_provider_works(app: Flask, adapters: Adapters) -> None:
    watching = Watching(app)

    class Vectors(MemoryVectors):
        def put(self, *given: Any) -> None:
            watching.note("put")
            super().put(*given)

        def remove(self, *given: Any) -> None:
            watching.note("remove vectors")
            super().remove(*given)

    class Files(Storage):
        def keep(self, organization_id: UUID, source: Any) -> str:
            watching.note("keep")
            return super().keep(organization_id, source)

        def remove(self, key: str) -> None:
            watching.note("remove file")
            super().remove(key)

        def local_copy(self, key: str) -> Any:
            watching.note("fetch file")
            return super().local_copy(key)

    class Model(LetterVectors):
        def embed(self, texts: Sequence[str], *, hurry: bool = False) -> Any:
            if not hurry:
                watching.note("embed")
            return super().embed(texts)

    class Web(type(adapters.web_client)):  # type: ignore[misc]
        def check(self, url: str) -> None:
            watching.note("resolve")

        def get(self, url: str) -> WebAnswer:
            watching.note("fetch page")
            return WebAnswer(url, "text/html", b"<html><body><p>Tea at four.</p></body></html>")

    adapters.vector_store, adapters.file_storage = Vectors(), Files()
    adapters.embeddings, adapters.web_client = Model(), Web()
    cast = assemble(app, adapters)
    document_id = learned(cast, "birds.txt", "Herons wade slowly. " * 90)
    cast.owner.post("/api/documents/page", {"url": URL})
    work(cast)
    cast.owner.patch(f"/api/documents/{document_id}", {"title": "Another"})
    work(cast)
    cast.owner.get(f"/dashboard/documents/{document_id}/original")
    cast.owner.delete(f"/api/documents/{document_id}")
    work(cast)
    assert {deed for deed, _ in watching.seen} == {
        *("put", "remove vectors", "keep", "remove file", "fetch file", "embed", "resolve"),
        "fetch page",
    }
    assert [each for each in watching.seen if each[1]] == []


def test_a_reading_that_was_refused_says_so_under_its_new_title_too(
    cast: Cast, adapters: Adapters
) -> None:
    adapters.text_extraction.failures["tea.txt"] = Failed("x", "Broken.")  # type: ignore[attr-defined]
    document_id = learned(cast, "tea.txt", TEA)
    cast.admin.patch(f"/api/documents/{document_id}", {"title": "Another"})
    work(cast)
    document = shown(cast, document_id)
    assert (document["status"], document["error"]) == ("failed", "Broken.")
