"""
What arrives is kept here, whole, before anybody is thanked for it: signature, known once, which objects to look at.

A message is never the change; it only says which objects deserve a look. What the look does is not known here, nor
is HTTP: the edge hands over bytes and headers, and turns what comes back into an answer.
"""
