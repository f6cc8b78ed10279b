"""How a message sounds: what every provider promises, and what each can tell."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy
import pytest

from app.adapters.embeddings import MiniLM, NoEmbeddings
from app.adapters.sentiment_lexicon import NAMES, figures, plain
from app.adapters.sentiment_model import (
    WEIGHTS,
    HeadSentiment,
    Impression,
    Label,
    LexiconSentiment,
    SentimentModel,
)
from app.adapters.sentiment_transformer import TransformerSentiment
from tests.fakes import LetterVectors
from tests.stubs import tiny_classifier

ROOT = Path(__file__).resolve().parents[2]
FOLDER = Path(os.environ.get("EMBEDDING_MODEL") or ROOT / "data" / "models" / "minilm")
STRANGE = ["", " \n", "\x00\x1b", "\ud800", "😀" * 400, "x" * 9000, "?", "!!!", "配送", "a @b c"]


@pytest.fixture(scope="module")
def minilm() -> MiniLM:
    model = MiniLM(FOLDER)
    if not model.available:
        said = f"there is no embedding model in {FOLDER}: run `make model` to get it"
        pytest.fail(said) if os.environ.get("CI") == "true" else pytest.skip(said)
    return model


@pytest.fixture(params=["lexicon", "head", "transformer"])
def model(request: pytest.FixtureRequest, tmp_path: Path) -> SentimentModel:
    if request.param == "lexicon":
        return LexiconSentiment()
    if request.param == "head":
        return HeadSentiment(request.getfixturevalue("minilm"))
    loaded = TransformerSentiment(str(tiny_classifier.make(tmp_path)), LexiconSentiment())
    wait_until_ready(loaded)
    return loaded


# The contract


def test_praise_is_positive_a_question_neutral_and_abuse_negative(model: SentimentModel) -> None:
    assert model.read("That was lovely, thank you so much!").label is Label.POSITIVE
    assert model.read("Which blue one has the longer cable?").label is Label.NEUTRAL
    assert model.read("This is awful, you are useless liars").label is Label.NEGATIVE


def test_an_impression_keeps_to_its_bounds(model: SentimentModel) -> None:
    for text in [*STRANGE, "awful awful awful", "lovely lovely lovely"]:
        found = model.read(text)
        assert -1 <= found.score <= 1
        assert 0 <= found.anger <= 1
        assert found.label in Label


def test_it_says_who_has_read(model: SentimentModel) -> None:
    assert model.read("Which blue one?").read_by == model.name


def test_the_same_text_is_read_the_same_way(model: SentimentModel) -> None:
    assert model.read("late again") == model.read("late again")


def test_abuse_is_angrier_than_bad_news(model: SentimentModel) -> None:
    abuse = model.read("You useless liars, this is a disgrace!!!")
    assert abuse.anger > 0.7 > model.read("My order arrived broken.").anger


# The lexicon


def test_the_lexicon_finds_a_complaint_without_a_bad_word() -> None:
    assert LexiconSentiment().read("3 hours on hold and nobody answers").label is Label.NEGATIVE


def test_the_lexicon_loads_nothing_heavy() -> None:
    done = python(
        "import sys; from app.adapters.sentiment_model import LexiconSentiment\n"
        "import app.adapters.sentiment_transformer\n"
        "before = {'vaderSentiment', 'numpy'} & set(sys.modules)\n"
        "LexiconSentiment().read('thanks')\n"
        "heavy = {'numpy', 'transformers', 'torch', 'onnxruntime', 'requests'} & set(sys.modules)\n"
        "print(before | heavy)"
    )
    assert done.stdout.strip() == "set()", done.stderr


def test_every_figure_has_a_name_and_stays_small() -> None:
    for text in [*STRANGE, "WHERE IS MY REFUND??? you clowns lost it AGAIN after 3 weeks!!! 😡"]:
        found = figures(text)
        assert len(found) == len(NAMES)
        assert all(-1 <= figure <= 1 for figure in found)


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        ("@skyhop where is my bag? https://sky.example/b/7", "where is my bag?"),
        ("worst night #NeverAgain #fail", "worst night Never Again fail"),
        ("RT @skyhop: new stops", "new stops"),
        ("@skyhop", "@skyhop"),
        ("mail me at ada@shop.example about order #4471", None),
        ("two\nlines  stay", None),
    ],
)
def test_handles_links_and_hashtags_say_nothing_of_the_mood(text: str, bare: str | None) -> None:
    assert plain(text) == (text if bare is None else bare)
    if bare is not None:
        assert figures(text) == figures(bare)


def test_capitals_do_not_hide_a_phrase_of_support() -> None:
    waiting = NAMES.index("waiting")
    assert figures("STILL WAITING")[waiting] == figures("still waiting")[waiting] > 0


def test_a_long_message_is_read_as_quickly_as_a_page() -> None:
    reader = LexiconSentiment()
    reader.read("warm")
    started = time.perf_counter()
    reader.read("I have been waiting so long that I forgot what for. " * 20_000)
    assert time.perf_counter() - started < 0.1


# The head


def test_the_head_tells_calm_bad_news_from_anger(minilm: MiniLM) -> None:
    head = HeadSentiment(minilm)
    for calm in ["My parcel arrived damaged.", "The kettle leaks, I have tried a new seal."]:
        assert head.read(calm).label is Label.NEGATIVE
        assert head.read(calm).anger < 0.4
    for angry in [
        "I have explained this FOUR times!",
        "Your driver threw it over the fence, idiots",
    ]:
        assert head.read(angry).anger > 0.7


@pytest.mark.parametrize(
    "text",
    [
        "Thanks for the quick reply, it doesn't help though.",
        "I'd love to pay, if your page let me.",
        "Why was I charged twice for one lesson?",
        "Where is the technician? He should have been here two hours ago.",
        "Still nothing.",
        "My watch stopped after a week, what can I do?",
        "Thank you for losing my luggage",
        "Keep up the good work, only three days late this time",
        "great, so another week without a phone",
        "please please answer, we have been waiting since noon!!!",
    ],
)
def test_a_complaint_needs_no_bad_word_and_may_sound_like_praise(minilm: MiniLM, text: str) -> None:
    assert HeadSentiment(minilm).read(text).label is Label.NEGATIVE


@pytest.mark.parametrize(
    "text",
    [
        "Thanks, and how long does the delivery take?",
        "What happens if I lose my key card?",
        "What does the warranty say about a broken screen?",
        "I left my gloves in your café, who has them?",
        "Do you insure parcels against damage?",
        "never mind, I see it now",
        "no, I haven't got one yet",
    ],
)
def test_to_ask_about_trouble_or_to_answer_briefly_is_no_complaint(
    minilm: MiniLM, text: str
) -> None:
    assert HeadSentiment(minilm).read(text).label is Label.NEUTRAL


def test_sorrow_and_fear_are_negative_without_being_angry(minilm: MiniLM) -> None:
    head = HeadSentiment(minilm)
    for sad in ["I miss my dog, the house is empty", "so nervous about tomorrow I feel sick"]:
        assert head.read(sad).label is Label.NEGATIVE
        assert head.read(sad).anger < 0.4
    assert head.read("nasty hypocrites, all of them, I'm seething").anger > 0.8


@pytest.mark.parametrize(
    "text",
    [
        "It took two calls, but Nadia fixed it. Thank you!",
        "Despite the delay your crew was wonderful.",
        "no complaints at all, perfect stay",
        "The broken part was replaced at no charge, impressed!",
    ],
)
def test_praise_may_tell_of_the_trouble_before(minilm: MiniLM, text: str) -> None:
    assert HeadSentiment(minilm).read(text).label is Label.POSITIVE


@pytest.mark.parametrize(
    "text",
    [
        "Thank you, but the lamp still flickers",
        "great product but it arrived without the charger",
        "love the colour, however it stopped working",
        "thanks for the quick reply, unfortunately it did not help",
        "thanks, the gloves don't match though",
        "Very nice hotel, sadly there was mould in the bathroom",
        "Excellent camera, however the strap tore in the first week",
        "Danke für die schnelle Antwort, aber die Lampe flackert immer noch",
        "The support was great but I still want my money back",
    ],
)
def test_courtesy_before_trouble_is_a_calm_complaint(minilm: MiniLM, text: str) -> None:
    found = HeadSentiment(minilm).read(text)
    assert found.label is Label.NEGATIVE
    assert found.anger < 0.4
    assert LexiconSentiment().read(text).label is Label.NEGATIVE


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("it had a scratch but support was wonderful", Label.POSITIVE),
        ("The zip stuck at first, but your tip fixed it. Thanks!", Label.POSITIVE),
        ("not cheap, but I love it", Label.POSITIVE),
        ("thank you but I already have one", Label.NEUTRAL),
        ("Great, but does it come in blue too?", Label.NEUTRAL),
        ("Great app but please add a dark mode", Label.NEUTRAL),
    ],
)
def test_a_turn_to_praise_or_to_a_question_is_no_complaint(
    minilm: MiniLM, text: str, label: Label
) -> None:
    assert HeadSentiment(minilm).read(text).label is label


def test_cold_fury_is_anger_without_a_shout_and_a_plain_deadline_is_not(minilm: MiniLM) -> None:
    head = HeadSentiment(minilm)
    for cold in [
        "And you call yourselves a hospital?",
        "Keep your apology. Pay what you owe by Thursday or meet my solicitor.",
    ]:
        assert head.read(cold).anger > 0.5
    for plain_words in [
        "I need the form by Thursday, please.",
        "Such a pity, we'd hoped for snow.",
    ]:
        assert head.read(plain_words).anger < 0.4


def test_a_handle_or_a_link_leaves_the_reading_as_it_is(minilm: MiniLM) -> None:
    head, text = HeadSentiment(minilm), "The zip came off after two walks"
    decorated = f"@skyhop {text} https://pics.example/17"
    assert head.read(decorated) == head.read(text)
    assert head.read(decorated, minilm.embed([decorated])[0]) == head.read(text)


def test_where_nothing_else_can_be_had_the_vector_with_the_link_serves(minilm: MiniLM) -> None:
    text = "The zip came off https://pics.example/17"
    vector = minilm.embed([text])[0]
    assert HeadSentiment(NoEmbeddings()).read(text, vector).read_by == "head"


def test_the_head_uses_the_vector_that_it_is_given(minilm: MiniLM) -> None:
    text = "The zip came off after two walks."
    unused = HeadSentiment(NoEmbeddings())
    assert unused.read(text, minilm.embed([text])[0]) == HeadSentiment(minilm).read(text)


def test_without_a_vector_or_with_a_foreign_one_words_alone_are_read(
    caplog: pytest.LogCaptureFixture,
) -> None:
    text = "You useless liars"
    by_words = LexiconSentiment().read(text)
    assert HeadSentiment(NoEmbeddings()).read(text) == by_words
    foreign = HeadSentiment(NoEmbeddings())
    for _ in range(3):
        assert foreign.read(text, numpy.zeros(1536, numpy.float32)) == by_words
    assert caplog.text.count("by words alone") == 2


def test_weights_of_other_figures_are_not_used(tmp_path: Path, minilm: MiniLM) -> None:
    card = json.loads(WEIGHTS.read_text("utf-8"))
    card["figures"] = ["something", "else"]
    (tmp_path / "head.json").write_text(json.dumps(card))
    stale = HeadSentiment(minilm, tmp_path / "head.json")
    assert stale.read("You useless liars").read_by == "lexicon"


def test_the_head_fits_the_vectors_that_it_was_trained_on(minilm: MiniLM) -> None:
    assert HeadSentiment.fits(minilm)
    assert not HeadSentiment.fits(NoEmbeddings())
    assert not HeadSentiment.fits(LetterVectors())


def test_the_weights_were_good_on_trades_they_had_not_seen() -> None:
    measured = json.loads(WEIGHTS.read_text("utf-8"))["measured_on_kinds_left_out"]["by_meaning"]
    assert measured["macro_recall"] >= 0.81
    assert measured["negative_recall"] >= 0.82
    assert measured["negative_precision"] >= 0.86
    assert measured["anger_auroc"] >= 0.97


def test_the_weights_stay_a_small_file() -> None:
    assert WEIGHTS.stat().st_size < 100_000


# A model of the operator's


def test_the_fallback_answers_until_the_model_is_loaded(tmp_path: Path) -> None:
    model = TransformerSentiment(str(tiny_classifier.make(tmp_path)), LexiconSentiment())
    assert model.read("lovely").read_by == "lexicon"
    wait_until_ready(model)
    found = model.read("lovely")
    assert (found.label, found.read_by) == (Label.POSITIVE, f"transformer:{tmp_path.name}")
    assert found.score > 0.9


def test_the_file_may_be_where_optimum_puts_it(tmp_path: Path) -> None:
    folder = tiny_classifier.make(tmp_path, file="onnx/model.onnx")
    assert loaded(folder).read("awful").label is Label.NEGATIVE


@pytest.mark.parametrize(
    ("labels", "order"),
    [
        (["negative", "neutral", "positive"], (0, 1, 2)),
        (["Positive", "Negative", "Neutral"], (1, 2, 0)),
        (["POS", "NEU", "NEG"], (2, 1, 0)),
        (["1 star", "3 stars", "5 stars"], (0, 1, 2)),
        (["very negative", "mixed", "very positive"], (0, 1, 2)),
        (["LABEL_0", "LABEL_1", "LABEL_2"], (0, 1, 2)),
    ],
)
def test_labels_are_understood_by_their_names(
    tmp_path: Path, labels: list[str], order: tuple[int, ...]
) -> None:
    names = {str(place): name for place, name in enumerate(labels)}
    model = loaded(tiny_classifier.make(tmp_path, names, order))
    assert model.read("awful").label is Label.NEGATIVE
    assert model.read("blue").label is Label.NEUTRAL
    assert model.read("lovely").label is Label.POSITIVE


def test_anger_is_the_fallbacks_opinion(tmp_path: Path) -> None:
    text = "You useless liars, lovely"
    model = loaded(tiny_classifier.make(tmp_path))
    assert model.read(text).anger == LexiconSentiment().read(text).anger
    assert model.read(text).label is Label.POSITIVE


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        ("no folder", "config.json"),
        ("no model", "torch is not installed"),
        ("no such labels", "not about sentiment: cat, dog, horse"),
        ("rubbish", "cannot be loaded"),
    ],
)
def test_a_model_that_cannot_be_loaded_is_said_once_and_done_without(
    tmp_path: Path, damage: str, said: str, caplog: pytest.LogCaptureFixture
) -> None:
    labels = dict(zip("012", ["cat", "dog", "horse"], strict=True))
    folder = tiny_classifier.make(tmp_path / "m", labels if damage == "no such labels" else None)
    if damage == "no model":
        (folder / "model.onnx").unlink()
    if damage == "rubbish":
        (folder / "model.onnx").write_bytes(b"rubbish")
    model = TransformerSentiment(
        "/no/such/place" if damage == "no folder" else str(folder), LexiconSentiment()
    )
    wait_for(lambda: bool(model.ready or caplog.records))
    for _ in range(3):
        assert model.read("lovely").read_by == "lexicon"
    assert len(caplog.records) == 1
    assert said in caplog.text


def test_greenlets_go_on_while_the_model_loads(tmp_path: Path) -> None:
    done = python(UNDER_GEVENT, str(tiny_classifier.make(tmp_path)))
    assert done.returncode == 0, done.stderr
    assert done.stdout.split()[-1] == "positive", done.stdout


UNDER_GEVENT = """
import gevent.monkey; gevent.monkey.patch_all()
import gevent, sys, time
from app.adapters.sentiment_model import LexiconSentiment
from app.adapters.sentiment_transformer import TransformerSentiment
model = TransformerSentiment(sys.argv[1], LexiconSentiment())
turns, before = 0, time.monotonic()
started = time.monotonic(); model.read("lovely"); first = time.monotonic() - started
assert first < 1, first
while not model.ready and time.monotonic() - before < 60:
    gevent.sleep(0.01); turns += 1
assert turns > 3, turns
print(turns, model.read("lovely").label)
"""


def loaded(folder: Path) -> TransformerSentiment:
    model = TransformerSentiment(str(folder), LexiconSentiment())
    wait_until_ready(model)
    return model


def wait_until_ready(model: TransformerSentiment) -> None:
    wait_for(lambda: model.ready)


def wait_for(condition: Any) -> None:
    until = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < until, "it took more than a minute"
        time.sleep(0.02)


def python(program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", program, *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_an_impression_cannot_be_changed() -> None:
    found = Impression(Label.NEUTRAL, 0.0, 0.0, "lexicon")
    with pytest.raises(AttributeError):
        found.score = 1.0  # type: ignore[misc]
