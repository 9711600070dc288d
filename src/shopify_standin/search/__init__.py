"""Shopify's search syntax: the words, and what they select."""
