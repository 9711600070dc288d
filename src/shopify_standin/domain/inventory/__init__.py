"""Inventory items and levels: how many units are where, in which state, and who may change that."""
