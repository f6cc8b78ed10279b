"""A sentence in another language than the passages: what can be compared, and what cannot.

Words cannot. Figures, names, codes and addresses can, and they are what a wrong answer gets wrong
most harmfully. So a sentence passes if the model named the passage it rests on, if every figure,
name and code in it stands there, and if there is at least one figure or code: the name of a product
says what a sentence is about and not whether it is true. Its support is low, and says so: meaning
was not compared. A sentence without anything to compare is withheld, unless an
organization lets a model judge (see `judging`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from app.services.grounding.facts import Facts
from app.services.grounding.parts import Part
from app.services.search.evidence import Evidence

# Enough to be told apart from what was found word by word.
SUPPORT = 0.5
_LONGEST_SHARED = 6


def check_across(
    claim: Facts,
    passages: Sequence[tuple[Part, ...]],
    evidence: Sequence[Evidence],
    marked: frozenset[int],
    written_out: Mapping[str, float],
) -> tuple[bool, tuple[int, ...], float, str]:
    """Supported or not, the places in the list of evidence, how well, and why.

    `written_out` are the numbers of the claim that its language has words for.
    """
    reason = "Nothing in it can be compared with the passages, which are in another language."
    for index in sorted(marked) or range(len(passages)):
        anchors, missing = _anchors(claim, passages[index], evidence[index], written_out)
        if missing:
            reason = f"“{missing}” is not in the passage."
        elif anchors >= (1 if marked else 2):
            return True, (index,), min(SUPPORT, 0.3 + 0.1 * anchors), "Its facts are there."
    return False, (), 0.0, reason


def _anchors(
    claim: Facts, parts: Sequence[Part], evidence: Evidence, written_out: Mapping[str, float]
) -> tuple[int, str]:
    """How many hard facts are there, and the first that is not."""
    facts = [part.facts for part in parts]
    amounts = {(each.figure.value, each.figure.unit) for one in facts for each in one.amounts}
    values = {value for value, _ in amounts}
    counts = {each.figure.value / each.figure.size for one in facts for each in one.amounts}
    text = f"{evidence.title}\n{evidence.heading}\n{evidence.text}".lower()
    anchors = 0
    for amount in claim.amounts:
        figure = amount.figure
        if (figure.value, figure.unit) not in amounts and (
            figure.unit or figure.value not in values
        ):
            return anchors, figure.written
        anchors += 1
    for written, value in written_out.items():
        if value not in counts:
            return anchors, written
        anchors += 1
    for code in claim.codes:
        if code not in text:
            return anchors, code
        anchors += 1
    named = 0
    for name in claim.names:
        if name in text:
            named += 1
        elif " " in name:
            return anchors, name.title()
    return anchors + named if anchors else 0, ""
