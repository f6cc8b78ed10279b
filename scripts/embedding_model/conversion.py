"""From weights to a finished model folder; run in a process of its own, where the tools are."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path
from types import TracebackType
from typing import Any

import onnx

from embedding_model.agreement import demand, lowest_agreement
from embedding_model.encoder import WIDTH, read_weights, write_encoder
from embedding_model.failure import BuildFailed, explain
from embedding_model.folder import CARD, FP32_MODEL, INT8_MODEL, TOKENIZER, sha256
from embedding_model.quantisation import quantise
from embedding_model.runner import MAX_TOKENS
from embedding_model.sources import ORIGINALS, PACKAGE, TOOLS, WEIGHTS

EXACT_AT_LEAST = 0.9999
SMALL_AT_LEAST = 0.97


def convert(work: Path, keep_fp32: bool) -> None:
    """Fill `work/model`, or raise BuildFailed."""
    source, model = work / "source", work / "model"
    model.mkdir()
    tokenizer = shutil.copyfile(source / TOKENIZER, model / TOKENIZER)
    exact = write_encoder(read_weights(source / WEIGHTS))
    onnx.checker.check_model(exact)
    onnx.save(exact, model / FP32_MODEL)
    exactly = lowest_agreement(model / FP32_MODEL, tokenizer)
    demand(exactly, EXACT_AT_LEAST, "exact")
    quantise(exact, tokenizer, work, model / INT8_MODEL)
    closely = lowest_agreement(model / INT8_MODEL, tokenizer)
    demand(closely, SMALL_AT_LEAST, "8-bit")
    if not keep_fp32:
        (model / FP32_MODEL).unlink()
    _write_card(model, {"fp32": round(exactly, 6), "int8": round(closely, 6)})


def _write_card(model: Path, agreement: dict[str, float]) -> None:
    card: dict[str, Any] = {
        "name": "all-MiniLM-L6-v2",
        "dimension": WIDTH,
        "max_tokens": MAX_TOKENS,
        "mark_tokens": 2,
        "license": "Apache-2.0",
        "origin": (
            "sentence-transformers/all-MiniLM-L6-v2 by the Sentence Transformers team, "
            "converted to ONNX and quantised to 8 bits; changed from the original in this way only"
        ),
        "package": PACKAGE,
        "weights_sha256": ORIGINALS[WEIGHTS],
        "built_with": list(TOOLS[:4]),
        "lowest_agreement": agreement,
        "files": {
            path.name: {"bytes": path.stat().st_size, "sha256": sha256(path)}
            for path in sorted(model.iterdir())
        },
    }
    (model / CARD).write_text(json.dumps(card, indent=2) + "\n", "utf-8")


def main() -> int:
    """Called with the working folder; what goes wrong is one sentence on the last line."""
    sys.excepthook = _say_in_a_sentence
    work = Path(sys.argv[1])
    try:
        convert(work, "--keep-fp32" in sys.argv[2:])
    except (BuildFailed, OSError) as failure:
        print(explain(failure, work.parent), file=sys.stderr)
        return 3
    return 0


def _say_in_a_sentence(
    kind: type[BaseException], error: BaseException, _trace: TracebackType | None
) -> None:
    said = " ".join(str(error).split())
    print(
        f"The embedding model could not be converted ({kind.__name__}: {said}); please report "
        "this; until then search works by words alone.",
        file=sys.stderr,
    )


if __name__ == "__main__":
    sys.exit(main())
