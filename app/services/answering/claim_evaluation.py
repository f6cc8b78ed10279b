"""How often the grounding check errs on sentences that are known to be true or subtly false."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID, uuid5

from app.errors import Invalid
from app.reading.cutting import Passage
from app.reading.cutting import cut as cut_up
from app.reading.limits import Limits
from app.reading.markdown import read_markdown
from app.reading.titles import title_of
from app.reading.tokens import counter_for
from app.services.grounding import Checker
from app.services.search.evidence import Evidence
from app.services.search.lexical import stems_of

PASSAGES = 8
BODY_TOKENS = 200
_SPACE = UUID("5b1b3c52-6d0e-4c2a-9a0f-6f8c1d8b7a11")
_MARKUP = re.compile(r"[*`]+")


@dataclass(frozen=True)
class Claim:
    """`quote` is what the document says; `kind` how the sentence was worded or made false."""

    id: str
    document: str
    quote: str
    sentence: str
    supported: bool
    kind: str = ""


@dataclass(frozen=True)
class Outcome:
    """What the check said of a claim."""

    claim: Claim
    released: bool
    support: float
    reason: str

    @property
    def is_wrong(self) -> bool:
        return self.released != self.claim.supported


@dataclass(frozen=True)
class ClaimReport:
    """`errors` counts a kind's claims and those judged wrongly."""

    auroc: float
    errors: dict[str, tuple[int, int]]
    true_withheld: float
    false_released: float


def read_claims(lines: Iterable[str]) -> list[Claim]:
    """One JSON object a line; a line that cannot be read is named."""
    claims = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            claims.append(Claim(**json.loads(line)))
        except (ValueError, TypeError) as error:
            message = f"Line {number} is not a claim: {error}"
            raise Invalid(message, fields={"claims": message}) from error
    return claims


def check_claims(claims: Sequence[Claim], folder: Path) -> list[Outcome]:
    """Check each against its own passage among those that resemble the sentence most."""
    shelf = [each for path in sorted(folder.glob("*.md")) for each in _evidence_of(path)]
    stems = [frozenset(stems_of(each.text)) for _, each in shelf]
    return [_outcome(claim, _nearest(claim, shelf, stems)) for claim in claims]


def report_of(outcomes: Sequence[Outcome]) -> ClaimReport:
    """The figures of a set, or of a part of it."""
    counted = Counter(each.claim.kind for each in outcomes)
    wrong = Counter(each.claim.kind for each in outcomes if each.is_wrong)
    true = [each for each in outcomes if each.claim.supported]
    false = [each for each in outcomes if not each.claim.supported]
    return ClaimReport(
        auroc=_auroc([each.support for each in true], [each.support for each in false]),
        errors={kind: (count, wrong[kind]) for kind, count in counted.items()},
        true_withheld=_share(true),
        false_released=_share(false),
    )


def parted(outcomes: Sequence[Outcome]) -> tuple[list[Outcome], list[Outcome]]:
    """Every fourth document's claims were never looked at while the rules were made."""
    documents = sorted({each.claim.document for each in outcomes})
    kept_back = frozenset(documents[1::4])
    return (
        [each for each in outcomes if each.claim.document not in kept_back],
        [each for each in outcomes if each.claim.document in kept_back],
    )


def told(outcomes: Sequence[Outcome]) -> list[str]:
    """The figures as lines for an operator, and what went wrong."""
    lines = []
    for name, part in zip(
        ("made with", "kept back", "all"), (*parted(outcomes), outcomes), strict=True
    ):
        report = report_of(part)
        lines.append(
            f"{name}: {len(part)} claims, AUROC {report.auroc:.3f}, "
            f"true withheld {report.true_withheld:.1%}, false released {report.false_released:.1%}"
        )
        lines += [
            f"  {kind.ljust(16)} {count:>4} claims {wrong:>4} wrong"
            for kind, (count, wrong) in sorted(report.errors.items())
        ]
    return lines


def _outcome(claim: Claim, evidence: Sequence[Evidence]) -> Outcome:
    verdict = Checker(evidence).check(claim.sentence)
    support = verdict.support if verdict.rests_on or not verdict.supported else 1.0
    return Outcome(claim, verdict.supported, support, verdict.reason)


def _evidence_of(path: Path) -> list[tuple[str, Evidence]]:
    document = read_markdown(path.read_bytes(), Limits(), _Silence())
    title = title_of(document.title, document.blocks, path.name)
    passages = cut_up(document.blocks, counter_for(None), BODY_TOKENS, title)
    return [(path.name, _evidence(path.name, title, each)) for each in passages]


def _evidence(name: str, title: str, passage: Passage) -> Evidence:
    return Evidence(
        passage_id=uuid5(_SPACE, f"{name} {passage.ordinal}"),
        document_id=uuid5(_SPACE, name),
        title=title,
        text=passage.text,
        heading=" › ".join(passage.heading_path),
        kind=passage.kind,
        ordinal=passage.ordinal,
    )


class _Silence:
    """Nobody watches the progress of an evaluation."""

    def opened(self, pages: int, title: str) -> None: ...

    def page_done(self, number: int) -> None: ...

    def warn(self, message: str, page: int = 0) -> None: ...


def _nearest(
    claim: Claim, shelf: Sequence[tuple[str, Evidence]], stems: Sequence[frozenset[str]]
) -> list[Evidence]:
    wanted = _plain(claim.quote)
    own = [
        number
        for number, (name, each) in enumerate(shelf)
        if name == claim.document and wanted in _plain(each.text)
    ][:1]
    if not own:
        raise Invalid(f"{claim.id}: its quote does not stand in {claim.document}.")
    words = frozenset(stems_of(claim.sentence))
    order = sorted(range(len(shelf)), key=lambda n: (-len(words & stems[n]), n))
    chosen = dict.fromkeys([*order[: PASSAGES - 1], *own])
    return [shelf[number][1] for number in chosen]


def _plain(text: str) -> str:
    return " ".join(_MARKUP.sub("", text).lower().split())


def _share(outcomes: Sequence[Outcome]) -> float:
    return sum(each.is_wrong for each in outcomes) / max(len(outcomes), 1)


def _auroc(true: Sequence[float], false: Sequence[float]) -> float:
    """How likely a true sentence has the higher support than a false one; ties count half."""
    if not true or not false:
        return 0.0
    wins = sum((one > other) + (one == other) / 2 for one in true for other in false)
    return wins / (len(true) * len(false))
