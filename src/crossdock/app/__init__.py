"""
The composition root: settings, wiring, processes, plugin discovery. Only here may everything be known.

No rule lives here and nothing imports it. What a flow, a page or a command needs is handed to it from here.
"""
