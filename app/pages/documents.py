"""What the assistant knows, for people: the list, one document, trying it, judging it."""

from __future__ import annotations

import json
from uuid import UUID

from flask import Blueprint, Response, current_app, flash, redirect, render_template, request

from app.edge.asking import principal
from app.errors import AppError, NotFound
from app.pages.guards import require_person, require_role
from app.services import knowledge, known_answers, retrieval, submissions
from app.services.actors import Role
from app.services.submissions import KINDS, MEDIA_TYPES, MOST_BYTES, Label

pages = Blueprint("documents", __name__, url_prefix="/dashboard")
pages.before_request(require_person)
PASSAGES_SHOWN = 200


@pages.get("/documents", endpoint="list")
def list_page() -> str:
    asking = require_role(Role.AGENT)
    page = knowledge.list_documents(
        asking.organization.id,
        search=request.args.get("search", "")[:200],
        category=request.args.get("category", "")[:80],
        cursor=request.args.get("cursor"),
    )
    return render_template(
        "documents/list.html",
        documents=page.items,
        next_cursor=page.next_cursor,
        categories=knowledge.categories(asking.organization.id),
        search=request.args.get("search", ""),
        category=request.args.get("category", ""),
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
    label = Label(category=request.form.get("category", "")[:80].strip())
    files = [file for file in request.files.getlist("file") if file.filename]
    if not files:
        flash("Please choose a file first.", "bad")
    for file in files:
        try:
            taken = submissions.add_file(actor, file.filename or "", file.stream, label)
        except AppError as error:
            flash(error.message, "bad")
        else:
            flash(OUTCOMES[taken.outcome].format(taken.document.title), "good")
    return redirect("/dashboard/documents", 303)  # type: ignore[return-value]


OUTCOMES = {
    "added": "“{}” is being learned.",
    "replaced": "“{}” is being learned anew; the text before answers meanwhile.",
    "duplicate": "“{}” is known already, word for word.",
}


@pages.get("/documents/<uuid:document_id>", endpoint="one")
def document_page(document_id: UUID) -> str:
    asking = require_role(Role.AGENT)
    document = knowledge.get_document(asking.organization.id, document_id)
    return render_template(
        "documents/one.html",
        document=document,
        passages=knowledge.passages_of(asking.organization.id, document_id, limit=PASSAGES_SHOWN),
        passages_shown=PASSAGES_SHOWN,
        categories=knowledge.categories(asking.organization.id),
        may_change=asking.user.may(Role.ADMIN),
        attributes_json=json.dumps(document.attributes, ensure_ascii=False),
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
    found = (
        retrieval.search(asking.organization.id, question, previous=previous) if question else []
    )
    return render_template("documents/try.html", question=question, previous=previous, found=found)


@pages.get("/knowledge/questions", endpoint="questions")
def questions() -> str:
    asking = require_role(Role.AGENT)
    return render_template(
        "documents/questions.html",
        questions=known_answers.list_questions(asking.organization.id),
        runs=known_answers.last_runs(asking.organization.id),
        documents=knowledge.list_documents(asking.organization.id, limit=500).items,
        may_change=asking.user.may(Role.ADMIN),
    )
