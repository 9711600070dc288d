"""
Where the hub is reached: webhooks, sweeps, pages, JSON, the command line.

No rule lives here. What arrives is kept and marked; what is shown is read. The edge never runs a flow.
"""
