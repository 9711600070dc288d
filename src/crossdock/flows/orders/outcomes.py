"""What came of the steps of the orders' plans, and how each order rests after them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from crossdock.flows.orders.changing import Amend, Leave, Stop, too_late
from crossdock.flows.orders.decide import Confirm, OrderStep, Send, together
from crossdock.flows.orders.following_up import SeeTo
from crossdock.flows.orders.giving_up import Withdraw
from crossdock.flows.orders.placing import MoveThere
from crossdock.flows.orders.requested import Respond, refuse, refused_by_backend
from crossdock.flows.orders.sight import Work
from crossdock.kit.errors import HubError, Recovery
from crossdock.model.cause import Cause, Hold
from crossdock.model.change import Kind
from crossdock.model.generation import fulfillment_order_of
from crossdock.model.names import RequestKey, VariantId
from crossdock.model.plan import Plan
from crossdock.model.request import Verdict, WorkOrder, WorkState
from crossdock.model.returning import ReturnOrder
from crossdock.model.service_request import Reason, Reply, Say
from crossdock.model.withdrawal import JobId
from crossdock.pending.work import Rest, put_off
from crossdock.ports.backend import OutOfStock, UnknownItem


@dataclass(frozen=True, slots=True)
class Sending:
    """What came of one request: the backend's order for it, or what it said instead."""

    step: Send
    work: WorkOrder | None
    error: HubError | None

    @property
    def refused(self) -> bool:
        """Whether the backend said no."""
        return self.error is not None and self.error.recovery is Recovery.HOLD

    @property
    def passed_on(self) -> bool:
        """Whether it said no, and another location is to be asked."""
        return self.refused and self.step.may_pass_on

    @property
    def hold(self) -> Hold:
        """What a person is asked where the backend said no."""
        if not self.step.requested:
            return Hold(Cause.BACKEND_REFUSED, str(self.error))
        return Hold(Cause.REQUEST_UNMET, refused_by_backend(self.step.request.name, str(self.error)))

    @property
    def respond(self) -> Respond | None:
        """What the merchant is told of it who requested it; None where nobody is told, or not now."""
        if not self.refused or self.passed_on or not self.step.rejects:
            return None
        name, reason = self.step.request.name, Reason.OTHER
        if isinstance(self.error, UnknownItem):
            reason = Reason.INVALID_SKU
        elif isinstance(self.error, OutOfStock):
            reason = Reason.INVENTORY_OUT_OF_STOCK
        fulfillment_order = fulfillment_order_of(self.step.request.key)
        return Respond(name, Reply(fulfillment_order, Say.REJECT, self.hold.detail, reason))


@dataclass(frozen=True, slots=True)
class Asking:
    """What came of asking the backend to change its order: its verdict, or what it said instead."""

    step: Amend | Stop
    verdict: Verdict | None
    error: HubError | None

    @property
    def done(self) -> bool:
        """Whether the backend did it."""
        return self.verdict is not None and self.verdict.done

    @property
    def refused(self) -> bool:
        """Whether the backend said no; otherwise nobody knows yet whether it did it."""
        if self.error is not None:
            return self.error.recovery is Recovery.HOLD
        return not self.done

    @property
    def over(self) -> bool:
        """Whether nothing more will leave for it: whatever came of earlier changes, its packages say what it was."""
        return self.verdict is not None and not self.verdict.work.state.may_still_ship

    @property
    def hold(self) -> Hold | None:
        """What a person is asked where the backend said no; None where a merchant's question was all."""
        asked = [one for one in self.step.done if one.kind is not Kind.CALLED_BACK or self.respond is None]
        return too_late(self.step.what, self._work, asked, self._said) if asked or not self.step.done else None

    @property
    def respond(self) -> Respond | None:
        """What the merchant is told who asked for the cancellation that the backend refused."""
        called_back = any(one.kind is Kind.CALLED_BACK for one in self.step.done)
        if not called_back or not self.refused or self._work.state is WorkState.CANCELLED:
            return None
        return refuse(self.step.name, fulfillment_order_of(self.step.key), self._work, self._said)

    @property
    def _work(self) -> Work:
        if self.verdict is None:
            return self.step.work
        return Work(self.verdict.work.reference, self.verdict.work.state)

    @property
    def _said(self) -> str:
        return f"It said: {self.error}" if self.error is not None else "It would not change it any more."


@dataclass(frozen=True, slots=True)
class SeenTo:
    """What came of seeing to what changed after it left: what the backend expects back, or what it said instead."""

    step: SeeTo
    record: ReturnOrder | None
    error: HubError | None


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """What came of taking something off at Shopify: the job that cancels the order, or what Shopify said instead."""

    step: Withdraw
    job: JobId | None
    error: HubError | None


@dataclass(frozen=True, slots=True)
class Moving:
    """What came of moving goods on Shopify: nothing where it did so, else what it said."""

    step: MoveThere
    error: HubError | None

    @property
    def refused(self) -> bool:
        """Whether Shopify said no."""
        return self.error is not None and self.error.recovery is Recovery.HOLD

    @property
    def known(self) -> bool:
        """Whether it is known what came of it."""
        return self.error is None or self.refused


@dataclass(frozen=True, slots=True)
class Responded:
    """What came of answering a merchant: nothing where Shopify took it, else what it said."""

    step: Respond
    error: HubError | None


@dataclass(frozen=True, slots=True)
class Acted:
    """What came of one order's plan."""

    plan: Plan[OrderStep]
    confirmed: Sequence[Confirm]
    sendings: Sequence[Sending]
    to_link: Sequence[VariantId]
    askings: Sequence[Asking] = ()
    left: Sequence[Leave] = ()
    seen_to: Sequence[SeenTo] = ()
    withdrawn: Sequence[Withdrawal] = ()
    moved: Sequence[Moving] = ()
    responded: Sequence[Responded] = ()

    @property
    def to_respond(self) -> Sequence[Respond]:
        """What merchants are to be told: as planned, and because the backend just said no."""
        planned = [step for step in self.plan.steps if isinstance(step, Respond)]
        refusals = [*(one.respond for one in self.sendings), *(one.respond for one in self.askings)]
        return [*planned, *(step for step in refusals if step is not None)]

    @property
    def accepted(self) -> Sequence[tuple[RequestKey, Work]]:
        """What the backend is known to have since this look, by key: what was confirmed, and what it answered."""
        answered = [sending.work for sending in self.sendings if sending.work is not None]
        known = {confirm.key: confirm.work for confirm in self.confirmed}
        return sorted((known | {work.key: Work(work.reference, work.state) for work in answered}).items())

    @property
    def rest(self) -> Rest:
        """How the order rests: what the backend refused comes before what the plan left open, and hides none of it."""
        failed = [one for one in self.sendings if one.error is not None and not one.passed_on and one.respond is None]
        holds = [replace(one.hold, needs=tuple(self.to_link)) for one in failed if one.refused]
        holds += [hold for asking in self.askings if asking.refused and (hold := asking.hold) is not None]
        seen_to = [one.error for one in self.seen_to if one.error is not None]
        holds += [Hold(Cause.BACKEND_REFUSED, str(one)) for one in seen_to if one.recovery is Recovery.HOLD]
        told_shopify = [*(one.error for one in self.withdrawn), *(one.error for one in self.responded)]
        refused = [error for error in told_shopify if error is not None]
        holds += [Hold(Cause.SHOPIFY_REFUSED, str(one)) for one in refused if one.recovery is Recovery.HOLD]
        holds += [Hold(Cause.MOVE_REFUSED, str(one.error)) for one in self.moved if one.refused and not one.step.follow]
        if holds:
            return together([*holds, *([self.plan.rest] if isinstance(self.plan.rest, Hold) else [])])
        errors = [*(one.error for one in failed if one.error is not None), *seen_to]
        errors += [one.error for one in self.askings if one.error is not None and one.respond is None]
        errors += refused
        errors += [one.error for one in self.moved if one.error is not None and not one.refused]
        return put_off(errors[0]) if errors else self.plan.rest
