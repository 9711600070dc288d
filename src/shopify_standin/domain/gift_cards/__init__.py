"""Gift cards (refusals by code as in the 2026-07 SDL; their texts assumed)."""
