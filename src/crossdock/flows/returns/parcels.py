"""Parcels on their way back: Shopify's are told to the backend, the backend's own to Shopify, each once. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from crossdock.flows.returns.sight import Case
from crossdock.model.names import PackageId, ReturnKey, ReverseDeliveryId, ReverseOrderId
from crossdock.model.returning import ReturnParcel, ReturnTracking


@dataclass(frozen=True, slots=True)
class Track:
    """
    Tell Shopify how a parcel on its way back is followed; a new one where `delivery` is None.

    Not safe to repeat blindly: the parcels that Shopify knows are read before each try.
    """

    key: ReturnKey
    name: str
    order: ReverseOrderId
    parcel: ReturnParcel
    delivery: ReverseDeliveryId | None

    @property
    def sentence(self) -> str:
        """What would be done, as a person would say it."""
        return f"Tell Shopify that {said(self.parcel.tracking)} of return {self.name} is on its way back."


def from_shopify(case: Case) -> tuple[ReturnTracking, ...]:
    """Return the parcels that the backend is to know of: those that can be followed and that it did not tell."""
    own = {parcel.tracking.number for parcel in case.record.parcels} if case.record is not None else set()
    own |= set(case.known.told.values()) if case.known is not None else set()
    found = [one.tracking for one in case.of.deliveries if one.tracking.number not in own]
    return tuple(one for one in found if one.number is not None or one.label is not None)


def to_shopify(case: Case, key: ReturnKey) -> Sequence[Track]:
    """
    Return which of the backend's own parcels Shopify is to be told of: those whose number it has nowhere.

    A number that was corrected goes where the old one is, a first one to a parcel without any; a parcel is made where
    there is none, with all that is on its way, so there is never another beside it. What has been disposed of is not
    on its way, so nothing is told of it; what somebody changes in Shopify afterwards stays.
    """
    told = case.known.told if case.known is not None else {}
    numbers = {one.tracking.number: one for one in case.of.deliveries}
    blank = [one for one in case.of.deliveries if one.tracking.number is None]
    under_way = [way.order for way in case.of.reverse_lines if way.total > sum(one.units for one in way.disposed)]
    bare = [way for way in dict.fromkeys(under_way) if way not in {one.order for one in case.of.deliveries}]
    steps = []
    for parcel in case.record.parcels if case.record is not None else ():
        number, before = parcel.tracking.number, told.get(parcel.id)
        if number is None or number == before or number in numbers or not under_way:
            continue
        place = numbers.get(before) if before is not None else None
        if place is None and blank:
            place = blank.pop(0)
        if place is not None:
            steps.append(Track(key, case.of.name, place.order, parcel, place.id))
        elif bare:
            steps.append(Track(key, case.of.name, bare.pop(0), parcel, None))
    return steps


def known_there(case: Case) -> Mapping[PackageId, str]:
    """Return the backend's own parcels whose number Shopify has, or had when it was told, with that number."""
    numbers = {one.tracking.number for one in case.of.deliveries}
    told = dict(case.known.told) if case.known is not None else {}
    for parcel in case.record.parcels if case.record is not None else ():
        if parcel.tracking.number is not None and parcel.tracking.number in numbers:
            told[parcel.id] = parcel.tracking.number
    return told


def said(tracking: ReturnTracking) -> str:
    """Return what a person calls a parcel: `parcel DHL 0034…`."""
    return " ".join(["parcel", *(part for part in (tracking.carrier, tracking.number or "without a number") if part)])
