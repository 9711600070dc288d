"""
For our own tests and for whoever writes a backend: builders of model objects, fakes, and conformance suites.

A fake is held to the same suite as the real thing, so it cannot drift. Nothing here is needed to run the hub, and
nothing here knows one particular backend or a test of ours.
"""
