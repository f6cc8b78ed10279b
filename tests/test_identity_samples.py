"""The examples on the install page sign what the desk accepts."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import jwt
import pytest

from tests import services

FOLDER = Path(__file__).resolve().parent.parent / "app/templates/settings/samples"
SECRET = "fd_id_only_for_this_test_0123456789abcdef"
USER = {
    "python": (
        "from types import SimpleNamespace as User\n"
        "print(identity(User(id=7, email='a@b.example', name='Zoë')))"
    ),
    "node": "console.log(identity({ id: 7, email: 'a@b.example', name: 'Zoë' }));",
}


@pytest.mark.parametrize("language", ["python", "node"])
def test_a_sample_signs_who_is_signed_in(tmp_path: Path, language: str) -> None:
    program = sys.executable if language == "python" else services.require_node()
    file = tmp_path / ("sign.py" if language == "python" else "sign.mjs")
    file.write_text(f"{(FOLDER / f'{language}.txt').read_text()}\n{USER[language]}\n")
    environment = os.environ | {"FRONTDESK_SECRET": SECRET}
    token = subprocess.run(
        [program, str(file)], capture_output=True, text=True, check=True, env=environment
    ).stdout.strip()
    claims = jwt.decode(token, SECRET, algorithms=["HS256"], options={"require": ["exp", "sub"]})
    assert (claims["sub"], claims["email"], claims["name"]) == ("7", "a@b.example", "Zoë")
