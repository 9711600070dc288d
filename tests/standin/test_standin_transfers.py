from typing import Any

import pytest
from tests.standin.standin_asking import Shop, Variant, key

READY = """mutation($input: InventoryTransferCreateAsReadyToShipInput!, $key: String!) {
  inventoryTransferCreateAsReadyToShip(input: $input) @idempotent(key: $key) {
    inventoryTransfer { id status totalQuantity lineItems(first: 5) { nodes { id shippableQuantity } } }
    userErrors { field message code } } }"""
SHIP = """mutation($input: InventoryShipmentCreateInput!, $key: String!) {
  inventoryShipmentCreateInTransit(input: $input) @idempotent(key: $key) {
    inventoryShipment { id status lineItems(first: 5) { nodes { id } } } userErrors { field message code } } }"""
RECEIVE = """mutation($id: ID!, $lines: [InventoryShipmentReceiveItemInput!], $key: String!) {
  inventoryShipmentReceive(id: $id, lineItems: $lines) @idempotent(key: $key) {
    inventoryShipment { status totalAcceptedQuantity totalRejectedQuantity } userErrors { field message code } } }"""
CANCEL = """mutation($id: ID!) { inventoryTransferCancel(id: $id) {
  inventoryTransfer { status } userErrors { field message code } } }"""
LEVEL = """query($item: ID!, $place: ID!) { inventoryItem(id: $item) { inventoryLevel(locationId: $place) {
  quantities(names: ["available", "committed", "incoming", "on_hand"]) { name quantity } } } }"""


class Between:
    """A mug of which ten are near and none far."""

    def __init__(self, shop: Shop) -> None:
        self.shop, self.near, self.far = shop, shop.location(), shop.another_location("Zone far")
        self.mug: Variant = shop.variant_at("MUG", {self.near: 10})

    def stock(self, place: str) -> dict[str, int] | None:
        level = self.shop.ask(LEVEL, item=self.mug.item, place=place)["inventoryItem"]["inventoryLevel"]
        return None if level is None else {row["name"]: row["quantity"] for row in level["quantities"]}

    def ready(self, units: int) -> dict[str, Any]:
        rows = [{"inventoryItemId": self.mug.item, "quantity": units}]
        given = {"originLocationId": self.near, "destinationLocationId": self.far, "lineItems": rows}
        made: dict[str, Any] = self.shop.do(READY, input=given, key=key())["inventoryTransfer"]
        return made

    def ship(self, transfer: str, units: int) -> dict[str, Any]:
        given = {"movementId": transfer, "lineItems": [{"inventoryItemId": self.mug.item, "quantity": units}]}
        made: dict[str, Any] = self.shop.do(SHIP, input=given, key=key())["inventoryShipment"]
        return made


@pytest.fixture
def between(shop: Shop) -> Between:
    return Between(shop)


def test_a_transfer_that_is_ready_holds_its_units_at_the_origin(between: Between) -> None:
    transfer = between.ready(4)

    assert (transfer["status"], transfer["totalQuantity"]) == ("READY_TO_SHIP", 4)
    assert transfer["lineItems"]["nodes"][0]["shippableQuantity"] == 4
    assert between.stock(between.near) == {"available": 6, "committed": 4, "incoming": 0, "on_hand": 10}
    assert between.stock(between.far) is None


def test_units_on_their_way_are_incoming_until_they_are_received(between: Between) -> None:
    shipment = between.ship(between.ready(4)["id"], 4)
    assert between.stock(between.near) == {"available": 6, "committed": 0, "incoming": 0, "on_hand": 6}
    assert between.stock(between.far) == {"available": 0, "committed": 0, "incoming": 4, "on_hand": 0}

    line = shipment["lineItems"]["nodes"][0]["id"]
    rows = [
        {"shipmentLineItemId": line, "quantity": 3, "reason": "ACCEPTED"},
        {"shipmentLineItemId": line, "quantity": 1, "reason": "REJECTED"},
    ]
    received = between.shop.do(RECEIVE, id=shipment["id"], lines=rows, key=key())["inventoryShipment"]

    assert received == {"status": "RECEIVED", "totalAcceptedQuantity": 3, "totalRejectedQuantity": 1}
    assert between.stock(between.far) == {"available": 3, "committed": 0, "incoming": 0, "on_hand": 3}


def test_a_transfer_is_over_once_all_of_it_has_arrived(between: Between) -> None:
    transfer = between.ready(4)["id"]
    query = "query($id: ID!) { inventoryTransfer(id: $id) { status receivedQuantity } }"
    states = []
    for units in (1, 3):
        shipment = between.ship(transfer, units)
        line = shipment["lineItems"]["nodes"][0]["id"]
        rows = [{"shipmentLineItemId": line, "quantity": units, "reason": "ACCEPTED"}]
        between.shop.do(RECEIVE, id=shipment["id"], lines=rows, key=key())
        states.append(between.shop.ask(query, id=transfer)["inventoryTransfer"])

    assert states == [
        {"status": "IN_PROGRESS", "receivedQuantity": 1},
        {"status": "TRANSFERRED", "receivedQuantity": 4},
    ]


def test_more_than_is_left_cannot_be_shipped_nor_received(between: Between) -> None:
    transfer = between.ready(4)["id"]
    rows = [{"inventoryItemId": between.mug.item, "quantity": 5}]
    too_much = between.shop.errors(SHIP, input={"movementId": transfer, "lineItems": rows}, key=key())
    shipment = between.ship(transfer, 4)
    line = shipment["lineItems"]["nodes"][0]["id"]
    received = [{"shipmentLineItemId": line, "quantity": 5, "reason": "ACCEPTED"}]

    errors = between.shop.errors(RECEIVE, id=shipment["id"], lines=received, key=key())

    assert [error["code"] for error in [*too_much, *errors]] == ["INVALID_QUANTITY", "INVALID_QUANTITY"]


def test_cancelling_lets_go_of_what_was_held_unless_something_has_left(between: Between) -> None:
    assert between.shop.do(CANCEL, id=between.ready(4)["id"])["inventoryTransfer"] == {"status": "CANCELED"}
    assert between.stock(between.near) == {"available": 10, "committed": 0, "incoming": 0, "on_hand": 10}

    under_way = between.ready(4)["id"]
    between.ship(under_way, 1)
    errors = between.shop.errors(CANCEL, id=under_way)

    assert [error["code"] for error in errors] == ["INVALID_TRANSFER_STATUS"]


def test_a_transfer_carries_metafields(shop: Shop) -> None:
    origin, item = shop.location(), shop.variant("A-1", default=5).item
    to = shop.another_location("Back room")
    create = """mutation($input: InventoryTransferCreateInput!) {
      inventoryTransferCreate(input: $input) @idempotent(key: "t") { inventoryTransfer { id
        metafield(namespace: "custom", key: "gate") { value } } userErrors { field code } } }"""
    wanted = {
        "originLocationId": origin,
        "destinationLocationId": to,
        "lineItems": [{"inventoryItemId": item, "quantity": 1}],
    }
    gate = {"namespace": "custom", "key": "gate", "type": "number_integer"}

    refused = shop.errors(create.replace('"t"', '"u"'), input=wanted | {"metafields": [gate | {"value": "x"}]})
    made = shop.do(create, input=wanted | {"metafields": [gate | {"value": "7"}]})["inventoryTransfer"]

    assert [error["code"] for error in refused] == ["INVALID_METAFIELDS"]
    assert made["metafield"] == {"value": "7"}
