"""What a fulfillment service answers to its merchant, told to Shopify."""

from typing import assert_never

from crossdock.model.service_request import Reply, Say
from crossdock.shopify.complaints import complaint
from crossdock.shopify.generated.admin import Admin
from crossdock.shopify.generated.enums import FulfillmentOrderRejectionReason


async def reply(admin: Admin, said: Reply) -> None:
    """Tell it. Raises TryAgain where Shopify no longer waits for this answer, Refused where it takes none from us."""
    messages = await _say(admin, said)
    if messages:
        raise complaint(f"To {said.say} {said.fulfillment_order}", messages)


async def _say(admin: Admin, said: Reply) -> list[str]:
    id_, message = said.fulfillment_order, said.message
    match said.say:
        case Say.ACCEPT:
            accepted = (
                await admin.accept_fulfillment_request(id_, message)
            ).fulfillment_order_accept_fulfillment_request
            return [error.message for error in accepted.user_errors] if accepted else []
        case Say.REJECT:
            reason = FulfillmentOrderRejectionReason(said.reason.value)
            answer = await admin.reject_fulfillment_request(id_, message, reason)
            rejected = answer.fulfillment_order_reject_fulfillment_request
            return [error.message for error in rejected.user_errors] if rejected else []
        case Say.AGREE:
            agreed = (
                await admin.accept_cancellation_request(id_, message)
            ).fulfillment_order_accept_cancellation_request
            return [error.message for error in agreed.user_errors] if agreed else []
        case Say.REFUSE:
            refused = (
                await admin.reject_cancellation_request(id_, message)
            ).fulfillment_order_reject_cancellation_request
            return [error.message for error in refused.user_errors] if refused else []
        case Say.CLOSE:
            closed = (await admin.close_fulfillment_order(id_, message)).fulfillment_order_close
            return [error.message for error in closed.user_errors] if closed else []
        case _:
            assert_never(said.say)
