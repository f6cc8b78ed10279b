"""What turns text into vectors: MiniLM on this machine, or nothing at all."""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

from app.adapters.native_work import native_threads, run_natively
from app.errors import ProviderError

if TYPE_CHECKING:
    import numpy
    from numpy.typing import NDArray

    # An array and not lists: a vector takes 1.5 KB instead of 12, the best sentence of a passage
    # is one product of matrices, and Chroma takes arrays as they are.
    Vectors: TypeAlias = NDArray[numpy.float32]

CARD = "model.json"
INT8_MODEL = "model_int8.onnx"
TOKENIZER = "tokenizer.json"
# MiniLM sees 256 tokens, two of which are the marks around the text.
MINILM_TEXT_TOKENS = 254
VNNI = {"avx512_vnni", "avx_vnni"}
PIECES = re.compile(r"\w+|[^\w\s]")
LETTERS_A_TOKEN = 4
LAST_LATIN = "\u024f"
CONTAINER_LIMIT = Path("/sys/fs/cgroup/cpu.max")
PROCESSOR = Path("/proc/cpuinfo")


class EmbeddingFailed(ProviderError):
    """No vectors came back; `permanent` says whether trying again could help."""


class Embeddings(Protocol):
    """The contract of every provider; vectors of different names are never compared."""

    @property
    def name(self) -> str: ...

    @property
    def dimension(self) -> int: ...

    @property
    def max_tokens(self) -> int:
        """How much of a text is seen, in what `count_tokens` counts; the rest is cut off."""

    @property
    def available(self) -> bool:
        """Whether `embed` can be expected to work. Nothing is loaded to find out."""

    def embed(self, texts: Sequence[str], *, hurry: bool = False) -> Vectors:
        """A row of unit length for each text, in their order, or EmbeddingFailed.

        `hurry`: somebody waits for it, so an answer that does not come within seconds is none.
        """

    def count_tokens(self, text: str) -> int:
        """The tokens of the text alone, so that the counts of parts cut at spaces add up."""


class NoEmbeddings:
    """Search by words alone. Passages are still sized so that MiniLM could read them later."""

    name = "none"
    dimension = 0
    max_tokens = MINILM_TEXT_TOKENS
    available = False

    def embed(self, texts: Sequence[str], *, hurry: bool = False) -> Vectors:
        raise EmbeddingFailed("No embedding model is configured.", permanent=True)

    def count_tokens(self, text: str) -> int:
        """An estimate on the high side: a passage that is a little short loses nothing."""
        return sum(map(_estimate, PIECES.findall(text)))


class MiniLM:
    """A folder made by `make model`, run by onnxruntime. Nothing is loaded before the first use.

    Each thread runs one text at a time. Batches are slower for passages and hardly faster for
    short questions, and the int8 model takes its scales from all that is in a run: like this the
    vector of a text depends on that text alone, to the last bit, and no padding is computed.
    """

    def __init__(
        self, folder: Path, *, threads: int | None = None, model_file: str = INT8_MODEL
    ) -> None:
        self._folder = folder
        self._threads = threads or cores_available()
        self._model_file = model_file
        self._known_card: _Card | None = None
        self._engine: _Engine | None = None
        self._opening = Lock()

    @property
    def name(self) -> str:
        return self._card().name

    @property
    def dimension(self) -> int:
        return self._card().dimension

    @property
    def max_tokens(self) -> int:
        return self._card().text_tokens

    @property
    def available(self) -> bool:
        # What has been loaded once is not looked for again with every question.
        if self._engine is not None:
            return True
        if find_spec("onnxruntime") is None or find_spec("tokenizers") is None:
            return False
        return self._card().lists(self._folder, (self._model_file, TOKENIZER))

    def embed(self, texts: Sequence[str], *, hurry: bool = False) -> Vectors:
        engine = self._opened() if texts else None
        # Only now: opening loads it natively, here it would hold everybody up for a moment.
        import numpy

        if engine is None:
            return numpy.empty((0, self.dimension), numpy.float32)
        try:
            return numpy.stack(self._run(engine, texts))
        except Exception as error:
            # onnxruntime has a class of its own for everything; a lack of memory may pass.
            raise EmbeddingFailed(f"The embedding model failed: {error}") from error

    def count_tokens(self, text: str) -> int:
        return self._opened().count(text)

    def _run(self, engine: _Engine, texts: Sequence[str]) -> list[Vectors]:
        workers = min(self._threads, len(texts))
        if workers == 1:
            return run_natively(lambda: [engine.vector(text) for text in texts])
        with native_threads(workers) as pool:
            return list(pool.map(engine.vector, texts))

    def _opened(self) -> _Engine:
        with self._opening:
            if self._engine is None:
                self._engine = run_natively(self._load)
            return self._engine

    def _load(self) -> _Engine:
        if not self.available:
            raise EmbeddingFailed(
                f"There is no embedding model in {self._folder}. Run `make model` to get it.",
                permanent=True,
            )
        self._refuse_damage()
        try:
            return _Engine(
                self._folder / self._model_file, self._folder / TOKENIZER, self.max_tokens
            )
        except Exception as error:
            # Both libraries raise bare exceptions when a file is not to their liking.
            raise EmbeddingFailed(
                f"The embedding model in {self._folder} cannot be opened: {error}", permanent=True
            ) from error

    def _refuse_damage(self) -> None:
        for name in (self._model_file, TOKENIZER):
            found = hashlib.sha256((self._folder / name).read_bytes()).hexdigest()
            if found != self._card().files[name]["sha256"]:
                raise EmbeddingFailed(
                    f"{self._folder / name} is damaged or was changed. "
                    "Run `make model` to get it anew.",
                    permanent=True,
                )

    def _card(self) -> _Card:
        if self._known_card is None:
            self._known_card = _read_card(self._folder)
        return self._known_card or _Card()


def cores_available() -> int:
    """The processors that this process may use; a container often allows fewer than there are."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    try:
        quota, period = CONTAINER_LIMIT.read_text("ascii").split()
        allowed = int(quota) / int(period)
    except (OSError, ValueError):
        return cores or 1
    return max(1, min(cores or 1, round(allowed)))


def _estimate(piece: str) -> int:
    # MiniLM knows few words outside the Latin script, and spells them letter by letter.
    return -(-len(piece) // LETTERS_A_TOKEN) if max(piece) <= LAST_LATIN else len(piece)


@dataclass(frozen=True)
class _Card:
    """What the model folder says of itself; MiniLM's own values where there is no folder yet."""

    name: str = "all-MiniLM-L6-v2"
    dimension: int = 384
    text_tokens: int = MINILM_TEXT_TOKENS
    files: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def lists(self, folder: Path, names: Sequence[str]) -> bool:
        """Whether the named files are there in the size that the card gives."""
        try:
            return all(
                (folder / name).stat().st_size == self.files[name]["bytes"] for name in names
            )
        except (OSError, KeyError):
            return False


def _read_card(folder: Path) -> _Card | None:
    try:
        said = json.loads((folder / CARD).read_text("utf-8"))
        text_tokens = said["max_tokens"] - said["mark_tokens"]
        return _Card(said["name"], said["dimension"], text_tokens, said["files"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


class _Engine:
    """The loaded model and tokenizer. Both may be used by many threads at once."""

    def __init__(self, model: Path, tokenizer: Path, text_tokens: int) -> None:
        import onnxruntime
        from tokenizers import Tokenizer

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.enable_cpu_mem_arena = False
        options.log_severity_level = 3
        if not _multiplies_bytes_exactly():
            options.add_session_config_entry("session.x64quantprecision", "1")
        self._session = onnxruntime.InferenceSession(
            str(model), options, providers=["CPUExecutionProvider"]
        )
        self._tokenizer = Tokenizer.from_file(str(tokenizer))
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()
        self._text_tokens = text_tokens

    def count(self, text: str) -> int:
        return len(self._encode(text).ids)

    def vector(self, text: str) -> Vectors:
        import numpy

        encoded = self._encode(text)
        encoded.truncate(self._text_tokens)
        ids = numpy.array([self._tokenizer.post_process(encoded).ids], numpy.int64)
        feed = {"input_ids": ids, "attention_mask": numpy.ones_like(ids)}
        vector: Vectors = self._session.run(["embedding"], feed)[0][0]
        return vector

    def _encode(self, text: str) -> Any:
        # A lone surrogate, as broken documents have them, is no text to the tokenizer.
        whole = text.encode("utf-8", "replace").decode("utf-8")
        return self._tokenizer.encode(whole, add_special_tokens=False)


def _multiplies_bytes_exactly() -> bool:
    """Whether the fast products are right here: x86 without VNNI overflows in them, silently.

    The slower products give the same vectors to the last bit, so they are taken in any doubt.
    """
    try:
        return bool(VNNI & set(PROCESSOR.read_text("utf-8", "replace").split()))
    except OSError:
        return False
