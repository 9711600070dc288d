"""
Reconciliation: both sides compared object by object, once a day, with nothing taken on trust.

The flows look at what changed; this looks at what is there. It decides nothing: each difference is named, its object
is marked to be looked at again, and what outlives the look is reported with its cause.
"""
