"""Figures and names have to stand with what they are said of, not merely near it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from itertools import chain

from app.services.grounding.facts import AT_LEAST, AT_MOST, Amount, Facts
from app.services.grounding.parts import Part, Place
from app.services.grounding.scope import Scope

_NAME = 2.0


def names_of(facts: Facts, known: frozenset[str]) -> frozenset[str]:
    """What begins a sentence is a name if it is one elsewhere."""
    return facts.names | (facts.initials & known)


def missing_code(claim: Facts, scope: Scope) -> str:
    """Codes and addresses are compared letter by letter."""
    codes = frozenset(chain.from_iterable(each.codes for each in scope.facts))
    for code in sorted(claim.codes - codes):
        return f"“{code}” is not in the passage."
    return ""


def missing_figure(claim: Facts, scope: Scope) -> str:
    """Each figure must be there with its unit, and not as a limit of the other kind."""
    there = [amount for part in scope.parts for amount in part.facts.amounts]
    # A bare number above a list counts something else than what is listed.
    there += [each for facts in scope.over for each in facts.amounts if each.figure.unit]
    for amount in claim.amounts:
        matching = [each for each in there if equal(amount, each)]
        if matching:
            if _bounded_otherwise(amount, matching):
                return f"The passage has {amount.figure.written} as a limit of the other kind."
        elif not amount.figure.is_vague and not _in_names(amount, scope):
            return f"The number {amount.figure.written} is not in the passage."
    return ""


def other_count(claim: Facts, scope: Scope) -> str:
    """ "Five parcels" are not borne out by three parcels and five cards."""
    there = [each for facts in scope.facts for each in facts.amounts]
    for amount in claim.amounts:
        counts = [each for each in there if amount.of and each.of == amount.of]
        if counts and not any(equal(amount, each) for each in counts):
            return f"The passage counts {counts[0].figure.written}, not {amount.figure.written}."
    return ""


def missing_name(claim: Facts, scope: Scope, known: frozenset[str]) -> str:
    """Names are compared without regard to capitals."""
    for name in sorted(names_of(claim, known)):
        if not _is_named(name, scope):
            return f"“{name.title()}” is not in the passage."
    return ""


def other_name(claim: Facts, scope: Scope, known: frozenset[str], question: Facts) -> str:
    """A sentence about one thing does not bear out the same about another."""
    numbered = {name for name in known if " " in name}
    claimed = names_of(claim, known) or (names_of(question, known) & numbered)
    claimed = (claimed & numbered) or claimed
    if not claimed:
        return ""
    words = _words_but_names(claim, known)
    best = max(scope.parts, key=lambda part: len(words & part.stems))
    there = names_of(best.facts, known)
    if there and not meet(claimed, there) and not _is_taken_up(claimed, best, words, scope, known):
        return f"The passage says this of {_listed(there)}, not of {_listed(claimed)}."
    return _words_of_a_rival(claimed, words, scope, known)


def other_place(claim: Facts, scope: Scope, known: frozenset[str]) -> str:
    """No other place with another value of the kind may fit the claim better."""
    words = {word.stem for word in claim.words}
    for amount in claim.amounts:
        if amount.figure.is_vague:
            continue
        having = [p for p in scope.places if any(equal(amount, each) for each in p.amounts)]
        if not having:
            continue
        names = _names_near(amount, claim, known)
        others = [p for p in scope.places if p not in having]
        start, end = _segment_of(amount, claim)
        beside = [each for each in claim.amounts if start < each.figure.start < end]
        nearer = {word.stem for word in claim.words if start < word.start < end}
        rivals = [p for p in others if _competes(amount, claim.amounts, p)]
        others = [p for p in others if _competes(amount, beside, p)]
        if (
            (names and all(_is_of_others(names, place, known) for place in having))
            or _fit_better(rivals, having, words, names, known)
            or _fit_better(others, having, nearer, frozenset(), known)
        ):
            return f"The passage says {amount.figure.written} of something else."
    return ""


def other_code(claim: Facts, scope: Scope, known: frozenset[str]) -> str:
    """A part number or a path belongs to what it stands with."""
    names = names_of(claim, known)
    for code in sorted(claim.codes):
        having = [place for place in scope.places if code in place.codes]
        if having and names and all(_is_of_others(names, place, known) for place in having):
            return f"The passage has “{code}” for something else."
    return ""


def other_row(claim: Facts, scope: Scope, known: frozenset[str]) -> str:
    """What a row says holds for what the row is about."""
    said = {word.stem for word in claim.words} | names_of(claim, known)
    said |= {f"{each.figure.value:g}" for each in claim.amounts}
    words = {word.stem for word in claim.words}
    best = max(scope.parts, key=lambda part: len(words & part.stems))
    if best.label and not best.label <= said and any(o <= said for o in best.other_labels):
        return "The passage says this of something else in the same table."
    return ""


def equal(claimed: Amount, there: Amount) -> bool:
    """The same value; a table has its units in its head, and a reader may know them."""
    one, other = claimed.figure, there.figure
    if one.value == other.value and one.unit == other.unit:
        return True
    return (not one.unit or not other.unit) and one.value / one.size == other.value / other.size


def meet(claimed: Collection[str], there: Collection[str]) -> bool:
    """Whether a name is shared; one without its number stands for all of its kind."""
    for one in claimed:
        for other in there:
            base, other_base = one.rpartition(" ")[0], other.rpartition(" ")[0]
            if (
                one == other
                or (base and not other_base and other.removesuffix("s") == base)
                or (other_base and not base and one.removesuffix("s") == other_base)
            ):
                return True
    return False


def _bounded_otherwise(amount: Amount, matching: Iterable[Amount]) -> bool:
    if not amount.bound:
        return False
    other = AT_LEAST if amount.bound == AT_MOST else AT_MOST
    return all(each.bound == other for each in matching)


def _in_names(amount: Amount, scope: Scope) -> bool:
    number = f"{amount.figure.value:g}"
    return any(name.endswith(" " + number) for name in scope.names)


def _is_named(name: str, scope: Scope) -> bool:
    if name in scope.names or name in scope.written:
        return True
    base, _, number = name.rpartition(" ")
    if not base:
        singular = name.removesuffix("s")
        return singular in scope.written or any(n.split(" ")[0] == singular for n in scope.names)
    # "Lantern 60 and 100", and "both Lanterns".
    return base + "s" in scope.written or (base in scope.written and number in scope.written)


def _words_but_names(claim: Facts, known: frozenset[str]) -> set[str]:
    named = {piece for name in names_of(claim, known) for piece in name.split()}
    return {word.stem for word in claim.words if word.written not in named}


def _is_taken_up(
    claimed: frozenset[str],
    best: Part,
    words: set[str],
    scope: Scope,
    known: frozenset[str],
) -> bool:
    """ "It is too heavy for it": the thing meant stands in the sentence before.

    Where both sentences say the same, each says it of its own.
    """
    place = scope.parts.index(best)
    for part in scope.parts[place + 1 :]:
        if meet(claimed, names_of(part.facts, known)):
            return bool(words & part.stems) and not words & part.stems & best.stems
    return False


def _words_of_a_rival(
    claimed: frozenset[str], words: set[str], scope: Scope, known: frozenset[str]
) -> str:
    """Where two of a kind are compared, what is said of the one counts only for it."""
    own = [place for place in scope.places if meet(claimed, place.names & known)]
    rivals = [
        place
        for place in scope.places
        if place.names & known and not meet(claimed, place.names & known)
    ]
    if not own or not rivals:
        return ""
    shared = frozenset(chain.from_iterable(place.stems for place in own)) | scope.above
    last_own = max(scope.places.index(place) for place in own)
    for rival in rivals:
        alone = (words & rival.stems) - shared
        # "It" looks back: what comes later was not meant by it.
        is_later = scope.places.index(rival) > last_own
        if alone and (is_later or any(words & rival.stems & place.stems for place in own)):
            return f"The passage says “{min(alone)}” of {_listed(rival.names & known)}."
    return ""


def _names_near(amount: Amount, claim: Facts, known: frozenset[str]) -> frozenset[str]:
    """The name that stands before the figure, or else all that the claim has."""
    start, end = _segment_of(amount, claim)
    beside = [name for name, place in claim.name_places if start < place < end]
    if beside:
        return frozenset(beside)
    before = [name for name, place in claim.name_places if place < amount.figure.start]
    return frozenset(before[-1:]) or names_of(claim, known)


def _is_of_others(names: frozenset[str], place: Place, known: frozenset[str]) -> bool:
    own = place.names & known
    return bool(own) and not meet(names, own)


def _competes(amount: Amount, claimed: Collection[Amount], place: Place) -> bool:
    """It has another value of the same kind, one that the claim does not have."""
    return any(
        each.figure.unit == amount.figure.unit and not any(equal(one, each) for one in claimed)
        for each in place.amounts
    )


def _segment_of(amount: Amount, claim: Facts) -> tuple[int, int]:
    """Where the commas stand between which the figure does."""
    start = max((place for place in claim.segments if place < amount.figure.start), default=-1)
    end = min((place for place in claim.segments if place >= amount.figure.end), default=1 << 30)
    return start, end


def _fit_better(
    rivals: Collection[Place],
    having: Collection[Place],
    words: set[str],
    names: frozenset[str],
    known: frozenset[str],
) -> bool:
    best = max(_closeness(place, words, names, known) for place in having)
    return any(_closeness(place, words, names, known) > best for place in rivals)


def _closeness(
    place: Place, words: set[str], names: frozenset[str], known: frozenset[str]
) -> float:
    own = place.names & (known | names)
    named = 0.0 if not names or not own else _NAME if meet(names, own) else -_NAME
    return len(words & place.stems) + named


def _listed(names: Collection[str]) -> str:
    return ", ".join(name.title() for name in sorted(names)[:2])
