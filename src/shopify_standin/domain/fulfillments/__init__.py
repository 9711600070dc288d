"""Fulfillments: shipments out of fulfillment orders, their tracking, and taking them back."""
