"""Redletter: the right words on red-letter days."""

__version__ = "0.1.0"
