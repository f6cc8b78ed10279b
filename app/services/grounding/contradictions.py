"""What stands against a claim although its words are there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.services.grounding import binding
from app.services.grounding.facts import Facts
from app.services.grounding.parts import Part, Passage, Place, places_of
from app.services.grounding.scope import Scope, Stretch, scope_of
from app.services.grounding.words import (
    ABSOLUTE,
    CONDITION,
    EXCLUSIVE,
    ONLY,
    OPPOSITES,
    SAYING_LITTLE,
)

REFUSED = 0.5
OVERSTATED = 0.7
DROPPED = 0.95
ADDED = 0.85
ADDED_MUCH = 0.7
MOSTLY = 0.67
_TELLING = 2
WITH_A_NOT = "with a “not”."
WITHOUT_A_NOT = "without a “not”."


@dataclass(frozen=True)
class Objection:
    """A reason refuses outright; a factor below one only weakens, and doubt says why."""

    reason: str = ""
    factor: float = 1.0
    doubt: str = ""
    # The passage says the contrary: no other passage, less like the claim, can outvote it.
    is_contrary: bool = False


def known_names(passages: Sequence[Passage], above: Sequence[tuple[Facts, ...]]) -> frozenset[str]:
    """What is a name somewhere is a name wherever it stands, at the start of a sentence too."""
    names = frozenset[str]().union(*(each.names for each in passages))
    return names.union(*(facts.names for each in above for facts in each))


def objection(
    claim: Facts, stretches: Sequence[Stretch], known: frozenset[str], question: Facts
) -> Objection:
    """The first thing that speaks against the claim, the plainest first."""
    scope = scope_of(stretches)
    reason = (
        binding.missing_code(claim, scope)
        or binding.missing_figure(claim, scope)
        or binding.other_count(claim, scope)
        or binding.missing_name(claim, scope, known)
        or binding.other_name(claim, scope, known, question)
        or binding.other_code(claim, scope, known)
        or binding.other_row(claim, scope, known)
        or binding.other_place(claim, scope, known)
    )
    if reason:
        return Objection(reason, REFUSED)
    if contrary := _contrary(claim, scope) or _answered_otherwise(claim, scope):
        return Objection(contrary, REFUSED)
    if denial := _denied(claim, scope, known):
        return Objection(denial, REFUSED, is_contrary=denial.endswith(WITH_A_NOT))
    return _weakened(claim, scope)


def _contrary(claim: Facts, scope: Scope) -> str:
    best = _best_part(claim, scope)
    for word in claim.words:
        for written, stems in ((scope.written, scope.stems), (best.facts.written, best.stems)):
            if word.written in written or word.stem in stems:
                continue
            contraries = (OPPOSITES.get(word.written, frozenset()) & written) - claim.written
            if contraries:
                return f"The passage says “{min(contraries)}”, not “{word.written}”."
            if (EXCLUSIVE.get(word.written, frozenset()) & written) - claim.written:
                return f"“{word.written}” is not what the passage says."
    return ""


def _best_part(claim: Facts, scope: Scope) -> Part:
    words = {word.stem for word in claim.words}
    return max(scope.parts, key=lambda part: len(words & part.stems))


def _answered_otherwise(claim: Facts, scope: Scope) -> str:
    other = {"yes": "no", "no": "yes"}.get(claim.opening)
    if other and any(part.facts.opening == other for part in scope.parts):
        return f"The passage answers “{other}”."
    return ""


def _denied(claim: Facts, scope: Scope, known: frozenset[str]) -> str:
    """Clause by clause: either both deny the same, or neither does."""
    written = {word.stem: word.written for word in claim.words}
    whole = binding.names_of(claim, known)
    for clause in places_of(claim):
        if len(clause.stems) < _TELLING <= len(claim.words) or not scope.places:
            continue
        if clause.denies and _is_denied_there(clause, scope):
            continue
        names = clause.names or whole
        nearest = max(scope.places, key=lambda place: _overlap(clause, names, place, known))
        shared = _turned(clause, nearest) or _denied_by_nobody(clause, scope)
        shared = shared or (frozenset() if clause.denies else _only_denied(clause, scope))
        if shared:
            word = written.get(min(shared), min(shared))
            return f"The passage says “{word}” " + (WITHOUT_A_NOT if clause.denies else WITH_A_NOT)
    return ""


def _is_denied_there(clause: Place, scope: Scope) -> bool:
    """Most of what the claim denies is denied in one place."""
    denied = clause.denied - SAYING_LITTLE
    return any(2 * len(denied & place.denied) > len(denied) for place in scope.places)


def _denied_by_nobody(clause: Place, scope: Scope) -> frozenset[str]:
    """What the claim denies where the passage denies nothing at all."""
    telling = clause.denied - SAYING_LITTLE
    if len(telling) < _TELLING or any(each.denying_clauses for each in scope.facts):
        return frozenset()
    return frozenset() if any(place.denies for place in scope.places) else telling


def _turned(clause: Place, place: Place) -> frozenset[str]:
    """Words that one of the two denies and the other does not."""
    ours, theirs = clause.denied & place.stems, place.denied & clause.stems
    if clause.denies != place.denies:
        return ours or theirs
    # "Is not possible" denies all that stands before it.
    if not clause.denies or clause.denied <= SAYING_LITTLE or place.denied <= SAYING_LITTLE:
        return frozenset()
    return frozenset() if clause.denied & place.denied else theirs or ours


def _only_denied(clause: Place, scope: Scope) -> frozenset[str]:
    """Words that the claim asserts and that these sentences have only behind a denial."""
    denied: set[str] = set()
    asserted: set[str] = set()
    for place in scope.places:
        telling = place.stems - SAYING_LITTLE
        shared = len(telling & clause.stems)
        if shared >= MOSTLY * len(telling) or (
            shared >= _TELLING and 2 * shared >= len(clause.stems)
        ):
            denied |= place.denied
        asserted |= place.stems - place.denied
    return (clause.stems & denied) - asserted - SAYING_LITTLE


def _overlap(clause: Place, names: frozenset[str], place: Place, known: frozenset[str]) -> float:
    """The right name decides, and then a denied word that is shared."""
    own = place.names & known
    named = 0.0 if not names or not own else 1.0 if binding.meet(names, own) else -1.0
    return named + len(clause.stems & place.stems) + 0.1 * len(clause.stems & place.denied)


def _weakened(claim: Facts, scope: Scope) -> Objection:
    factor, doubt = 1.0, ""
    if claim.written & ABSOLUTE and not scope.written & ABSOLUTE:
        factor, doubt = OVERSTATED, "The passage does not say it so generally."
    if claim.written & ONLY and not scope.written & ONLY:
        factor, doubt = factor * OVERSTATED, "The passage does not say “only”."
    best = _best_part(claim, scope)
    if best.facts.written & (CONDITION | ONLY) and not claim.written & (CONDITION | ONLY):
        factor, doubt = factor * DROPPED, doubt or "A condition of the passage is missing."
    missing = _longest_run_missing(claim, scope)
    if missing >= _TELLING:
        factor *= ADDED if missing == _TELLING else ADDED_MUCH
        doubt = doubt or "A part of it is not in the passage."
    return Objection("", factor, doubt)


def _longest_run_missing(claim: Facts, scope: Scope) -> int:
    """So many telling words in a row that are not there are an addition, not another wording."""
    longest = run = 0
    for word in claim.words:
        if word.stem in SAYING_LITTLE:
            continue
        run = 0 if word.stem in scope.stems else run + 1
        longest = max(longest, run)
    return longest
