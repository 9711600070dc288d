"""
The protocols through which the hub speaks to the outside: a storefront on one side, backends on the other.

A port knows the model and nothing else. Adapters (`shopify/`, `backends/*`) satisfy it; flows call it. What an
adapter may raise is part of the port: errors of `kit.errors`, whose `recovery` tells the engine what to do.
"""
