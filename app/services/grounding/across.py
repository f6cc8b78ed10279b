"""A sentence in another language than the passages: what can be compared, and what cannot.

Words cannot. Figures, names, codes and addresses can, and they are what a wrong answer gets wrong
most harmfully: where one of them is in none of the passages that the model named, the sentence is
not borne out, whoever says so. That they are all there proves little ("The Kettle 20 is loud in 3
minutes"), so what passes here is asked of a second opinion where there is a model to give one (see
`judging`). Where there is none, a figure or a code that is there has to do, and its low support
says so; the name of a product says what a sentence is about and not whether it is true.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from app.services.grounding.facts import Facts
from app.services.grounding.parts import Part
from app.services.search.evidence import Evidence

# Enough to be told apart from what was found word by word.
SUPPORT = 0.5
NOTHING_TO_COMPARE = (
    "Nothing in it can be compared with the passages, which are in another language."
)


def check_across(
    claim: Facts,
    passages: Sequence[tuple[Part, ...]],
    evidence: Sequence[Evidence],
    marked: frozenset[int],
    written_out: Mapping[str, float],
) -> tuple[bool, tuple[int, ...], float, str]:
    """Supported or not, the places in the list of evidence, how well, and why.

    Not supported and yet with places: there is nothing to compare, and nothing that speaks against
    it. `written_out` are the numbers of the claim that its language has words for.
    """
    reason = NOTHING_TO_COMPARE
    silent: list[int] = []
    for index in sorted(marked) or range(len(passages)):
        anchors, missing = _anchors(claim, passages[index], evidence[index], written_out)
        if missing:
            reason = f"“{missing}” is not in the passage."
        elif anchors >= (1 if marked else 2):
            return True, (index,), min(SUPPORT, 0.3 + 0.1 * anchors), "Its facts are there."
        elif marked and not anchors:
            silent.append(index)
    if silent:
        return False, tuple(silent), 0.0, NOTHING_TO_COMPARE
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
