"""The books of the backend that lives in memory: credit documents, and refunds that it asks for."""

from collections.abc import Sequence

from crossdock.kit.errors import Refused
from crossdock.model.credit import Credit, RefundAnswer, RefundRequest
from crossdock.model.money import Money
from crossdock.model.names import OrderId, RefundId, RefundKey


class FakeBooks:
    """Documents by the refund that they are of, and requests by their key."""

    def __init__(self) -> None:
        self.credits: dict[RefundId, Credit] = {}
        self.requests: dict[RefundKey, RefundRequest] = {}
        self.answers: dict[RefundKey, RefundAnswer] = {}

    def keep(self, document: Credit) -> str:
        """Keep a document, once per key."""
        self.credits.setdefault(document.key, document)
        return f"CREDIT-{list(self.credits).index(document.key) + 1}"

    def ask(self, order: OrderId, amount: Money, reason: str) -> RefundKey:
        """Ask that so much goes back."""
        key = RefundKey(f"REFUND-{len(self.requests) + 1}")
        self.requests[key] = RefundRequest(key, order, amount, reason)
        return key

    def asked(self, order: OrderId) -> Sequence[RefundRequest]:
        """Return what was asked for of an order."""
        return [
            RefundRequest(one.key, one.order, one.amount, one.reason, one.key in self.answers)
            for one in self.requests.values()
            if one.order == order
        ]

    def answer(self, key: RefundKey, answer: RefundAnswer) -> None:
        """Keep the first answer. Raises Refused for an unknown key."""
        if key not in self.requests:
            raise Refused(f"The fake backend has asked for no refund {key}. Look for it there.")
        self.answers.setdefault(key, answer)
