"""Triggers: each says when, from its table in a schedule file."""
