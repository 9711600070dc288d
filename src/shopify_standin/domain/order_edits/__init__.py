"""Order edits from begin to commit (answers recorded 2025-01 and 2026-04)."""
