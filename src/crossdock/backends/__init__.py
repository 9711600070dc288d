"""
One folder per system that holds the goods, each with the same face: the `Backend` protocol and a `plugin`.

A backend knows `ports`, `model` and `kit`, never another backend and never a flow. How it is tested against
the port's promises is in `crossdock.testing.backend_conformance`.
"""
