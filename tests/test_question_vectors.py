"""A vector that is foreseen: begun early, made once, and missing where its model fails."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

# Only where threads are greenlets is anything begun early, so it is a program of its own.
PROGRAM = """
from gevent import monkey
monkey.patch_all()
import pathlib, sys, time
from dataclasses import replace
from app import create_app
from app.errors import ProviderError
from app.services.search.question_vectors import foresee, question_vector
from config import Testing
from tests.fakes import LetterVectors, fakes

class Slow(LetterVectors):
    asked = []
    def embed(self, texts, *, hurry=False):
        self.asked.append(texts[0])
        time.sleep(0.05)
        if "fails" in texts[0]:
            raise ProviderError("It is away.")
        return super().embed(texts)

folder = pathlib.Path(sys.argv[1])
config = Testing(data_dir=folder, database_url=f"sqlite:///{folder}/frontdesk.db")
app = create_app(config, replace(fakes(), embeddings=Slow()))
with app.app_context():
    foresee("what is asked")
    foresee("what is asked")
    assert Slow.asked == ["what is asked"]
    assert question_vector("what is asked") is not None
    assert question_vector("what is asked") is not None
    assert Slow.asked == ["what is asked"]
    foresee("what fails")
    assert question_vector("what fails") is None
    assert Slow.asked == ["what is asked", "what fails"]
    assert question_vector("what fails") is None
    assert question_vector("something else") is not None
    assert Slow.asked[2:] == ["what fails", "something else"]
print("held")
"""


def test_a_vector_that_was_foreseen_is_made_once(tmp_path: Path) -> None:
    run = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(tmp_path)],
        cwd=Path(__file__).resolve().parent.parent,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    assert run.stdout.endswith("held\n")
