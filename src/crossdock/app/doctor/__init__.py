"""The doctor: what is checked of an installation, and what to do about each finding. It changes nothing."""
