"""Planning: what will be said, decided without clock, files or network."""
