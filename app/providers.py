"""Which provider of each kind the settings ask for."""

from __future__ import annotations

from pathlib import Path

from app.adapters import Adapters
from app.adapters.chat_model import ChatModel
from app.adapters.chroma import EmbeddedChroma
from app.adapters.chroma_server import ChromaServer
from app.adapters.embeddings import Embeddings, MiniLM, NoEmbeddings
from app.adapters.event_bus import MemoryBus
from app.adapters.file_storage import FileStorage, FsspecStorage
from app.adapters.identity import GoogleIdentity, IdentityProvider
from app.adapters.job_queue import ThreadJobQueue
from app.adapters.language_model import LanguageModel
from app.adapters.mailer import Mailer, NoMailer, SendGridMailer
from app.adapters.object_storage import ObjectStorage, is_installed, is_object_storage
from app.adapters.openai_embeddings import OpenAIEmbeddings
from app.adapters.redis_bus import RedisBus
from app.adapters.sentiment_model import HeadSentiment, LexiconSentiment, SentimentModel
from app.adapters.sentiment_transformer import TransformerSentiment
from app.adapters.text_extraction import ReadingProcess
from app.adapters.vector_store import VectorStore
from app.adapters.web_client import PublicWeb
from config import Config, ConfigurationError

DEFAULT_OPENAI_MODEL = "text-embedding-3-small"


def choose_adapters(config: Config) -> Adapters:
    embeddings = _embeddings(config)
    return Adapters(
        mailer=_mailer(config),
        job_queue=ThreadJobQueue(config.job_threads, {"turn": config.answers_at_once}),
        event_bus=RedisBus(config.redis_url) if config.redis_url else MemoryBus(),
        vector_store=_vector_store(config),
        embeddings=embeddings,
        file_storage=_file_storage(config),
        text_extraction=ReadingProcess(tokenizer=_tokenizer(config)),
        web_client=PublicWeb(),
        sentiment=_sentiment(config, embeddings),
        google=_google(config),
        former_embeddings=_former_embeddings(config),
        language_models=_language_models(config),
        open_language_model=lambda key, name: ChatModel(key, config.openai_base_url, name),
    )


def _embeddings(config: Config) -> Embeddings:
    """Left to itself it stays on this machine: a key for answers says nothing about documents."""
    if config.embeddings == "openai":
        return OpenAIEmbeddings(
            config.openai_api_key,
            config.embedding_model or DEFAULT_OPENAI_MODEL,
            config.openai_base_url,
        )
    if config.embeddings in {"auto", "minilm"}:
        local = MiniLM(config.embedding_folder, threads=1)
        if local.available:
            return local
        if config.embeddings == "minilm":
            raise ConfigurationError(
                f"EMBEDDINGS is minilm, but there is no model in {config.embedding_folder}. "
                "Make it with: make model"
            )
    return NoEmbeddings()


def _former_embeddings(config: Config) -> tuple[Embeddings, ...]:
    """Whatever else can be asked with what is configured, for vectors made before a change."""
    found: list[Embeddings] = [MiniLM(config.data_dir / "models" / "minilm", threads=1)]
    if config.openai_api_key:
        url = config.openai_base_url
        found.append(OpenAIEmbeddings(config.openai_api_key, DEFAULT_OPENAI_MODEL, url))
    return tuple(each for each in found if each.available)


def _language_models(config: Config) -> tuple[LanguageModel, ...]:
    """Nothing is opened or loaded before the first answer."""
    names = dict.fromkeys((config.language_model, config.llm_fallback_model))
    return tuple(
        ChatModel(config.openai_api_key, config.openai_base_url, name) for name in names if name
    )


def _sentiment(config: Config, embeddings: Embeddings) -> SentimentModel:
    """The best there is. Each of them answers from the first message on."""
    local = isinstance(embeddings, MiniLM) and HeadSentiment.fits(embeddings)
    ours = HeadSentiment(embeddings) if local else LexiconSentiment()
    if config.sentiment_model:
        return TransformerSentiment(config.sentiment_model, ours)
    return ours


def _file_storage(config: Config) -> FileStorage:
    if not is_object_storage(config.storage_url):
        return FsspecStorage(config.storage_url)
    if not is_installed():
        raise ConfigurationError(
            "STORAGE_URL names a bucket, which needs: pip install -r requirements-s3.txt"
        )
    return ObjectStorage(config.storage_url)


def _tokenizer(config: Config) -> Path | None:
    """Passages are measured by the local model's tokens wherever it is there."""
    path = config.embedding_folder / "tokenizer.json"
    return path if path.exists() else None


def _mailer(config: Config) -> Mailer:
    if not config.sendgrid_api_key:
        return NoMailer()
    return SendGridMailer(config.sendgrid_api_key, config.mail_from, config.sendgrid_api_base)


def _vector_store(config: Config) -> VectorStore:
    if config.chroma_url:
        return ChromaServer(config.chroma_url)
    return EmbeddedChroma(config.data_dir / "chroma")


def _google(config: Config) -> IdentityProvider | None:
    if not config.google_enabled:
        return None
    return GoogleIdentity(
        config.google_client_id, config.google_client_secret, config.google_discovery_url
    )
