"""Commands for operators."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

import click
from flask import Flask

from app import jobs
from app.errors import AppError, ProviderError
from app.services.answering import answer_evaluation, claim_evaluation
from app.services.answering.answer_evaluation import AnswerReport
from app.services.knowledge import evaluation
from app.services.knowledge.evaluation import Report
from app.services.search import retrieval
from app.services.search.retrieval import Weights
from app.services.upkeep import demo, reconciliation, tenant_probe

WAYS = {
    "words": Weights(2 / 3, 1 / 3, 0.0),
    "meaning": Weights(0.0, 0.0, 1.0),
    "both": Weights(),
}


def install_commands(app: Flask) -> None:
    for command in (seed_demo, sweep, evaluate, reconcile, probe_tenants):
        app.cli.add_command(command)


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


@click.command("evaluate")
@click.argument("questions", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--organization", default=demo.SLUG, help="Whose documents; by its short name.")
@click.option("--way", type=click.Choice([*WAYS, "all"]), default="all", help="Search by what.")
@click.option("--answers/--no-answers", default=True, help="Judge the quoted answers as well.")
@click.option("--claims", is_flag=True, help="The file has sentences to check, not questions.")
def evaluate(questions: Path, organization: str, way: str, answers: bool, claims: bool) -> None:
    """Ask known questions; report where their answers are found, and how they are answered."""
    if claims:
        _evaluate_claims(questions)
        return
    try:
        organization_id = evaluation.organization_by_slug(organization)
        asked = evaluation.read_questions(questions.read_text().splitlines())
        retrieval.check_vectors(organization_id)
    except (AppError, ProviderError) as error:
        raise click.ClickException(str(error)) from error
    if waiting := evaluation.still_learning(organization_id):
        click.echo(f"Mind that {waiting} documents are still being learned.", err=True)
    for name in WAYS if way == "all" else [way]:
        report = evaluation.evaluate(organization_id, asked, WAYS[name])
        label = f"{questions.name}: {name}"
        _print(name, evaluation.record(organization_id, label, report))
    if answers:
        _print_answers(answer_evaluation.evaluate_answers(organization_id, asked))


@click.command("reconcile")
@click.option("--organization", default="", help="Only this one, by its short name.")
@click.option("--mend/--look", default=True, help="Mend what differs, or only say it.")
def reconcile(organization: str, mend: bool) -> None:
    """Compare the database with the full-text index, the vectors and the files."""
    chosen: UUID | None = None
    if organization:
        try:
            chosen = evaluation.organization_by_slug(organization)
        except AppError as error:
            raise click.ClickException(error.message) from error
    try:
        for line in reconciliation.reconcile(chosen, mend=mend):
            click.echo(line)
    except ProviderError as error:
        raise click.ClickException(str(error)) from error


@click.command("tenant-probe")
@click.option("--others", default=5, help="For how many others each organization is asked.")
def probe_tenants(others: int) -> None:
    """Ask every organization for what only others know. Nothing is changed or added."""
    probed = leaky = 0
    for each in tenant_probe.probe(others):
        probed += 1
        leaky += bool(each.leaks)
        for leak in each.leaks:
            click.echo(f"{each.asked}, asked for something of {each.of}, told {leak}.")
    click.echo(f"{probed} pairs of organizations asked, {leaky} leak.")
    if leaky:
        raise click.exceptions.Exit(1)


def _evaluate_claims(file: Path) -> None:
    try:
        claims = claim_evaluation.read_claims(file.read_text().splitlines())
        outcomes = claim_evaluation.check_claims(claims, file.parent / "articles")
    except AppError as error:
        raise click.ClickException(error.message) from error
    for line in claim_evaluation.told(outcomes):
        click.echo(line)


def _print(name: str, report: Report) -> None:
    rows = {"all": report.figures, **report.by_kind}
    columns = ["questions", "recall@1", "recall@3", "recall@5", "recall@10", "mrr"]
    click.echo(f"\nBy {name}".ljust(18) + "".join(column.rjust(11) for column in columns))
    for kind, figures in rows.items():
        shown = "".join(f"{figures[column]:>11.4g}" for column in columns)
        click.echo(kind.ljust(17) + shown)
    if "told_apart" in report.figures:
        click.echo(f"answerable told from unanswerable: {report.figures['told_apart']:.3f}")
    click.echo(f"against the last run: {len(report.better)} better, {len(report.worse)} worse")
    for verb, names in (("better", report.better), ("worse", report.worse)):
        if names:
            click.echo(f"  {verb}: {', '.join(names[:20])}")


def _print_answers(report: AnswerReport) -> None:
    columns = list(next(iter(report.by_kind.values())))
    click.echo("\nQuoted answers".ljust(18) + "".join(column.rjust(15) for column in columns))
    for kind, figures in report.by_kind.items():
        shown = ("-" if (f := figures[column]) is None else f"{f:.3g}" for column in columns)
        click.echo(kind.ljust(17) + "".join(figure.rjust(15) for figure in shown))
    for what, figure in report.told_apart.items():
        if figure is not None:
            click.echo(f"answerable told from {what}: {figure:.3f}")
    click.echo("confidence: answers shown, mean confidence, share that holds the fact")
    for each in report.reliability:
        click.echo(
            f"  from {each.least:.1f}: {each.count:4} {each.confidence:.2f} {each.right:.2f}"
        )
