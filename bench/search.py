"""What a search takes among 1,000, 10,000 and 100,000 passages: time, processor, memory.

    .venv/bin/python bench/search.py [--check] [--sizes 1000,10000,100000]

Passages are made of words as frequent as in real text; questions are made of the same words. The
vectors are random, since how long Chroma takes does not depend on what they mean; questions are
embedded by the real model where it is there. CPU is that of the whole process, a search; the
model's share of it stands beside it.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

import numpy
import psutil

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from app import create_app  # noqa: E402
from app.adapters import Adapters  # noqa: E402
from app.adapters.embeddings import Embeddings  # noqa: E402
from app.adapters.job_queue import HeldJobQueue  # noqa: E402
from app.extensions import db  # noqa: E402
from app.models import Document, DocumentStatus, Organization, Passage, SourceKind  # noqa: E402
from app.providers import choose_adapters  # noqa: E402
from app.schema import bring_up_to_date  # noqa: E402
from app.services.search import lexical, retrieval  # noqa: E402
from config import Development  # noqa: E402

SEED = 20_261_121
QUESTIONS = 200
P99_MILLISECONDS = 50.0
WORDS_A_PASSAGE = 130
VOCABULARY = 30_000
SLICE = 2_000


def main() -> int:
    options = _options()
    chance = random.Random(SEED)
    words = _vocabulary(chance)
    slow = False
    print(f"{_machine()}\n")
    columns = ("p50 ms", "p99 ms", "max ms", "CPU ms", "of model", "RSS MiB")
    print(f"{'passages':>10} " + " ".join(f"{column:>8}" for column in columns))
    for size in options.sizes:
        with tempfile.TemporaryDirectory() as folder:
            taken, cpu, of_model = _measure(Path(folder), size, words, chance)
        taken.sort()
        p50, p99 = taken[len(taken) // 2], taken[int(len(taken) * 0.99) - 1]
        memory = psutil.Process().memory_info().rss // 1024**2
        figures = (p50, p99, taken[-1], cpu, of_model)
        print(
            f"{size:>10,} " + " ".join(f"{each:>8.1f}" for each in figures) + f" {memory:>8}",
            flush=True,
        )
        slow = slow or p99 > P99_MILLISECONDS
    return 1 if options.check and slow else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="fail above the bound")
    parser.add_argument(
        "--sizes",
        type=lambda text: [int(each) for each in text.split(",")],
        default=[1_000, 10_000, 100_000],
    )
    return parser.parse_args()


def _measure(
    folder: Path, size: int, words: list[str], chance: random.Random
) -> tuple[list[float], float, float]:
    """How long each search took, and the CPU of one on average: all of it, and the model's."""
    os.environ.setdefault("EMBEDDING_MODEL", str(ROOT / "data" / "models" / "minilm"))
    config = Development(data_dir=folder, log_level="ERROR", demo=False)
    adapters = choose_adapters(config)
    adapters.job_queue = HeldJobQueue()
    app = create_app(config, adapters)
    with app.app_context():
        bring_up_to_date()
        organization_id = _fill(adapters, size, words, chance)
        model = adapters.embeddings = _TimedModel(adapters.embeddings)
        for _ in range(20):
            retrieval.search(organization_id, _question(words, chance))
        taken = []
        model.seconds, cpu = 0.0, 0.0
        for _ in range(QUESTIONS):
            question = _question(words, chance)
            started, cpu_before = time.perf_counter(), time.process_time()
            found = retrieval.search(organization_id, question)
            taken.append((time.perf_counter() - started) * 1000)
            cpu += time.process_time() - cpu_before
            if not found:
                raise RuntimeError("A search found nothing: the bench measures nothing.")
            db.session.rollback()
        db.engine.dispose()
    return taken, cpu / QUESTIONS * 1000, model.seconds / QUESTIONS * 1000


class _TimedModel:
    """The model, with a clock on it."""

    def __init__(self, model: Embeddings) -> None:
        self._model = model
        self.name, self.dimension = model.name, model.dimension
        self.max_tokens, self.available = model.max_tokens, model.available
        self.seconds = 0.0

    def embed(self, texts: Sequence[str], **how: Any) -> Any:
        started = time.process_time()
        vectors = self._model.embed(texts, **how)
        self.seconds += time.process_time() - started
        return vectors

    def count_tokens(self, text: str) -> int:
        return self._model.count_tokens(text)


def _fill(adapters: Adapters, size: int, words: list[str], chance: random.Random) -> UUID:
    organization = Organization(name="Bench", slug="bench")
    organization.embedding_space = adapters.embeddings.name
    db.session.add(organization)
    db.session.flush()
    document = Document(
        organization_id=organization.id,
        title="Manual",
        source=SourceKind.FILE,
        source_key="bench",
        file_name="manual.pdf",
        media_type="application/pdf",
        size_bytes=1,
        content_hash="bench",
        status=DocumentStatus.READY,
        live_version=1,
    )
    db.session.add(document)
    db.session.commit()
    organization_id, document_id = organization.id, document.id
    numbers = numpy.random.default_rng(SEED)
    for start in range(0, size, SLICE):
        count = min(SLICE, size - start)
        passages = [
            _passage(organization_id, document_id, start + place, words, chance)
            for place in range(count)
        ]
        db.session.add_all(passages)
        db.session.flush()
        rows = [lexical.Row(each.number, each.as_indexed("Manual")) for each in passages]
        lexical.add(organization_id, rows)
        _put_vectors(adapters, organization_id, passages, numbers)
        db.session.commit()
        db.session.expunge_all()
    return organization_id


def _put_vectors(
    adapters: Adapters, organization_id: UUID, passages: list[Passage], numbers: Any
) -> None:
    vectors = numbers.normal(size=(len(passages), adapters.embeddings.dimension))
    vectors = (vectors / numpy.linalg.norm(vectors, axis=1, keepdims=True)).astype("float32")
    ids = [passage.id for passage in passages]
    adapters.vector_store.put(organization_id, adapters.embeddings.name, ids, vectors)


def _passage(
    organization_id: UUID,
    document_id: UUID,
    ordinal: int,
    words: list[str],
    chance: random.Random,
) -> Passage:
    text = " ".join(_drawn(words, WORDS_A_PASSAGE, chance))
    return Passage(
        organization_id=organization_id,
        document_id=document_id,
        version=1,
        ordinal=ordinal,
        text=text,
        heading="Chapter › Section",
        words=WORDS_A_PASSAGE,
        live=True,
    )


def _vocabulary(chance: random.Random) -> list[str]:
    letters = "abcdefghilmnoprstuv"
    return ["".join(chance.choices(letters, k=chance.randint(3, 9))) for _ in range(VOCABULARY)]


def _drawn(words: list[str], count: int, chance: random.Random) -> list[str]:
    """Zipf's law, roughly: the rank of a word is what an exponential of chance says."""
    return [words[int(len(words) ** chance.random()) - 1] for _ in range(count)]


def _question(words: list[str], chance: random.Random) -> str:
    return " ".join(_drawn(words, chance.randint(3, 9), chance))


def _machine() -> str:
    model = next(
        (
            line.partition(":")[2].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if line.startswith("model name")
        ),
        "unknown processor",
    )
    return f"{model}, {os.cpu_count()} cores"


if __name__ == "__main__":
    sys.exit(main())
