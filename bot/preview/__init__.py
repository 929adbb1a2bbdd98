"""Preview: a plan, shown."""
