"""
What every folder may lean on: clock, ids, errors with their recovery, sealing of secrets, logging, telemetry.

Nothing here knows an order, a store or a table. What knows one belongs in `model` or further left.
"""
