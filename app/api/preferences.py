"""What an organization decides about its assistant and its widget."""

from __future__ import annotations

from typing import Any

from flask_openapi3 import APIBlueprint, Tag

from app.api.access import signed_in
from app.api.schemas.common import shown
from app.api.schemas.people import PictureForm
from app.api.schemas.preferences import (
    AssistantChange,
    AssistantShown,
    ModelGiven,
    ModelShown,
    TrialShown,
    WidgetChange,
    WidgetShown,
)
from app.edge.asking import principal
from app.services.actors import Role
from app.services.answering import own_models
from app.services.people.api_keys import Scope
from app.services.widget import installations, logos, preferences

api = APIBlueprint(
    "preferences", __name__, url_prefix="/api/organization", abp_tags=[Tag(name="Organization")]
)


@api.get("/assistant", responses={200: AssistantShown})
@signed_in(scope=Scope.ORGANIZATION_READ)
def get_assistant() -> dict[str, Any]:
    """The assistant's name, what it is to heed, and what it may use."""
    return shown(AssistantShown, preferences.assistant_of(principal().organization.id))


@api.patch("/assistant", responses={200: AssistantShown})
@signed_in(Role.ADMIN, scope=Scope.ORGANIZATION_WRITE)
def change_assistant(body: AssistantChange) -> dict[str, Any]:
    """Change it."""
    changes = body.model_dump(exclude_unset=True)
    return shown(AssistantShown, preferences.change_assistant(principal().actor(), changes))


@api.get("/model", responses={200: ModelShown})
@signed_in(Role.ADMIN)
def get_model() -> dict[str, Any]:
    """Whether the organization has a key of its own for the language model, and which model."""
    return shown(ModelShown, own_models.own_model_of(principal().organization))


@api.put("/model", responses={200: ModelShown})
@signed_in(Role.ADMIN)
def set_model(body: ModelGiven) -> dict[str, Any]:
    """Answer with a key of one's own. It is kept sealed, and never shown again (O7)."""
    return shown(ModelShown, own_models.set_own_model(principal().actor(), body.name, body.key))


@api.delete("/model", responses={200: ModelShown})
@signed_in(Role.ADMIN)
def remove_model() -> dict[str, Any]:
    """Forget the key; the models of this server answer again."""
    return shown(ModelShown, own_models.remove_own_model(principal().actor()))


@api.post("/model/trial", responses={200: TrialShown})
@signed_in(Role.ADMIN)
def try_model() -> dict[str, Any]:
    """Ask the model something small with the key that is kept."""
    return shown(TrialShown, own_models.try_own_model(principal().actor()))


@api.get("/widget", responses={200: WidgetShown})
@signed_in(scope=Scope.ORGANIZATION_READ)
def get_widget() -> dict[str, Any]:
    """The widget's look and wording, and the sites on which it has been seen."""
    return _shown(preferences.widget_of(principal().organization.id))


@api.patch("/widget", responses={200: WidgetShown})
@signed_in(Role.ADMIN, scope=Scope.ORGANIZATION_WRITE)
def change_widget(body: WidgetChange) -> dict[str, Any]:
    """Change it. Sites show it as soon as they are loaded anew."""
    changes = body.model_dump(exclude_unset=True, mode="json")
    return _shown(preferences.change_widget(principal().actor(), changes))


@api.put("/widget/logo", responses={200: WidgetShown, 413: None})
@signed_in(Role.ADMIN)
def set_logo(form: PictureForm) -> dict[str, Any]:
    """Set the logo at the widget's head: PNG, JPEG or WebP, at most 64 KB."""
    content = form.picture.stream.read(logos.MOST_BYTES + 1)
    return _shown(logos.set_logo(principal().actor(), content))


@api.delete("/widget/logo", responses={200: WidgetShown})
@signed_in(Role.ADMIN)
def remove_logo() -> dict[str, Any]:
    """Show the first letter of the name instead."""
    return _shown(logos.remove_logo(principal().actor()))


def _shown(look: dict[str, Any]) -> dict[str, Any]:
    sites = installations.seen_on(principal().organization.id)
    return shown(WidgetShown, look | {"installed_on": sites})
