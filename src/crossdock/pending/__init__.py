"""
The heart: which objects need a look, who looks at them now, and when to look again.

A row per (connection, flow, key). Learning news appends and never waits; a drain folds the news into rows, claims a
batch, has a flow look at it, and settles each row in the same transaction as what the flow wrote. News that comes
while an object is being looked at makes it be looked at once more. No rule about orders or stock lives here.
"""
