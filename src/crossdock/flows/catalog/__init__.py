"""
Catalog: each variant is tied to one item of the backend, by SKU, then by barcode.

Looked at by variant id; a product's id may be marked too and passes the word on to its variants. Never touches stock
and never changes a link that is there.
"""
