"""
One folder per business process in one direction, each of the same shape.

`observe.py` loads the truth from both sides for a batch of objects; `decide.py` turns what one object looks like into
a plan, purely; `act.py` carries plans out, writing down each effect before it is tried; `flow.py` ties the three
together as a handler that the drain can call. What one flow learns, another is told by marking.
"""
