"""Metafields on every kind of owner that the stand-in has, and their definitions."""
