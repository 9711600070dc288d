"""
`crossdock demo`: a shop, a warehouse and the hub between them, on this machine, with nothing prepared.

The shop is `shopify-standin`, a process of its own that is spoken to over HTTP alone; the hub is what `crossdock
serve` runs; the warehouse is the built-in one, worked by made-up people. The figures at the end are read back from
both sides.
"""
