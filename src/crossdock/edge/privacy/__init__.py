"""
Personal data on demand: what Shopify asks on a person's behalf is taken up from the inbox, told, and erased.

A request is written down before anything is done about it, and each step of erasing may be done again. What was done
is written down without the data it was done to.
"""
