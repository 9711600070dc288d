"""Locations: reading them, adding and editing them, opening and closing them, and pickup at them."""
