"""What the assistant knows: giving, watching, taking back."""

from __future__ import annotations

from typing import Any

from flask_openapi3 import APIBlueprint, Tag

from app.api.access import signed_in
from app.api.schemas.common import ById, shown
from app.api.schemas.documents import (
    DocumentChange,
    DocumentPage,
    DocumentQuery,
    DocumentShown,
    PageGiven,
    PassageList,
    PassageQuery,
    QuestionGiven,
    TakenList,
    TextGiven,
    UploadForm,
)
from app.edge.asking import principal
from app.errors import Invalid
from app.services.actors import Role
from app.services.knowledge import knowledge, sitemaps, submissions, web_pages
from app.services.knowledge.submissions import Attempt, Label, Taken
from app.services.people.api_keys import Scope

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


@api.post("/documents", responses={202: TakenList, 413: None, 503: None})
@signed_in(Role.ADMIN, scope=Scope.DOCUMENTS_WRITE)
def upload(form: UploadForm) -> tuple[dict[str, Any], int]:
    """Give files. Each is taken or refused by itself; what was taken is learned at once."""
    title = form.title if len(form.file) == 1 else ""
    label = Label(title, form.category, tuple(form.attributes.items()))
    files = [(file.filename or "document", file.stream) for file in form.file]
    attempts = submissions.add_files(principal().actor(), files, label)
    if all(each.error for each in attempts):
        # Nothing was taken: the answer is the refusal itself.
        raise attempts[0].error or Invalid()
    return shown(TakenList, {"items": [_attempted(each) for each in attempts]}), 202


@api.post("/documents/text", responses={202: TakenList, 503: None})
@signed_in(Role.ADMIN, scope=Scope.DOCUMENTS_WRITE)
def add_text(body: TextGiven) -> tuple[dict[str, Any], int]:
    """Give a text as it is."""
    label = Label(body.title, body.category, tuple(body.attributes.items()))
    taken = submissions.add_text(principal().actor(), body.text, label)
    return shown(TakenList, {"items": [_taken(taken)]}), 202


@api.post("/documents/question", responses={202: TakenList, 503: None})
@signed_in(Role.ADMIN, scope=Scope.DOCUMENTS_WRITE)
def add_question(body: QuestionGiven) -> tuple[dict[str, Any], int]:
    """Give a question with its answer."""
    taken = submissions.add_question(principal().actor(), body.question, body.answer, body.category)
    return shown(TakenList, {"items": [_taken(taken)]}), 202


@api.post("/documents/page", responses={202: TakenList, 409: None})
@signed_in(Role.ADMIN, scope=Scope.DOCUMENTS_WRITE)
def add_page(body: PageGiven) -> tuple[dict[str, Any], int]:
    """Give a web page by its address, or a sitemap, whose pages are then taken one by one."""
    actor, url = principal().actor(), str(body.url)
    if body.sitemap:
        sitemap = sitemaps.add_sitemap(actor, url, body.category)
        return shown(TakenList, {"items": [], "sitemap": sitemap}), 202
    taken = web_pages.add_page(actor, url, Label(body.title, body.category))
    return shown(TakenList, {"items": [_taken(taken)]}), 202


@api.get("/documents/<uuid:id>", responses={200: DocumentShown})
@signed_in(scope=Scope.DOCUMENTS_READ)
def get_document(path: ById) -> dict[str, Any]:
    """One document, with how far learning it has come."""
    return shown(DocumentShown, knowledge.get_document(principal().organization.id, path.id))


@api.patch("/documents/<uuid:id>", responses={200: DocumentShown})
@signed_in(Role.ADMIN, scope=Scope.DOCUMENTS_WRITE)
def change_document(path: ById, body: DocumentChange) -> dict[str, Any]:
    """Change its title, category or facts. A new title is learned anew."""
    changes = body.model_dump(exclude_unset=True)
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


def _attempted(attempt: Attempt) -> dict[str, Any]:
    if attempt.taken is not None:
        return _taken(attempt.taken)
    said = attempt.error.message if attempt.error else ""
    return {"file_name": attempt.file_name, "outcome": "refused", "error": said}


def _taken(taken: Taken) -> dict[str, Any]:
    return {
        "file_name": taken.document.file_name,
        "outcome": taken.outcome,
        "document": taken.document,
    }
