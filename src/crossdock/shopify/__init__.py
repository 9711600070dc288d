"""
Shopify's GraphQL Admin API as a `Storefront`.

`operations/` says what is asked, `generated/` is made from it and never edited, `client` does the talking, `mapping/`
turns answers into the model. No rule about orders or stock belongs here, only facts about Shopify.
"""
