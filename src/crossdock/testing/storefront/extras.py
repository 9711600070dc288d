"""What orders have beyond themselves: metafields, customers, properties of lines."""

from collections.abc import Collection
from dataclasses import replace

from crossdock.model.extras import Extras, LineExtras, Metafields, Owner, Wishes


def wished(extras: Extras, wishes: Wishes) -> Extras:
    """Return what is wished for of the extras, as Shopify would: nothing else."""
    customer = extras.customer if wishes.customer else None
    return Extras(
        _named(extras.metafields, wishes.keys(Owner.ORDER)),
        customer and replace(customer, metafields=_named(customer.metafields, wishes.keys(Owner.CUSTOMER))),
        {
            id_: LineExtras(
                line.properties if wishes.properties else (),
                _named(line.product, wishes.keys(Owner.PRODUCT)),
                _named(line.variant, wishes.keys(Owner.VARIANT)),
            )
            for id_, line in extras.lines.items()
        },
    )


def _named(metafields: Metafields, keys: Collection[str]) -> Metafields:
    found = {
        namespace: {key: value for key, value in values.items() if f"{namespace}.{key}" in keys}
        for namespace, values in metafields.items()
    }
    return {namespace: values for namespace, values in found.items() if values}
