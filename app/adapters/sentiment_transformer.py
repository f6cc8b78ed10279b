"""A transformers model of the operator's choice: `SENTIMENT_MODEL`, a folder or a hub id."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor, Future
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.adapters.native_work import native_threads, run_natively
from app.adapters.sentiment_head import softmax
from app.adapters.sentiment_model import Impression, SentimentModel, impression

if TYPE_CHECKING:
    from app.adapters.embeddings import Vectors

# Optimum's place for it, and the bare one.
ONNX_FILES = ("model.onnx", "onnx/model.onnx")
FETCHED = ("*.json", "*.txt", "*.model", *ONNX_FILES)
MOST_TOKENS = 512
WORDS_FOR = {"neg": -1, "neu": 0, "pos": 1, "mixed": 0}
STARS = re.compile(r"^(\d) ?stars?$")
NUMBERED = re.compile(r"^label_(\d+)$")

log = logging.getLogger(__name__)


class Unusable(Exception):
    """The model cannot be run here; the message says why."""


class TransformerSentiment:
    """Loads on a native thread at the first message; `fallback` answers until it is ready.

    Such models know no anger, so that is always the fallback's opinion.
    """

    def __init__(self, model: str, fallback: SentimentModel) -> None:
        self._model = model
        self._fallback = fallback
        self._loading: Future[_Classifier] | None = None
        self._thread: Executor | None = None
        self._classifier: _Classifier | None = None
        self._failed = False

    @property
    def name(self) -> str:
        return f"transformer:{Path(self._model).name if _is_folder(self._model) else self._model}"

    @property
    def ready(self) -> bool:
        """Whether it reads by itself by now; starts the loading where nothing has."""
        if self._classifier is None and not self._failed:
            self._look_after_loading()
        return self._classifier is not None

    def read(self, text: str, vector: Vectors | None = None) -> Impression:
        first = self._fallback.read(text, vector)
        if not self.ready or self._classifier is None or not text.strip():
            return first
        try:
            moods = run_natively(self._classifier.moods, text)
        except Unusable as error:
            self._give_up(error)
            return first
        return impression(moods, first.anger, self.name)

    def _look_after_loading(self) -> None:
        if self._loading is None:
            # It would say that torch is missing, and a native thread must not write to the log.
            logging.getLogger("transformers").disabled = True
            self._thread = native_threads(1)
            self._loading = self._thread.submit(_load, self._model)
        elif self._loading.done():
            if self._thread is not None:
                # Only now: under gevent this waits, whatever it is told.
                self._thread.shutdown()
            try:
                self._classifier = self._loading.result()
            except Unusable as error:
                self._give_up(error)

    def _give_up(self, error: Unusable) -> None:
        self._failed, self._classifier = True, None
        log.error(
            "SENTIMENT_MODEL %s is not used, %s reads instead: %s",
            self._model,
            self._fallback.name,
            error,
        )


@dataclass(frozen=True)
class _Classifier:
    """What turns a text into the probabilities of negative, neutral and positive."""

    logits: Callable[[str], Sequence[float]]
    values: Sequence[float]

    def moods(self, text: str) -> tuple[float, ...]:
        moods = [0.0, 0.0, 0.0]
        try:
            chances = softmax(self.logits(text))
        except Exception as error:
            # Whatever a foreign model raises, the conversation goes on with what there is.
            raise Unusable(f"it failed: {error}") from error
        for chance, value in zip(chances, self.values, strict=True):
            # Four stars of five are half a point, and still praise.
            moods[(value > 0) - (value < 0) + 1] += chance
        return tuple(moods)


def _load(model: str) -> _Classifier:
    try:
        return _opened(model)
    except Unusable:
        raise
    except Exception as error:
        # Hub, tokenizer and runtime each have failures of their own; one sentence is enough.
        raise Unusable(f"it cannot be loaded: {error}") from error


def _opened(model: str) -> _Classifier:
    from transformers import AutoTokenizer

    folder = Path(model).expanduser() if _is_folder(model) else _fetched(model)
    settings = json.loads((folder / "config.json").read_text("utf-8"))
    values = _values(settings.get("id2label") or {})
    tokenizer = AutoTokenizer.from_pretrained(str(folder))
    # Tokenizers without a limit of their own give an astronomic one.
    limit = min(tokenizer.model_max_length, settings.get("max_position_embeddings", MOST_TOKENS))
    options = {"truncation": True, "max_length": min(limit, MOST_TOKENS)}
    file = next((folder / name for name in ONNX_FILES if (folder / name).exists()), None)
    if file is not None:
        return _Classifier(_on_onnxruntime(file, tokenizer, options), values)
    if find_spec("torch") is not None:
        return _Classifier(_on_torch(model, tokenizer, options), values)
    raise Unusable(f"it has no {' or '.join(ONNX_FILES)}, and torch is not installed")


def _is_folder(model: str) -> bool:
    return Path(model).expanduser().is_dir() or model.startswith(("/", "~", "."))


def _fetched(model: str) -> Path:
    from huggingface_hub import snapshot_download

    return Path(snapshot_download(model, allow_patterns=list(FETCHED)))


def _on_onnxruntime(
    file: Path, tokenizer: Any, options: Mapping[str, Any]
) -> Callable[[str], Sequence[float]]:
    import onnxruntime

    quiet = onnxruntime.SessionOptions()
    quiet.intra_op_num_threads = 1
    quiet.log_severity_level = 3
    session = onnxruntime.InferenceSession(str(file), quiet, providers=["CPUExecutionProvider"])
    wanted = {each.name for each in session.get_inputs()}

    def logits(text: str) -> Sequence[float]:
        encoded = tokenizer([text], return_tensors="np", **options)
        feed = {name: encoded[name].astype("int64") for name in wanted if name in encoded}
        found: list[float] = session.run(None, feed)[0][0].tolist()
        return found

    return logits


def _on_torch(
    model: str, tokenizer: Any, options: Mapping[str, Any]
) -> Callable[[str], Sequence[float]]:
    import torch
    from transformers import AutoModelForSequenceClassification

    classifier = AutoModelForSequenceClassification.from_pretrained(model).eval()

    def logits(text: str) -> Sequence[float]:
        with torch.inference_mode():
            outcome = classifier(**tokenizer([text], return_tensors="pt", **options))
        found: list[float] = outcome.logits[0].tolist()
        return found

    return logits


def _values(labels: Mapping[str, str]) -> list[float]:
    """What each output stands for, from -1 to 1, by the names that the model gives them."""
    named = [str(labels[key]).casefold() for key in sorted(labels, key=int)]
    values = [_value(name, len(named)) for name in named]
    if not any(value < 0 for value in values) or not any(value > 0 for value in values):
        raise Unusable(f"its labels are not about sentiment: {', '.join(named) or 'none'}")
    return values


def _value(name: str, count: int) -> float:
    if numbered := NUMBERED.match(name):
        return 2 * int(numbered[1]) / max(count - 1, 1) - 1
    if stars := STARS.match(name):
        return (int(stars[1]) - 3) / 2
    kind = re.sub(r"^(?:very|extremely|slightly|somewhat)[ _-]", "", name)
    return next((float(value) for word, value in WORDS_FOR.items() if kind.startswith(word)), 0.0)
