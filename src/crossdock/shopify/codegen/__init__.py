"""
What `make generate` needs to make `generated/` from `operations/`; nothing here runs in the hub.

`answer_models.py` holds plugins for ariadne-codegen (an extra for developers), `typed_client.py` is copied into the
generated package as the base class of its client.
"""
