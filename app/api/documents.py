"""What the assistant knows: giving, watching, searching, taking back."""

from __future__ import annotations

import time
from typing import Any

from flask_openapi3 import APIBlueprint, Tag

from app.api.access import signed_in
from app.api.schemas.common import ById, shown
from app.api.schemas.documents import (
    DocumentChange,
    DocumentPage,
    DocumentQuery,
    DocumentShown,
    FoundList,
    PageGiven,
    PassageList,
    PassageQuery,
    QuestionGiven,
    SearchQuery,
    TakenList,
    TextGiven,
    UploadForm,
)
from app.edge.asking import principal
from app.errors import AppError
from app.services import knowledge, retrieval, submissions
from app.services.actors import Role
from app.services.api_keys import Scope
from app.services.submissions import Label, Taken

api = APIBlueprint("knowledge", __name__, url_prefix="/api", abp_tags=[Tag(name="Knowledge")])


@api.get("/documents", responses={200: DocumentPage})
@signed_in(scope=Scope.DOCUMENTS_READ)
def list_documents(query: DocumentQuery) -> dict[str, Any]:
    """The organization's documents, newest first."""
    page = knowledge.list_documents(
        principal().organization.id,
        search=query.search,
        category=query.category,
        status=query.status,
        cursor=query.cursor,
        limit=query.limit,
    )
    return shown(DocumentPage, page)


@api.post("/documents", responses={202: TakenList, 413: None})
@signed_in(Role.ADMIN, scope=Scope.DOCUMENTS_WRITE)
def upload(form: UploadForm) -> tuple[dict[str, Any], int]:
    """Give files. Each is taken or refused by itself; what was taken is learned at once."""
    title = form.title if len(form.file) == 1 else ""
    label = Label(title, form.category, tuple(form.attributes.items()))
    items, refusals = [], []
    for file in form.file:
        name = file.filename or "document"
        try:
            taken = submissions.add_file(principal().actor(), name, file.stream, label)
        except AppError as error:
            refusals.append(error)
            items.append({"file_name": name, "outcome": "refused", "error": error.message})
        else:
            items.append(_taken(taken))
    if len(refusals) == len(items):
        raise refusals[0]
    return shown(TakenList, {"items": items}), 202


@api.post("/documents/text", responses={202: TakenList})
@signed_in(Role.ADMIN, scope=Scope.DOCUMENTS_WRITE)
def add_text(body: TextGiven) -> tuple[dict[str, Any], int]:
    """Give a text as it is."""
    label = Label(body.title, body.category, tuple(body.attributes.items()))
    taken = submissions.add_text(principal().actor(), body.text, label)
    return shown(TakenList, {"items": [_taken(taken)]}), 202


@api.post("/documents/question", responses={202: TakenList})
@signed_in(Role.ADMIN, scope=Scope.DOCUMENTS_WRITE)
def add_question(body: QuestionGiven) -> tuple[dict[str, Any], int]:
    """Give a question with its answer."""
    taken = submissions.add_question(principal().actor(), body.question, body.answer, body.category)
    return shown(TakenList, {"items": [_taken(taken)]}), 202


@api.post("/documents/page", responses={202: TakenList})
@signed_in(Role.ADMIN, scope=Scope.DOCUMENTS_WRITE)
def add_page(body: PageGiven) -> tuple[dict[str, Any], int]:
    """Give a web page by its address, or every page of a sitemap."""
    actor, url = principal().actor(), str(body.url)
    if body.sitemap:
        taken = submissions.add_sitemap(actor, url, body.category)
    else:
        taken = [submissions.add_page(actor, url, Label(body.title, body.category))]
    return shown(TakenList, {"items": [_taken(each) for each in taken]}), 202


@api.get("/documents/<uuid:id>", responses={200: DocumentShown})
@signed_in(scope=Scope.DOCUMENTS_READ)
def get_document(path: ById) -> dict[str, Any]:
    """One document, with how far learning it has come."""
    return shown(DocumentShown, knowledge.get_document(principal().organization.id, path.id))


@api.patch("/documents/<uuid:id>", responses={200: DocumentShown})
@signed_in(Role.ADMIN, scope=Scope.DOCUMENTS_WRITE)
def change_document(path: ById, body: DocumentChange) -> dict[str, Any]:
    """Change its title, category or facts. A new title is learned anew."""
    changes = body.model_dump(exclude_unset=True, exclude_none=True)
    changed = knowledge.change_document(principal().actor(), path.id, changes)
    return shown(DocumentShown, changed)


@api.post("/documents/<uuid:id>/retry", responses={202: DocumentShown, 409: None})
@signed_in(Role.ADMIN, scope=Scope.DOCUMENTS_WRITE)
def retry(path: ById) -> tuple[dict[str, Any], int]:
    """Learn it again from its original."""
    return shown(DocumentShown, knowledge.retry(principal().actor(), path.id)), 202


@api.post("/documents/<uuid:id>/fetch", responses={202: DocumentShown, 409: None})
@signed_in(Role.ADMIN, scope=Scope.DOCUMENTS_WRITE)
def fetch_again(path: ById) -> tuple[dict[str, Any], int]:
    """Fetch a web page anew."""
    return shown(DocumentShown, knowledge.fetch_again(principal().actor(), path.id)), 202


@api.delete("/documents/<uuid:id>", responses={204: None})
@signed_in(Role.ADMIN, scope=Scope.DOCUMENTS_WRITE)
def remove_document(path: ById) -> tuple[str, int]:
    """Remove it for good: text, vectors and original."""
    knowledge.remove_document(principal().actor(), path.id)
    return "", 204


@api.get("/documents/<uuid:id>/passages", responses={200: PassageList})
@signed_in(scope=Scope.DOCUMENTS_READ)
def list_passages(path: ById, query: PassageQuery) -> dict[str, Any]:
    """The passages that it was cut into, in order."""
    found = knowledge.passages_of(principal().organization.id, path.id, query.after, query.limit)
    return shown(PassageList, {"items": found})


@api.get("/knowledge/search", responses={200: FoundList})
@signed_in(scope=Scope.DOCUMENTS_READ)
def search(query: SearchQuery) -> dict[str, Any]:
    """The passages that bear on a question, the best first."""
    started = time.perf_counter()
    found = retrieval.search(
        principal().organization.id,
        query.q,
        limit=query.k,
        previous=query.previous,
        narrowing=retrieval.Narrowing(category=query.category),
    )
    milliseconds = round((time.perf_counter() - started) * 1000, 1)
    return shown(
        FoundList, {"results": [_found(each) for each in found], "milliseconds": milliseconds}
    )


def _taken(taken: Taken) -> dict[str, Any]:
    return {
        "file_name": taken.document.file_name,
        "outcome": taken.outcome,
        "document": taken.document,
    }


def _found(found: retrieval.Found) -> dict[str, Any]:
    passage = found.passage
    return {
        "passage_id": passage.id,
        "document_id": passage.document_id,
        "title": found.document.title,
        "heading": passage.heading,
        "page": passage.page_from,
        "text": passage.text,
        "score": round(found.score, 4),
        "words": round(found.words, 4),
        "meaning": None if found.meaning is None else round(found.meaning, 4),
        "reason": found.reason.value,
    }
