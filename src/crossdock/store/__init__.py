"""
The only folder that speaks SQL: schema, migrations, one module per table and owner, reads for pages.

Functions take a `Tx` (an open transaction) and return frozen dataclasses. Who opens the transaction decides what
commits together. Nothing here decides anything about orders or stock.
"""
