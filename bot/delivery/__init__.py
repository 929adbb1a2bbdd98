"""Delivery: what is planned is sent once, or shown as unknown."""
