"""Reading gift cards."""

from decimal import Decimal

from shopify_standin.call import Call
from shopify_standin.clock import iso
from shopify_standin.connections import connection, count
from shopify_standin.errors import JsonObject
from shopify_standin.ids import number_of
from shopify_standin.model.customers import Customer
from shopify_standin.model.gift_cards import GiftCard, GiftCardMove
from shopify_standin.money import decimal_text
from shopify_standin.registry import Args, Fields, node, query
from shopify_standin.search import filters
from shopify_standin.search.search import Search
from shopify_standin.world import World

CARD = Fields("GiftCard")
CARD.attributes("enabled", "lastCharacters", "maskedCode", "note", "templateSuffix", id="gid")
CARD.constant(lineItem=None, order=None, crossCurrencyRedemptionStrategy="NONE")
node("GiftCard", lambda world, number: world.gift_cards.get(number))
_MOVES = (Fields("GiftCardCreditTransaction"), Fields("GiftCardDebitTransaction"))


def expired(card: GiftCard, world: World) -> bool:
    """Whether its last day has passed."""
    return card.expires_on is not None and card.expires_on < world.now().date()


def _status(card: GiftCard, world: World) -> str:
    if not card.enabled:
        return "disabled"
    if expired(card, world):
        return "expired"
    return "enabled" if card.expires_on is None else "expiring"


def _fullness(card: GiftCard, _world: World) -> str:
    if card.balance <= 0:
        return "empty"
    return "full" if card.balance >= card.initial else "partial"


_SEARCH = Search(
    {
        "id": filters.number(lambda x, _: x.id),
        "customer_id": filters.number(lambda x, _: x.customer_id),
        "recipient_id": filters.number(lambda x, _: x.recipient_id),
        "created_at": filters.moment(lambda x, _: x.created_at),
        "expires_on": filters.text(lambda x, _: x.expires_on),
        "initial_value": filters.number(lambda x, _: x.initial),
        "source": filters.choice(
            lambda _, __: "api_client", manual=["manual"], purchased=[], api_client=["api_client"]
        ),
        "status": filters.choice(
            _status, disabled=["disabled"], enabled=["enabled", "expiring"], expired=["expired"], expiring=["expiring"]
        ),
        "balance_status": filters.choice(
            _fullness, full=["full"], partial=["partial"], empty=["empty"], full_or_partial=["full", "partial"]
        ),
    },
    filters.words(lambda x, _: [x.code, x.last_characters, x.note]),
)
_SORT = {
    "CREATED_AT": lambda x: x.created_at,
    "UPDATED_AT": lambda x: x.updated_at,
    "BALANCE": lambda x: x.balance,
    "INITIAL_VALUE": lambda x: x.initial,
    "AMOUNT_SPENT": lambda x: x.initial - x.balance,
    "CODE": lambda x: x.last_characters,
    "DISABLED_AT": lambda x: x.deactivated_at,
}


@query("giftCard")
def gift_card(world: World, args: Args) -> GiftCard | None:
    """One card."""
    return world.gift_cards.get(number_of(args["id"], "GiftCard"))


@query("giftCards")
def gift_cards(world: World, args: Args, call: Call) -> JsonObject:
    """Cards by id unless asked otherwise."""
    found = _SEARCH.select(world.gift_cards, args.get("query"), call, ["giftCards"])
    return connection(found, args, _SORT.get(args["sortKey"]))


@query("giftCardsCount")
def gift_cards_count(world: World, args: Args, call: Call) -> JsonObject:
    """How many cards a query selects."""
    found = _SEARCH.select(world.gift_cards, args.get("query"), call, ["giftCardsCount"])
    return count(found, args.get("limit"))


def _money(card: GiftCard, amount: Decimal) -> JsonObject:
    return {"amount": decimal_text(amount), "currencyCode": card.currency}


@CARD.field("balance")
def balance(card: GiftCard) -> JsonObject:
    """What is left."""
    return _money(card, card.balance)


@CARD.field("initialValue")
def initial_value(card: GiftCard) -> JsonObject:
    """What it began with."""
    return _money(card, card.initial)


@CARD.field("isRedeemable")
def is_redeemable(card: GiftCard, call: Call) -> bool:
    """Whether something can be bought with it."""
    return card.enabled and not expired(card, call.world) and card.balance > 0


@CARD.field("customer")
def customer(card: GiftCard, call: Call) -> Customer | None:
    """Whose it is."""
    return call.world.customers.get(card.customer_id)


@CARD.field("recipientAttributes")
def recipient(card: GiftCard, call: Call) -> JsonObject | None:
    """Who gets it."""
    known = call.world.customers.get(card.recipient_id)
    if known is None:
        return None
    return {
        "recipient": known,
        "preferredName": card.recipient_name,
        "message": card.message,
        "sendNotificationAt": iso(card.send_at),
    }


@CARD.field("expiresOn")
def expires_on(card: GiftCard) -> str | None:
    """Its last day."""
    return None if card.expires_on is None else card.expires_on.isoformat()


@CARD.field("createdAt")
def created_at(card: GiftCard) -> str | None:
    """When it was made."""
    return iso(card.created_at)


@CARD.field("updatedAt")
def updated_at(card: GiftCard) -> str | None:
    """When it last changed."""
    return iso(card.updated_at)


@CARD.field("deactivatedAt")
def deactivated_at(card: GiftCard) -> str | None:
    """When it was deactivated."""
    return iso(card.deactivated_at)


@CARD.field("transactions")
def transactions(card: GiftCard, args: Args) -> JsonObject:
    """What moved on it."""
    return connection(card.moves, args)


def _amount(move: GiftCardMove, call: Call) -> JsonObject:
    return _money(call.world.gift_cards[move.card_id], move.amount)


for _fields in _MOVES:
    _fields.attributes("note", id="gid")
    _fields.field("amount")(_amount)
    _fields.field("giftCard")(lambda move, call: call.world.gift_cards[move.card_id])
    _fields.field("processedAt")(lambda move: iso(move.processed_at))
