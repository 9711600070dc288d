"""
Loads what the stock of a batch of items looks like: first by what is believed of Shopify, then by reading it.

Most looks need no read. Where one is needed, the order of the reads is the argument: 1. Shopify's levels. 2. The hub's
own record: what the orders want, what the backend accepted of it, what Shopify was told of. A telling is written down
before it is told, so all that 2 counts as seen was committed at 1. 3. The backend's stock: its figure has at least the
units of 2 off. What is committed and not seen is taken off what we publish. What happens later does no harm: an order
placed after 1 changes `available`, and the write is refused; one accepted after 2 counts as unseen for this once.

By belief it is the same, with 1 done long ago and everything counted in that was learned since.

One thing can still be wrong: the backend gave units up between 2 and 3, or before 2 and the hub has not looked. It has
them back on its shelf in 3, and 2 counts them as seen. So before anything is raised, 4. the backend is asked what it
has worked on: units of orders that are to be looked at for it count for nothing yet. Nor do those of packages that
came back, until their orders are known to want them again.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar

from crossdock.flows.inventory.formula import AllFacts, Facts, Formula
from crossdock.flows.inventory.sight import Sight
from crossdock.model.flow import Flow
from crossdock.model.ledger import Account, AtBackend, Ledger, LevelNews, News, Trust, moved, proven, read_anew
from crossdock.model.names import InventoryItemId, ItemCode, LocationId, WarehouseCode
from crossdock.model.stock import InventoryLevel, Level, StockReading
from crossdock.pending.backend_changes import hear_backend
from crossdock.pending.sources import Sources
from crossdock.store import both_sides, level_news, links, locations, packages, stock_ledger, watermarks
from crossdock.store.links import Link


async def observe(
    sources: Sources, formula: Formula, ids: Sequence[InventoryItemId], must_read: Callable[[Sight], bool]
) -> Sequence[Sight]:
    """Return a sight per item, in the order of `ids`; Shopify's levels are read where `must_read` says so."""
    sights = await _by_belief(sources, formula, ids)
    unsure = [id_ for id_ in ids if must_read(sights[id_])]
    if unsure:
        sights = {**sights, **await _by_reading(sources, formula, unsure, sights)}
    return [sights[id_] for id_ in ids]


async def settled(sources: Sources, sights: Sequence[Sight]) -> Sequence[Sight]:
    """
    Return the sights with their `cautious` facts, after the backend said what it has worked on.

    Without the fulfillments flow nobody would ever look: what the backend accepted counts as it is then.
    """
    connection = sources.connection
    if not sights or Flow.FULFILLMENTS not in connection.flows:
        return sights
    await hear_backend(sources.database, sources.backend, connection)
    items = sorted({id_ for sight in sights for id_ in sight.family.values()})
    async with sources.database.begin() as tx:
        at_backend = await both_sides.at_backend(tx, connection.id, items)
        came_back = await packages.coming_back(tx, connection.id, items)
        news = await level_news.of_items(tx, connection.id, items)
    given_up: dict[InventoryItemId, dict[LocationId, int]] = defaultdict(dict)
    for (item, location), there in at_backend.items():
        given_up[item][location] = there.unsettled
    for (item, location), back in came_back.items():
        given_up[item][location] = given_up[item].get(location, 0) + back.units
    settles = any(one.settling for one in at_backend.values()) or any(one.settling for one in came_back.values())
    # What was given up and looked at meanwhile has come as news; we may have counted it still.
    known = {one.id for sight in sights for one in sight.news}
    for (item, location), some in news.items():
        taken = [one.units or 0 for one in some if one.kind is News.ACCEPTED and one.id not in known]
        given_up[item][location] = given_up[item].get(location, 0) - sum(units for units in taken if units < 0)
    return [replace(sight, cautious=_without(sight, given_up), settles=settles) for sight in sights]


def _without(sight: Sight, given_up: Mapping[InventoryItemId, Mapping[LocationId, int]]) -> AllFacts:
    """The facts, were all of this not seen by the backend."""

    def cautious(code: ItemCode, facts: Facts) -> Facts:
        back = given_up.get(sight.family[code], {})
        return replace(facts, unseen={place: units + back.get(place, 0) for place, units in facts.unseen.items()})

    return {code: cautious(code, facts) for code, facts in sight.facts.items()}


async def _by_belief(
    sources: Sources, formula: Formula, ids: Sequence[InventoryItemId]
) -> Mapping[InventoryItemId, Sight]:
    record = await _record(sources, formula, ids)
    ledgers = {level: moved(account.ledger, record.news.get(level, ())) for level, account in record.accounts.items()}
    return await _sights(sources, formula, record, ids, ledgers, frozenset())


async def _by_reading(
    sources: Sources, formula: Formula, ids: Sequence[InventoryItemId], believed: Mapping[InventoryItemId, Sight]
) -> Mapping[InventoryItemId, Sight]:
    linked = {id_ for id_ in ids if believed[id_].item is not None}
    wanted = sorted(linked | {one for id_ in linked for one in believed[id_].relatives})
    read_from = await _now(sources)
    levels: dict[Level, InventoryLevel] = {
        (level.item, level.location): level for level in (await sources.storefront.levels(wanted) if wanted else ())
    }
    record = await _record(sources, formula, ids)
    # What was known before the reading is in the reading; it moves nothing, but tells what was to be expected.
    before = {news.id for id_ in ids for news in believed[id_].news}
    ledgers: dict[Level, Ledger] = {}
    for place, level in levels.items():
        news = record.news.get(place, ())
        account = record.accounts.get(place)
        expected = None if account is None else moved(account.ledger, [one for one in news if one.id in before])
        seen = record.at_backend.get(place, AtBackend()).seen
        fresh = read_anew(expected, level, seen, read_from, record.at)
        ledgers[place] = moved(fresh, [one for one in news if one.id not in before])
    return await _sights(sources, formula, record, ids, ledgers, frozenset(ids))


@dataclass(frozen=True, slots=True)
class _Record:
    """What the hub has on record. `family` are the inventory items by the codes of the asked items and relatives."""

    at: datetime
    linked: Mapping[InventoryItemId, Link]
    family: Mapping[ItemCode, InventoryItemId]
    accounts: Mapping[Level, Account]
    news: Mapping[Level, Sequence[LevelNews]]
    at_backend: Mapping[Level, AtBackend]
    in_between: frozenset[Level]
    places: Mapping[LocationId, str]


async def _record(sources: Sources, formula: Formula, ids: Sequence[InventoryItemId]) -> _Record:
    connection = sources.connection
    async with sources.database.begin() as tx:
        linked = await links.of_inventory_items(tx, connection.id, ids)
        codes = {link.item: id_ for id_, link in linked.items()}
        strangers = sorted({code for item in codes for code in formula.relatives(item)} - codes.keys())
        if strangers:
            found = await links.of_items(tx, connection.id, strangers)
            codes |= {code: link.inventory_item for code, link in found.items()}
        items = sorted(codes.values())
        # What nobody counts yet comes first: what is counted a moment later is then still not relied on. Then what the
        # backend has, and what was learned of the levels after it: a sale that commits in between together with its
        # acceptance is then taken off twice for this once, and not added.
        return _Record(
            linked=linked,
            family=codes,
            in_between=await both_sides.in_between(tx, connection.id, items),
            at_backend=await both_sides.at_backend(tx, connection.id, items),
            news=await level_news.of_items(tx, connection.id, items),
            accounts=await stock_ledger.of_items(tx, connection.id, items),
            places=await locations.names(tx, connection.id),
            at=await watermarks.now(tx),
        )


async def _now(sources: Sources) -> datetime:
    async with sources.database.begin() as tx:
        return await watermarks.now(tx)


async def _sights(
    sources: Sources,
    formula: Formula,
    record: _Record,
    ids: Sequence[InventoryItemId],
    ledgers: Mapping[Level, Ledger],
    was_read: frozenset[InventoryItemId],
) -> Mapping[InventoryItemId, Sight]:
    reading = await sources.backend.stock(sorted(record.family))
    facts = _facts(record, reading, ledgers)
    levels = _by_item(ledgers)
    accounts, news, at_backend = _by_item(record.accounts), _by_item(record.news), _by_item(record.at_backend)

    def sight(id_: InventoryItemId) -> Sight:
        link = record.linked.get(id_)
        family = frozenset[ItemCode]() if link is None else formula.relatives(link.item)
        relatives = [record.family[code] for code in sorted(family) if code in record.family]
        return Sight(
            id=id_,
            item=None if link is None else link.item,
            sku=None if link is None else link.sku,
            now=record.at,
            ledgers=levels.get(id_, {}),
            kept=accounts.get(id_, {}),
            news=[one for some in news.get(id_, {}).values() for one in some],
            at_backend=at_backend.get(id_, {}),
            in_between=record.in_between,
            places=record.places,
            facts={code: facts[code] for code in family if code in facts},
            family={code: record.family[code] for code in family if code in facts},
            sequence=reading.sequence,
            relatives=[one for one in relatives if one != id_],
            relatives_known=all(_is_known(levels.get(one, {})) for one in relatives if one != id_),
            relatives_clear=all(
                proven(ledger, record.at_backend.get(ledger.level, AtBackend()).known_to)
                for one in relatives
                if one != id_
                for ledger in levels.get(one, {}).values()
            ),
            was_read=id_ in was_read,
        )

    return {id_: sight(id_) for id_ in ids}


def _is_known(ledgers: Mapping[LocationId, Ledger]) -> bool:
    return bool(ledgers) and all(ledger.trust not in {Trust.DOUBTED, Trust.LOST} for ledger in ledgers.values())


def _facts(record: _Record, reading: StockReading, ledgers: Mapping[Level, Ledger]) -> Mapping[ItemCode, Facts]:
    available: dict[ItemCode, dict[WarehouseCode, int]] = defaultdict(dict)
    for (code, warehouse), units in reading.available.items():
        available[code][warehouse] = units
    unseen: dict[InventoryItemId, dict[LocationId, int]] = defaultdict(dict)
    for (item, location), ledger in ledgers.items():
        seen = record.at_backend.get((item, location), AtBackend()).seen
        # Shopify took these units off when it sold them; the backend has not. Until it does, they are not for sale.
        unseen[item][location] = max(0, ledger.committed - seen)
    return {code: Facts(available[code], unseen[item]) for code, item in record.family.items()}


T = TypeVar("T")


def _by_item(levels: Mapping[Level, T]) -> Mapping[InventoryItemId, Mapping[LocationId, T]]:
    found: dict[InventoryItemId, dict[LocationId, T]] = defaultdict(dict)
    for (item, location), value in levels.items():
        found[item][location] = value
    return found
