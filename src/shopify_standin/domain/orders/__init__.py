"""Orders: placing, reading, paying, cancelling, tagging."""
