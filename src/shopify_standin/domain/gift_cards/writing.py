"""Making, changing, deactivating, crediting and debiting gift cards; a card deactivated once stays so."""

from datetime import date
from decimal import Decimal
from typing import Any

from shopify_standin.clock import moment_from
from shopify_standin.domain.gift_cards.reading import expired
from shopify_standin.errors import JsonObject, Refused, user_error
from shopify_standin.ids import number_of
from shopify_standin.model.gift_cards import GiftCard, GiftCardMove
from shopify_standin.registry import Args, mutation
from shopify_standin.world import World

Given = dict[str, Any]
MIN_CODE, MAX_CODE = 8, 20


@mutation("giftCardCreate")
def gift_card_create(world: World, args: Args) -> JsonObject:
    """Make a card; its code is told this once."""
    given = args["input"]
    amount = given.get("initialAmount") or {"amount": given.get("initialValue") or 0, "currencyCode": None}
    value = Decimal(str(amount["amount"]))
    if value <= 0:
        message = "Initial value must be greater than 0"
        raise Refused(user_error(["input", "initialValue"], message, "GREATER_THAN"))
    code = _code(world, given.get("code"))
    now = world.now()
    number = world.ids.next("GiftCard")
    card = GiftCard(number, code, value, amount["currencyCode"] or world.shop.currency, now, now)
    _describe(world, card, given)
    world.gift_cards.add(card)
    return {"giftCard": card, "giftCardCode": code, "userErrors": []}


def _code(world: World, given: str | None) -> str:
    if given is None:
        return world.uuid("GiftCardCode").replace("-", "")[:16]
    code = given.replace(" ", "").lower()
    path = ["input", "code"]
    if len(code) < MIN_CODE:
        raise Refused(user_error(path, f"Code is too short (minimum is {MIN_CODE} characters)", "TOO_SHORT"))
    if len(code) > MAX_CODE:
        raise Refused(user_error(path, f"Code is too long (maximum is {MAX_CODE} characters)", "TOO_LONG"))
    if any(card.code == code for card in world.gift_cards):
        raise Refused(user_error(path, "Code has already been taken", "TAKEN"))
    return code


def _describe(world: World, card: GiftCard, given: Given) -> None:
    """Write what an input says; what it leaves out stays."""
    if given.get("customerId") is not None:
        path = ["input", "customerId"]
        card.customer_id = _customer(world, given["customerId"], path, "CUSTOMER_NOT_FOUND")
    recipient = given.get("recipientAttributes")
    if recipient is not None:
        path = ["input", "recipientAttributes", "id"]
        card.recipient_id = _customer(world, recipient["id"], path, "RECIPIENT_NOT_FOUND")
        card.recipient_name, card.message = recipient.get("preferredName"), recipient.get("message")
        card.send_at = moment_from(recipient.get("sendNotificationAt"))
    if "expiresOn" in given:
        day = given["expiresOn"]
        card.expires_on = date.fromisoformat(day) if isinstance(day, str) else day
    card.note = given.get("note", card.note)
    card.template_suffix = given.get("templateSuffix", card.template_suffix)
    card.updated_at = world.now()


def _customer(world: World, value: str, path: list[str], code: str) -> int:
    number = number_of(value, "Customer")
    if number not in world.customers.rows:
        raise Refused(user_error(path, "The customer could not be found.", code))
    return number


def _card(world: World, value: str, code: str | None) -> GiftCard:
    card = world.gift_cards.get(number_of(value, "GiftCard"))
    if card is None:
        raise Refused(user_error(["id"], "The gift card could not be found.", code))
    return card


@mutation("giftCardUpdate")
def gift_card_update(world: World, args: Args) -> JsonObject:
    """Change what a card says of itself."""
    card = _card(world, args["id"], None)
    given = args["input"]
    if not card.enabled and any(name != "note" for name in given):
        raise Refused(user_error(["input"], "The gift card is deactivated.", "INVALID"))
    _describe(world, card, given)
    return {"giftCard": card, "userErrors": []}


@mutation("giftCardDeactivate")
def gift_card_deactivate(world: World, args: Args) -> JsonObject:
    """Take a card out of use; repeating it is no error."""
    card = _card(world, args["id"], "GIFT_CARD_NOT_FOUND")
    card.deactivated_at = card.deactivated_at or world.now()
    return {"giftCard": card, "userErrors": []}


@mutation("giftCardCredit")
def gift_card_credit(world: World, args: Args) -> JsonObject:
    """Put an amount on a card."""
    given = args["creditInput"]
    move = _moved(world, args["id"], given, given["creditAmount"], ["creditInput", "creditAmount"], sign=1)
    return {"giftCardCreditTransaction": move, "userErrors": []}


@mutation("giftCardDebit")
def gift_card_debit(world: World, args: Args) -> JsonObject:
    """Take an amount off a card."""
    given = args["debitInput"]
    move = _moved(world, args["id"], given, given["debitAmount"], ["debitInput", "debitAmount"], sign=-1)
    return {"giftCardDebitTransaction": move, "userErrors": []}


def _moved(world: World, value: str, given: Given, money: Given, path: list[str], *, sign: int) -> GiftCardMove:
    card = _card(world, value, "GIFT_CARD_NOT_FOUND")
    amount = Decimal(str(money["amount"]))
    if amount <= 0:
        raise Refused(user_error([*path, "amount"], "A positive amount must be used", "NEGATIVE_OR_ZERO_AMOUNT"))
    if money["currencyCode"] != card.currency:
        message = "The currency provided does not match the currency of the gift card."
        raise Refused(user_error([*path, "currencyCode"], message, "MISMATCHING_CURRENCY"))
    if not card.enabled or expired(card, world):
        state = "deactivated" if not card.enabled else "expired"
        raise Refused(user_error(["id"], f"The gift card is {state}.", "INVALID"))
    if sign < 0 and card.balance < amount:
        message = "The gift card does not have sufficient funds to satisfy the request."
        raise Refused(user_error(path, message, "INSUFFICIENT_FUNDS"))
    at = moment_from(given.get("processedAt")) or world.now()
    move = GiftCardMove(world.ids.next("GiftCardTransaction"), card.id, sign * amount, at, given.get("note"))
    card.moves.append(move)
    card.updated_at = world.now()
    return move
