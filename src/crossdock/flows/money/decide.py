"""What is to be done about an order's money: captured, given back, told to the backend, or put to a person. Pure."""

from collections.abc import Sequence

from crossdock.flows.money.capturing import capturing
from crossdock.flows.money.crediting import due
from crossdock.flows.money.refunding import IN_FLIGHT, NEXT, Question, weigh
from crossdock.flows.money.sight import Sight
from crossdock.flows.money.steps import Book, Capture, GiveBack, MoneyStep, Note
from crossdock.model.cause import Cause, Hold
from crossdock.model.flow import Flow
from crossdock.model.money_move import Dealt
from crossdock.model.money_rules import CaptureAt, Uncredited
from crossdock.model.plan import Plan, Wait

_LEFT = {
    CaptureAt.FIRST_PACKAGE: "a first package has left",
    CaptureAt.ALL_SHIPPED: "everything that ships has left",
}


def decide(sight: Sight) -> Plan[MoneyStep]:
    """
    Plan what to do about one order's money.

    Everything goes by what Shopify has now, so that what a person did there by hand is taken as done. One refund is
    made at a time: what may still go back is read again after it.
    """
    steps: list[MoneyStep] = []
    rests: list[Hold | Wait] = []
    notes: list[str] = []
    _capture(sight, steps, rests)
    _give_back(sight, steps, rests)
    _tell(sight, steps, rests, notes)
    waits = [rest for rest in rests if isinstance(rest, Wait)]
    holds = [rest for rest in rests if isinstance(rest, Hold)]
    rest: Hold | Wait | None = None
    if waits:  # before the holds: they are still there at the look that comes then
        rest = min(waits, key=lambda wait: wait.after)
    elif holds:
        # What a person can answer with one word comes first; all of it is in the detail.
        first = min(holds, key=lambda hold: hold.cause is not Cause.REFUND_ASKED)
        others = [hold for hold in holds if hold is not first]
        rest = Hold(first.cause, " ".join(hold.detail for hold in [first, *others]))
    return Plan(Flow.MONEY, sight.id, sight.name, tuple(steps), rest, tuple(notes))


def questions(sight: Sight) -> Sequence[Question]:
    """Return what a person is asked about refunds that the backend wants."""
    weighed = [weigh(sight, request) for request in sight.requests if not request.answered]
    return [one for one in weighed if isinstance(one, Question)]


def _capture(sight: Sight, steps: list[MoneyStep], rests: list[Hold | Wait]) -> None:
    if sight.settlement is None or sight.asked_at is None or not sight.has_left:
        return
    found = capturing(sight.settlement, sight.now)
    moves = [sight.moves[one.id] for one in sight.settlement.authorizations if one.id in sight.moves]
    left = [IN_FLIGHT - one.ago for one in moves if one.telling and one.ago < IN_FLIGHT]
    if left:
        rests.append(Wait(left[0], "Shopify may still be hearing of a capture."))
        return
    for authorization, money in found.parts:
        step = Capture(sight.id, authorization, money, _LEFT[sight.rules.capture])
        before = sight.moves.get(authorization)
        if before is not None and before.refused is not None and before.what == step.sentence:
            rests.append(Hold(Cause.CAPTURE_REFUSED, before.refused))
        else:
            steps.append(step)
    if found.short.amount > 0 and not found.under_way:
        rests.append(
            Hold(
                Cause.AUTHORIZATION_GONE,
                f"{sight.name}: {_LEFT[sight.rules.capture]}, {found.short} of it is owed, and no open authorization "
                "covers that.",
            )
        )


def _give_back(sight: Sight, steps: list[MoneyStep], rests: list[Hold | Wait]) -> None:
    asked: list[Question] = []
    for request in sight.requests:
        if request.answered:
            continue
        found = weigh(sight, request)
        if isinstance(found, Question):
            asked.append(found)
        elif isinstance(found, Wait):
            rests.append(found)
        elif not isinstance(found, GiveBack):
            steps.append(found)
        elif not any(isinstance(step, GiveBack) for step in steps):
            steps.append(found)
            rests.append(Wait(NEXT, f"The backend is told of {request.key} after this."))
    if asked:
        rests.append(Hold(Cause.REFUND_ASKED, " ".join(question.sentence for question in asked)))


def _tell(sight: Sight, steps: list[MoneyStep], rests: list[Hold | Wait], notes: list[str]) -> None:
    ask = sight.rules.uncredited is Uncredited.ASK
    steps += [Book(credit) if sight.credits else Note(credit, ask) for credit in due(sight)]
    if not sight.credits and ask:
        waiting = [step.credit.name for step in steps if isinstance(step, Note)]
        waits = any(how is Dealt.WAITS for how in sight.dealt.values())
        if waiting or waits:
            rests.append(
                Hold(Cause.CREDIT_BY_HAND, f"{sight.name}: {sight.backend} takes no credit documents for its refunds.")
            )
    if sight.settlement is not None and any(one.under_way for one in sight.settlement.refunds):
        notes.append("A refund is under way at its payment provider; it is told once that has ended.")
