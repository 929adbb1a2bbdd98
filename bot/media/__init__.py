"""Pictures and films as a network may have them: read once, known by their content, upright, without traces, fitted."""
