"""What the assistant knows, for people: the list, one document, trying it, judging it."""

from __future__ import annotations

import time
from itertools import pairwise
from typing import TYPE_CHECKING
from uuid import UUID

from flask import Blueprint, Response, current_app, flash, g, redirect, render_template, request

from app.edge.asking import principal
from app.errors import NotFound
from app.pages.guards import require_person, require_role
from app.services.actors import Role
from app.services.answering import cited_answers
from app.services.inbox import article_drafts
from app.services.inbox.article_drafts import ArticleStatus
from app.services.knowledge import (
    askings,
    embedding_moves,
    knowledge,
    known_answers,
    sitemaps,
    submissions,
)
from app.services.knowledge.evaluation import DEPTH
from app.services.knowledge.knowledge import DocumentStatus
from app.services.knowledge.submissions import KINDS, MEDIA_TYPES, MOST_BYTES, Label
from app.services.naming import one_plain_line
from app.services.search import retrieval
from app.services.search.marking import mark

if TYPE_CHECKING:
    from app.models import Document

pages = Blueprint("documents", __name__, url_prefix="/dashboard")
pages.before_request(require_person)
PASSAGES_SHOWN = 200
PASSAGES_BEFORE = 3
DOCUMENTS_OFFERED = 100
DRAFTS_SHOWN = 20
LARGEST_NUMBER = 2**31 - 1


@pages.get("/documents", endpoint="list")
def list_page() -> str | Response:
    asking = require_role(Role.AGENT)
    if "renewed_session" in g:
        # The plain form carries the token of the cookie, and this answer only now brings that.
        return redirect(request.full_path.rstrip("?"))  # type: ignore[return-value]
    search = request.args.get("search", "").strip()[:200]
    category = request.args.get("category", "")[:80]
    status = _status(request.args.get("status", ""))
    page = knowledge.list_documents(
        asking.organization.id,
        search=search,
        category=category,
        status=status,
        cursor=request.args.get("cursor"),
    )
    return render_template(
        "documents/list.html",
        documents=page.items,
        next_cursor=page.next_cursor,
        categories=knowledge.categories(asking.organization.id),
        search=search,
        category=category,
        status=status.value if status else "",
        sitemaps=sitemaps.list_sitemaps(asking.organization.id),
        move=embedding_moves.current(asking.organization.id),
        may_change=asking.user.may(Role.ADMIN),
        accepted=",".join(MEDIA_TYPES),
        kinds=KINDS,
        most_megabytes=MOST_BYTES // 1024**2,
        csrf_token=request.cookies.get("csrf_access_token", ""),
    )


@pages.post("/documents")
def upload() -> Response:
    """A plain form, for browsers without our scripts; says what became of each file."""
    actor = require_role(Role.ADMIN).actor()
    category = one_plain_line(request.form.get("category", ""))
    label = Label(category=category[:80].strip())
    files = [file for file in request.files.getlist("file") if file.filename]
    if not files:
        flash("Please choose a file first.", "bad")
    given = [(file.filename or "", file.stream) for file in files]
    for attempt in submissions.add_files(actor, given, label):
        if attempt.taken is None:
            flash(attempt.error.message if attempt.error else "", "bad")
        else:
            words = OUTCOMES[attempt.taken.outcome]
            flash(words.format(attempt.taken.document.title), "good")
    return redirect("/dashboard/documents", 303)  # type: ignore[return-value]


OUTCOMES = {
    "added": "“{}” is being learned.",
    "replaced": "“{}” is being learned anew; the text before answers meanwhile.",
    "duplicate": "“{}” is known already, word for word.",
    "relabelled": "“{}” is known already, word for word. Only what is said about it was changed.",
}


@pages.get("/documents/drafts", endpoint="drafts")
def drafts_page() -> str:
    """Articles that somebody has proposed."""
    asking = require_role(Role.AGENT)
    organization_id = asking.organization.id
    wanted = request.args.get("status", "")
    status = ArticleStatus(wanted) if wanted in set(ArticleStatus) else ArticleStatus.OPEN
    page = article_drafts.list_drafts(
        organization_id, status, request.args.get("cursor"), DRAFTS_SHOWN
    )
    return render_template(
        "documents/drafts.html",
        drafts=page.items,
        next_cursor=page.next_cursor,
        status=status.value,
        waiting=article_drafts.count_waiting(organization_id),
        may_change=asking.user.may(Role.ADMIN),
    )


@pages.get("/documents/<uuid:document_id>", endpoint="one")
def document_page(document_id: UUID) -> str:
    asking = require_role(Role.AGENT)
    wanted = request.args.get("passage", 0, type=int)
    # A link to a late passage begins shortly before it, so that it also works without scripts.
    after = wanted - PASSAGES_BEFORE - 1 if wanted >= PASSAGES_SHOWN else -1
    shown = knowledge.passages_of(
        asking.organization.id, document_id, min(after, LARGEST_NUMBER), PASSAGES_SHOWN + 1
    )
    before = request.args.get("answers", type=int)
    if before is not None:
        before = max(0, min(before, LARGEST_NUMBER))
    return render_template(
        "documents/one.html",
        document=knowledge.get_document(asking.organization.id, document_id),
        passages=shown[:PASSAGES_SHOWN],
        begins_late=after >= 0,
        has_more=len(shown) > PASSAGES_SHOWN,
        passages_shown=PASSAGES_SHOWN,
        answers=cited_answers.answers_from(asking.organization.id, document_id, before=before),
        newer_answers=before is not None,
        categories=knowledge.categories(asking.organization.id),
        may_change=asking.user.may(Role.ADMIN),
    )


@pages.get("/documents/<uuid:document_id>/original", endpoint="original")
def original(document_id: UUID) -> Response:
    """The file as it was given: always to be saved, never to be shown by the browser."""
    document = knowledge.get_document(principal().organization.id, document_id)
    content = knowledge.original_of(document)
    if content is None:
        raise NotFound("There is no original to this document.")
    response = current_app.response_class(content, mimetype="application/octet-stream")
    response.headers.set("Content-Disposition", "attachment", filename=document.file_name)
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


@pages.get("/knowledge/try", endpoint="try_it")
def try_it() -> str:
    asking = require_role(Role.AGENT)
    question = request.args.get("q", "").strip()[:2_000]
    previous = request.args.get("previous", "").strip()[:2_000]
    started = time.perf_counter()
    found = (
        retrieval.search(asking.organization.id, question, previous=previous) if question else []
    )
    milliseconds = round((time.perf_counter() - started) * 1000)
    asked = f"{previous}\n{question}"
    return render_template(
        "documents/try.html",
        question=question,
        previous=previous,
        results=found,
        pieces_of=lambda written: mark(written, asked),
        milliseconds=milliseconds,
        knows_anything=bool(knowledge.list_documents(asking.organization.id, limit=1).items),
        may_change=asking.user.may(Role.ADMIN),
    )


@pages.get("/knowledge/questions", endpoint="questions")
def questions() -> str:
    asking = require_role(Role.AGENT)
    kept = known_answers.list_questions(asking.organization.id)
    documents = knowledge.list_documents(asking.organization.id, limit=DOCUMENTS_OFFERED)
    chosen = knowledge.find_document(asking.organization.id, request.args.get("document", ""))
    runs = known_answers.last_runs(asking.organization.id)
    now_and_before = next(pairwise(run.ranks for run in runs), None)
    ranks = runs[0].ranks if runs else {}
    return render_template(
        "documents/questions.html",
        questions=kept,
        runs=runs,
        ranks=ranks,
        before=now_and_before[1] if now_and_before else ranks,
        depth=DEPTH,
        documents=_with(documents.items, chosen),
        offers_all=documents.next_cursor is None,
        titles=known_answers.titles_of(kept),
        most=known_answers.MOST,
        asking=askings.current(asking.organization.id),
        may_change=asking.user.may(Role.ADMIN),
        question=request.args.get("question", "")[:1_000],
        previous=request.args.get("previous", "")[:1_000],
        chosen=str(chosen.id) if chosen else "",
    )


def _status(written: str) -> DocumentStatus | None:
    """An address that somebody has changed by hand narrows nothing, rather than failing."""
    return DocumentStatus(written) if written in set(DocumentStatus) else None


def _with(documents: list[Document], chosen: Document | None) -> list[Document]:
    """The newest ones and the one that is chosen; the others are found by typing."""
    found = {each.id: each for each in documents} | ({chosen.id: chosen} if chosen else {})
    return sorted(found.values(), key=lambda each: each.title.casefold())
