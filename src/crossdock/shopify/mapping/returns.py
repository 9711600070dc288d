"""Returns with their lines, and what became of what came back."""

from collections.abc import Iterator, Sequence
from itertools import chain

from crossdock.kit.errors import Refused
from crossdock.model.names import (
    ExchangeLineId,
    FulfillmentLineId,
    LineItemId,
    LocationId,
    OrderId,
    ReturnId,
    ReturnLineId,
    ReverseDeliveryId,
    ReverseLineId,
    ReverseOrderId,
    Sku,
    Units,
    VariantId,
)
from crossdock.model.returning import (
    Disposed,
    ExchangeLine,
    Return,
    ReturnLine,
    ReturnTracking,
    ReverseDelivery,
    ReverseLine,
)
from crossdock.shopify.generated.fragments import (
    NextPage,
    ReturnFields,
    ReturnFieldsReturnLineItemsNodesReturnLineItem,
    ReverseDeliveryFields,
    ReverseLineFields,
)
from crossdock.shopify.mapping.text import filled


def to_return(found: ReturnFields) -> Return:
    """
    Return it whole. Raises Refused where a first page does not hold all of it.

    Lines that name no fulfillment (goods that Shopify could not verify) are left out: nobody here shipped them.
    """
    pages = [found.return_line_items.page_info, found.exchange_line_items.page_info]
    pages += [found.reverse_fulfillment_orders.page_info]
    for way in found.reverse_fulfillment_orders.nodes:
        pages += [way.line_items.page_info, way.reverse_deliveries.page_info]
    refuse_more(f"Return {found.name}", *pages)
    return Return(
        id=ReturnId(found.id),
        name=found.name,
        order=OrderId(found.order.id),
        status=found.status,
        lines=tuple(
            _line(line)
            for line in found.return_line_items.nodes
            if isinstance(line, ReturnFieldsReturnLineItemsNodesReturnLineItem)
        ),
        reverse_lines=tuple(
            chain.from_iterable(
                _reverse_lines(ReverseOrderId(way.id), way.line_items.nodes)
                for way in found.reverse_fulfillment_orders.nodes
            )
        ),
        exchanges=tuple(
            ExchangeLine(ExchangeLineId(line.id), Units(line.quantity), Units(line.unprocessed_quantity))
            for line in found.exchange_line_items.nodes
        ),
        deliveries=tuple(
            _delivery(ReverseOrderId(way.id), parcel)
            for way in found.reverse_fulfillment_orders.nodes
            for parcel in way.reverse_deliveries.nodes
        ),
    )


def refuse_more(what: str, *pages: NextPage) -> None:
    """Raise Refused where any of these first pages is not the last."""
    if any(page.has_next_page for page in pages):
        raise Refused(f"{what} is larger than the hub reads. Handle it in Shopify and at the warehouse by hand.")


def _line(line: ReturnFieldsReturnLineItemsNodesReturnLineItem) -> ReturnLine:
    item = line.fulfillment_line_item.line_item
    sku = filled(item.sku)
    return ReturnLine(
        id=ReturnLineId(line.id),
        fulfillment_line=FulfillmentLineId(line.fulfillment_line_item.id),
        line_item=LineItemId(item.id),
        variant=VariantId(item.variant.id) if item.variant else None,
        sku=Sku(sku) if sku else None,
        title=item.name,
        units=Units(line.quantity),
        processed=Units(line.processed_quantity),
        reason=line.return_reason_definition.handle if line.return_reason_definition else "unknown",
        note=line.return_reason_note,
    )


def _delivery(way: ReverseOrderId, parcel: ReverseDeliveryFields) -> ReverseDelivery:
    tracking = parcel.deliverable.tracking if parcel.deliverable else None
    label = parcel.deliverable.label if parcel.deliverable else None
    return ReverseDelivery(
        ReverseDeliveryId(parcel.id),
        way,
        ReturnTracking(
            carrier=filled(tracking.carrier_name) if tracking else None,
            number=filled(tracking.number) if tracking else None,
            url=filled(tracking.url) if tracking else None,
            label=filled(label.public_file_url) if label else None,
        ),
    )


def _reverse_lines(way: ReverseOrderId, lines: Sequence[ReverseLineFields]) -> Iterator[ReverseLine]:
    for line in lines:
        if line.fulfillment_line_item is not None:
            yield ReverseLine(
                id=ReverseLineId(line.id),
                order=way,
                fulfillment_line=FulfillmentLineId(line.fulfillment_line_item.id),
                total=Units(line.total_quantity),
                disposed=tuple(
                    Disposed(one.type_, LocationId(one.location.id) if one.location else None, Units(one.quantity))
                    for one in line.dispositions
                ),
            )
