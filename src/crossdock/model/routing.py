"""Which locations are to ship an order, and why. Pure: the same facts and rules give the same answer."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from crossdock.model.names import ItemCode, LineItemId, LocationId, Units
from crossdock.model.nearness import by_area, in_kilometres
from crossdock.model.route import Candidate, Facts, Routed, Share
from crossdock.model.routing_rules import By, Otherwise, Place, RoutingRules, RoutingStep


@dataclass(frozen=True, slots=True)
class _Found:
    """What a step found: who is left by it, or who comes first (smaller ranks); and what it says."""

    left: Sequence[Candidate]
    sentence: str = ""
    ranks: Mapping[LocationId, tuple[float, ...]] = field(default_factory=dict)


@dataclass(slots=True)
class _Course:
    """Who is left and how they rank after the steps so far, and what the steps said."""

    left: list[Candidate]
    ranks: dict[LocationId, tuple[float, ...]]
    why: list[str]
    divides: RoutingStep | None = None
    """The step that found nobody with everything, and lets the order be divided."""


def route(facts: Facts, rules: RoutingRules) -> Routed:
    """
    Go through the steps and return the choice; without shares where nobody may ship it and a person is to be asked.

    Nothing is divided where one location has everything. The order of the candidates does not matter.
    """
    left = sorted((one for one in facts.candidates if one.barred is None), key=_by_age)
    barred = [f"{one.name} ({one.barred})" for one in sorted(facts.candidates, key=_by_age) if one.barred is not None]
    why = [f"Out of the question: {', '.join(barred)}."] if barred else []
    course = _Course(left, {one.location: () for one in left}, why)
    if not left or not all(_goes_on(step, facts, rules, course) for step in rules.steps):
        return _otherwise(facts, rules, course.why)
    return _chosen(facts, rules, course)


def _goes_on(step: RoutingStep, facts: Facts, rules: RoutingRules, course: _Course) -> bool:
    """Take a step; return False where it must leave somebody and leaves nobody."""
    found = _STEPS[step.by](step, facts, course.left, rules.places)
    if found.left:
        course.left = list(found.left)
        course.why += [found.sentence] if found.sentence else []
        course.ranks = {
            one.location: (*course.ranks[one.location], *found.ranks.get(one.location, ())) for one in course.left
        }
        return True
    if step.split:
        course.divides = step
    passed_over = "" if step.split or step.must else " So that did not decide."
    course.why.append(found.sentence + passed_over)
    return step.split or not step.must


def _chosen(facts: Facts, rules: RoutingRules, course: _Course) -> Routed:
    now = _most_units((one.location, one.units) for one in facts.wanted)
    ranks, why = course.ranks, course.why
    best = sorted(course.left, key=lambda one: (*ranks[one.location], one.location != now))
    if course.divides is not None:
        divided = _divided(facts, best)
        if divided is not None:
            return _routed(facts, divided, [*why, "It is divided, into as few parts as that takes."])
        if course.divides.must:
            return _otherwise(facts, rules, [*why, "All together do not have it either."])
        why.append("All together do not have it either, so that did not decide.")
    if len(best) > 1 and ranks[best[0].location] == ranks[best[1].location]:
        there = best[0].location == now
        why.append("Otherwise alike: Shopify has it there." if there else "Otherwise alike: it is the oldest location.")
    return _routed(facts, [Share(one.line, best[0].location, one.units) for one in facts.wanted], why)


def _by_age(one: Candidate) -> tuple[int, str]:
    """Shopify's numbers grow."""
    return len(one.location), one.location


def _otherwise(facts: Facts, rules: RoutingRules, why: Sequence[str]) -> Routed:
    if rules.otherwise is Otherwise.HOLD:
        return Routed((), (), (*why, "Nobody is left to ship it."))
    follow = [Share(one.line, one.location, one.units) for one in facts.wanted]
    return _routed(facts, follow, [*why, "Nobody is left, so it stays where Shopify has it."])


def _routed(facts: Facts, shares: Sequence[Share], why: Sequence[str]) -> Routed:
    units = Counter[tuple[LineItemId, LocationId]]()
    for share in shares:
        units[share.line, share.location] += share.units
    names = {one.location: one.name for one in facts.candidates}
    places = Counter[LocationId]()
    for (_, location), many in units.items():
        places[location] += many
    ordered = sorted(places, key=lambda location: (-places[location], location))
    return Routed(
        tuple(Share(line, location, Units(many)) for (line, location), many in sorted(units.items())),
        tuple(names.get(location, location) for location in ordered),
        tuple(why),
    )


# --- the steps ----------------------------------------------------------------------------------------------------


def _prefer(step: RoutingStep, _facts: Facts, left: Sequence[Candidate], _places: Mapping[LocationId, Place]) -> _Found:
    ranks = {
        one.location: (step.locations.index(one.location) if one.location in step.locations else len(step.locations),)
        for one in left
    }
    known = sorted((one for one in left if one.location in step.locations), key=lambda one: ranks[one.location])
    return _Found(left, f"Preferred: {_names(known)}." if known else "", ranks)


def _nearest(_step: RoutingStep, facts: Facts, left: Sequence[Candidate], places: Mapping[LocationId, Place]) -> _Found:
    if len(left) < 2:
        return _Found(left)
    far = in_kilometres(facts.destination, places, [one.location for one in left])
    if far is not None:
        ordered = sorted(left, key=lambda one: far[one.location])
        said = ", ".join(f"{one.name} ({far[one.location]:.0f} km)" for one in ordered)
        ranks = {location: (kilometres,) for location, kilometres in far.items()}
        return _Found(left, f"Nearest to {facts.destination}: {said}.", ranks)
    by = {one.location: by_area(facts.destination, places.get(one.location)) for one in left}
    nearest = min(by.values())
    first = [one for one in left if by[one.location] == nearest]
    if len(first) == len(left):
        return _Found(left, f"Who is nearest to {facts.destination} is not known.")
    return _Found(left, f"Nearest to {facts.destination}, by country and zip: {_names(first)}.", by)


def _stock(_step: RoutingStep, facts: Facts, left: Sequence[Candidate], _places: Mapping[LocationId, Place]) -> _Found:
    lacks = {one.location: _lacking(facts, one) for one in left}
    able = [one for one in left if not lacks[one.location]]
    unable = ", ".join(f"{one.name} lacks {lacks[one.location]}" for one in left if lacks[one.location])
    if not able:
        return _Found([], f"Nobody has everything: {unable}.")
    return _Found(able, f"Has everything: {_names(able)}{f' ({unable})' if unable else ''}.")


def _country(step: RoutingStep, facts: Facts, left: Sequence[Candidate], _places: Mapping[LocationId, Place]) -> _Found:
    country = facts.destination.country
    if country is None or (country in step.countries) is step.outside:
        return _Found(left)
    return _only(step, left, f"To {country}")


def _tag(step: RoutingStep, facts: Facts, left: Sequence[Candidate], _places: Mapping[LocationId, Place]) -> _Found:
    has = [tag for tag in facts.tags if tag in step.tags]
    return _only(step, left, f"Tagged {', '.join(has)}") if has else _Found(left)


def _only(step: RoutingStep, left: Sequence[Candidate], what: str) -> _Found:
    kept = [one for one in left if one.location in step.locations]
    others = [one for one in left if one.location not in step.locations]
    if not kept:
        return _Found([], f"{what}: none of {_names(others)} is meant.")
    return _Found(kept, f"{what}: {_names(kept)}{f', not {_names(others)}' if others else ''}.")


def _capacity(
    _step: RoutingStep, _facts: Facts, left: Sequence[Candidate], places: Mapping[LocationId, Place]
) -> _Found:
    most = {location: place.capacity for location, place in places.items() if place.capacity is not None}
    full = [one for one in left if one.busy >= most.get(one.location, one.busy + 1)]
    said = ", ".join(f"{one.name} was asked for {one.busy} of {most[one.location]} in 24 hours" for one in full)
    kept = [one for one in left if one not in full]
    if not kept:
        return _Found([], f"Nobody has capacity left: {said}.")
    return _Found(kept, f"Has capacity left: {_names(kept)} ({said})." if full else "")


_Step = Callable[[RoutingStep, Facts, Sequence[Candidate], Mapping[LocationId, Place]], _Found]
_STEPS: Final[Mapping[By, _Step]] = {
    By.PREFER: _prefer,
    By.STOCK: _stock,
    By.NEAREST: _nearest,
    By.COUNTRY: _country,
    By.TAG: _tag,
    By.CAPACITY: _capacity,
}


# --- stock --------------------------------------------------------------------------------------------------------


def _lacking(facts: Facts, one: Candidate) -> str:
    """Say what a candidate lacks; nothing where it has everything."""
    titles = {wanted.item: wanted.title for wanted in facts.wanted}
    short = {item: units - max(0, one.stock.get(item, 0)) for item, units in facts.needs.items()}
    return ", ".join(f"{units} {titles[item]}" for item, units in sorted(short.items()) if units > 0)


def _divided(facts: Facts, best: Sequence[Candidate]) -> Sequence[Share] | None:
    """Let whoever has the most of what is left ship it, the better one where two have as much; None if not enough."""
    open_ = [(one.line, one.item, int(one.units)) for one in facts.wanted]
    free = list(best)
    shares: list[Share] = []
    while any(units for *_, units in open_):
        given = {one.location: _given(open_, one) for one in free}
        if not any(sum(given[one.location]) for one in free):
            return None
        chosen = max(free, key=lambda one: sum(given[one.location]))  # the first of equals
        parts = given[chosen.location]
        shares += [Share(line, chosen.location, Units(n)) for (line, *_), n in zip(open_, parts, strict=True) if n]
        open_ = [(line, item, units - n) for (line, item, units), n in zip(open_, parts, strict=True)]
        free.remove(chosen)
    return shares


def _given(open_: Sequence[tuple[LineItemId, ItemCode, int]], one: Candidate) -> list[int]:
    stock = {item: max(0, int(units)) for item, units in one.stock.items()}
    found = []
    for _, item, units in open_:
        given = min(units, stock.get(item, 0))
        stock[item] = stock.get(item, 0) - given
        found.append(given)
    return found


def _names(candidates: Sequence[Candidate]) -> str:
    return ", ".join(one.name for one in candidates)


def _most_units(found: Iterable[tuple[LocationId, Units]]) -> LocationId | None:
    units = Counter[LocationId]()
    for location, many in found:
        units[location] += many
    return min(units, key=lambda location: (-units[location], location), default=None)
