"""The outside, one file a kind of provider. create_app is given them, services find them here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

from flask import current_app
from werkzeug.local import LocalProxy

from app.adapters.embeddings import Embeddings
from app.adapters.event_bus import EventBus
from app.adapters.file_storage import FileStorage
from app.adapters.identity import IdentityProvider
from app.adapters.job_queue import JobQueue
from app.adapters.language_model import LanguageModel
from app.adapters.mailer import Mailer
from app.adapters.sentiment_model import SentimentModel
from app.adapters.text_extraction import TextExtraction
from app.adapters.vector_store import VectorStore
from app.adapters.web_client import WebClient

OpenLanguageModel = Callable[[str, str], LanguageModel]


@dataclass
class Adapters:
    """Everything of the outside that one app talks to."""

    mailer: Mailer
    job_queue: JobQueue
    event_bus: EventBus
    vector_store: VectorStore
    embeddings: Embeddings
    file_storage: FileStorage
    text_extraction: TextExtraction
    web_client: WebClient
    sentiment: SentimentModel
    google: IdentityProvider | None
    # Models that made vectors earlier and can still read a question the same way.
    former_embeddings: tuple[Embeddings, ...] = ()
    # In the order in which they are asked; without any, answers are quotes.
    language_models: tuple[LanguageModel, ...] = ()
    # The same endpoint with somebody else's key: (key, name of the model).
    open_language_model: OpenLanguageModel | None = None


adapters = cast(Adapters, LocalProxy(lambda: current_app.extensions["adapters"]))
