"""Collections: products under one title, picked by hand or by rules."""
