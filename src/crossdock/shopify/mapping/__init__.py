"""
Shopify's answers turned into the hub's own words: one function per object, pure, no I/O.

The generated models end here; nothing further in knows them. Shopify's spelling of states is kept, unknown ones too.
"""
