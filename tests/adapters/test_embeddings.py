"""Local embeddings: they agree with the original model, and are refused when they do not."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from app.adapters.embeddings import (
    MINILM_TEXT_TOKENS,
    EmbeddingFailed,
    Embeddings,
    MiniLM,
    NoEmbeddings,
)

ROOT = Path(__file__).resolve().parents[2]
REFERENCE = json.loads((ROOT / "tests/data/minilm_reference.json").read_text("utf-8"))
SENTENCES: list[str] = REFERENCE["sentences"]
FOLDER = Path(os.environ.get("EMBEDDING_MODEL") or ROOT / "data" / "models" / "minilm")
FP32 = "model_fp32.onnx"
LONG = "The kettle switches off by itself after 41 minutes without water. " * 60


@pytest.fixture(scope="module")
def folder() -> Path:
    """The model of this checkout, without which nothing here could be shown."""
    if not MiniLM(FOLDER).available:
        said = f"there is no embedding model in {FOLDER}: run `make model` to get it"
        pytest.fail(said) if os.environ.get("CI") == "true" else pytest.skip(said)
    return FOLDER


@pytest.fixture(scope="module")
def minilm(folder: Path) -> MiniLM:
    return MiniLM(folder, threads=2)


@pytest.fixture
def copy(folder: Path, tmp_path: Path) -> Path:
    """A model of one's own, to be damaged."""
    return shutil.copytree(folder, tmp_path / "minilm")


# What the model says


def test_the_small_model_agrees_with_the_original(minilm: MiniLM) -> None:
    assert min(_agreement(minilm)) >= 0.99


def test_the_exact_model_agrees_with_the_original(folder: Path) -> None:
    """The build measured it and wrote it down; a build with --keep-fp32 can be asked again."""
    card = json.loads((folder / "model.json").read_text("utf-8"))
    assert card["lowest_agreement"]["fp32"] >= 0.9999
    exact = MiniLM(folder, model_file=FP32)
    if exact.available:
        assert min(_agreement(exact)) >= 0.9999


def test_processors_with_and_without_vnni_give_the_same_vectors(minilm: MiniLM) -> None:
    """The cautious products are switched on by hand, as on a processor that needs them."""
    done = _python(
        "import sys; from pathlib import Path; from app.adapters import embeddings\n"
        "embeddings.PROCESSOR = Path('/nowhere')\n"
        "vector = embeddings.MiniLM(Path(sys.argv[1])).embed(['Do you ship to Norway?'])\n"
        "print(vector.tobytes().hex())",
        str(FOLDER),
    )
    assert done.stdout.strip() == minilm.embed(["Do you ship to Norway?"]).tobytes().hex()


def test_what_means_the_same_is_nearer_than_what_does_not(minilm: MiniLM) -> None:
    password, login, weather = minilm.embed(SENTENCES[:3])
    assert password @ login > password @ weather + 0.2


def test_vectors_come_in_the_order_of_their_texts(minilm: MiniLM) -> None:
    backwards = minilm.embed(SENTENCES[::-1])
    assert (backwards[::-1] == minilm.embed(SENTENCES)).all()


def test_a_vector_is_the_same_alone_and_among_others(minilm: MiniLM) -> None:
    among = minilm.embed(SENTENCES)
    for sentence, vector in zip(SENTENCES, among, strict=True):
        assert (minilm.embed([sentence])[0] == vector).all()


def test_a_vector_is_the_same_on_one_thread_and_on_three(folder: Path) -> None:
    one, three = (MiniLM(folder, threads=threads) for threads in (1, 3))
    assert (one.embed(SENTENCES) == three.embed(SENTENCES)).all()


def test_vectors_are_of_unit_length_and_in_one_piece(minilm: MiniLM) -> None:
    vectors = minilm.embed(SENTENCES)
    assert vectors.shape == (len(SENTENCES), minilm.dimension)
    assert vectors.dtype == "float32"
    assert vectors.flags.c_contiguous
    assert abs((vectors**2).sum(axis=1) - 1).max() < 1e-5


def test_no_texts_give_no_vectors_and_load_nothing(folder: Path) -> None:
    fresh = MiniLM(folder)
    assert fresh.embed([]).shape == (0, 384)
    assert fresh._engine is None


def test_a_long_text_is_cut_off_where_the_model_stops_reading(minilm: MiniLM) -> None:
    assert minilm.count_tokens(LONG) > minilm.max_tokens
    one, other = minilm.embed([LONG, LONG + " Something else altogether."])
    assert (one == other).all()


def test_the_last_token_that_fits_still_counts(minilm: MiniLM) -> None:
    fits = " ".join(["water"] * minilm.max_tokens)
    assert minilm.count_tokens(fits) == minilm.max_tokens == MINILM_TEXT_TOKENS
    changed = fits.removesuffix("water") + "fire"
    one, other, beyond = minilm.embed([fits, changed, fits + " fire"])
    assert (one != other).any()
    assert (one == beyond).all()


@pytest.mark.parametrize(
    "text",
    ["", " \n\t", "\x00\x01\x1b[31m", "\ud800 broken", "\u202e\ufeff", "😀" * 400, "x" * 5000],
)
def test_any_text_has_a_vector(minilm: MiniLM, text: str) -> None:
    (vector,) = minilm.embed([text])
    assert abs(float(vector @ vector) - 1) < 1e-5
    assert minilm.count_tokens(text) >= 0


def test_counts_of_parts_cut_at_spaces_add_up(minilm: MiniLM) -> None:
    words = " ".join(SENTENCES).split(" ")
    assert sum(map(minilm.count_tokens, words)) == minilm.count_tokens(" ".join(words))


def test_many_threads_may_open_and_use_it_at_once(folder: Path) -> None:
    from concurrent.futures import ThreadPoolExecutor

    fresh = MiniLM(folder, threads=2)
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda _: fresh.embed(SENTENCES[:6]), range(12)))
    assert all((answer == answers[0]).all() for answer in answers)


def test_greenlets_go_on_while_texts_are_read(folder: Path) -> None:
    done = _python(UNDER_GEVENT, str(folder))
    assert done.returncode == 0, done.stderr
    turns, usual_wait = done.stdout.split()
    assert int(turns) > 20
    assert float(usual_wait) < 0.02


UNDER_GEVENT = """
import gevent.monkey; gevent.monkey.patch_all()
import gevent, sys, time
from pathlib import Path
from app.adapters.embeddings import MiniLM
minilm = MiniLM(Path(sys.argv[1]), threads=2)
minilm.embed(["warm"])
gaps, last = [], time.monotonic()
def watch():
    global last
    while True:
        gevent.sleep(0.002)
        gaps.append(time.monotonic() - last)
        last = time.monotonic()
gevent.spawn(watch)
texts = ["The kettle switches off by itself. " * 30] * 8
readers = [gevent.spawn(minilm.embed, texts[:count]) for count in (1, 8, 2, 8)]
gevent.joinall(readers, timeout=60, raise_error=True)
print(len(gaps), sorted(gaps)[len(gaps) // 2])
natively = [gevent.get_hub().threadpool.spawn(minilm.embed, texts) for _ in range(3)]
assert [len(each.get()) for each in readers] == [1, 8, 2, 8]
assert [len(each.get(timeout=60)) for each in natively] == [8, 8, 8]
"""


def test_nothing_heavy_is_loaded_before_the_first_use(folder: Path) -> None:
    done = _python(
        "import sys; from pathlib import Path; from app.adapters.embeddings import MiniLM\n"
        "it = MiniLM(Path(sys.argv[1])); it.name, it.dimension, it.max_tokens, it.available\n"
        "print({'numpy', 'onnxruntime', 'tokenizers'} & set(sys.modules))",
        str(folder),
    )
    assert done.stdout.strip() == "set()", done.stderr


# What is missing or damaged


def test_a_missing_folder_is_unavailable_and_says_how_to_get_it(tmp_path: Path) -> None:
    absent: Embeddings = MiniLM(tmp_path / "nowhere")
    assert not absent.available
    assert (absent.name, absent.dimension, absent.max_tokens) == ("all-MiniLM-L6-v2", 384, 254)
    with pytest.raises(EmbeddingFailed, match="make model") as failure:
        absent.embed(["hello"])
    assert failure.value.permanent


def test_a_model_that_arrives_later_is_found(copy: Path) -> None:
    later = copy.rename(copy.with_name("later"))
    waiting = MiniLM(copy)
    assert not waiting.available
    later.rename(copy)
    assert waiting.available
    assert len(waiting.embed(["hello"])) == 1


@pytest.mark.parametrize("name", ["model_int8.onnx", "tokenizer.json"])
def test_a_changed_file_is_refused(copy: Path, name: str) -> None:
    _flip_a_byte(copy / name)
    with pytest.raises(EmbeddingFailed, match="damaged") as failure:
        MiniLM(copy).embed(["hello"])
    assert failure.value.permanent


def test_a_file_cut_short_is_unavailable(copy: Path) -> None:
    os.truncate(copy / "model_int8.onnx", 1000)
    assert not MiniLM(copy).available


def test_a_file_that_is_no_model_is_a_permanent_failure(copy: Path) -> None:
    (copy / "model_int8.onnx").write_bytes(b"no model")
    _vouch_for(copy, "model_int8.onnx")
    with pytest.raises(EmbeddingFailed, match="cannot be opened") as failure:
        MiniLM(copy).embed(["hello"])
    assert failure.value.permanent


def test_without_a_model_texts_can_still_be_sized() -> None:
    none: Embeddings = NoEmbeddings()
    assert (none.name, none.dimension, none.available) == ("none", 0, False)
    assert none.count_tokens("") == 0
    assert none.count_tokens("Ships to Norway: 2 days.") == 9
    assert none.count_tokens("配送にはどのくらいかかりますか") == 15
    with pytest.raises(EmbeddingFailed) as failure:
        none.embed(["hello"])
    assert failure.value.permanent


def test_the_estimate_without_a_model_is_seldom_too_low(minilm: MiniLM) -> None:
    estimated, counted = (
        sum(each.count_tokens(sentence) for sentence in SENTENCES[:15])
        for each in (NoEmbeddings(), minilm)
    )
    assert counted <= estimated <= 1.6 * counted


def _agreement(model: MiniLM) -> list[float]:
    import numpy

    wanted = numpy.array(REFERENCE["vectors"])
    wanted /= numpy.linalg.norm(wanted, axis=1, keepdims=True)
    return [float(cosine) for cosine in (model.embed(SENTENCES) * wanted).sum(axis=1)]


def _flip_a_byte(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def _vouch_for(folder: Path, name: str) -> None:
    content = (folder / name).read_bytes()
    card = json.loads((folder / "model.json").read_text("utf-8"))
    digest = hashlib.sha256(content).hexdigest()
    card["files"][name] = {"bytes": len(content), "sha256": digest}
    (folder / "model.json").write_text(json.dumps(card), "utf-8")


def _python(code: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code, *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
