"""What people look at and decide, with all that guards it."""
