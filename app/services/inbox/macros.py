"""Macros: several steps under one name, done one after the other in a conversation."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import func, select

from app.errors import AppError, Invalid, NotFound
from app.extensions import db
from app.models import Macro, Priority, now
from app.services import audit
from app.services.actors import Actor
from app.services.conversation import speaking
from app.services.inbox import canned, handling, tags
from app.services.inbox.unique_names import flush_or_refuse
from app.services.states import State, get_state
from app.services.team import assigning

NO_MACRO = "There is no macro by this id."
TAKEN = "There is a macro with this name already."
ME = "me"
Step = dict[str, Any]


@dataclass(frozen=True)
class Stopped:
    """The step that could not be done, counted from 1, and why."""

    step: int
    message: str


@dataclass(frozen=True)
class Run:
    """How far it got."""

    state: State
    done: Sequence[str]
    failed: Stopped | None = None


def list_macros(organization_id: UUID) -> Sequence[Macro]:
    query = select(Macro).where(Macro.organization_id == organization_id)
    return db.session.scalars(query.order_by(func.lower(Macro.name), Macro.id)).all()


def add(actor: Actor, name: str, steps: Sequence[Step]) -> Macro:
    _check(actor, steps)
    row = Macro(organization_id=actor.organization_id, name=name, steps=list(steps))
    db.session.add(row)
    _record(actor, "added", name)
    flush_or_refuse("name", TAKEN)
    db.session.commit()
    return row


def change(actor: Actor, macro_id: UUID, changes: dict[str, Any]) -> Macro:
    row = _find(actor.organization_id, macro_id)
    if "steps" in changes:
        _check(actor, changes["steps"])
    for key, value in changes.items():
        setattr(row, key, value)
    _record(actor, "changed", row.name)
    flush_or_refuse("name", TAKEN)
    db.session.commit()
    return row


def remove(actor: Actor, macro_id: UUID) -> None:
    row = _find(actor.organization_id, macro_id)
    _record(actor, "removed", row.name)
    db.session.delete(row)
    db.session.commit()


def run(actor: Actor, conversation_id: UUID, macro_id: UUID, client_id: str = "") -> Run:
    """Do the steps in order. What is done stays done; the first that fails ends it.

    Run again under the same `client_id`, it says nothing twice.
    """
    client_id = client_id or uuid4().hex
    state = get_state(actor.organization_id, conversation_id)
    steps = list(_find(actor.organization_id, macro_id).steps)
    done: list[str] = []
    stopped = None
    for place, step in enumerate(steps, start=1):
        try:
            numbered = step | {"client_id": f"{client_id}-{place}"}
            STEPS[step["do"]](actor, get_state(actor.organization_id, conversation_id), numbered)
            db.session.commit()
        except AppError as error:
            db.session.rollback()
            stopped = Stopped(place, error.message)
            break
        done.append(step["do"])
    state = get_state(actor.organization_id, conversation_id)
    return Run(state, done, stopped)


def _reply(actor: Actor, state: State, step: Step) -> None:
    text = canned.filled(actor, state, step["text"])
    speaking.reply(actor, state.id, text, step["client_id"], keep_draft=True)


def _note(actor: Actor, state: State, step: Step) -> None:
    text = canned.filled(actor, state, step["text"])
    speaking.note(actor, state.id, text, step["client_id"], keep_draft=True)


def _assign(actor: Actor, state: State, step: Step) -> None:
    said = step["assignee_id"]
    assignee_id = actor.user_id if said == ME else UUID(said) if said else None
    assigning.assign(actor, state, assignee_id)


def _tag(actor: Actor, state: State, step: Step) -> None:
    tags.add_and_remove(actor, state, step["tags"], ())


def _untag(actor: Actor, state: State, step: Step) -> None:
    tags.add_and_remove(actor, state, (), step["tags"])


def _set_priority(actor: Actor, state: State, step: Step) -> None:
    handling.change(actor, state.id, {"priority": Priority(step["priority"])})


def _snooze(actor: Actor, state: State, step: Step) -> None:
    until = now() + timedelta(minutes=step["minutes"])
    handling.change(actor, state.id, {"snoozed_until": until})


def _close(actor: Actor, state: State, _: Step) -> None:
    speaking.close(actor, state.id)


def _hand_back(actor: Actor, state: State, _: Step) -> None:
    speaking.hand_back(actor, state.id)


STEPS: dict[str, Callable[[Actor, State, Step], None]] = {
    "reply": _reply,
    "note": _note,
    "assign": _assign,
    "tag": _tag,
    "untag": _untag,
    "priority": _set_priority,
    "snooze": _snooze,
    "close": _close,
    "hand_back": _hand_back,
}


def _check(actor: Actor, steps: Sequence[Step]) -> None:
    """What would fail in every conversation is refused when it is saved."""
    for place, step in enumerate(steps):
        try:
            if "text" in step:
                canned.check_variables(step["text"])
            if "tags" in step:
                tags.cleaned(step["tags"])
            if step.get("assignee_id") not in {None, ME}:
                assigning.assignable(actor.organization_id, UUID(step["assignee_id"]))
        except Invalid as error:
            raise Invalid(error.message, fields={f"steps.{place}": error.message}) from error


def _find(organization_id: UUID, macro_id: UUID) -> Macro:
    row = db.session.get(Macro, macro_id)
    if row is None or row.organization_id != organization_id:
        raise NotFound(NO_MACRO)
    return row


def _record(actor: Actor, verb: str, name: str) -> None:
    audit.record(actor, f"macro.{verb}", f"{actor.name} {verb} the macro “{name}”")
