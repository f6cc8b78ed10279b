"""Vectors from an endpoint of OpenAI's protocol: the real client against a stub server."""

from __future__ import annotations

import time
from collections.abc import Iterator

import numpy
import pytest

from app.adapters.embeddings import EmbeddingFailed
from app.adapters.openai_embeddings import AT_ONCE, OpenAIEmbeddings
from tests.stubs.openai_embeddings import OpenAIEmbeddingsStub, Reply, vector_of

KEY = "sk-test-of-nobody"


@pytest.fixture
def stub() -> Iterator[OpenAIEmbeddingsStub]:
    stub = OpenAIEmbeddingsStub()
    yield stub
    stub.close()


@pytest.fixture
def model(stub: OpenAIEmbeddingsStub) -> OpenAIEmbeddings:
    return asking(stub)


def asking(stub: OpenAIEmbeddingsStub, *, seconds: float = 5, retries: int = 2) -> OpenAIEmbeddings:
    return OpenAIEmbeddings(
        KEY, "text-embedding-3-small", stub.base_url, seconds=seconds, retries=retries
    )


def unit(text: str) -> list[float]:
    vector = numpy.array(vector_of(text))
    return list(vector / numpy.linalg.norm(vector))


def failure(model: OpenAIEmbeddings) -> EmbeddingFailed:
    with pytest.raises(EmbeddingFailed) as caught:
        model.embed(["a"])
    return caught.value


def test_vectors_come_in_the_order_of_the_texts_and_of_unit_length(
    stub: OpenAIEmbeddingsStub, model: OpenAIEmbeddings
) -> None:
    stub.shuffled = True
    texts = ["heron", "kingfisher", "a"]
    found = model.embed(texts)
    assert found.dtype == numpy.float32
    for row, text in zip(found, texts, strict=True):
        assert list(row) == pytest.approx(unit(text), abs=1e-5)


def test_the_model_and_the_key_are_the_ones_that_were_set(
    stub: OpenAIEmbeddingsStub, model: OpenAIEmbeddings
) -> None:
    model.embed(["a"])
    assert stub.asked[0]["model"] == "text-embedding-3-small"
    assert stub.keys == [f"Bearer {KEY}"]


def test_many_texts_are_asked_in_batches_and_stay_in_order(
    stub: OpenAIEmbeddingsStub, model: OpenAIEmbeddings
) -> None:
    texts = [f"text number {number}" for number in range(2 * AT_ONCE + 3)]
    found = model.embed(texts)
    assert [len(each["input"]) for each in stub.asked] == [AT_ONCE, AT_ONCE, 3]
    assert list(found[AT_ONCE + 1]) == pytest.approx(unit(texts[AT_ONCE + 1]), abs=1e-5)


def test_an_empty_text_and_no_text_at_all_are_no_errors(
    stub: OpenAIEmbeddingsStub, model: OpenAIEmbeddings
) -> None:
    assert model.embed(["", "a"]).shape == (2, 8)
    assert stub.asked[0]["input"] == [" ", "a"]
    assert len(model.embed([])) == 0
    assert len(stub.asked) == 1


def test_a_rate_limit_is_waited_for_as_long_as_it_says(
    stub: OpenAIEmbeddingsStub, model: OpenAIEmbeddings
) -> None:
    stub.replies = [Reply(429, headers={"Retry-After": "1"})]
    began = time.monotonic()
    assert model.embed(["a"]).shape == (1, 8)
    assert time.monotonic() - began >= 1
    assert len(stub.asked) == 2


def test_a_rate_limit_without_an_end_is_a_passing_failure(stub: OpenAIEmbeddingsStub) -> None:
    stub.replies = [Reply(429, headers={"Retry-After-Ms": "10"})] * 3
    error = failure(asking(stub))
    assert not error.permanent
    assert "429" in str(error)
    assert len(stub.asked) == 3


def test_a_server_error_is_tried_again(stub: OpenAIEmbeddingsStub, model: OpenAIEmbeddings) -> None:
    stub.replies = [Reply(500, headers={"Retry-After-Ms": "10"})]
    assert model.embed(["a"]).shape == (1, 8)
    stub.replies = [Reply(503, headers={"Retry-After-Ms": "10"})] * 3
    assert not failure(model).permanent


@pytest.mark.parametrize("status", [400, 401, 403, 404])
def test_a_refusal_is_permanent_and_not_tried_again(
    stub: OpenAIEmbeddingsStub, model: OpenAIEmbeddings, status: int
) -> None:
    stub.replies = [Reply(status)]
    error = failure(model)
    assert error.permanent
    assert str(error) == f"The embedding provider answered {status}."
    assert len(stub.asked) == 1


def test_no_failure_tells_the_key(stub: OpenAIEmbeddingsStub, model: OpenAIEmbeddings) -> None:
    stub.replies = [Reply(401, body={"error": {"message": f"Incorrect API key: {KEY}"}})]
    assert KEY not in str(failure(model))


def test_a_provider_that_is_silent_is_given_up_and_may_come_back(
    stub: OpenAIEmbeddingsStub,
) -> None:
    stub.replies = [Reply(seconds=2)]
    began = time.monotonic()
    error = failure(asking(stub, seconds=0.2, retries=0))
    assert time.monotonic() - began < 1.5
    assert (error.permanent, str(error)) == (False, "The embedding provider does not answer.")


def test_a_provider_that_is_not_there_may_come_back() -> None:
    model = OpenAIEmbeddings(KEY, "m", "http://127.0.0.1:9/v1", retries=0)
    assert not failure(model).permanent


@pytest.mark.parametrize(
    "body",
    [
        {"object": "list", "data": [{"index": 0, "embedding": [1.0]}], "model": "m"},
        {"object": "list", "data": [], "model": "m"},
        {"object": "list", "data": None, "model": "m"},
        {"data": [{"index": 0, "embedding": [1.0]}, {"index": 1, "embedding": [1.0, 2.0]}]},
        {"unexpected": True},
        b"<html>A proxy says hello</html>",
    ],
)
def test_an_answer_that_is_none_is_a_passing_failure(
    stub: OpenAIEmbeddingsStub, body: object
) -> None:
    stub.replies = [Reply(body=body)] * 3
    with pytest.raises(EmbeddingFailed) as caught:
        asking(stub, retries=0).embed(["a", "b"])
    assert not caught.value.permanent


def test_vectors_of_different_providers_and_models_have_different_names() -> None:
    names = {
        OpenAIEmbeddings(KEY, model, url).name
        for model in ("text-embedding-3-small", "text-embedding-3-large")
        for url in ("", "http://127.0.0.1:11434/v1", "https://other.example.com/v1/")
    }
    assert len(names) == 6
    assert all(len(name) <= 80 for name in names)


def test_two_long_addresses_do_not_share_a_name() -> None:
    long = "https://" + "a" * 90 + ".example.com"
    assert OpenAIEmbeddings(KEY, "one", long).name != OpenAIEmbeddings(KEY, "two", long).name


# In a hurry: somebody waits for the answer


def hurried(stub: OpenAIEmbeddingsStub, seconds: float = 1.0) -> OpenAIEmbeddings:
    return OpenAIEmbeddings(
        KEY, "text-embedding-3-small", stub.base_url, retries=4, hurried_seconds=seconds
    )


def hurried_failure(model: OpenAIEmbeddings) -> tuple[EmbeddingFailed, float]:
    began = time.monotonic()
    with pytest.raises(EmbeddingFailed) as caught:
        model.embed(["a"], hurry=True)
    return caught.value, time.monotonic() - began


def test_a_question_gives_a_silent_provider_up_within_its_seconds(
    stub: OpenAIEmbeddingsStub,
) -> None:
    stub.replies = [Reply(seconds=3)] * 5
    error, seconds = hurried_failure(hurried(stub))
    assert not error.permanent
    assert seconds < 1.5
    assert len(stub.asked) == 1


def test_a_question_is_asked_once_more_where_the_first_failure_came_soon(
    stub: OpenAIEmbeddingsStub,
) -> None:
    stub.replies = [Reply(500)]
    assert hurried(stub).embed(["a"], hurry=True).shape == (1, 8)
    stub.asked.clear()
    stub.replies = [Reply(500)] * 5
    error, seconds = hurried_failure(hurried(stub))
    assert (len(stub.asked), error.permanent) == (2, False)
    assert seconds < 1.5


def test_a_question_does_not_wait_as_long_as_a_rate_limit_asks_for(
    stub: OpenAIEmbeddingsStub,
) -> None:
    stub.replies = [Reply(429, headers={"Retry-After": "20"})] * 5
    _, seconds = hurried_failure(hurried(stub))
    assert seconds < 1.5
    assert len(stub.asked) == 2


def test_a_question_that_is_refused_for_good_is_not_asked_again(
    stub: OpenAIEmbeddingsStub,
) -> None:
    stub.replies = [Reply(401)] * 3
    error, _ = hurried_failure(hurried(stub))
    assert (error.permanent, len(stub.asked)) == (True, 1)
