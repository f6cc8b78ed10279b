"""Commands for operators: flask demo, flask sweep."""

from __future__ import annotations

import click
from flask import Flask

from app import jobs
from app.services import demo


def install_commands(app: Flask) -> None:
    app.cli.add_command(seed_demo)
    app.cli.add_command(sweep)


@click.command("demo")
def seed_demo() -> None:
    """Make the demo organization, if it is not there."""
    made = demo.seed()
    hint = demo.sign_in_hint()
    click.echo("The demo organization is made." if made else "The demo organization is there.")
    if hint:
        click.echo(f"Sign in as {hint['email']} with {hint['password']}")


@click.command("sweep")
def sweep() -> None:
    """Wake every job that is due and that nobody works on."""
    click.echo(f"{jobs.sweep()} jobs woken.")
