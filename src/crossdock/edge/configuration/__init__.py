"""Configuration as code: what is set of an installation, without its secrets, as one file to keep and apply."""
