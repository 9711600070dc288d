"""Webhook subscriptions made through the Admin API, per shop and app."""
