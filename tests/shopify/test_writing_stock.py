"""Stock is written in one keyed batch; refused rows are named, and a spent key is followed by the next of its chain."""

from itertools import pairwise

import httpx
import pytest
from tests.shopify_answers import Bench, Json, gid, page, says

from crossdock.kit.errors import HubError, Recovery, Refused, TryAgain
from crossdock.model.names import InventoryItemId, LocationId, Units
from crossdock.model.stock import InventoryLevel, SetAvailable
from crossdock.ports.storefront import RowRefused

ITEM, PLACE = InventoryItemId(gid("InventoryItem", 1)), LocationId(gid("Location", 1))
KEY, REFERENCE = "6f1c", "gid://crossdock/Reading/7"


def a_write(number: int = 1, *, quantity: int = 5, change_from: int = 3) -> SetAvailable:
    item = InventoryItemId(gid("InventoryItem", number))
    return SetAvailable(item, PLACE, Units(quantity), change_from=Units(change_from))


def written(*errors: Json) -> httpx.Response:
    return says({"inventorySetQuantities": {"userErrors": list(errors)}})


def an_error(code: str | None, row: int | None = None, message: str = "No.") -> Json:
    path = ["input", "quantities", str(row), "changeFromQuantity"] if row is not None else ["input"]
    return {"code": code, "field": path, "message": message}


async def test_levels_are_set_only_if_they_still_are_what_we_believe(bench: Bench) -> None:
    bench.shopify.will("SetQuantities", written())

    refused = await bench.storefront.set_available([a_write(quantity=0, change_from=-2)], KEY, REFERENCE)

    assert refused == ()
    (asked,) = bench.shopify.asked
    assert asked.variables == {
        "key": KEY,
        "input": {
            "name": "available",
            "reason": "correction",
            "referenceDocumentUri": REFERENCE,
            "quantities": [
                {"inventoryItemId": ITEM, "locationId": PLACE, "quantity": 0, "changeFromQuantity": -2},
            ],
        },
    }
    assert "@idempotent(key: $key)" in asked.query


async def test_refused_rows_are_named_by_their_place_in_the_batch(bench: Bench) -> None:
    bench.shopify.will(
        "SetQuantities",
        written(an_error("INVALID_INVENTORY_ITEM", 2, "Gone."), an_error("CHANGE_FROM_QUANTITY_STALE", 0, "Stale.")),
    )

    refused = await bench.storefront.set_available([a_write(n) for n in (1, 2, 3)], KEY, REFERENCE)

    assert refused == (
        RowRefused(0, "CHANGE_FROM_QUANTITY_STALE", "Stale.", stale=True),
        RowRefused(2, "INVALID_INVENTORY_ITEM", "Gone.", stale=False),
    )


async def test_a_row_both_stale_and_wrong_is_wrong(bench: Bench) -> None:
    bench.shopify.will(
        "SetQuantities", written(an_error("CHANGE_FROM_QUANTITY_STALE", 0), an_error("INVALID_LOCATION", 0))
    )

    (row,) = await bench.storefront.set_available([a_write()], KEY, REFERENCE)

    assert (row.code, row.stale) == ("INVALID_LOCATION", False)


async def test_a_spent_key_is_followed_by_the_same_successors_each_time(bench: Bench) -> None:
    """A first try that failed spends its key for a day (Shopify docs, 2026-07)."""
    spent = an_error("IDEMPOTENCY_PREVIOUS_ATTEMPT_FAILED")
    bench.shopify.will("SetQuantities", written(spent), written(spent), written())
    bench.shopify.will("SetQuantities", written(spent), written(spent), written())

    for _ in range(2):
        assert await bench.storefront.set_available([a_write()], KEY, REFERENCE) == ()

    keys = [asked.variables["key"] for asked in bench.shopify.asked]
    assert keys[:3] == keys[3:]
    assert keys[0] == KEY
    assert len(set(keys[:3])) == 3


async def test_a_chain_of_spent_keys_ends(bench: Bench) -> None:
    bench.shopify.always("SetQuantities", lambda _: written(an_error("IDEMPOTENCY_PREVIOUS_ATTEMPT_FAILED")))

    with pytest.raises(TryAgain, match="decides it anew"):
        await bench.storefront.set_available([a_write()], KEY, REFERENCE)

    assert all(one.variables["key"] != two.variables["key"] for one, two in pairwise(bench.shopify.asked))


@pytest.mark.parametrize(
    ("code", "recovery"),
    [
        ("IDEMPOTENCY_CONCURRENT_REQUEST", Recovery.RETRY),
        ("SERVICE_UNAVAILABLE", Recovery.RETRY),
        ("CHANGE_FROM_QUANTITY_STALE", Recovery.RETRY),
        ("IDEMPOTENCY_KEY_PARAMETER_MISMATCH", Recovery.NEVER),
        ("INVALID_REFERENCE_DOCUMENT", Recovery.HOLD),
        (None, Recovery.HOLD),
    ],
)
async def test_an_error_about_the_whole_batch_says_how_to_recover(
    bench: Bench, code: str | None, recovery: Recovery
) -> None:
    bench.shopify.will("SetQuantities", written(an_error(code)))

    with pytest.raises(HubError) as caught:
        await bench.storefront.set_available([a_write()], KEY, REFERENCE)

    assert caught.value.recovery is recovery
    assert isinstance(caught.value, Refused) is (recovery is Recovery.HOLD)


async def test_a_keyed_write_is_repeated_with_its_key_after_a_failure(bench: Bench) -> None:
    bench.shopify.will("SetQuantities", httpx.ReadTimeout("silent"), written())

    await bench.storefront.set_available([a_write()], KEY, REFERENCE)

    assert [asked.variables["key"] for asked in bench.shopify.asked] == [KEY, KEY]


async def test_levels_are_read_at_every_location_page_after_page(bench: Bench) -> None:
    def level(place: int, available: int, committed: int) -> Json:
        quantities = [{"name": "available", "quantity": available}, {"name": "committed", "quantity": committed}]
        return {"location": {"id": gid("Location", place)}, "quantities": quantities}

    item = {"__typename": "InventoryItem", "id": ITEM, "inventoryLevels": page(level(1, -1, 4), after="C")}
    bench.shopify.will("Levels", says({"nodes": [item, None]}))
    bench.shopify.will("LevelsPage", says({"inventoryItem": {"inventoryLevels": page(level(2, 7, 0))}}))

    levels = await bench.storefront.levels([ITEM, InventoryItemId(gid("InventoryItem", 2))])

    assert list(levels) == [
        InventoryLevel(ITEM, LocationId(gid("Location", 1)), available=Units(-1), committed=Units(4)),
        InventoryLevel(ITEM, LocationId(gid("Location", 2)), available=Units(7), committed=Units(0)),
    ]
