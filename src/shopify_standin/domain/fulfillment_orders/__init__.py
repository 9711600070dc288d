"""Fulfillment orders: who ships what, made after the order; their states and what may be done with them."""
