"""One text through a model, as the product will do it."""

from __future__ import annotations

from pathlib import Path

import numpy
import onnxruntime
from tokenizers import Tokenizer

from embedding_model.encoder import Array

MAX_TOKENS = 256


class Runner:
    def __init__(self, model: Path, tokenizer: Path) -> None:
        options = onnxruntime.SessionOptions()
        options.log_severity_level = 3
        # Without it, processors that lack VNNI overflow silently in 8-bit products. It costs a
        # third of the speed where there is VNNI, which does not matter for a few sentences.
        options.add_session_config_entry("session.x64quantprecision", "1")
        self._session = onnxruntime.InferenceSession(
            str(model), options, providers=["CPUExecutionProvider"]
        )
        self._tokenizer = Tokenizer.from_file(str(tokenizer))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(MAX_TOKENS)

    def outputs(self, text: str, names: list[str]) -> list[Array]:
        ids = numpy.array([self._tokenizer.encode(text).ids], numpy.int64)
        feed = {"input_ids": ids, "attention_mask": numpy.ones_like(ids)}
        values: list[Array] = self._session.run(names, feed)
        return values
