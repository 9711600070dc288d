"""Bulk operations: checked when asked for, run later, fetched as JSONL."""
