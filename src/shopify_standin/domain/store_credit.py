"""Store credit of customers: reading accounts, crediting and debiting them (refusals by code as in the 2026-07 SDL)."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from shopify_standin.call import Call
from shopify_standin.clock import iso, moment_from
from shopify_standin.connections import connection
from shopify_standin.domain.nodes import find
from shopify_standin.errors import InvalidId, JsonObject, Refused, user_error
from shopify_standin.ids import number_of, parse_gid
from shopify_standin.model.credit import CreditMove, StoreCreditAccount
from shopify_standin.model.customers import Customer
from shopify_standin.money import decimal_text
from shopify_standin.registry import Args, Fields, mutation, node, query
from shopify_standin.search import filters
from shopify_standin.search.search import Search
from shopify_standin.world import World

ACCOUNT = Fields("StoreCreditAccount")
ACCOUNT.attributes(id="gid")
node("StoreCreditAccount", lambda world, number: world.credit_accounts.get(number))

_SEARCH = Search(
    {"currency_code": filters.text(lambda x, _: x.currency), "id": filters.number(lambda x, _: x.id)},
    filters.words(lambda x, _: x.currency),
)
_MOVES = (Fields("StoreCreditAccountCreditTransaction"), Fields("StoreCreditAccountDebitTransaction"))


@query("storeCreditAccount")
def store_credit_account(world: World, args: Args) -> StoreCreditAccount | None:
    """One account."""
    return world.credit_accounts.get(number_of(args["id"], "StoreCreditAccount"))


@Fields("Customer").field("storeCreditAccounts")
def accounts_of(customer: Customer, args: Args, call: Call) -> JsonObject:
    """One account for each currency that was ever credited."""
    rows = call.world.credit_accounts.where("owner", customer.gid)
    found = _SEARCH.select(rows, args.get("query"), call, ["customer", "storeCreditAccounts"])
    return connection(found, args)


@ACCOUNT.field("balance")
def balance(account: StoreCreditAccount) -> JsonObject:
    """What is left to spend."""
    return {"amount": decimal_text(account.balance), "currencyCode": account.currency}


@ACCOUNT.field("owner")
def owner(account: StoreCreditAccount, call: Call) -> Any:
    """Whose it is."""
    return find(call.world, account.owner)


@ACCOUNT.field("transactions")
def transactions(account: StoreCreditAccount, args: Args) -> JsonObject:
    """Credits and debits, the oldest first."""
    return connection(account.moves, args)


def _account_of(move: CreditMove, call: Call) -> StoreCreditAccount:
    return call.world.credit_accounts[move.account_id]


def _amount(move: CreditMove, call: Call) -> JsonObject:
    return {"amount": decimal_text(move.amount), "currencyCode": _account_of(move, call).currency}


def _balance_after(move: CreditMove, call: Call) -> JsonObject:
    return {"amount": decimal_text(move.balance), "currencyCode": _account_of(move, call).currency}


for _fields in _MOVES:
    _fields.attributes("event", id="gid")
    _fields.constant(origin=None)
    _fields.field("account")(_account_of)
    _fields.field("amount")(_amount)
    _fields.field("balanceAfterTransaction")(_balance_after)
    _fields.field("createdAt")(lambda move: iso(move.created_at))
_MOVES[0].field("expiresAt")(lambda move: iso(move.expires_at))
_MOVES[0].field("remainingAmount")(_amount)


def credit(
    world: World, owner: str, amount: Decimal, currency: str, event: str, expires_at: datetime | None = None
) -> CreditMove:
    """Give an owner money to spend; the account is opened where there is none in that currency."""
    rows = world.credit_accounts.where("owner", owner)
    account = next((row for row in rows if row.currency == currency), None)
    if account is None:
        number = world.ids.next("StoreCreditAccount")
        account = world.credit_accounts.add(StoreCreditAccount(number, owner, currency))
    return _move(world, account, amount, event, expires_at)


def _move(
    world: World, account: StoreCreditAccount, amount: Decimal, event: str, expires_at: datetime | None = None
) -> CreditMove:
    number = world.ids.next("StoreCreditAccountTransaction")
    move = CreditMove(number, account.id, amount, account.balance + amount, event, world.now(), expires_at)
    account.moves.append(move)
    return move


@mutation("storeCreditAccountCredit")
def store_credit_account_credit(world: World, args: Args) -> JsonObject:
    """Credit an account, or its owner."""
    given = args["creditInput"]
    money = given["creditAmount"]
    account, owner_id = _target(world, args["id"])
    amount = _positive(money, ["creditInput", "creditAmount"])
    if account is not None and account.currency != money["currencyCode"]:
        message = "The currency provided does not match the currency of the store credit account"
        raise Refused(user_error(["creditInput", "creditAmount"], message, "MISMATCHING_CURRENCY"))
    expires_at = moment_from(given.get("expiresAt"))
    if expires_at is not None and expires_at <= world.now():
        message = "The expiry date must be in the future"
        raise Refused(user_error(["creditInput", "expiresAt"], message, "EXPIRES_AT_IN_PAST"))
    move = credit(world, owner_id, amount, money["currencyCode"], "ADJUSTMENT", expires_at)
    return {"storeCreditAccountTransaction": move, "userErrors": []}


@mutation("storeCreditAccountDebit")
def store_credit_account_debit(world: World, args: Args) -> JsonObject:
    """Debit an account, or its owner's account in that currency."""
    money = args["debitInput"]["debitAmount"]
    path = ["debitInput", "debitAmount"]
    account, owner_id = _target(world, args["id"])
    amount = _positive(money, path)
    if account is None:
        rows = world.credit_accounts.where("owner", owner_id)
        account = next((row for row in rows if row.currency == money["currencyCode"]), None)
    if account is None:
        raise Refused(user_error(["id"], "Store credit account does not exist", "ACCOUNT_NOT_FOUND"))
    if account.currency != money["currencyCode"]:
        message = "The currency provided does not match the currency of the store credit account"
        raise Refused(user_error(path, message, "MISMATCHING_CURRENCY"))
    if account.balance < amount:
        message = "The store credit account does not have sufficient funds to satisfy the request"
        raise Refused(user_error(path, message, "INSUFFICIENT_FUNDS"))
    return {"storeCreditAccountTransaction": _move(world, account, -amount, "ADJUSTMENT"), "userErrors": []}


def _target(world: World, value: str) -> tuple[StoreCreditAccount | None, str]:
    """The account named, if one is, and its owner; raises Refused for what there is not."""
    type_name, number = parse_gid(value)
    if type_name == "StoreCreditAccount":
        account = world.credit_accounts.get(number)
        if account is None:
            raise Refused(user_error(["id"], "Store credit account does not exist", "ACCOUNT_NOT_FOUND"))
        return account, account.owner
    if type_name != "Customer":
        raise InvalidId(value)
    known = world.customers.get(number)
    if known is None:
        raise Refused(user_error(["id"], "Owner does not exist", "OWNER_NOT_FOUND"))
    return None, known.gid


def _positive(money: JsonObject, path: list[str]) -> Decimal:
    amount = Decimal(str(money["amount"]))
    if amount <= 0:
        message = "A positive amount must be used"
        raise Refused(user_error([*path, "amount"], message, "NEGATIVE_OR_ZERO_AMOUNT"))
    return amount
