"""Benches: each measures a promise beside a baseline in the same run, and prints what it measured."""
