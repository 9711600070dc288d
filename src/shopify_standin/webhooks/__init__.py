"""Telling subscribers: which events go to whom, what they say, and how they travel."""
