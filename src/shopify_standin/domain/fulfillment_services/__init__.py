"""Fulfillment services: somebody else's house, as a location of the shop."""
