"""One process that writes: database address, counter, organization, name, how often."""

from __future__ import annotations

import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

from tests.programs.counting import add_contact, open_app, raise_counter


def main(url: str, counter: str, organization: str, name: str, times: str) -> None:
    with TemporaryDirectory() as folder:
        app = open_app(url, Path(folder))
        for number in range(int(times)):
            with app.app_context():
                raise_counter(UUID(counter))
                add_contact(UUID(organization), f"{name} {number}")


if __name__ == "__main__":
    main(*sys.argv[1:])
