"""Engines: when deliveries run."""
