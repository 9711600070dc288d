"""Products and variants."""
